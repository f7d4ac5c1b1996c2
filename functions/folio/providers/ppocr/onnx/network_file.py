"""A network's file, taken apart as far as Folio changes networks when it loads them.

What edits networks is not there at run time; their files are protobuf, of which this takes what it needs (onnx.proto
of ONNX 1.6 and later: the numbers of its fields are never changed).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.onnx import protobuf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float32]
    type Tensor = Floats | NDArray[np.int8] | NDArray[np.int64]

OPERATORS = "com.microsoft"  # the domain of the runtime's own operations
_GRAPH, _OPERATOR_SETS = 7, 8  # of a model
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE = 1, 5, 11, 12, 13  # of a graph
_NODE_INPUT, _NODE_OUTPUT, _NODE_TYPE, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 4, 5, 7
_ATTRIBUTE_NAME, _ATTRIBUTE_INT, _ATTRIBUTE_STRING, _ATTRIBUTE_INTS, _ATTRIBUTE_TYPE = 1, 3, 4, 8, 20
_INT, _STRING, _INTS = 2, 3, 7  # types of an attribute
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9  # of a tensor
_FLOAT, _INT8, _INT64, _FLOAT16 = 1, 3, 7, 10  # types of a tensor
_FLOATS = {(_TYPE, _FLOAT), (_TYPE, _FLOAT16)}

type Attributes = Mapping[str, Sequence[int] | int | str]


class Node(Struct, frozen=True, kw_only=True):
    """An operation. Of one that was read, the domain is not known, and attributes are asked of the file."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Attributes = {}
    domain: str = ""


class NetworkFile:
    """Changes are kept until `content` is asked for.

    That leaves out what the output does not need, and what shapes values have between: the runtime infers them.
    """

    def __init__(self, model: bytes) -> None:
        self._model = list(protobuf.fields(memoryview(model)))
        self._fields = list(
            protobuf.fields(next(protobuf.part(value) for number, value in self._model if number == _GRAPH))
        )
        self.version = self._version()  # of ONNX's operations
        self.nodes: dict[int, Node] = {}
        self._makers: dict[str, int] = {}
        self._users: defaultdict[str, list[int]] = defaultdict(list)
        for index, (number, value) in enumerate(self._fields):
            if number == _NODE:
                self._know(index, _node(protobuf.part(value)))
        tensors = [index for index, (number, _) in enumerate(self._fields) if number == _INITIALIZER]
        self._tensors = {protobuf.text(protobuf.part(self._fields[index][1]), _NAME): index for index in tensors}
        self.inputs = self._names(_INPUT)
        self.output = self._names(_OUTPUT)[0]

    def maker(self, name: str) -> int | None:
        """Return the index of the node that makes a value, those passed over that only hand it on."""
        index = self._makers.get(name)
        while index is not None and self.nodes[index].kind == "Identity":
            index = self._makers.get(self.nodes[index].inputs[0])
        return index

    def users(self, name: str) -> list[int]:
        """Return the indices of the nodes that take a value, those passed over that only hand it on."""
        index = self.maker(name)
        names, users = [name if index is None else self.nodes[index].outputs[0]], []
        for same in names:
            for user in self._users[same]:
                if self.nodes[user].kind == "Identity":
                    names += self.nodes[user].outputs
                else:
                    users.append(user)
        return users

    def attributes(self, index: int) -> Attributes:
        """Return those of a node that are whole numbers or text."""
        node, (_, value) = self.nodes[index], self._fields[index]
        return node.attributes or dict(_attributes(protobuf.part(value)))

    def is_constant(self, name: str) -> bool:
        """Return whether it is a tensor of the file, of floats."""
        index = self._initial(name)
        return index is not None and not _FLOATS.isdisjoint(protobuf.fields(protobuf.part(self._fields[index][1])))

    def constant(self, name: str) -> "Floats":
        """Return a tensor of the file, also one in half precision before its cast."""
        index = self._initial(name)
        if index is None:
            raise ValueError(f"{name} is not a constant of the network.")
        return _values(protobuf.part(self._fields[index][1]))

    def replace(self, index: int, nodes: Iterable[Node]) -> None:
        """Put other nodes in the place of one."""
        removed = self.nodes.pop(index)
        for name in removed.outputs:
            del self._makers[name]
        for name in removed.inputs:
            self._users[name].remove(index)
        for node in nodes:
            self.append(node)

    def append(self, node: Node) -> None:
        """Add a node; their order in the file is of no matter to the runtime."""
        self._know(len(self._fields), node)
        self._fields.append((_NODE, _encoded_node(node)))

    def add_constant(self, name: str, values: "Tensor") -> str:
        """Return its name."""
        kind = {"int8": _INT8, "int64": _INT64}.get(str(values.dtype), _FLOAT)
        dims: list[protobuf.Field] = [(_DIMS, size) for size in values.shape]
        self._tensors[name] = len(self._fields)
        self._fields.append(
            (_INITIALIZER, protobuf.encoded([*dims, (_TYPE, kind), (_NAME, name.encode()), (_RAW, values.tobytes())]))
        )
        return name

    def end_at(self, name: str) -> None:
        """Make that value, floats of any shape, what the network gives, and forget the nodes that it does not need."""
        self.output = name
        for index in self.nodes.keys() - self._needed():
            self.replace(index, [])

    def set_channels(self, name: str, count: int) -> bool:
        """Let its input of that name have so many channels; return whether it says how many they are."""
        for index, (number, value) in enumerate(self._fields):
            if number == _INPUT and protobuf.text(protobuf.part(value), 1) == name:
                dims = list(protobuf.parts(protobuf.part(value), 2, 1, 2, 1))
                if len(dims) == 4:
                    self._fields[index] = _INPUT, _floats(name, [dims[0], protobuf.encoded([(1, count)]), *dims[2:]])
                    return True
        return False

    def use_operators(self, domain: str) -> None:
        """Let operations of that domain be used, too."""
        declared = (_OPERATOR_SETS, protobuf.encoded([(1, domain.encode()), (2, 1)]))
        if declared not in self._model:
            self._model.append(declared)

    def content(self) -> bytes:
        needed = self._needed()
        fields = [
            field
            for index, field in enumerate(self._fields)
            if field[0] not in (_OUTPUT, _VALUE) and (field[0] not in (_NODE, _INITIALIZER) or index in needed)
        ]
        graph = protobuf.encoded([*fields, (_OUTPUT, _floats(self.output))])
        return protobuf.encoded((number, graph if number == _GRAPH else value) for number, value in self._model)

    def _version(self) -> int:
        sets = [protobuf.part(value) for number, value in self._model if number == _OPERATOR_SETS]
        standard = [list(protobuf.fields(one)) for one in sets if not protobuf.text(one, 1)]
        return max((value for one in standard for key, value in one if key == 2 and isinstance(value, int)), default=0)

    def _names(self, kind: int) -> list[str]:
        """Return the names of the inputs or outputs."""
        return [protobuf.text(protobuf.part(value), 1) for number, value in self._fields if number == kind]

    def _know(self, index: int, node: Node) -> None:
        self.nodes[index] = node
        self._makers |= dict.fromkeys(node.outputs, index)
        for name in node.inputs:
            self._users[name].append(index)

    def _needed(self) -> set[int]:
        """Return the indices of the nodes and constants that the output is made of."""
        needed: set[int] = set()
        names = [self.output]
        while names:
            name = names.pop()
            index = self._makers.get(name, self._tensors.get(name))
            if index is not None and index not in needed:
                needed.add(index)
                names += self.nodes[index].inputs if index in self.nodes else ()
        return needed

    def _initial(self, name: str) -> int | None:
        while name in self._makers:
            node = self.nodes[self._makers[name]]
            if node.kind not in ("Cast", "Identity"):
                return None
            name = node.inputs[0]
        return self._tensors.get(name)


def _node(message: memoryview) -> Node:
    names: Mapping[int, list[str]] = {_NODE_INPUT: [], _NODE_OUTPUT: [], _NODE_TYPE: []}
    for number, value in protobuf.fields(message):
        if number in names:
            names[number].append(bytes(protobuf.part(value)).decode())
    return Node(kind=names[_NODE_TYPE][0], inputs=tuple(names[_NODE_INPUT]), outputs=tuple(names[_NODE_OUTPUT]))


def _encoded_node(node: Node) -> bytes:
    fields: list[protobuf.Field] = [(_NODE_INPUT, name.encode()) for name in node.inputs]
    fields += [(_NODE_OUTPUT, name.encode()) for name in node.outputs]
    fields += [(_NODE_TYPE, node.kind.encode()), (_NODE_DOMAIN, node.domain.encode())]
    fields += [(_NODE_ATTRIBUTE, _encoded_attribute(name, value)) for name, value in node.attributes.items()]
    return protobuf.encoded(fields)


def _encoded_attribute(name: str, value: Sequence[int] | int | str) -> bytes:
    fields: list[protobuf.Field] = [(_ATTRIBUTE_NAME, name.encode())]
    if isinstance(value, str):
        fields += [(_ATTRIBUTE_STRING, value.encode()), (_ATTRIBUTE_TYPE, _STRING)]
    elif isinstance(value, int):
        fields += [(_ATTRIBUTE_INT, value), (_ATTRIBUTE_TYPE, _INT)]
    else:
        fields += [*((_ATTRIBUTE_INTS, one) for one in value), (_ATTRIBUTE_TYPE, _INTS)]
    return protobuf.encoded(fields)


def _attributes(node: memoryview) -> Iterator[tuple[str, Sequence[int] | int | str]]:
    for number, value in protobuf.fields(node):
        if number != _NODE_ATTRIBUTE:
            continue
        fields = list(protobuf.fields(protobuf.part(value)))
        name, kind = protobuf.text(protobuf.part(value), _ATTRIBUTE_NAME), dict(fields).get(_ATTRIBUTE_TYPE)
        if kind == _STRING:
            yield name, protobuf.text(protobuf.part(value), _ATTRIBUTE_STRING)
        elif kind == _INT:
            yield name, next((one for key, one in fields if key == _ATTRIBUTE_INT and isinstance(one, int)), 0)
        elif kind == _INTS:
            yield name, tuple(one for key, one in fields if key == _ATTRIBUTE_INTS and isinstance(one, int))


def _floats(name: str, dims: Sequence[protobuf.Content] | None = None) -> bytes:
    """Return what an input or output of that name is: floats, of any shape if there are no dimensions."""
    shape: list[protobuf.Field] = [] if dims is None else [(2, protobuf.encoded((1, one) for one in dims))]
    return protobuf.encoded([(1, name.encode()), (2, protobuf.encoded([(1, protobuf.encoded([(1, _FLOAT), *shape]))]))])


def _values(message: memoryview) -> "Floats":
    import numpy as np

    fields = list(protobuf.fields(message))
    dims = [value for number, value in fields if number == _DIMS and isinstance(value, int)]
    is_half = (_TYPE, _FLOAT16) in fields
    raw = next(protobuf.part(value) for number, value in fields if number == _RAW)
    return np.frombuffer(raw, "<f2" if is_half else "<f4").astype(np.float32).reshape(dims)
