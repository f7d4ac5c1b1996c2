"""What every format says of itself, and what it makes of a file: pages with their text, and files to read in turn."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Literal

from msgspec import Struct

from folio.errors import FolioError

type Kind = Literal["pages", "file", "picture"]

_START_BYTES = 65_536


class Limits(Struct, frozen=True, kw_only=True):
    """What a file may hold: bytes of all that is unpacked of it, and pages."""

    max_bytes: int
    max_pages: int


class Entry(Struct, frozen=True, kw_only=True):
    """A part of a file, in a file of its own.

    `pages`: pages `first` and following of a PDF that Folio made; their text lies in the folder `texts`, a JSON file
    for each page, or None where the PDF is to be read as any other. `file`: a document that came with it, to be opened
    in turn, and `picture`: one that stands in the text. `name` is what the file calls it, empty for its own pages.
    `too_large` says of a file why it was not unpacked.
    """

    kind: Kind
    path: Path
    name: str = ""
    first: int = 1
    pages: int = 0
    texts: Path | None = None
    too_large: str = ""


class Contents(Struct, frozen=True, kw_only=True):
    """What a file holds, in the order in which it is read."""

    media_type: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()


class Start:
    """What a format is told by: the first bytes of a file, and the names in it if it is a ZIP."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self.data = file.read(_START_BYTES)

    @property
    def is_zip(self) -> bool:
        return self.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in a ZIP; none of one that is damaged."""
        import zipfile

        from folio.documents.formats.archive import check_directory

        if not self.is_zip:
            return frozenset()
        try:
            check_directory(self.path)
            with zipfile.ZipFile(self.path) as file:
                return frozenset(file.namelist())
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, FolioError):
            return frozenset()

    @cached_property
    def mimetype(self) -> str:
        """What the first entry of an OpenDocument or EPUB file says it is."""
        import zipfile
        import zlib

        if "mimetype" not in self.names:
            return ""
        try:
            with zipfile.ZipFile(self.path) as file, file.open("mimetype") as entry:
                return entry.read(100).decode("ascii", "replace").strip()
        except (OSError, ValueError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return ""


class Format(Struct, frozen=True, kw_only=True):
    """One format: how people call it, its media types (the first is the published one) and usual suffixes.

    `is_one` tells a file by its content, `unpack` takes it apart into a folder: it raises a Refused that says why it
    cannot. It runs in a process of its own, within limits of memory and time. `by_suffix`: in a folder only files with
    one of the suffixes are taken for it. `missing` says what this installation lacks to read it, empty for nothing.
    """

    name: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    is_one: Callable[[Start], bool]
    unpack: Callable[[Path, Path, Limits], Contents]
    by_suffix: bool = False
    missing: Callable[[], str] = lambda: ""
