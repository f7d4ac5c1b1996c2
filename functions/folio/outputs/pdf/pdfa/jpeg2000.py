"""JPEG 2000 pictures that PDF/A takes as they are (ISO 19005-2, 6.2.8.3; boxes: ISO 15444-1, annex I)."""

from collections.abc import Iterator
from struct import unpack

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_SPACES = (16, 17, 18)  # sRGB, gray, sYCC
_MAX_CHANNELS, _MAX_BITS = 4, 38


def is_archivable(data: bytes) -> bool:
    """Return whether a JPX stream is a file with one color space that PDF/A knows, and as many channels."""
    if not data.startswith(_SIGNATURE):
        return False  # only a code stream: nothing says what its colors are
    header = next((body for kind, body in _boxes(data) if kind == b"jp2h"), b"")
    boxes = list(_boxes(header))
    image = next((body for kind, body in boxes if kind == b"ihdr"), b"")
    colors = [body for kind, body in boxes if kind == b"colr"]
    if len(image) != 14 or len(colors) != 1 or len(colors[0]) < 3:
        return False
    channels, depth = unpack(">HB", image[8:11])
    if not 1 <= channels <= _MAX_CHANNELS or depth == 255 or (depth & 0x7F) + 1 > _MAX_BITS:
        return False
    method = colors[0][0]
    return method == 2 or (method == 1 and len(colors[0]) >= 7 and unpack(">I", colors[0][3:7])[0] in _SPACES)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 0
    while offset + 8 <= len(data):
        length, kind = unpack(">I4s", data[offset : offset + 8])
        start = offset + 8
        if length == 1 and start + 8 <= len(data):
            length, start = unpack(">Q", data[start : start + 8])[0], start + 8
        end = len(data) if length == 0 else offset + length
        if end < start:
            return
        yield kind, data[start:end]
        offset = end
