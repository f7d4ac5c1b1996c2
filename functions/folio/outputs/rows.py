"""Tables row by row, those that go on over pages as one."""

from collections.abc import Iterator

from folio.models import Cell, Table


def grid(table: Table) -> Iterator[list[str]]:
    """Yield the rows of a table, all of the same length; what a cell spans beyond its first row and column is empty."""
    for row in rows(table):
        yield [cell.text if cell else "" for cell in row]


def rows(table: Table) -> Iterator[list[Cell | None]]:
    """Yield the rows of a table, all of the same length, each cell in the first row and column that it spans."""
    by_row: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, {})[cell.column] = cell
    width = max((cell.column + cell.column_span for cell in table.cells), default=0)
    height = max((cell.row + cell.row_span for cell in table.cells), default=0)
    for index in range(height):
        row = by_row.get(index, {})
        yield [row.get(column) for column in range(width)]


class Headers:
    """Knows the header of the table before, which one that goes on from it repeats."""

    def __init__(self) -> None:
        self._before: list[list[str]] = []

    def repeated(self, table: Table) -> int:
        """Return how many rows of a table that goes on are the header of the one before, and remember the first's."""
        first = [text for _, text in zip(range(max(table.header_rows, 1)), grid(table), strict=False)]
        if not table.continues:
            self._before = first
            return 0
        same = first == self._before[: len(first)] and any(text for row in first for text in row)
        return len(first) if same else 0
