"""`xlsx`: a sheet for each table, numbers as numbers and everything else as text (ECMA-376)."""

import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from folio.models import Cell, Page, Table
from folio.outputs.base import xml_text
from folio.outputs.cells import decimal_comma, is_formula, number
from folio.outputs.rows import Headers, rows
from folio.outputs.xlsx_parts import Styles, column_name, content_types, relations, workbook

_MAX_TEXT, _MAX_ROWS, _MAX_COLUMNS = 32_767, 1_048_576, 16_384  # Excel's
_MAX_NAME = 31
_MIN_WIDTH, _MAX_WIDTH = 8.0, 60.0  # of a column, in characters
_IN_MEMORY = 1 << 20  # bytes of a sheet, above which it is in a file
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # which Excel reads as a character's code
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


class XlsxWriter:
    """Sheets are written table by table; a table that goes on from the page before stays on its sheet.

    Text is never a formula: cells are inline strings, and those that look like one are quoted.
    """

    def __init__(self, folder: Path) -> None:
        self.warnings: list[str] = []
        self._path = folder / "tables.xlsx"
        self._zip = zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED)
        self._styles = Styles()
        self._headers = Headers()
        self._names: list[str] = []
        self._sheet: _Sheet | None = None

    def add(self, page: Page) -> None:
        for index, table in enumerate(page.tables):
            repeated = self._headers.repeated(table)
            if self._sheet is None or not table.continues:
                self._close()
                self._names.append(_name(page, index, self._names))
                self._sheet = _Sheet(self._styles)
            if not self._sheet.add(table, repeated):
                self.warnings.append("A table is too large for a sheet of a workbook; its end is missing there.")

    def finish(self) -> Path:
        if self._sheet is None:
            self.warnings.append("There are no tables in the document, so its workbook is empty.")
            self._names, self._sheet = ["Tables"], _Sheet(self._styles)
        self._close()
        for name, content in (
            ("[Content_Types].xml", content_types(len(self._names))),
            ("_rels/.rels", relations(("officeDocument", "xl/workbook.xml"))),
            ("xl/workbook.xml", workbook(self._names)),
            ("xl/_rels/workbook.xml.rels", _sheets(len(self._names))),
            ("xl/styles.xml", self._styles.xml()),
        ):
            self._zip.writestr(name, content)
        self._zip.close()
        return self._path

    def _close(self) -> None:
        if self._sheet:
            with self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w") as target:
                self._sheet.write_to(target)


def _sheets(count: int) -> str:
    sheets = [("worksheet", f"worksheets/sheet{index}.xml") for index in range(1, count + 1)]
    return relations(*sheets, ("styles", "styles.xml"))


def _name(page: Page, index: int, names: Sequence[str]) -> str:
    """Return a sheet's name: the table's caption, or where it stands; no two are the same."""
    plain = _NOT_IN_NAME.sub(" ", _caption(page, index)).strip(" '")[:_MAX_NAME].strip(" '")
    base = plain or (f"Page {page.number}" if len(page.tables) == 1 else f"Page {page.number} table {index + 1}")
    taken, name, count = {name.casefold() for name in names}, base, 1
    while name.casefold() in taken or name.casefold() == "history":  # which Excel keeps for itself
        count += 1
        ending = f" ({count})"
        name = base[: _MAX_NAME - len(ending)] + ending
    return name


def _caption(page: Page, index: int) -> str:
    """Return the caption directly before or after a table's block."""
    for before, block, after in zip((None, *page.blocks), page.blocks, (*page.blocks[1:], None), strict=False):
        if block.table == index:
            beside = next((near for near in (before, after) if near and near.kind == "caption"), None)
            return xml_text(beside.text) and beside.text if beside else ""
    return ""


def _mergeable(table: Table) -> set[tuple[int, int]]:
    """Return the rows and columns of cells that span and lie over no other: overlaps break a workbook."""
    taken = Counter(position for cell in table.cells for position in _positions(cell))
    return {
        (cell.row, cell.column)
        for cell in table.cells
        if cell.row_span * cell.column_span > 1 and all(taken[position] == 1 for position in _positions(cell))
    }


def _positions(cell: Cell) -> Iterator[tuple[int, int]]:
    rows_of_cell = range(cell.row, cell.row + cell.row_span)
    return ((row, column) for row in rows_of_cell for column in range(cell.column, cell.column + cell.column_span))


class _Sheet:
    """The rows of a sheet so far."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it is written
        self._rows = 0
        self._widths: dict[int, float] = {}
        self._merged: list[str] = []

    def add(self, table: Table, skipped: int) -> bool:
        """Add a table's rows but the first `skipped`; return whether there was room for them."""
        comma = decimal_comma(cell.text for cell in table.cells)
        merged = _mergeable(table)
        for index, row in enumerate(rows(table)):
            if index < skipped:
                continue
            if self._rows >= _MAX_ROWS or len(row) > _MAX_COLUMNS:
                return False
            self._rows += 1
            is_header = index < table.header_rows
            cells = (self._cell(column, cell, is_header, comma) for column, cell in enumerate(row) if cell)
            self._merge(cell for cell in row if cell and (cell.row, cell.column) in merged)
            self._file.write(f'<row r="{self._rows}">{"".join(cells)}</row>'.encode())
        return True

    def _merge(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            end = min(self._rows + cell.row_span - 1, _MAX_ROWS)
            last = column_name(cell.column + cell.column_span - 1)
            self._merged.append(f"{column_name(cell.column)}{self._rows}:{last}{end}")

    def _cell(self, column: int, cell: Cell, is_header: bool, comma: bool) -> str:
        address = f"{column_name(column)}{self._rows}"
        if cell.text and cell.column_span == 1:
            longest = max(sum(1 + (character > "\u2e7f") for character in line) for line in cell.text.split("\n"))
            self._widths[column] = min(_MAX_WIDTH, max(self._widths.get(column, _MIN_WIDTH), longest + 1.0))
        if (value := number(cell.text, comma=comma)) is not None:
            style = self._styles.index(value.format, is_header=is_header)
            return f'<c r="{address}" s="{style}"><v>{value.value!r}</v></c>'
        style = self._styles.index("", is_header=is_header, is_quoted=is_formula(cell.text))
        text = xml_text(_ESCAPE.sub("_x005F_", cell.text[:_MAX_TEXT]))
        return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def write_to(self, target: IO[bytes]) -> None:
        target.write(_SHEET.encode())
        if self._widths:
            widths = (
                f'<col min="{column + 1}" max="{column + 1}" width="{width}" customWidth="1"/>'
                for column, width in sorted(self._widths.items())
            )
            target.write(f"<cols>{''.join(widths)}</cols>".encode())
        target.write(b"<sheetData>")
        self._file.seek(0)
        shutil.copyfileobj(self._file, target)
        self._file.close()
        target.write(b"</sheetData>")
        if self._merged:
            merged = "".join(f'<mergeCell ref="{area}"/>' for area in self._merged)
            target.write(f'<mergeCells count="{len(self._merged)}">{merged}</mergeCells>'.encode())
        target.write(b"</worksheet>")
