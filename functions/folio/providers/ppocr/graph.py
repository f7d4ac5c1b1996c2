"""The recognizer's network in two parts: all of it but the last layer, and that layer for the classes that are wanted.

Its last layer gives 18,710 probabilities for each step, a fifth of its time, of which Latin letters need a fiftieth.
numpy computes it: no slower than the runtime, which would copy its weights first. What edits networks is not there at
run time; their files are protobuf, of which this takes what a cut needs (onnx.proto of ONNX 1.6 and later: the numbers
of its fields are never changed).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]

_VARINT, _BYTES = 0, 2  # wire types
_FIXED_SIZES = {1: 8, 5: 4}
_GRAPH = 7  # of a model
_NODE, _INITIALIZER, _OUTPUT = 1, 5, 12  # of a graph
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE = 1, 2, 4
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of a tensor
_FLOAT, _FLOAT16 = 1, 10  # types of a tensor

type _Part = bytes | memoryview
type _Field = tuple[int, int | _Part]


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


class _Node(Struct, frozen=True):
    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def split(model: bytes) -> tuple[bytes, LastLayer]:
    """Return a network that ends before its last layer, and that layer. Raises ValueError if it ends otherwise."""
    whole = list(_fields(memoryview(model)))
    fields = list(_fields(next(_part(value) for number, value in whole if number == _GRAPH)))
    nodes = {index: _node(_part(value)) for index, (number, value) in enumerate(fields) if number == _NODE}
    makers = {name: index for index, node in nodes.items() for name in node.outputs}
    initializers = [index for index, (number, _) in enumerate(fields) if number == _INITIALIZER]
    tensors = {_text(_part(fields[index][1]), _NAME): index for index in initializers}
    end = next(_text(_part(value), 1) for number, value in fields if number == _OUTPUT)
    removed: set[int] = set()

    def step_back(name: str, kind: str) -> _Node:
        while (node := nodes[makers[name]]).kind == "Identity":
            removed.add(makers[name])
            (name,) = node.inputs
        if node.kind != kind:
            raise ValueError(f"The network ends in {node.kind} where {kind} was expected.")
        removed.add(makers[name])
        return node

    def constant(name: str) -> "Floats":
        while name in makers:  # a cast of weights in half precision
            removed.add(makers[name])
            (name,) = nodes[makers[name]].inputs
        removed.add(tensors[name])
        return _values(_part(fields[tensors[name]][1]))

    summed, bias = step_back(step_back(end, "Softmax").inputs[0], "Add").inputs
    features, weights = step_back(summed, "MatMul").inputs
    layer = LastLayer(constant(weights), constant(bias))
    remaining = [field for index, field in enumerate(fields) if index not in removed and field[0] != _OUTPUT]
    cut = _message([*remaining, (_OUTPUT, _value_info(features))])
    return _message((number, cut if number == _GRAPH else value) for number, value in whole), layer


def _fields(message: memoryview) -> Iterator[_Field]:
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        kind = key & 7
        if kind == _VARINT:
            value, position = _varint(message, position)
            yield key >> 3, value
            continue
        size, position = _varint(message, position) if kind == _BYTES else (_FIXED_SIZES[kind], position)
        yield key >> 3, message[position : position + size]
        position += size


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position


def _message(fields: Iterable[_Field]) -> bytes:
    parts: list[_Part] = []
    for number, value in fields:
        if isinstance(value, int):
            parts += [_encoded_varint(number << 3 | _VARINT), _encoded_varint(value)]
        else:
            parts += [_encoded_varint(number << 3 | _BYTES), _encoded_varint(len(value)), value]
    return b"".join(parts)


def _encoded_varint(value: int) -> bytes:
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _part(value: int | _Part) -> memoryview:
    if isinstance(value, int):
        raise TypeError("The network's file has a number where a message was expected.")
    return memoryview(value)


def _text(message: memoryview, number: int) -> str:
    return next((bytes(_part(value)).decode() for key, value in _fields(message) if key == number), "")


def _node(message: memoryview) -> _Node:
    names: Mapping[int, list[str]] = {_NODE_INPUT: [], _NODE_OUTPUT: [], _NODE_TYPE: []}
    for number, value in _fields(message):
        if number in names:
            names[number].append(bytes(_part(value)).decode())
    return _Node(names[_NODE_TYPE][0], tuple(names[_NODE_INPUT]), tuple(names[_NODE_OUTPUT]))


def _values(message: memoryview) -> "Floats":
    import numpy as np

    fields = list(_fields(message))
    dims = [value for number, value in fields if number == _DIMS and isinstance(value, int)]
    is_half = (_TYPE, _FLOAT16) in fields
    raw = next(_part(value) for number, value in fields if number == _RAW)
    return np.frombuffer(raw, "<f2" if is_half else "<f4").astype(np.float32).reshape(dims)


def _value_info(name: str) -> bytes:
    """A name and its type, floats of any shape."""
    return _message([(1, name.encode()), (2, _message([(1, _message([(1, _FLOAT)]))]))])
