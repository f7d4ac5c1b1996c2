"""TIFFs as other programs write them: in either byte order, as BigTIFF, with thumbnails, and with a damaged chain."""

import struct
from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

type Pixels = NDArray[np.uint8] | NDArray[np.uint16]  # height x width

Order = Literal["<", ">"]

WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC, OFFSET, SUBFILE = 256, 257, 258, 259, 262, 273, 254
_SHORT, _LONG = 3, 4


class Tiff(Struct, frozen=True):
    """The file and where each of its directories begins."""

    data: bytes
    directories: tuple[int, ...]


def tiff(
    *pictures: Pixels, order: Order = "<", big: bool = False, kinds: Sequence[int] = (), compression: int = 1
) -> Tiff:
    """Return a chain of gray pictures; `order` is that of struct, `kinds` are their values of NewSubfileType."""
    version = struct.pack(f"{order}HHHQ", 43, 8, 0, 0) if big else struct.pack(f"{order}HL", 42, 0)
    data = bytearray((b"II" if order == "<" else b"MM") + version)
    pointer, directories = len(data) - (8 if big else 4), []
    for index, picture in enumerate(pictures):
        start = len(data)
        data += picture.astype(picture.dtype.newbyteorder(order)).tobytes()
        data += b"\0" * (-len(data) % 8)
        height, width = picture.shape
        tags = {
            SUBFILE: kinds[index] if kinds else 0, WIDTH: width, LENGTH: height, BITS: 8 * picture.itemsize,
            COMPRESSION: compression, PHOTOMETRIC: 1, OFFSET: start, 277: 1, 278: height, 279: picture.nbytes,
        }  # fmt: skip
        struct.pack_into(f"{order}{'Q' if big else 'L'}", data, pointer, len(data))
        directories.append(len(data))
        data += struct.pack(f"{order}{'Q' if big else 'H'}", len(tags))
        for tag, value in sorted(tags.items()):
            data += struct.pack(f"{order}HH{'Q' if big else 'L'}L", tag, _LONG, 1, value) + b"\0" * (4 * big)
        pointer = len(data)
        data += b"\0" * (8 if big else 4)
    return Tiff(bytes(data), tuple(directories))


def patched(data: bytes, offset: int, patch: bytes) -> bytes:
    return data[:offset] + patch + data[offset + len(patch) :]
