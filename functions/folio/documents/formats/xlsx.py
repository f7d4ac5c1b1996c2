"""Excel workbooks: every sheet a page with its table, numbers and dates as they are shown (ECMA-376-1, 18)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.formats import office, xml
from folio.documents.formats.archive import open_archive
from folio.documents.formats.base import Contents, Format, Limits
from folio.documents.formats.flow import Grid, Paragraph
from folio.documents.formats.number_formats import NumberFormats
from folio.documents.formats.office import Parts
from folio.documents.formats.pictures import Pictures
from folio.documents.formats.setting import Setting
from folio.documents.formats.xml import attribute, local
from folio.errors import TooLarge
from folio.models import Cell

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MAX_CELLS = 1_000_000  # with a value, of a workbook
_ROWS_OF_PAGE = 500


class _Workbook:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.main = parts.main("xl/workbook.xml")
        root = xml.parse(parts.archive.read(self.main))
        self.sheets = [one for one in root.iter() if local(one) == "sheet"]
        is_1904 = any(attribute(one, "date1904") in ("1", "true") for one in root.iter() if local(one) == "workbookPr")
        styles = [xml.parse(parts.archive.read(name)) for name in parts.related(self.main, "styles")]
        self.formats = NumberFormats(styles, is_1904=is_1904)
        self.shared = [text for name in parts.related(self.main, "sharedStrings") for text in self._shared(name)]
        self.cells = 0

    def _shared(self, name: str) -> Iterator[str]:
        with self.parts.archive.opened(name) as file:
            start = file.read(2000)
        with self.parts.archive.opened(name) as file:
            for item in xml.stream(file, _space(start) + "sst"):
                yield text_of(item)

    def grids(self, part: str) -> Iterator[Grid]:
        """Yield the table of a sheet, some hundred rows at a time."""
        merged = self._merged(part)
        with self.parts.archive.opened(part) as file:
            start = file.read(4000)
        cells, first = list[Cell](), 0
        with self.parts.archive.opened(part) as file:
            for row in xml.stream(file, _space(start) + "sheetData"):
                matched = list(self._row(row, merged))
                if matched and cells and matched[0].row - first >= _ROWS_OF_PAGE:
                    yield _grid(cells)
                    cells = []
                if matched and not cells:
                    first = matched[0].row
                cells += matched
        if cells:
            yield _grid(cells)

    def _row(self, row: "Element", merged: dict[tuple[int, int], tuple[int, int]]) -> Iterator[Cell]:
        column = -1
        for cell in row:
            location = _REFERENCE.fullmatch(attribute(cell, "r"))
            column = _column(location[1]) if location else column + 1
            number = int(location[2]) - 1 if location else int(attribute(row, "r", "1")) - 1
            if text := self._text(cell).strip():
                self.cells += 1
                if self.cells > _MAX_CELLS:
                    raise TooLarge(f"The workbook has more than the {_MAX_CELLS} filled cells allowed.")
                rows, columns = merged.get((number, column), (1, 1))
                yield Cell(text=text, row=number, column=column, row_span=rows, column_span=columns)

    def _text(self, cell: "Element") -> str:
        kind = attribute(cell, "t", "n")
        if kind == "inlineStr":
            return text_of(cell)
        value = next((one.text or "" for one in cell if local(one) == "v"), "")
        if kind == "s":
            return self.shared[int(value)] if value.isdigit() and int(value) < len(self.shared) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind in ("str", "e", "d"):
            return value
        return self.formats.shown(value, attribute(cell, "s", "0"))

    def _merged(self, part: str) -> dict[tuple[int, int], tuple[int, int]]:
        """Return how many rows and columns the first cells of merged ones span."""
        spans = {}
        with self.parts.archive.opened(part) as file:
            start = file.read(4000)
        with self.parts.archive.opened(part) as file:
            for merge in xml.stream(file, _space(start) + "mergeCells"):
                ends = _REFERENCE.findall(attribute(merge, "ref"))
                if len(ends) == 2:
                    (left, top), (right, bottom) = ((_column(a), int(b) - 1) for a, b in ends)
                    if right >= left and bottom >= top:
                        spans[top, left] = bottom - top + 1, right - left + 1
        return spans


def _grid(cells: list[Cell]) -> Grid:
    """Return a table that begins with its first row and column, without rows and columns in which nothing stands."""
    rows = {row: index for index, row in enumerate(sorted({cell.row for cell in cells}))}
    columns = {column: index for index, column in enumerate(sorted({cell.column for cell in cells}))}
    shifted = []
    for cell in cells:
        down = sum(1 for row in range(cell.row, cell.row + min(cell.row_span, 1000)) if row in rows)
        across = sum(1 for one in range(cell.column, cell.column + min(cell.column_span, 1000)) if one in columns)
        location = rows[cell.row], columns[cell.column]
        shifted.append(Cell(text=cell.text, row=location[0], column=location[1], row_span=down, column_span=across))
    return Grid(tuple(shifted))


def text_of(item: "Element") -> str:
    """Return a string of a cell, whose runs may be formatted differently; what says how it is spoken is left out."""
    if local(item) == "rPh":
        return ""
    if local(item) == "t":
        return item.text or ""
    return "".join(map(text_of, item))


def _column(characters: str) -> int:
    number = 0
    for letter in characters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class _Sheet(Struct, frozen=True):
    name: str
    part: str


def _sheets(book: _Workbook) -> Iterator[_Sheet]:
    relations = book.parts.relations(book.main)
    for sheet in book.sheets:
        kind, part = relations.get(attribute(sheet, "id"), ("", ""))
        if kind == "worksheet" and part in book.parts.archive:
            yield _Sheet(attribute(sheet, "name"), part)


def _space(start: bytes) -> str:
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    name = strict if strict in start else b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f"{{{name.decode()}}}"


def _unpack(path: Path, folder: Path, limits: Limits) -> Contents:
    with open_archive(path, limits) as archive:
        book, pictures = _Workbook(Parts(archive)), Pictures(folder)
        setting = Setting(folder / "set", limits, tall=True)
        for sheet in _sheets(book):
            setting.put(Paragraph(sheet.name, "heading", 1))
            for number, grid in enumerate(book.grids(sheet.part)):
                if number:
                    setting.end_page()
                setting.put(grid)
            for item in office.drawing_items(book.parts, sheet.part, pictures):
                setting.put(item)
            setting.end_page()
        return setting.finish(MEDIA_TYPE, pictures.warnings())


FORMAT = Format(
    name="Excel (.xlsx)",
    media_types=(MEDIA_TYPE,),
    suffixes=(".xlsx", ".xlsm"),
    is_one=lambda start: office.is_office(start, "xl"),
    unpack=_unpack,
)
