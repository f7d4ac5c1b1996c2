"""What rewrites of a network look for: layers of several operations, from what they give back to their source."""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.onnx.network_file import Attributes, NetworkFile, Node

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.network_file import Floats

POINT: Attributes = {"kernel_shape": (1, 1), "strides": (1, 1), "pads": (0, 0, 0, 0)}
_GROWING = {"output_padding", "output_shape"}
_SAME_CHANNELS = ("Add", "AveragePool", "MaxPool", "Mul", "Relu", "Resize")
_SQUEEZING = ("Add", "Conv", "HardSigmoid", "Relu", "Sigmoid")  # between an image's mean and what it is scaled by


class Convolution(Struct, frozen=True):
    """A convolution, or a transposed one, of all channels with constant weights, and what is added to each channel."""

    source: str
    weights: "Floats"  # four dimensions
    bias: "Floats"
    attributes: Attributes

    def has(self, expected: Attributes) -> bool:
        return expected.items() <= self.attributes.items()


def made_by(network: NetworkFile, name: str, *kinds: str) -> Node | None:
    """Return the node that makes a value; None if it is of another kind."""
    index = network.maker(name)
    return None if index is None or network.nodes[index].kind not in kinds else network.nodes[index]


def convolution(network: NetworkFile, name: str, kind: str = "Conv") -> Convolution | None:
    """Return the convolution that makes a value; None if anything else does."""
    import numpy as np

    bias = None
    if node := made_by(network, name, "Add"):
        if not network.is_constant(node.inputs[1]):
            return None
        name, bias = node.inputs[0], network.constant(node.inputs[1]).ravel()
    index = network.maker(name)
    node = made_by(network, name, kind)
    if index is None or node is None or len(node.inputs) != 2 or not network.is_constant(node.inputs[1]):
        return None
    weights, attributes = network.constant(node.inputs[1]), network.attributes(index)
    count = weights.shape[0 if kind == "Conv" else 1]
    bias = np.zeros(count, np.float32) if bias is None else bias
    is_whole = attributes.get("group", 1) == 1 and attributes.get("dilations", (1, 1)) == (1, 1)
    if not is_whole or len(bias) != count or _GROWING & attributes.keys():
        return None
    return Convolution(node.inputs[0], weights, bias, attributes)


def channels(network: NetworkFile, name: str) -> int | None:
    """Return how many channels a value has, if the nodes that make it tell."""
    while node := made_by(network, name, "Conv", *_SAME_CHANNELS):
        if node.kind == "Conv":
            return len(network.constant(node.inputs[1])) if network.is_constant(node.inputs[1]) else None
        name = node.inputs[0]
    return None


def pool_behind(network: NetworkFile, scale: str) -> int | None:
    """Return the index of the node that takes the mean of each channel, from which the channels' scales are made."""
    while node := made_by(network, scale, *_SQUEEZING):
        scale = node.inputs[0]
    index = network.maker(scale)
    return None if index is None or network.nodes[index].kind not in ("GlobalAveragePool", "ReduceMean") else index
