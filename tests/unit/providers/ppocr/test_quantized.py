"""Layers in whole numbers, in a network's file."""

import numpy as np
import pytest

from folio.providers.ppocr.onnx.network_file import NetworkFile, Node
from folio.providers.ppocr.onnx.quantized import quantize, whole_numbers

# An empty model (onnx.proto: a graph, whose output is a value named "in").
EMPTY = b"\x3a\x06\x62\x04\x0a\x02in"


def network(shape: tuple[int, ...], kind: str = "Add") -> bytes:
    """Return a network of two such layers: a convolution and what is added to it."""
    file = NetworkFile(EMPTY)
    for number, (source, target) in enumerate([("in", "middle"), ("middle", "out")]):
        weights, bias, product, same = (f"{name}{number}" for name in ("weights", "bias", "product", "same"))
        file.add_constant(weights, np.random.default_rng(1).normal(size=shape).astype(np.float32))
        file.add_constant(bias, np.ones((1, shape[0], 1, 1), np.float32))
        file.append(Node(kind="Conv", inputs=(source, weights), outputs=(product,)))
        file.append(Node(kind="Identity", inputs=(product,), outputs=(same,)))
        file.append(Node(kind=kind, inputs=(same, bias), outputs=(target,)))
    file.end_at("out")
    return file.content()


def kinds(file: NetworkFile) -> list[str]:
    return [node.kind for node in NetworkFile(file.content()).nodes.values()]


def test_wide_convolutions_of_single_pixels_become_products_of_whole_numbers_but_the_last() -> None:
    file = NetworkFile(network((192, 192, 1, 1)))
    assert quantize(file) == 1
    changed = NetworkFile(file.content())
    product = ["Transpose", "DynamicQuantizeMatMul", "Transpose"]  # the file's order is of no matter
    assert kinds(file) == ["Conv", "Identity", "Add", *product]
    assert list(changed.nodes.values())[-1].outputs == ("middle",)
    assert (changed.is_constant("weights0"), changed.is_constant("weights1")) == (False, True)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [((192, 96, 3, 3), "Add"), ((96, 48, 1, 1), "Add"), ((48, 192, 1, 1), "Add"), ((192, 96, 1, 1), "Mul")],
)
def test_what_is_no_such_layer_stays(shape: tuple[int, ...], kind: str) -> None:
    file = NetworkFile(network(shape, kind))
    assert quantize(file) == 0
    assert kinds(file) == ["Conv", "Identity", kind] * 2
    np.testing.assert_array_equal(
        NetworkFile(file.content()).constant("weights0"), NetworkFile(network(shape)).constant("weights0")
    )


def test_whole_numbers_times_their_scales_are_the_weights_to_half_a_step_and_fit_eight_bits() -> None:
    weights = np.random.default_rng(2).normal(size=(8, 30)).astype(np.float32)
    weights[3] = 0
    whole, scales = whole_numbers(weights)
    assert abs(whole).max() == 127
    np.testing.assert_allclose(whole * scales[:, None], weights, atol=float(scales.max()) / 2 + 1e-6)


def test_what_is_added_to_a_product_is_added_with_its_channels_last() -> None:
    file = NetworkFile(network((192, 192, 1, 1)))
    file.append(Node(kind="Relu", inputs=("in",), outputs=("other",)))
    file.append(Node(kind="Add", inputs=("other", "middle"), outputs=("total",)))
    (last,) = (index for index, node in file.nodes.items() if node.kind == "Conv" and node.inputs[0] == "middle")
    file.replace(last, [Node(kind="Conv", inputs=("total", "weights1"), outputs=("product1",))])
    assert quantize(file) == 1
    made = {node.outputs[0]: node for node in NetworkFile(file.content()).nodes.values()}
    assert made["total"].kind == "Transpose"
    (total,) = made["total"].inputs
    first, second = made[total].inputs
    assert (made[total].kind, made[first].inputs, made[second].kind) == ("Add", ("other",), "DynamicQuantizeMatMul")
    assert "middle" not in made
