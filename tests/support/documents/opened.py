"""Files taken apart by their formats, as the pipeline takes them apart, but in this process."""

from pathlib import Path

from msgspec import Struct

from folio.documents.formats import registry
from folio.documents.formats.base import Contents, Limits
from folio.documents.formats.set_page import read_page
from folio.models import Page


class Opened(Struct, frozen=True):
    """What a file holds: its set pages, and the names of the files and pictures in it."""

    contents: Contents
    pages: list[Page]

    @property
    def text(self) -> str:
        return "\n\n".join(page.text for page in self.pages)

    @property
    def names(self) -> list[str]:
        return [entry.name for entry in self.contents.entries if entry.kind != "pages"]


def opened(content: bytes | Path, folder: Path, *, max_bytes: int = 50_000_000, max_pages: int = 1000) -> Opened:
    """Take a file apart. Raises what keeps it from being read."""
    folder.mkdir(exist_ok=True)
    path = content if isinstance(content, Path) else folder / "source"
    if isinstance(content, bytes):
        path.write_bytes(content)
    contents = registry.unpack(path, folder / "unpacked", Limits(max_bytes=max_bytes, max_pages=max_pages))
    pages = [
        read_page(entry.texts, number)
        for entry in contents.entries
        if entry.texts
        for number in range(entry.first, entry.first + entry.pages)
    ]
    return Opened(contents, pages)
