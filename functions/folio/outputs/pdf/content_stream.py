"""Content streams as operators with their operands, and where in the stream they stand (ISO 32000-1, 7.2 and 7.8.2)."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from folio.documents.pdf.deflate import is_whole

_MAX_BYTES = 16_000_000  # decoded; a page that holds more is a drawing
_WHITE = rb"\x00\t\n\x0c\r "
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
_TOKEN = re.compile(
    rb"(?P<blank>[" + _WHITE + rb"]+|%[^\r\n]*)|(?P<string>\((?:[^()\\]|\\.)*\))|(?P<nested>\()"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])|(?P<hex><[0-9A-Fa-f" + _WHITE + rb"]*>)"
    rb"|(?P<name>/" + _REGULAR + rb"*)|(?P<word>" + _REGULAR + rb"+)",
    re.DOTALL,
)
_PARENTHESIS = re.compile(rb"\\.|[()]", re.DOTALL)
_NUMBER = re.compile(rb"[+-]*(?:\d+\.?\d*|\.\d+)(?:-\d*)?")
_OPERANDS = (b"true", b"false", b"null")
# The end of an inline image: its data may hold these letters too, but no plain text follows them there.
_END_OF_IMAGE = re.compile(rb"[" + _WHITE + rb"]EI(?=[" + _WHITE + rb"][\t\n\r -~]{0,12}|\Z)")


class Unreadable(Exception):
    """What a stream holds cannot be told for sure."""


class Operation(Struct, frozen=True):
    """An operator, its operands as they are written, and the bytes that both of them take."""

    name: bytes
    operands: Sequence[bytes]
    start: int
    end: int

    def numbers(self, count: int) -> list[float]:
        """Return its last operands as numbers. Raises Unreadable."""
        try:
            values = [float(value) for value in self.operands[-count:]]
        except ValueError:
            raise Unreadable from None
        if len(values) < count:
            raise Unreadable
        return values


def decoded(streams: Sequence[Any]) -> bytes:
    """Return the contents of pypdf's streams, one after the other. Raises Unreadable, and whatever pypdf does."""
    parts = []
    for stream in streams:
        filters = stream.get("/Filter")
        filters = filters.get_object() if filters is not None else None
        first = filters[0] if isinstance(filters, list) and filters else filters
        data = stream.get_data()
        if first in ("/FlateDecode", "/Fl") and not is_whole(stream._data):
            raise Unreadable  # each reader makes something else of what breaks off
        parts.append(data if isinstance(data, bytes) else data.encode("latin-1"))
    if sum(map(len, parts)) > _MAX_BYTES:
        raise Unreadable
    return b"\n".join(parts)


def name_of(token: bytes) -> str:
    """Return a name as pypdf has it. Raises Unreadable."""
    if not token.startswith(b"/") or b"#" in token:
        raise Unreadable
    return token.decode("latin-1")


def entry_of(resources: Any, kind: str, name: str) -> Any:
    """Return an object of a page's resources, or None."""
    return value_of(value_of(resources, kind), name)


def value_of(holder: Any, name: str) -> Any:
    """Return what a dictionary says, or None; None too of what is no dictionary."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if value is None else value.get_object()


def operations(data: bytes) -> Iterator[Operation]:
    """Yield the operators of a stream. Raises Unreadable where it follows no rules."""
    operands: list[bytes] = []
    position, start = 0, -1
    while position < len(data):
        kind, begins, position = _token(data, position)
        if kind == "blank":
            continue
        start = begins if start < 0 else start
        token = data[begins:position]
        if kind != "operator":
            operands.append(token)
            continue
        if token == b"BI":
            continue  # what follows it belongs to the image
        if token == b"ID":
            position = _end_of_image(data, position)
            token = b"EI"
        yield Operation(token, operands, start, position)
        operands, start = [], -1


def _token(data: bytes, start: int) -> tuple[str, int, int]:
    """Return the kind of a token, where it starts and where it ends; arrays and dictionaries are one token."""
    depth, position = 0, start
    while match := _TOKEN.match(data, position):
        kind, begins, position = match.lastgroup or "", position, match.end()
        if kind == "nested":
            position = _end_of_string(data, begins)
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            break
        if depth == 0:
            is_operator = kind == "word" and not _NUMBER.fullmatch(match[0]) and match[0] not in _OPERANDS
            return "operator" if is_operator else kind, start, position
    raise Unreadable


def _end_of_string(data: bytes, start: int) -> int:
    depth = 0
    for match in _PARENTHESIS.finditer(data, start):
        depth += (match[0] == b"(") - (match[0] == b")")
        if depth == 0:
            return match.end()
    raise Unreadable


def _end_of_image(data: bytes, start: int) -> int:
    match = _END_OF_IMAGE.search(data, start + 1)
    if match is None:
        raise Unreadable
    return match.end()
