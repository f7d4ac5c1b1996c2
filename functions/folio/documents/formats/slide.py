"""A slide as a page: texts within the boxes of their shapes, each line where it must be about."""

from collections.abc import Sequence

from msgspec.structs import replace

from folio.documents.formats.flow import Grid, grid_of
from folio.documents.formats.set_page import DPI, SetPage, wrapped
from folio.models import BlockKind, Cell
from folio.transform import Box, box

_MIN_PX, _MAX_PX = 10.0, 48.0  # heights of text
_BODY_PX, _LINE = 28.0, 1.3
_MAX_SIDE_INCHES = 60.0


class Slide:
    """Takes texts with their boxes in inches; what has no box stands below all others."""

    def __init__(self, inches: tuple[float, float]) -> None:
        self._size = tuple(min(max(side, 1.0), _MAX_SIDE_INCHES) * DPI for side in inches)
        self._page = SetPage((round(self._size[0]), round(self._size[1])))
        self._bottom = 0.0
        self._below: list[str] = []

    def write(self, texts: Sequence[str], around: Box | None, *, is_title: bool = False) -> None:
        """Write the paragraphs of a shape."""
        if not texts:
            return
        if around is None:
            self._below += texts
            return
        left, top, right, bottom = (side * DPI for side in around)
        height = _height(texts, right - left, bottom - top)
        kind: BlockKind = "title" if is_title else "paragraph"
        self._paragraphs(texts, (left, top, right), height, kind)

    def _paragraphs(
        self, texts: Sequence[str], location: tuple[float, float, float], height: float, kind: BlockKind
    ) -> None:
        left, top, right = location
        cells = int(max(right - left, height) / (height / 2))
        for text in texts:
            start, lines = top, list[int]()
            for line in wrapped(text, cells):
                lines.append(self._page.write(line, left, top, height))
                top += height * _LINE
            if lines:
                self._page.block(kind, text, lines, (left, start, right, top))
        self._bottom = max(self._bottom, top)

    def grid(self, rows: Sequence[Sequence[str]], around: Box | None) -> None:
        """Write a table of plain rows."""
        if matched := grid_of(rows):
            self.write_grid(matched, around)

    def write_grid(self, matched: Grid, around: Box | None) -> None:
        """Write a table, its rows and columns of equal size."""
        left, top, right, bottom = (side * DPI for side in around) if around else (0.0, self._bottom, *self._size)
        across = max(cell.column + cell.column_span for cell in matched.cells)
        down = max(cell.row + cell.row_span for cell in matched.cells)
        wide, high = (right - left) / across, (bottom - top) / down
        cells, lines = [], list[int]()
        for cell in matched.cells:
            x, y = left + cell.column * wide, top + cell.row * high
            texts = [cell.text] if cell.text.strip() else []
            height = _height(texts, wide, high)
            for index, line in enumerate(wrapped(cell.text, int(wide / (height / 2)))):
                lines.append(self._page.write(line, x, y + index * height * _LINE, height))
            cells.append(_placed(cell, (x, y, x + wide * cell.column_span, y + high * cell.row_span)))
        self._page.table(cells, 0, lines, (left, top, right, bottom), goes_on=False)
        self._bottom = max(self._bottom, bottom)

    def below(self, texts: Sequence[str]) -> None:
        """Add what is said of the slide and not on it: the page grows by it."""
        self._below += texts

    def page(self) -> SetPage:
        if self._below:
            top = max(self._bottom, self._size[1])
            self._paragraphs(self._below, (0.0, top, self._size[0]), _BODY_PX, "paragraph")
        self._page.size = round(self._size[0]), round(max(self._size[1], self._bottom))
        return self._page


def _placed(cell: Cell, around: Box) -> Cell:
    return replace(cell, polygon=box(*around))


def _height(texts: Sequence[str], width: float, height: float) -> float:
    """Return the height at which texts fit into a box."""
    size = _MAX_PX
    while size > _MIN_PX:
        lines = sum(1 for text in texts for _ in wrapped(text, int(width / (size / 2))))
        if lines * size * _LINE <= height:
            break
        size *= 0.85
    return max(size, _MIN_PX)
