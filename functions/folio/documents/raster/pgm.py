"""Gray pages in files, as poppler and Folio write them: binary PGM of 8 bits, which needs no decoder."""

import re
from pathlib import Path

from msgspec import Struct

_HEADER = re.compile(rb"P5\s+(\d{1,6})\s+(\d{1,6})\s+255\s")
_HEADER_BYTES = 32


class Header(Struct, frozen=True):
    """Sides in pixels, and where the pixels begin, in bytes."""

    width: int
    height: int
    offset: int


def header_of(path: Path) -> Header | None:
    """Return the header of a whole file; None if it is another kind of image, incomplete, or not there."""
    try:
        with path.open("rb") as file:
            match = _HEADER.match(file.read(_HEADER_BYTES))
            size = file.seek(0, 2)
    except OSError:
        return None
    if match is None:
        return None
    header = Header(int(match[1]), int(match[2]), match.end())
    pixels = header.width * header.height
    return header if 0 < pixels == size - header.offset else None
