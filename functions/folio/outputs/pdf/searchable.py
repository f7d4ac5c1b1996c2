"""`pdf` of a PDF: the source byte for byte, and after it an increment that lays invisible text under its pages.

pypdf reads the pages' dictionaries and nothing else; their contents are never decoded. The new text stream goes before
a page's own, where coordinates are still the page's initial ones, whatever its contents leave behind.
"""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from folio.documents import poppler
from folio.errors import FolioError
from folio.models import Document, Page
from folio.outputs.pdf.invisible_fonts import Fonts
from folio.outputs.pdf.text_operators import draw_text
from folio.outputs.pdf.writer import PdfFile
from folio.transform import Point

if TYPE_CHECKING:
    from pypdf import PdfReader

_NONE = "No searchable PDF was made: "
_ENCRYPTED = f"{_NONE}the document is encrypted, and nothing can be added to it without its key."
_DAMAGED = f"{_NONE}the document is damaged; print it into a new PDF and read that."
_LETTER = (0.0, 0.0, 612.0, 792.0)  # poppler's page where a document states none
_TAIL_BYTES = 2048  # of a file, in which `startxref` stands
_FULL_DISK = (28, 122)  # ENOSPC, EDQUOT


class Unfit(Exception):
    """Nothing can be added to this PDF; the message is for the result."""


class SearchablePdf:
    """Grows a copy of the source. What goes wrong with it is a warning: the document was read all the same."""

    def __init__(self, folder: Path, document: Document, timeout: float) -> None:
        self.warnings: list[str] = []
        self._path = folder / "searchable.pdf"
        self._document = document
        self._timeout = timeout
        self._increment: Increment | None = None
        with self._forgiving():
            self._increment = Increment(document.path, self._path)

    def add(self, page: Page) -> None:
        with self._forgiving():
            if self._increment and not self._increment.add(page):
                self.warnings.append(
                    f"Page {page.number} of the searchable PDF has no text: its shape there is another."
                )

    def finish(self) -> Path | None:
        with self._forgiving():
            if self._increment:
                self._increment.finish()
                self._require_same_pages()
        return self._path if self._increment else None

    def _require_same_pages(self) -> None:
        try:
            pages = poppler.count_pages(self._path, self._timeout)
        except FolioError:
            raise Unfit(_DAMAGED) from None
        if pages != self._document.pages:
            raise Unfit(_DAMAGED)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # pypdf raises whatever error came first in a damaged file, OSError for an offset outside of it too.
            if isinstance(error, OSError) and error.errno in _FULL_DISK:
                raise
            self.warnings = [str(error) if isinstance(error, Unfit) else _DAMAGED]
            if self._increment:
                self._increment.close()
            self._increment = None


class Increment:
    """A copy of a PDF and the objects that are added to it. Raises Unfit and whatever pypdf does."""

    def __init__(self, source: Path, target: Path) -> None:
        from pypdf import PdfReader

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it quotes documents
        self._file = source.open("rb")
        self._previous, packed = _cross_reference(source)
        self._reader = PdfReader(self._file, strict=False)
        if self._reader.is_encrypted:
            raise Unfit(_ENCRYPTED)
        self._pages = self._reader.pages
        self._done: set[tuple[int, int]] = set()
        shutil.copyfile(source, target)
        with target.open("ab") as file:
            file.write(b"\n")
        self._grown = PdfFile(target, _free(self._reader), packed)
        self._fonts = Fonts(self._grown)

    def add(self, page: Page) -> bool:
        """Lay the text of a page under it; return False if the page has another shape here than where it was read."""
        if page.status == "failed" or page.origin != "ocr" or not page.lines:
            return True
        shown = self._pages[page.number - 1]
        frame = _frame(shown)
        if not frame.fits(page):
            return False
        reference = shown.indirect_reference
        if reference is None:
            return False
        if (key := (reference.idnum, reference.generation)) in self._done:
            return True  # the same object twice in the tree of pages: it was the same picture
        content, names = draw_text(page, lambda point: frame.to_pdf(point, page), self._fonts)
        if content:
            self._done.add(key)
            stream = self._grown.put_deflated(content)
            fonts = {name: self._fonts.number(name) for name in names}
            self._grown.put(_page_body(shown, stream, fonts), *key)
        return True

    def finish(self) -> None:
        self._file.close()
        if not self._done:
            self._grown.close()
            return
        self._fonts.finish()
        old = self._reader.trailer
        trailer = {name: _written(old.raw_get(f"/{name}")) for name in ("Root", "Info", "ID") if f"/{name}" in old}
        self._grown.finish(trailer | {"Prev": b"%d" % self._previous})

    def close(self) -> None:
        self._file.close()
        self._grown.close()


class Frame(Struct, frozen=True):
    """The visible part of a PDF page: its box in the page's units, and by how much it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    def fits(self, page: Page) -> bool:
        """Return whether it has the shape of the page that was read, which is drawn in whole pixels."""
        across, down = self.right - self.left, self.top - self.bottom
        if self.turn % 180:
            across, down = down, across
        if across <= 0 or down <= 0:
            return False
        return abs(page.width * down / across - page.height) <= 2 * max(1.0, down / across)

    def to_pdf(self, point: Point, page: Page) -> Point:
        """Convert a point from a page's pixels to the units of the PDF page."""
        across, down = point[0] / page.width, point[1] / page.height
        if self.turn == 90:
            across, down = down, 1 - across
        elif self.turn == 180:
            across, down = 1 - across, 1 - down
        elif self.turn == 270:
            across, down = 1 - down, across
        return self.left + across * (self.right - self.left), self.top - down * (self.top - self.bottom)


def _frame(page: Any) -> Frame:
    media = _box(page, "/MediaBox") or _LETTER
    crop = _box(page, "/CropBox") or media
    left, bottom = (min(max(crop[i], media[i]), media[i + 2]) for i in (0, 1))
    right, top = (min(max(crop[i + 2], media[i]), media[i + 2]) for i in (0, 1))
    turn = page.get("/Rotate", 0)
    turn = turn.get_object() if hasattr(turn, "get_object") else turn
    return Frame(left, bottom, right, top, int(turn) % 360)


def _box(page: Any, name: str) -> tuple[float, float, float, float] | None:
    values = page.get(name)
    try:
        a, b, c, d = (float(value.get_object()) for value in values.get_object())
    except (AttributeError, TypeError, ValueError):
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _page_body(page: Any, stream: int, fonts: dict[str, int]) -> bytes:
    """Return the page's dictionary with one more content stream and its fonts, and all else as it was."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

    def reference(number: int) -> IndirectObject:
        return IndirectObject(number, 0, None)

    body = DictionaryObject(page.indirect_reference.get_object())
    contents = body.raw_get("/Contents") if "/Contents" in body else None
    resolved = contents.get_object() if contents is not None else None
    existing = [contents] if isinstance(contents, IndirectObject) else []
    streams = list(resolved) if isinstance(resolved, list) else existing
    body[NameObject("/Contents")] = ArrayObject([reference(stream), *streams])
    resources = DictionaryObject(_dictionary(page, "/Resources"))
    named = DictionaryObject(_dictionary(resources, "/Font"))
    for name, number in fonts.items():
        named[NameObject(f"/{name}")] = reference(number)
    resources[NameObject("/Font")] = named
    body[NameObject("/Resources")] = resources
    return _written(body)


def _dictionary(holder: Any, name: str) -> dict[Any, Any]:
    value = holder.get(name)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, dict) else {}


def _written(value: Any) -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    value.write_to_stream(buffer)
    return buffer.getvalue()


def _cross_reference(source: Path) -> tuple[int, bool]:
    """Return the offset of the last table of objects, and whether it is a stream. Raises Unfit if it is not there."""
    with source.open("rb") as file:
        if not file.read(5) == b"%PDF-":
            raise Unfit(_DAMAGED)  # offsets in it may be counted from the header or from the start
        file.seek(max(0, source.stat().st_size - _TAIL_BYTES))
        offsets = re.findall(rb"startxref\s+(\d+)", file.read())
        if not offsets:
            raise Unfit(_DAMAGED)
        offset = int(offsets[-1])
        file.seek(offset)
        start = file.read(64).lstrip()
    if start.startswith(b"xref"):
        return offset, False
    if re.match(rb"\d+\s+\d+\s+obj", start):
        return offset, True
    raise Unfit(_DAMAGED)


def _free(reader: "PdfReader") -> int:
    """Return the first object number that nothing in the document has."""
    used = [number for numbers in reader.xref.values() for number in numbers]
    size = reader.trailer.get("/Size", 0)
    return max(int(size), max([*used, *reader.xref_objStm], default=0) + 1)
