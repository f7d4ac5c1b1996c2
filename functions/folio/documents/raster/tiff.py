"""The chain of directories of a TIFF: which of its pictures are pages, and where the chain is damaged.

Pillow follows the chain too, but says nothing where it breaks, counts thumbnails, and cannot begin in its middle.
"""

import io
import struct
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from folio.documents.raster.patched import Patched
from folio.errors import DamagedDocument

_CLASSIC, _BIG = 42, 43  # versions; in a BigTIFF counts and offsets have eight bytes
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType: a smaller copy of another picture, which parts of it are opaque
_NEW_SUBFILE_TYPE, _WIDTH, _LENGTH, _SUBFILE_TYPE = 254, 256, 257, 255
_BITS, _COMPRESSION = 258, 259
_NOT_BUILT_IN = (34925, 50001)  # LZMA and WebP, which the library in Pillow's wheels is built without
_TYPES = range(1, 19)  # of values
_MAX_DIRECTORIES = 100_000
BIG_ENDIAN_BIG = b"MM\0\x2b"
# Pillow looks for a BigTIFF's version in the third byte, where a big-endian one has 0.
_AS_PILLOW_LOOKS = b"MM\x2b\0"


class _Layout(Struct, frozen=True):
    """How directories are written: struct formats of a count of entries, an entry and an offset, and where the first
    directory's offset stands."""

    count: struct.Struct
    entry: struct.Struct
    offset: struct.Struct
    first: int


class _Directory(Struct, frozen=True):
    """`entries`: tag -> value, right only of single numbers. `next` is the offset of the next one, or 0."""

    entries: dict[int, int]
    next: int
    damaged: bool

    @property
    def is_page(self) -> bool:
        kind = self.entries.get(_NEW_SUBFILE_TYPE, 0)
        return not kind & (_REDUCED | _MASK) and self.entries.get(_SUBFILE_TYPE) != 2


def is_tiff(start: bytes) -> bool:
    """Return whether a file that starts so is a TIFF."""
    return _layout(start) is not None


def pages(path: Path) -> tuple[int | None, ...]:
    """Return for each page where its directory is; None for a directory that is damaged, which ends what is known."""
    status = path.stat()
    return _pages(path, status.st_size, status.st_mtime_ns)


def open_page(path: Path, number: int) -> BinaryIO:
    """Open the file as one that begins with page `number` (from 1). Raises DamagedDocument."""
    offsets = pages(path)
    offset = offsets[number - 1] if number <= len(offsets) else None
    if offset is None:
        raise DamagedDocument(
            f"The TIFF's chain of directories is damaged at page {number}; pages behind it may be missing."
        )
    raw = Patched(path)
    layout = _layout(raw.read(16))
    raw.seek(0)
    if layout:
        raw.patches[layout.first] = layout.offset.pack(offset)
        if layout.offset.format == ">Q":
            raw.patches[0] = _AS_PILLOW_LOOKS
            _teach_pillow()
    return io.BufferedReader(raw)


def _teach_pillow() -> None:
    from PIL import TiffImagePlugin

    if _AS_PILLOW_LOOKS not in TiffImagePlugin.PREFIXES:
        TiffImagePlugin.PREFIXES.append(_AS_PILLOW_LOOKS)


def _layout(start: bytes) -> _Layout | None:
    order = {b"II": "<", b"MM": ">"}.get(start[:2])
    if order is None or len(start) < 8:
        return None
    version = struct.unpack(f"{order}H", start[2:4])[0]
    if version == _CLASSIC:
        return _Layout(struct.Struct(f"{order}H"), struct.Struct(f"{order}HHL4s"), struct.Struct(f"{order}L"), 4)
    if version == _BIG:
        return _Layout(struct.Struct(f"{order}Q"), struct.Struct(f"{order}HHQ8s"), struct.Struct(f"{order}Q"), 8)
    return None


@lru_cache(maxsize=8)  # each page of a document asks anew
def _pages(path: Path, size: int, _modified: int) -> tuple[int | None, ...]:
    with path.open("rb") as file:
        layout = _layout(start := file.read(16))
        if layout is None or len(start) < layout.first + layout.offset.size:
            return ()
        (offset,) = layout.offset.unpack_from(start, layout.first)
        chain: list[tuple[int | None, bool]] = []
        visited: set[int] = set()
        while offset and len(chain) < _MAX_DIRECTORIES:
            directory = None if offset in visited or offset >= size else _directory(file, offset, size, layout)
            if directory is None or directory.damaged:
                chain.append((None, True))
            else:
                chain.append((offset, directory.is_page))
            if directory is None:
                break
            visited.add(offset)
            offset = directory.next
    only_pages = tuple(offset for offset, is_page in chain if is_page)
    # Where every picture calls itself a smaller copy, there is no other.
    return only_pages if any(only_pages) else tuple(offset for offset, _ in chain)


def _directory(file: BinaryIO, offset: int, size: int, layout: _Layout) -> _Directory | None:
    """Read a directory; None if it is damaged and does not lead on either.

    Entries are in order of their tags. Those of a damaged one end where the order does, and what follows is the way to
    the next directory.
    """
    file.seek(offset)
    head = file.read(layout.count.size)
    count = layout.count.unpack(head)[0] if len(head) == layout.count.size else 0
    file_end = size - layout.offset.size
    data = file.read(max(0, min(count * layout.entry.size, file_end - file.tell())))
    read = list(layout.entry.iter_unpack(data[: len(data) - len(data) % layout.entry.size]))
    entries = {tag: _number(kind, value, layout) for tag, kind, values, value in read if values == 1}
    unknown = sum(kind not in _TYPES for _, kind, _, _ in read)
    damaged = len(read) < count or 2 * unknown > count or not {_WIDTH, _LENGTH} <= entries.keys()
    if damaged:
        count = _length_in_order(read, size)
    file.seek(offset + layout.count.size + count * layout.entry.size)
    tail = file.read(layout.offset.size)
    following = layout.offset.unpack(tail)[0] if len(tail) == layout.offset.size else size
    if damaged and not 0 < following < size:
        return None
    return _Directory(entries, following, damaged)


def _length_in_order(entries: list[tuple[int, int, int, bytes]], size: int) -> int:
    """Return how many entries at the start can be real ones in a file of that size."""
    last = -1
    for index, (tag, kind, values, _) in enumerate(entries):
        if tag <= last or kind not in _TYPES or values > size:
            return index
        last = tag
    return len(entries)


def _number(kind: int, value: bytes, layout: _Layout) -> int:
    order = layout.offset.format[:1]
    width = {1: "B", 3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}.get(kind)
    if width is None or struct.calcsize(f"{order}{width}") > len(value):
        return 0
    number: int = struct.unpack_from(f"{order}{width}", value)[0]
    return number


def unsupported_kind(path: Path, number: int, *, identified: bool) -> str | None:
    """Return what page `number` is, in words, if its directory is whole but of a kind that Pillow does not decode.

    `identified` is whether Pillow knew its kind of pixels.
    """
    from PIL import TiffImagePlugin

    offsets = pages(path)
    offset = offsets[number - 1] if number <= len(offsets) else None
    with path.open("rb") as file:
        layout = _layout(file.read(16))
        if offset is None or layout is None:
            return None
        directory = _directory(file, offset, path.stat().st_size, layout)
    if directory is None or directory.damaged:
        return None
    compression = directory.entries.get(_COMPRESSION, 1)
    if compression not in TiffImagePlugin.COMPRESSION_INFO or compression in _NOT_BUILT_IN:
        return f"a TIFF with compression {compression}"
    return None if identified else f"a TIFF with this sort of pixels ({directory.entries.get(_BITS, 'several')} bits)"
