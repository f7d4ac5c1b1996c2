"""PNG without what is said about the picture: comments and other chunks that are not needed to show it.

Pillow refuses a picture for a comment of more than a million characters or with a wrong checksum; viewers show it.
"""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What decides about pixels, size and direction. A frame of a moving picture is not needed: the picture itself is read.
_NEEDED = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"pHYs", b"eXIf")
_COMMENTS = (b"tEXt", b"zTXt", b"iTXt")
# Programs write the direction into these comments.
_DIRECTION_KEYWORDS = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0")
_MAX_COMMENT_BYTES = 500_000  # unpacked; Pillow takes twice as many


def essential(path: Path) -> BinaryIO:
    """Return the file without the chunks that showing it does not need, and without damaged ones that it can lack."""
    output = io.BytesIO()
    output.write(SIGNATURE)
    with path.open("rb") as file:
        file.seek(len(SIGNATURE))
        for name, chunk in _chunks(file):
            needed = name in _NEEDED or (name in _COMMENTS and _tells_direction(name, chunk[8:-4]))
            if needed and (name.isupper() or _is_whole(chunk)):
                output.write(chunk)
    output.seek(0)
    return output


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and bytes of each chunk, length and checksum included; the last may be cut off."""
    while len(head := file.read(8)) == 8:
        length = int.from_bytes(head[:4])
        yield head[4:], head + file.read(length + 4)


def _is_whole(chunk: bytes) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:])


def _tells_direction(name: bytes, body: bytes) -> bool:
    """Return whether a comment may hold the picture's direction, and is no longer unpacked than one that does."""
    keyword = next((word for word in _DIRECTION_KEYWORDS if body.startswith(word)), None)
    if keyword is None or len(body) > _MAX_COMMENT_BYTES:
        return False
    packed = body[len(keyword) + 1 :] if name == b"zTXt" else None
    if name == b"iTXt" and body[len(keyword) : len(keyword) + 1] == b"\1":
        packed = body[len(keyword) + 2 :].split(b"\0", 2)[-1]
    if packed is None:
        return True
    try:
        reader = zlib.decompressobj()
        reader.decompress(packed, _MAX_COMMENT_BYTES)
    except zlib.error:
        return False
    return reader.eof
