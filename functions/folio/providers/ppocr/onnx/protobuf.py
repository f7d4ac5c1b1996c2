"""Messages of protobuf, taken apart into fields and put together again."""

from collections.abc import Iterable, Iterator

_VARINT, _BYTES = 0, 2  # wire types
_FIXED_SIZES = {1: 8, 5: 4}

type Content = bytes | memoryview
type Field = tuple[int, int | Content]


def fields(message: memoryview) -> Iterator[Field]:
    """Yield the number and the value of each field: a whole number, or bytes."""
    position, end = 0, len(message)
    while position < end:
        key, position = _varint(message, position)
        kind = key & 7
        if kind in _FIXED_SIZES:
            size = _FIXED_SIZES[kind]
        else:
            size, position = _varint(message, position)
            if kind == _VARINT:
                yield key >> 3, size
                continue
        yield key >> 3, message[position : position + size]
        position += size


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = message[position]
    position += 1
    if value < 0x80:
        return value, position
    value &= 0x7F
    shift = 7
    while True:
        byte = message[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position


def encoded(message: Iterable[Field]) -> bytes:
    """Return a message of those fields."""
    chunks: list[Content] = []
    for number, value in message:
        if isinstance(value, int):
            chunks += [_encoded_varint(number << 3 | _VARINT), _encoded_varint(value)]
        else:
            chunks += [_encoded_varint(number << 3 | _BYTES), _encoded_varint(len(value)), value]
    return b"".join(chunks)


def _encoded_varint(value: int) -> bytes:
    varint = bytearray()
    while value >= 0x80:
        varint.append(value & 0x7F | 0x80)
        value >>= 7
    varint.append(value)
    return bytes(varint)


def part(value: int | Content) -> memoryview:
    """Return a field's bytes. Raises TypeError of a number."""
    if isinstance(value, int):
        raise TypeError("The network's file has a number where a message was expected.")
    return memoryview(value)


def text(message: memoryview, number: int) -> str:
    """Return the text of the first field of that number; none if there is no such field."""
    return next((bytes(part(value)).decode() for key, value in fields(message) if key == number), "")


def parts(message: memoryview, *numbers: int) -> Iterator[memoryview]:
    """Yield the parts that a path of fields leads to."""
    for number, value in fields(message):
        if number == numbers[0]:
            inner = part(value)
            yield from [inner] if len(numbers) == 1 else parts(inner, *numbers[1:])
