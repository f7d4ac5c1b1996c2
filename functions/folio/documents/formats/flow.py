"""What stands in a document without pages of its own: paragraphs, tables and pictures, one after the other."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from folio.models import BlockKind, Cell


class Paragraph(Struct, frozen=True):
    """A paragraph with its kind; `level` is that of a heading (1 is the highest) or of a list's item."""

    text: str
    kind: BlockKind = "paragraph"
    level: int | None = None


class Grid(Struct, frozen=True):
    """A table; its cells know their rows and columns, and nothing of places."""

    cells: tuple[Cell, ...]
    header_rows: int = 0


class Picture(Struct, frozen=True):
    """A picture that was unpacked into a file; `name` is what the document calls it."""

    path: Path
    name: str


class Break(Struct, frozen=True):
    """The end of a page."""


type Item = Paragraph | Grid | Picture | Break


class GridBuilder:
    """Makes a table of rows of cells that may span several rows and columns, as in HTML."""

    def __init__(self) -> None:
        self._cells: list[Cell] = []
        self._taken: set[tuple[int, int]] = set()
        self._row = -1
        self._column = 0
        self._headers: dict[int, bool] = {}

    def row(self) -> None:
        """Begin the next row."""
        self._row += 1
        self._column = 0

    def cell(self, text: str, *, rows: int = 1, columns: int = 1, is_header: bool = False) -> None:
        """Add the next cell of the row, in the first place that is free."""
        row = max(self._row, 0)
        while (row, self._column) in self._taken:
            self._column += 1
        rows, columns = min(max(rows, 1), _MAX_SPAN), min(max(columns, 1), _MAX_SPAN)
        for down in range(rows if rows * columns > 1 else 0):
            self._taken.update((row + down, self._column + across) for across in range(columns))
        self._cells.append(Cell(text=text, row=row, column=self._column, row_span=rows, column_span=columns))
        self._headers[row] = self._headers.get(row, True) and is_header
        self._column += columns

    def finish(self) -> Grid | None:
        """Return the table, None if nothing stands in it."""
        if not any(cell.text.strip() for cell in self._cells):
            return None
        headers = 0
        while self._headers.get(headers):
            headers += 1
        return Grid(tuple(self._cells), headers)


_MAX_SPAN = 200  # rows or columns; a span says nothing true that is longer


def grid_of(rows: Sequence[Sequence[str]], header_rows: int = 0) -> Grid | None:
    """Return a table of plain rows, None if nothing stands in it."""
    builder = GridBuilder()
    for index, row in enumerate(rows):
        builder.row()
        for text in row:
            builder.cell(text, is_header=index < header_rows)
    return builder.finish()
