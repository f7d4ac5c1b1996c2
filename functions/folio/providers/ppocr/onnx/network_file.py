"""A network's file, taken apart as far as Folio changes networks when it loads them.

What edits networks is not there at run time; their files are protobuf, of which this takes what it needs (onnx.proto
of ONNX 1.6 and later: the numbers of its fields are never changed).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]
    type Tensor = Floats | NDArray[np.int8]

_VARINT, _BYTES = 0, 2  # wire types
_FIXED_SIZES = {1: 8, 5: 4}
_GRAPH, _OPERATORS = 7, 8  # of a model
_NODE, _INITIALIZER, _OUTPUT = 1, 5, 12  # of a graph
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_ATTRIBUTE_NAME, _ATTRIBUTE_INTS, _ATTRIBUTE_TYPE, _INTS = 1, 8, 20, 7
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of a tensor
_FLOAT, _INT8, _FLOAT16 = 1, 3, 10  # types of a tensor

type _Part = bytes | memoryview
type _Field = tuple[int, int | _Part]


class Node(Struct, frozen=True, kw_only=True):
    """An operation. Of one that was read, attributes and domain are not known."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Sequence[int]] = {}
    domain: str = ""


class NetworkFile:
    """Changes are kept until `content` is asked for."""

    def __init__(self, model: bytes) -> None:
        self._model = list(_fields(memoryview(model)))
        self._fields = list(_fields(next(_part(value) for number, value in self._model if number == _GRAPH)))
        self.nodes = {
            index: _node(_part(value)) for index, (number, value) in enumerate(self._fields) if number == _NODE
        }
        self._makers = {name: index for index, node in self.nodes.items() for name in node.outputs}
        tensors = [index for index, (number, _) in enumerate(self._fields) if number == _INITIALIZER]
        self._tensors = {_text(_part(self._fields[index][1]), _NAME): index for index in tensors}
        self.output = next(_text(_part(value), 1) for number, value in self._fields if number == _OUTPUT)
        self._replaced: dict[int, list[_Field]] = {}
        self._added: list[_Field] = []

    def maker(self, name: str) -> int | None:
        """Return the index of the node that makes a value, those passed over that only hand it on."""
        index = self._makers.get(name)
        while index is not None and self.nodes[index].kind == "Identity":
            index = self._makers.get(self.nodes[index].inputs[0])
        return index

    def is_constant(self, name: str) -> bool:
        return self._initial(name) is not None

    def constant(self, name: str) -> "Floats":
        """Return a tensor of the file, also one in half precision before its cast."""
        index = self._initial(name)
        if index is None:
            raise ValueError(f"{name} is not a constant of the network.")
        return _values(_part(self._fields[index][1]))

    def drop_constant(self, name: str) -> None:
        while name in self._makers:
            self.replace(self._makers[name], ())
            (name,) = self.nodes[self._makers[name]].inputs
        self._replaced[self._tensors[name]] = []

    def remove(self, name: str, index: int) -> None:
        """Take out the node of that index, which makes the value, and those that hand it on."""
        while self._makers[name] != index:
            self.replace(self._makers[name], ())
            (name,) = self.nodes[self._makers[name]].inputs
        self.replace(index, ())

    def replace(self, index: int, nodes: Iterable[Node]) -> None:
        """Put other nodes in the place of one."""
        self._replaced[index] = [(_NODE, _encoded_node(node)) for node in nodes]

    def append(self, node: Node) -> None:
        self._added.append((_NODE, _encoded_node(node)))

    def add_constant(self, name: str, values: "Tensor") -> None:
        kind = _INT8 if values.dtype == "int8" else _FLOAT
        dims: list[_Field] = [(_DIMS, size) for size in values.shape]
        self._added.append(
            (_INITIALIZER, _message([*dims, (_TYPE, kind), (_NAME, name.encode()), (_RAW, values.tobytes())]))
        )

    def end_at(self, name: str) -> None:
        """Make that value, floats of any shape, what the network gives."""
        self.output = name

    def use_operators(self, domain: str, version: int) -> None:
        self._model.append((_OPERATORS, _message([(1, domain.encode()), (2, version)])))

    def content(self) -> bytes:
        fields = [
            field
            for index, original in enumerate(self._fields)
            if original[0] != _OUTPUT
            for field in self._replaced.get(index, [original])
        ]
        output = _message([(1, self.output.encode()), (2, _message([(1, _message([(1, _FLOAT)]))]))])
        graph = _message([*fields, *self._added, (_OUTPUT, output)])
        return _message((number, graph if number == _GRAPH else value) for number, value in self._model)

    def _initial(self, name: str) -> int | None:
        while name in self._makers:
            node = self.nodes[self._makers[name]]
            if node.kind not in ("Cast", "Identity"):
                return None
            name = node.inputs[0]
        return self._tensors.get(name)


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


def _node(message: memoryview) -> Node:
    names: Mapping[int, list[str]] = {_NODE_INPUT: [], _NODE_OUTPUT: [], _NODE_TYPE: []}
    for number, value in _fields(message):
        if number in names:
            names[number].append(bytes(_part(value)).decode())
    return Node(kind=names[_NODE_TYPE][0], inputs=tuple(names[_NODE_INPUT]), outputs=tuple(names[_NODE_OUTPUT]))


def _encoded_node(node: Node) -> bytes:
    fields: list[_Field] = [(_NODE_INPUT, name.encode()) for name in node.inputs]
    fields += [(_NODE_OUTPUT, name.encode()) for name in node.outputs]
    fields += [(_NODE_TYPE, node.kind.encode()), (_NODE_DOMAIN, node.domain.encode())]
    for name, values in node.attributes.items():
        ints: list[_Field] = [(_ATTRIBUTE_INTS, value) for value in values]
        fields.append((_NODE_ATTRIBUTE, _message([(_ATTRIBUTE_NAME, name.encode()), *ints, (_ATTRIBUTE_TYPE, _INTS)])))
    return _message(fields)


def _values(message: memoryview) -> "Floats":
    import numpy as np

    fields = list(_fields(message))
    dims = [value for number, value in fields if number == _DIMS and isinstance(value, int)]
    is_half = (_TYPE, _FLOAT16) in fields
    raw = next(_part(value) for number, value in fields if number == _RAW)
    return np.frombuffer(raw, "<f2" if is_half else "<f4").astype(np.float32).reshape(dims)
