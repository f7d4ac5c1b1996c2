"""`csv`: the cells of the tables, row by row (RFC 4180)."""

import csv
from itertools import islice
from pathlib import Path

from folio.models import Page
from folio.outputs.base import TextFile
from folio.outputs.cells import is_formula
from folio.outputs.rows import Headers, grid

__all__ = ["CsvWriter", "grid"]


class CsvWriter(TextFile):
    """Comma, CRLF, UTF-8; an empty line between tables. Text outside tables is not in it.

    Without a byte order mark: RFC 4180 has none, and programs take it for a part of the first cell. A cell that spans
    rows or columns stands in the first of them and leaves the others empty: nothing is in the file twice. A table that
    goes on from the page before follows it without an empty line, and without the header that it repeats. What a
    spreadsheet would take for a formula has an apostrophe before it: documents come from strangers.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "tables.csv")
        self._rows = csv.writer(self._file)
        self._headers = Headers()
        self._empty = True

    def add(self, page: Page) -> None:
        for table in page.tables:
            if not self._empty and not table.continues:
                self.write("\r\n")
            self._empty = False
            for row in islice(grid(table), self._headers.repeated(table), None):
                # A row of one empty cell would be an empty line, which separates tables; quoted it is not.
                self._rows.writerow(map(_harmless, row)) if any(row) or len(row) > 1 else self.write('""\r\n')

    def finish(self) -> Path:
        if self._empty:
            self.warnings.append("There are no tables in the document, so its CSV is empty.")
        return super().finish()


def _harmless(text: str) -> str:
    return f"'{text}" if is_formula(text) else text
