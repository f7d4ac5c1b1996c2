"""A copy of a PDF that grows by invisible text under its pages, and loses the hidden text that they had.

pypdf reads the pages' dictionaries, and contents only of pages that may hold text of their own. New text streams go
before a page's own, where coordinates are still the page's initial ones, whatever its contents leave behind. Pages with
text of their own are laid last, when poppler can tell from the file that grew what of it remains.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.pdf import poppler
from folio.documents.pdf.objects import PdfFile
from folio.documents.pdf.reader import open_pdf
from folio.documents.pdf.text_page import TextPage
from folio.errors import FolioError
from folio.models import Page, decode, encode
from folio.outputs.pdf.existing_text import without_existing
from folio.outputs.pdf.hidden_text import HiddenText
from folio.outputs.pdf.invisible_fonts import Fonts
from folio.outputs.pdf.page_objects import (
    Frame,
    PageChange,
    form_entries,
    frame_of,
    is_signed,
    may_hold_text,
    page_body,
    streams_of,
    written,
)
from folio.outputs.pdf.text_operators import draw_text

if TYPE_CHECKING:
    from pypdf import PdfReader

_NONE = "No searchable PDF was made: "
_ENCRYPTED = f"{_NONE}the document is encrypted, and nothing can be added to it without its key."
DAMAGED = f"{_NONE}the document is damaged; print it into a new PDF and read that."
_SIGNED = (
    "The document is signed. Its searchable PDF keeps the signed bytes and all text it has, but viewers will say that "
    "it was changed after it was signed."
)
_TAIL_BYTES = 2048  # of a file, in which `startxref` stands; padding behind it does not count
_PADDING = b"\0\t\n\x0c\r "
_TOGETHER = 32  # pages for one run of pdftotext
_DRAWING_SIDE_PX = 400


class Unfit(Exception):
    """Nothing can be added to this PDF; the message is for the result."""


class _Later(Struct, frozen=True):
    """A page with text of its own that was cleaned, but not laid. `proof`: its drawing has to be compared."""

    number: int
    key: tuple[int, int]
    frame: Frame
    change: PageChange
    readable: bool
    proof: bool


class Increment:
    """Raises Unfit and whatever pypdf does."""

    def __init__(self, source: Path, target: Path, timeout: float) -> None:
        self.warnings: list[str] = []
        self._source, self._target, self._timeout = source, target, timeout
        self._file = source.open("rb")
        self._previous, self._packed = _cross_reference(source)
        self._reader = open_pdf(self._file)
        if self._reader.is_encrypted:
            raise Unfit(_ENCRYPTED)
        self._signed = is_signed(self._reader.root_object)
        self._pages = self._reader.pages
        self._done: set[tuple[int, int]] = set()
        self._later: list[_Later] = []
        self._waiting = target.with_name("pages.jsonl").open("w+b")
        shutil.copyfile(source, target)
        with target.open("ab") as file:
            file.write(b"\n")
        self._begin(_free(self._reader))
        self._hidden = HiddenText(self._put_form)

    def _begin(self, first: int) -> None:
        self._grown = PdfFile(self._target, first, self._packed)
        self._fonts = Fonts(self._grown)

    def add(self, page: Page) -> bool:
        """Lay the text of a page under it; return False if the page has another shape here than where it was read."""
        if page.status == "failed" or page.origin == "text-layer" or not page.lines:
            return True
        shown = self._pages[page.number - 1]
        frame = frame_of(shown)
        if not frame.fits(page):
            return False
        reference = shown.indirect_reference
        if reference is None:
            return False
        if (key := (reference.idnum, reference.generation)) in self._done:
            return True  # the same object twice in the tree of pages: it was the same picture
        self._done.add(key)
        if may_hold_text(shown):
            self._later.append(self._cleaned(page.number, key, frame))
            self._waiting.write(encode(page) + b"\n")
        else:
            self._lay(page, shown, key, frame, PageChange())
        return True

    def _lay(self, page: Page, shown: Any, key: tuple[int, int], frame: Frame, change: PageChange) -> bool:
        """Write the page with its words; return False if there are none."""
        content, names = draw_text(page, lambda point: frame.to_pdf(point, page), self._fonts)
        if content:
            fonts = {f"/{name}": self._fonts.number(name) for name in names}
            change = replace(change, text=self._grown.put_deflated(content), fonts=fonts)
            self._grown.put(page_body(shown, change), *key)
        return bool(content)

    def _cleaned(self, number: int, key: tuple[int, int], frame: Frame) -> _Later:
        """Write a page's content without hidden text."""
        later = _Later(number, key, frame, PageChange(), readable=True, proof=False)
        if self._signed:
            return later
        shown = self._pages[number - 1]
        try:
            resources = shown.get("/Resources")
            streams = streams_of(shown)
            cleaned = self._hidden.clean(streams, resources.get_object() if resources else {}, frame.box)
        except Exception:  # noqa: BLE001 (pypdf raises whatever came first in a damaged stream; the page then stays)
            return replace(later, readable=False)
        if cleaned is None:
            return later
        change = PageChange(content=self._grown.put_deflated(cleaned.data), forms=cleaned.forms)
        self._grown.put(page_body(shown, change), *key)
        return replace(later, change=change, proof=cleaned.risky)

    def _put_form(self, form: Any, resources: Any, data: bytes, forms: dict[str, int]) -> int:
        return self._grown.put_deflated(data, form_entries(form, resources, forms))

    def finish(self) -> None:
        if self._later:
            self._lay_later()
        if self._grown.is_empty:
            self._grown.close()
        else:
            self._end()
            if self._signed:
                self.warnings.append(_SIGNED)
        self._file.close()
        self._waiting.close()

    def _end(self) -> None:
        """Finish an increment, so that the file is whole."""
        self._fonts.finish()
        old = self._reader.trailer
        trailer = {name: written(old.raw_get(f"/{name}")) for name in ("Root", "Info", "ID") if f"/{name}" in old}
        self._previous = self._grown.finish(trailer | {"Prev": b"%d" % self._previous})

    def _lay_later(self) -> None:
        """Lay the pages that have text of their own, without the words that are still found in them."""
        grown = self._source
        if not self._grown.is_empty:
            self._end()
            self._begin(self._grown.next_number)
            grown = self._target
        self._waiting.seek(0)
        for batch in batched(self._later, _TOGETHER):
            texts = self._texts(grown, [later.number for later in batch])
            for later in batch:
                page = decode(self._waiting.readline(), Page)
                text, change = texts.get(later.number), later.change
                if later.proof and not self._draws_the_same(later.number):
                    text, change = self._texts(self._source, [later.number]).get(later.number), PageChange()
                self._lay_beside(page, later, text, change)

    def _lay_beside(self, page: Page, later: _Later, text: TextPage | None, change: PageChange) -> None:
        if text and later.frame.turn % 180:
            text = TextPage(text.height, text.width, text.blocks)  # pdftotext turns only the words
        shown = self._pages[page.number - 1]
        remaining = without_existing(page, text)
        if not later.readable and remaining != page:
            self.warnings.append(
                f"Page {page.number} of the searchable PDF keeps the text it had: its content cannot be told apart."
            )
        if not self._lay(remaining, shown, later.key, later.frame, change) and change != later.change:
            self._grown.put(page_body(shown, change), *later.key)  # as it was

    def _texts(self, path: Path, numbers: list[int]) -> dict[int, TextPage]:
        """Return what pdftotext finds on these pages; nothing if it fails."""
        texts: dict[int, TextPage] = {}
        with tempfile.TemporaryDirectory(dir=self._target.parent) as name:
            for first, last in _runs(numbers):
                try:
                    texts |= poppler.text_layers(path, first, last, {}, Path(name), self._timeout)[0]
                except FolioError:
                    continue
        return texts

    def _draws_the_same(self, number: int) -> bool:
        with tempfile.TemporaryDirectory(dir=self._target.parent) as name:
            drawings = []
            for path in (self._source, self._target):
                try:
                    files, _ = poppler.draw_small(path, number, number, _DRAWING_SIDE_PX, Path(name), self._timeout)
                    drawings.append(files[number][0].read_bytes())
                except (FolioError, KeyError):
                    return False
        return drawings[0] == drawings[1]

    def close(self) -> None:
        self._file.close()
        self._grown.close()
        self._waiting.close()


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of the numbers that follow each other."""
    start = numbers[0]
    for before, number in zip(numbers, [*numbers[1:], None], strict=True):
        if number != before + 1:
            yield start, before
            start = number or 0


def _cross_reference(source: Path) -> tuple[int, bool]:
    """Return the offset of the last table of objects, and whether it is a stream. Raises Unfit if it is not there."""
    with source.open("rb") as file:
        if not file.read(5) == b"%PDF-":
            raise Unfit(DAMAGED)  # offsets in it may be counted from the header or from the start
        offsets = re.findall(rb"startxref\s+(\d+)", _tail(file))
        if not offsets:
            raise Unfit(DAMAGED)
        offset = int(offsets[-1])
        file.seek(offset)
        start = file.read(64).lstrip()
    if start.startswith(b"xref"):
        return offset, False
    if re.match(rb"\d+\s+\d+\s+obj", start):
        return offset, True
    raise Unfit(DAMAGED)


def _tail(file: BinaryIO) -> bytes:
    """Return the end of a file, without the padding behind it."""
    end, tail = file.seek(0, os.SEEK_END), b""
    while end and not tail:
        start = max(0, end - _TAIL_BYTES)
        file.seek(start)
        tail = file.read(end - start).rstrip(_PADDING)
        end = start
    file.seek(max(0, end + len(tail) - _TAIL_BYTES))
    return file.read(min(end + len(tail), _TAIL_BYTES))


def _free(reader: "PdfReader") -> int:
    """Return the first object number that nothing in the document has."""
    used = [number for numbers in reader.xref.values() for number in numbers]
    size = reader.trailer.get("/Size", 0)
    return max(int(size), max([*used, *reader.xref_objStm], default=0) + 1)
