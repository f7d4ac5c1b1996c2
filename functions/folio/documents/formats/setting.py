"""Text without pages set on pages, as far as that is needed to say what stands where, and in which order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from folio.documents.formats.base import Contents, Entry, Limits
from folio.documents.formats.flow import Grid, Item, Paragraph, Picture
from folio.documents.formats.set_page import SIZE_PX, SetFile, SetPage, cells_of, wrapped
from folio.errors import EmptyDocument, TooLarge
from folio.models import Cell
from folio.transform import box

_MARGIN, _LINE, _GAP = 90, 1.4, 10  # pixels, a line's pitch in its heights, and pixels between two paragraphs
_BODY_PX, _CELL_PX = 20, 16  # heights of text, and of text in tables
_HEADING_PX = {1: 34, 2: 30, 3: 26}
_LOWEST_HEADING_PX, _TITLE_PX = 22, 40
_INDENT_PX = 40  # of a level of a list
_PADDING = 6  # in cells of tables
_MIN_COLUMN, _MAX_COLUMN = 6, 48  # cells
_TALL_PX = 30_000  # of a page as high as a sheet needs


class Setting:
    """Sets items one by one; what is full is written."""

    def __init__(self, folder: Path, limits: Limits, *, tall: bool = False) -> None:
        """`tall`: a page is as high as what stands on it, up to some hundred rows of a table, and as wide."""
        folder.mkdir(exist_ok=True)
        self._file = SetFile(folder)
        self._limits = limits
        self._height = _TALL_PX if tall else SIZE_PX[1]
        self._is_tall = tall
        self._page = SetPage()
        self._top = float(_MARGIN)
        self._width = SIZE_PX[0]
        self._pieces: list[Entry] = []
        self._pictures: list[Picture] = []

    def put_all(self, items: Iterable[Item]) -> None:
        for item in items:
            self.put(item)

    def put(self, item: Item) -> None:
        if isinstance(item, Paragraph):
            self._paragraph(item)
        elif isinstance(item, Grid):
            self._grid(item)
        elif isinstance(item, Picture):
            self._pictures.append(item)
        else:
            self.end_page()

    def put_page(self, page: SetPage, pictures: Sequence[Picture] = ()) -> None:
        """Take a page whose places are known."""
        self.end_page()
        self._add(page)
        self._pictures += pictures
        self._flush_pictures()

    def end_page(self, *, even_empty: bool = False) -> None:
        """Write the page that was begun, and after it the pictures that stand on it."""
        if not self._page.is_empty or even_empty:
            if self._is_tall:
                self._page.size = self._width, int(self._top) + _MARGIN
            self._add(self._page)
        self._page, self._top, self._width = SetPage(), float(_MARGIN), SIZE_PX[0]
        self._flush_pictures()

    def _add(self, page: SetPage) -> None:
        self._file.add(page)
        if self._file.pages + len(self._pieces) > self._limits.max_pages:
            raise TooLarge(f"The document has more than the {self._limits.max_pages} pages allowed.")
        last = self._pieces[-1] if self._pieces else None
        if last and last.kind == "pages":
            self._pieces[-1] = replace(last, pages=last.pages + 1)
        else:
            file = self._file
            self._pieces.append(Entry(kind="pages", path=file.path, first=file.pages, pages=1, texts=file.texts))

    def _flush_pictures(self) -> None:
        self._pieces += [Entry(kind="picture", path=one.path, name=one.name) for one in self._pictures]
        self._pictures.clear()

    def finish(self, media_type: str, warnings: Iterable[str] = (), after: Iterable[Entry] = ()) -> Contents:
        """Return all that was set, and the entries that come after it. Raises EmptyDocument if that is nothing."""
        self.end_page()
        self._file.finish()
        entries = (*self._pieces, *after)
        if not entries:
            raise EmptyDocument("There is no text and no picture in the document.")
        return Contents(media_type=media_type, entries=entries, warnings=tuple(warnings))

    def _paragraph(self, item: Paragraph) -> None:
        if not item.text.strip():
            return
        height = _height_of(item)
        margin = _MARGIN + (_INDENT_PX * min(item.level or 1, 9) if item.kind == "list_item" else 0)
        cells = int((SIZE_PX[0] - _MARGIN - margin) / (height / 2))
        lines, texts, start, is_broken = list[int](), list[str](), self._top, False
        for text in wrapped(item.text, cells):
            if self._top + height > self._height - _MARGIN:
                self._block(item, "\n".join(texts), lines, (margin, start))
                lines, texts, is_broken = [], [], True
                self.end_page()
                start = self._top
            lines.append(self._page.write(text, margin, self._top, height))
            texts.append(text)
            self._top += height * _LINE
        self._block(item, "\n".join(texts) if is_broken else item.text.strip(), lines, (margin, start))
        self._top += _GAP

    def _block(self, item: Paragraph, text: str, lines: Sequence[int], corner: tuple[float, float]) -> None:
        if lines:
            around = (*corner, SIZE_PX[0] - _MARGIN, self._top)
            self._page.block(item.kind, text, lines, around, item.level if item.kind in _LEVELED else None)

    def _grid(self, grid: Grid) -> None:
        rows: dict[int, list[Cell]] = defaultdict(list)
        for cell in grid.cells:
            rows[cell.row].append(cell)
        edges = _edges(grid.cells, None if self._is_tall else SIZE_PX[0] - 2 * _MARGIN)
        self._width = max(self._width, int(edges[-1]) + _MARGIN)
        part = _TablePart(self._page, self._top)
        goes_on = False
        for number in sorted(rows):
            texts = {index: list(wrapped(cell.text, _room(cell, edges))) for index, cell in enumerate(rows[number])}
            height = _row_height(rows[number], texts)
            if self._top + height > self._height - _MARGIN and part.cells:
                part.finish(edges, self._top, grid.header_rows if not goes_on else 0, goes_on)
                self.end_page()
                self._width = max(self._width, int(edges[-1]) + _MARGIN)
                part, goes_on = _TablePart(self._page, self._top, first=number), True
            part.add(rows[number], texts, edges, self._top, height)
            self._top += height
        part.finish(edges, self._top, grid.header_rows if not goes_on else 0, goes_on)
        self._top += 2 * _GAP


_LEVELED = ("heading", "list_item")


class _TablePart:
    """The rows of a table that stand on one page; their numbers begin at 0 there."""

    def __init__(self, page: SetPage, top: float, first: int = 0) -> None:
        self._page, self._start, self._first = page, top, first
        self.cells: list[Cell] = []
        self._lines: list[int] = []

    def add(
        self, row: Sequence[Cell], texts: dict[int, list[str]], edges: Sequence[float], top: float, height: float
    ) -> None:
        for index, cell in enumerate(row):
            left, right = edges[cell.column], edges[cell.column + cell.column_span]
            for line, text in enumerate(texts[index]):
                y = top + _PADDING + line * _CELL_PX * _LINE
                self._lines.append(self._page.write(text, left + _PADDING, y, _CELL_PX))
            polygon = box(left, top, right, top + height)
            self.cells.append(replace(cell, row=cell.row - self._first, polygon=polygon))

    def finish(self, edges: Sequence[float], bottom: float, header_rows: int, goes_on: bool) -> None:
        if self.cells:
            around = (edges[0], self._start, edges[-1], bottom)
            self._page.table(self.cells, header_rows, self._lines, around, goes_on)


def _height_of(item: Paragraph) -> int:
    if item.kind == "title":
        return _TITLE_PX
    if item.kind == "heading":
        return _HEADING_PX.get(item.level or 1, _LOWEST_HEADING_PX)
    return _BODY_PX


def _room(cell: Cell, edges: Sequence[float]) -> int:
    return int((edges[cell.column + cell.column_span] - edges[cell.column] - 2 * _PADDING) / (_CELL_PX / 2))


def _row_height(row: Sequence[Cell], texts: dict[int, list[str]]) -> float:
    lines = max((len(texts[index]) for index, cell in enumerate(row) if cell.row_span == 1), default=1)
    lines = max(lines, max((-(-len(texts[i]) // cell.row_span) for i, cell in enumerate(row)), default=1))
    return max(lines, 1) * _CELL_PX * _LINE + 2 * _PADDING


def _edges(cells: Sequence[Cell], width: float | None) -> list[float]:
    """Return the left edges of a table's columns, and the right one of the last, in pixels; `width` is the room."""
    count = max(cell.column + cell.column_span for cell in cells)
    widths = [_MIN_COLUMN] * count
    for cell in cells:
        if cell.column_span == 1 and cell.text:
            longest = max(map(cells_of, cell.text.splitlines()), default=0)
            widths[cell.column] = max(widths[cell.column], min(longest, _MAX_COLUMN))
    pixels = [cells * _CELL_PX / 2 + 2 * _PADDING for cells in widths]
    if width is not None:
        factor = max(1.0, sum(pixels) / width)
        pixels = [max(column / factor, 2 * _PADDING + _CELL_PX) for column in pixels]
    edges = [float(_MARGIN)]
    for column in pixels:
        edges.append(edges[-1] + column)
    return edges
