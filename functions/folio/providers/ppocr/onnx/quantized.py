"""The recognizer's wide layers in whole numbers: nearly half of its time, and hardly a character is read otherwise.

Four fifths of a line's multiplications are in convolutions of single pixels, which are products of matrices. Their
weights become whole numbers when the network is loaded, each output with a scale of its own; what they are multiplied
with does at each call, by its own range, and what comes out are floats again.
"""

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from folio.providers.ppocr.onnx.network_file import OPERATORS, NetworkFile, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.network_file import Floats

# With seven bits, which all processors multiply rightly, forms lose 0.7 points of recall, with eight 0.1.
_MAX_WEIGHT = 127
_MIN_INPUTS = 96  # below it a layer costs little
_RATIOS = (0.5, 1, 2)  # of outputs to inputs; others are narrow ones between whole images
_PROCESSOR, _EXACT_FLAGS = Path("/proc/cpuinfo"), {"avx512_vnni", "avx_vnni"}


def is_exact() -> bool:
    """Return whether this processor adds products of whole numbers without loss.

    x86 without VNNI adds two products of eight bits in sixteen, where they may overflow. Those of PP-OCRv6 small hardly
    ever do (in 0.45% of the steps another character is the likeliest then, about as many as by rounding); those of tiny
    do (in 7%), so that it stays as it is.
    """
    if platform.machine() in ("aarch64", "arm64"):
        return True
    try:
        return not _EXACT_FLAGS.isdisjoint(_PROCESSOR.read_text(errors="replace").split())
    except OSError:
        return False


def quantize(network: NetworkFile) -> int:
    """Change the network's wide layers but the last, convolutions of single pixels and what they add; return how many.

    The last one alone makes as much of the difference as all the others.
    """
    layers = list(_wide_layers(network))[:-1]
    for convolution, index, weights in layers:
        (source, *_), added = network.nodes[convolution].inputs, network.nodes[index]
        bias = network.constant(added.inputs[1]).ravel()
        product = _product(network, _pixels(network, source), added.outputs[0], weights[:, :, 0, 0], bias)
        network.replace(index, [_image(product, added.outputs[0])])
        _add_pixels(network, added.outputs[0], product)
    if layers:
        network.use_operators(OPERATORS)
    return len(layers)


def _add_pixels(network: NetworkFile, target: str, product: str) -> None:
    """Where a product is only added to another image, add it as it comes, channels last, and lay out the sum alone."""
    users = network.users(target)
    added = network.nodes[users[0]] if len(users) == 1 else None
    if added is None or added.kind != "Add":
        return
    images = [name for name in added.inputs if network.maker(name) != network.maker(target)]
    if len(images) != 1 or network.is_constant(images[0]):
        return
    total = f"{target}/sum"
    inputs = (_pixels(network, images[0]), product)
    nodes = [Node(kind="Add", inputs=inputs, outputs=(total,)), _image(total, added.outputs[0])]
    network.replace(users[0], nodes)


def _wide_layers(network: NetworkFile) -> "Iterator[tuple[int, int, Floats]]":
    """Yield the index of a convolution, that of what is added to it, and its weights."""
    for index, added in network.nodes.items():
        convolution = network.maker(added.inputs[0]) if added.kind == "Add" else None
        if convolution is None or not network.is_constant(added.inputs[1]):
            continue
        node = network.nodes[convolution]
        if node.kind == "Conv" and _is_wide(weights := network.constant(node.inputs[1])):
            yield convolution, index, weights


def _is_wide(weights: "Floats") -> bool:
    outputs, inputs, *size = weights.shape
    return size == [1, 1] and inputs >= _MIN_INPUTS and outputs / inputs in _RATIOS


def _product(network: NetworkFile, pixels: str, target: str, weights: "Floats", bias: "Floats") -> str:
    """Return the product of pixels and weights (outputs x inputs), channels last."""
    whole, scales = whole_numbers(weights)
    product = f"{target}/product"
    inputs = (
        pixels,
        network.add_constant(f"{target}/weights", whole.T),
        network.add_constant(f"{target}/scales", scales),
        "",
        network.add_constant(f"{target}/bias", bias),
    )
    network.append(Node(kind="DynamicQuantizeMatMul", inputs=inputs, outputs=(product,), domain=OPERATORS))
    return product


def _pixels(network: NetworkFile, image: str) -> str:
    """Return an image with its channels last."""
    pixels = f"{image}/pixels"
    if network.maker(pixels) is None:
        perm = {"perm": (0, 2, 3, 1)}
        network.append(Node(kind="Transpose", inputs=(image,), outputs=(pixels,), attributes=perm))
    return pixels


def _image(pixels: str, target: str) -> Node:
    return Node(kind="Transpose", inputs=(pixels,), outputs=(target,), attributes={"perm": (0, 3, 1, 2)})


def whole_numbers(weights: "Floats") -> "tuple[NDArray[np.int8], Floats]":
    """Return weights (outputs x inputs) as whole numbers, and by what those of each output are multiplied."""
    import numpy as np

    scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(np.float32).tiny) / _MAX_WEIGHT
    return np.rint(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32)
