"""`csv`: the cells of the tables, row by row (RFC 4180)."""

import csv
from collections.abc import Iterator
from pathlib import Path

from folio.models import Page, Table
from folio.outputs.base import TextFile


class CsvWriter(TextFile):
    """Comma, CRLF, UTF-8; an empty line between tables. Text outside tables is not in it.

    Without a byte order mark: RFC 4180 has none, and programs take it for a part of the first cell. A cell that spans
    rows or columns stands in the first of them and leaves the others empty: nothing is in the file twice.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "tables.csv")
        self._rows = csv.writer(self._file)
        self._empty = True

    def add(self, page: Page) -> None:
        for table in page.tables:
            if not self._empty:
                self.write("\r\n")
            self._empty = False
            for row in grid(table):
                # A row of one empty cell would be an empty line, which separates tables; quoted it is not.
                self._rows.writerow(row) if any(row) or len(row) > 1 else self.write('""\r\n')

    def finish(self) -> Path:
        if self._empty:
            self.warnings.append("There are no tables in the document, so its CSV is empty.")
        return super().finish()


def grid(table: Table) -> Iterator[list[str]]:
    """Yield the rows of a table, all of the same length; what a cell spans beyond its first row and column is empty."""
    rows: dict[int, dict[int, str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell.text
    width = max((cell.column + cell.column_span for cell in table.cells), default=0)
    height = max((cell.row + cell.row_span for cell in table.cells), default=0)
    for number in range(height):
        row = rows.get(number, {})
        yield [row.get(column, "") for column in range(width)]
