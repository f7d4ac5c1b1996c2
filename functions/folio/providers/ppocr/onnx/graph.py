"""The recognizer's network in two parts: all of it but the last layer, and that layer for the classes that are wanted.

Its last layer gives 18,710 probabilities for each step, a fifth of its time, of which Latin letters need a fiftieth.
numpy computes it: no slower than the runtime, which would copy its weights first.
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.onnx.network_file import NetworkFile, Node

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.network_file import Floats


class LastLayer(Struct, frozen=True):
    """Probabilities are the softmax of features x `weights` + `bias`: features x classes, and classes."""

    weights: "Floats"
    bias: "Floats"

    def of(self, classes: "NDArray[np.intp]") -> "LastLayer":
        """Return the layer for some of its classes."""
        return LastLayer(self.weights[:, classes], self.bias[classes])

    def probabilities(self, features: "Floats") -> "Floats":
        """Return steps x classes, of steps x features."""
        import numpy as np

        values: Floats = features @ self.weights
        values += self.bias
        values -= values.max(axis=1, keepdims=True)
        np.exp(values, out=values)
        values /= values.sum(axis=1, keepdims=True)
        return values


def split(network: NetworkFile) -> LastLayer:
    """Make a network end before its last layer, and return that layer. Raises ValueError if it ends otherwise."""

    def step_back(name: str, kind: str) -> Node:
        index = network.maker(name)
        node = None if index is None else network.nodes[index]
        if node is None or node.kind != kind:
            raise ValueError(f"The network ends in {node and node.kind} where {kind} was expected.")
        return node

    summed, bias = step_back(step_back(network.output, "Softmax").inputs[0], "Add").inputs
    features, weights = step_back(summed, "MatMul").inputs
    layer = LastLayer(network.constant(weights), network.constant(bias))
    network.end_at(features)
    return layer
