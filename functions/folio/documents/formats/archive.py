"""ZIP files, and formats that are ZIP files, from strangers: nothing is unpacked that is larger than it may be."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from folio.documents.formats.base import Limits
from folio.documents.formats.encodings import decoded
from folio.errors import DamagedDocument, FolioError, PasswordProtected, TooLarge, UnsupportedType

MAX_ENTRIES = 10_000
_MAX_DIRECTORY_BYTES = 8_000_000  # of the table of entries, which is read into memory as a whole
_MAX_PART_BYTES = 64_000_000  # of one part that is read into memory
_MIN_CHECKED_BYTES, _MAX_RATIO = 20_000_000, 200  # text packs to a tenth; what packs better than this is no document
_COPY_BYTES = 1 << 20
_END, _LOCATOR, _END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_END_BYTES, _COMMENT_BYTES = 22, 65_535
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags


def check_directory(path: Path) -> None:
    """Refuse a ZIP by the size of its table of entries, before that is read. Raises TooLarge."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES))
        tail = file.read()
        end = tail.rfind(_END)
        if end < 0 or len(tail) < end + _END_BYTES:
            return
        entries, length = struct.unpack("<HI", tail[end + 10 : end + 16])
        locator = end - 20
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR:
            file.seek(min(size, struct.unpack("<Q", tail[locator + 8 : locator + 16])[0]))
            record = file.read(56)
            if record.startswith(_END_64) and len(record) == 56:
                entries, length = struct.unpack("<QQ", record[32:48])
    if entries > MAX_ENTRIES or length > _MAX_DIRECTORY_BYTES:
        raise TooLarge(f"The archive has {entries} entries, more than the {MAX_ENTRIES} allowed.")


class Archive:
    """An open ZIP whose entries were checked. Names are those in it; nothing is ever written under one of them."""

    def __init__(self, file: zipfile.ZipFile, limits: Limits, *, as_whole: bool) -> None:
        self._file = file
        self._limits = limits
        self._entries = {entry.filename: entry for entry in file.infolist() if not entry.is_dir()}
        self._check(as_whole)

    def _check(self, as_whole: bool) -> None:
        entries = self._file.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if as_whole and unpacked > self._limits.max_bytes:
            raise TooLarge(f"The archive unpacks to more than the {self._limits.max_bytes} bytes allowed.")
        if unpacked > _MIN_CHECKED_BYTES and unpacked > _MAX_RATIO * packed:
            raise TooLarge("The archive unpacks to so many times its size that it is no document, but a trap.")
        for entry in entries:
            if _leads_outside(entry.filename):
                raise DamagedDocument("The archive names files outside of itself, which no document needs.")

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> list[str]:
        """The files in it, links left out, in the order of its table."""
        return [name for name, entry in self._entries.items() if not stat.S_ISLNK(entry.external_attr >> 16)]

    def size(self, name: str) -> int:
        """Return how many bytes an entry unpacks to; more than it says are never unpacked."""
        return self._entries[name].file_size

    def title(self, name: str) -> str:
        """Return what people call an entry: many programs write names as their system does, and do not say how."""
        if self._entries[name].flag_bits & _UTF8:
            return name
        try:
            return decoded(name.encode("cp437"))
        except UnicodeEncodeError:
            return name

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """Open an entry. Raises DamagedDocument (also for one that is missing), PasswordProtected, UnsupportedType."""
        if (entry := self._entries.get(name)) is None:
            raise DamagedDocument("A part of the document is missing from its file.")
        if entry.flag_bits & _ENCRYPTED:
            raise PasswordProtected("The archive is locked with a password.")
        try:
            with self._file.open(entry) as file:
                yield file
        except RecursionError:  # of who reads it
            raise
        except NotImplementedError as error:
            raise UnsupportedType("The archive is packed by a method that is not supported.") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise DamagedDocument("The archive is damaged: a file in it cannot be unpacked.") from error

    def read(self, name: str) -> bytes:
        """Return an entry. Raises TooLarge too, for one that does not belong into memory."""
        if name in self and self._entries[name].file_size > _MAX_PART_BYTES:
            raise TooLarge(f"A part of the document has more than the {_MAX_PART_BYTES} bytes allowed.")
        with self.opened(name) as file:
            return file.read()

    def extract(self, name: str, target: Path) -> Path:
        """Unpack an entry into a file of the caller's choice."""
        with self.opened(name) as source, target.open("wb") as file:
            while block := source.read(_COPY_BYTES):
                file.write(block)
        return target


@contextmanager
def open_archive(path: Path, limits: Limits, *, as_whole: bool = True) -> Iterator[Archive]:
    """Open a ZIP, `as_whole` only if all of it may be unpacked. Raises TooLarge, DamagedDocument."""
    check_directory(path)
    try:
        file = zipfile.ZipFile(path)
    except FolioError:
        raise
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedDocument("The archive is damaged: its table of contents cannot be read.") from error
    with file:
        yield Archive(file, limits, as_whole=as_whole)


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":" and name[0].isalpha())
