"""Pages that Folio sets itself, for text that has none: each as it is read, and as a page of a PDF to look at.

Every half-width character takes one cell and every full-width one two, so that a box follows from what stands before
it. The fonts are two that every viewer has, Courier and STSong-Light, and are not embedded.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.documents.formats.plain_fonts import put_fonts, shown
from folio.documents.pdf.objects import PdfFile
from folio.models import Block, BlockKind, Cell, Line, Page, Table, Word, encode
from folio.text.spacing import is_wide
from folio.transform import Box, box

DPI = 150
SIZE_PX = (1240, 1754)  # A4
_POINTS = 72 / DPI  # of a pixel
_ASCENT = 0.86  # of a line's height, above its baseline


def cells_of(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else len(text) + sum(map(is_wide, text))


def wrapped(text: str, cells: int) -> Iterator[str]:
    """Yield a paragraph in lines of at most so many cells, broken at spaces and between Chinese characters."""
    cells = max(cells, 2)
    for part in text.splitlines():
        start, end = 0, len(part)
        while start < end:
            if part[start].isspace():
                start += 1
                continue
            head = _head(part[start : start + cells + 1], cells)
            yield part[start : start + head].rstrip()
            start += head


def _head(text: str, cells: int) -> int:
    """Return how many characters of a text stand in its first line."""
    end = len(text) if cells_of(text) <= cells else _fitting(text, cells)
    if end == len(text) or text[end].isspace() or is_wide(text[end]) or is_wide(text[end - 1]):
        return end
    for index in range(end - 1, 0, -1):
        if text[index].isspace() or is_wide(text[index]):
            return index + is_wide(text[index])
    return end


def _fitting(text: str, cells: int) -> int:
    taken = 0
    for index, character in enumerate(text):
        taken += 1 + is_wide(character)
        if taken > cells:
            return index
    return len(text)


class SetPage:
    """One page; coordinates are in its pixels. `texts` are what a reader of plain text gets, part by part."""

    def __init__(self, size: tuple[int, int] = SIZE_PX) -> None:
        self.size = size
        self.lines: list[Line] = []
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._texts: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not self._texts

    def write(self, text: str, left: float, top: float, height: float) -> int:
        """Write one line and return its index."""
        cell, words, offset, before = height / 2, list[Word](), 0, 0
        for part in text.split():
            start = text.index(part, offset)
            before += cells_of(text[offset:start])
            end = before + cells_of(part)
            words.append(Word(part, None, box(left + before * cell, top, left + end * cell, top + height)))
            offset, before = start + len(part), end
        self.lines.append(Line(text, None, box(left, top, left + before * cell, top + height), tuple(words)))
        return len(self.lines) - 1

    def block(self, kind: BlockKind, text: str, lines: Sequence[int], around: Box, level: int | None = None) -> None:
        """Add what some lines make together, after what was added before."""
        self._texts.append(text)
        self._blocks.append(Block(kind=kind, text=text, polygon=box(*around), lines=tuple(lines), level=level))

    def table(self, cells: Sequence[Cell], header_rows: int, lines: Sequence[int], around: Box, goes_on: bool) -> None:
        """Add a table, whose cells have their places."""
        rows: dict[int, list[str]] = {}
        for cell in cells:
            rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
        texts = "\n".join("\t".join(row).strip() for row in rows.values() if any(row))
        self._texts.append(texts)
        polygon = box(*around)
        joined = "\n".join(cell.text for cell in cells if cell.text)
        self._blocks.append(
            Block(kind="table", text=joined, polygon=polygon, lines=tuple(lines), table=len(self._tables))
        )
        self._tables.append(Table(cells=tuple(cells), polygon=polygon, header_rows=header_rows, continues=goes_on))

    def page(self, number: int) -> Page:
        return Page(
            number=number,
            width=self.size[0],
            height=self.size[1],
            dpi=DPI,
            origin="document",
            text="\n\n".join(text for text in self._texts if text),
            lines=tuple(self.lines),
            blocks=tuple(self._blocks),
            tables=tuple(self._tables),
        )

    def content(self) -> bytes:
        """Return the page as a PDF's content stream."""
        parts = [b"0.6 G 0.5 w"]
        for table in self._tables:
            for cell in table.cells:
                if cell.polygon:
                    (left, top), _, (right, bottom), _ = cell.polygon
                    at = left * _POINTS, (self.size[1] - bottom) * _POINTS
                    parts.append(
                        b"%.2f %.2f %.2f %.2f re S" % (*at, (right - left) * _POINTS, (bottom - top) * _POINTS)
                    )
        parts.append(b"BT")
        for line in self.lines:
            (left, top), _, _, (_, bottom) = line.polygon
            height = bottom - top
            x, y = left * _POINTS, (self.size[1] - top - height * _ASCENT) * _POINTS
            parts.append(b"1 0 0 1 %.2f %.2f Tm" % (x, y))
            parts.append(shown(line.text, height * _POINTS))
        return b"\n".join([*parts, b"ET"])


class SetFile:
    """The PDF of all set pages, and the folder with what is read of each."""

    def __init__(self, folder: Path) -> None:
        self.path, self.texts = folder / "set.pdf", folder / "texts"
        self.texts.mkdir()
        self.pages = 0
        self._file = PdfFile.new(self.path)
        self._catalog, self._tree = self._file.reserve(), self._file.reserve()
        self._kids: list[int] = []
        self._fonts = put_fonts(self._file)

    def add(self, page: SetPage) -> None:
        self.pages += 1
        (self.texts / f"{self.pages}.json").write_bytes(encode(page.page(self.pages)))
        content = self._file.put_deflated(page.content())
        size = page.size[0] * _POINTS, page.size[1] * _POINTS
        self._kids.append(
            self._file.put(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources<<%s>>/Contents %d 0 R>>"
                % (self._tree, *size, self._fonts, content)
            )
        )

    def finish(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._file.put(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self._kids), kids), self._tree)
        self._file.put(b"<</Type/Catalog/Pages %d 0 R>>" % self._tree, self._catalog)
        self._file.finish({"Root": b"%d 0 R" % self._catalog})


def read_page(texts: Path, number: int) -> Page:
    """Return what is read of a set page."""
    return msgspec.json.decode((texts / f"{number}.json").read_bytes(), type=Page)


class Placed(Struct, frozen=True):
    """A paragraph that has a place of its own, as on a slide."""

    text: str
    around: Box
    kind: BlockKind = "paragraph"
    level: int | None = None
