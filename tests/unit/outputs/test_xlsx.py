"""Workbooks, opened again by openpyxl and compared cell by cell; and what a spreadsheet's number is."""

import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from folio.models import Block, Cell, Page, Table
from folio.outputs.cells import Number, decimal_comma, is_formula, number
from folio.outputs.csv import CsvWriter
from folio.outputs.xlsx import XlsxWriter
from folio.transform import box


def table(*rows: tuple[str, ...], header_rows: int = 0, continues: bool = False) -> Table:
    cells = [Cell(text=text, row=row, column=at) for row, texts in enumerate(rows) for at, text in enumerate(texts)]
    return Table(cells=tuple(cells), header_rows=header_rows, continues=continues)


def page(*tables: Table, number: int = 1, blocks: tuple[Block, ...] = ()) -> Page:
    return Page(number=number, width=800, height=1000, dpi=96.0, tables=tables, blocks=blocks)


def written(folder: Path, *pages: Page) -> tuple[Path, list[str]]:
    writer = XlsxWriter(folder)
    for one in pages:
        writer.add(one)
    return writer.finish(), writer.warnings


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("12", 12, "0"),
        ("1,234,567.80", 1234567.8, "#,##0.00"),
        ("12 500", 12500, "#,##0"),
        ("45.5%", 0.455, "0.0%"),
        ("(1,234)", -1234, "#,##0;(#,##0)"),
        ("-3.5", -3.5, "0.0"),
        ("−7", -7, "0"),
        ("$1,200", 1200, '"$"#,##0'),
        ("$(12,400.50)", -12400.5, '"$"#,##0.00;("$"#,##0.00)'),
        ("$-5", -5, '"$"0'),
        ("￥88.00", 88, '"￥"0.00'),
        (".5", 0.5, "0.0"),
        ("2019", 2019, "0"),
    ],
)
def test_numbers_are_numbers_and_look_as_they_did(text: str, value: float, shown: str) -> None:
    assert number(text) == Number(value, shown)


@pytest.mark.parametrize(
    "text",
    ["", "-", "n/a", "007", "2024-01-05", "05/06/2024", "1,23", "12,34,567", "1.2.3", "12345678901234567", "(5", "5)",
     "+1+2", "=1", "1e5", "10 20", "3 (2)", "%", "(-5)", "$($5)", "$(5", "$$5"],
)  # fmt: skip
def test_what_is_not_surely_a_number_stays_text(text: str) -> None:
    assert number(text) is None


def test_the_decimal_sign_is_the_tables() -> None:
    assert decimal_comma(["1.234,50", "3"])
    assert decimal_comma(["0,125", "1.234"])
    assert not decimal_comma(["1,234", "5.5"])
    assert not decimal_comma(["1,234", "7"])
    assert number("1.234", comma=True) == Number(1234, "#,##0")
    assert number("12,5", comma=True) == Number(12.5, "0.0")


def test_a_workbook_has_the_cells_of_each_table(tmp_path: Path) -> None:
    first = table(("Name", "Sum"), ("a<b&c", "1,200.50"), ("=1+1", "12%"), ("图书", ""), header_rows=1)
    second = table(("x", "(3)"), ("line\ntwo", "-4"))
    path, warnings = written(tmp_path, page(first), page(second, first, number=3))
    book = load_workbook(path)
    assert warnings == []
    assert book.sheetnames == ["Page 1", "Page 3 table 1", "Page 3 table 2"]
    rows = [[cell.value for cell in row] for row in book["Page 1"].iter_rows()]
    assert rows == [["Name", "Sum"], ["a<b&c", 1200.5], ["=1+1", 0.12], ["图书", ""]]
    formula = book["Page 1"]["A3"]
    assert (formula.data_type, formula.quotePrefix) == ("s", True)
    assert (book["Page 1"]["A1"].font.bold, book["Page 1"]["A2"].font.bold) == (True, False)
    assert book["Page 1"]["B2"].number_format == "#,##0.00"
    assert [[cell.value for cell in row] for row in book["Page 3 table 1"].iter_rows()] == [
        ["x", -3],
        ["line\ntwo", -4],
    ]


def test_cells_that_span_are_merged(tmp_path: Path) -> None:
    cells = (Cell(text="over", row=0, column=1, column_span=2), Cell(text="side", row=0, column=0, row_span=2),
             Cell(text="1", row=1, column=1), Cell(text="2", row=1, column=2))  # fmt: skip
    path, _ = written(tmp_path, page(Table(cells=cells)))
    sheet = load_workbook(path).active
    assert sheet is not None
    assert {str(area) for area in sheet.merged_cells.ranges} == {"B1:C1", "A1:A2"}
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["side", "over", None], [None, 1, 2]]


def test_cells_that_overlap_are_not_merged_and_none_is_lost(tmp_path: Path) -> None:
    cells = (Cell(text="wide", row=0, column=0, column_span=2), Cell(text="5", row=0, column=1))
    path, _ = written(tmp_path, page(Table(cells=cells)))
    sheet = load_workbook(path).active
    assert sheet is not None
    assert not sheet.merged_cells.ranges
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["wide", 5]]


def test_a_table_that_goes_on_stays_on_its_sheet_without_its_header(tmp_path: Path) -> None:
    pages = (
        page(table(("a", "b"), ("1", "2"), header_rows=1)),
        page(table(("a", "b"), ("3", "4"), header_rows=1, continues=True), number=2),
        page(table(("5", "6"), continues=True), number=3),
    )
    path, _ = written(tmp_path, *pages)
    book = load_workbook(path)
    assert book.sheetnames == ["Page 1"]
    assert [[cell.value for cell in row] for row in book["Page 1"].iter_rows()] == [["a", "b"], [1, 2], [3, 4], [5, 6]]
    plain = CsvWriter(tmp_path)
    for one in pages:
        plain.add(one)
    assert plain.finish().read_bytes() == b"a,b\r\n1,2\r\n3,4\r\n5,6\r\n"


def test_sheets_are_named_by_captions_as_far_as_names_may_be(tmp_path: Path) -> None:
    caption = Block(kind="caption", text="Table 1: what/was [measured] in all of the years", polygon=box(0, 0, 1, 1))
    of_table = Block(kind="table", text="", polygon=box(0, 0, 1, 1), table=0)
    one = page(table(("a", "b")), blocks=(caption, of_table))
    path, _ = written(tmp_path, one, one)
    names = load_workbook(path).sheetnames
    assert names == ["Table 1  what was  measured  in", "Table 1  what was  measured (2)"]
    assert all(len(name) <= 31 for name in names)


def test_without_tables_there_is_an_empty_sheet_and_a_warning(tmp_path: Path) -> None:
    path, warnings = written(tmp_path, page())
    assert load_workbook(path).sheetnames == ["Tables"]
    assert warnings == ["There are no tables in the document, so its workbook is empty."]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_csv_has_an_apostrophe_before_formulas(text: str, tmp_path: Path) -> None:
    assert is_formula(text)
    writer = CsvWriter(tmp_path)
    writer.add(page(table((text, "-5", "+3.2%", "(1)"))))
    content = writer.finish().read_bytes().decode()
    assert "'" + text.replace("\r", "\r") in content
    assert "-5,+3.2%,(1)" in content


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_any_text_is_read_back(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        path, _ = written(Path(name), page(table(("head", "x"), (texts[0], texts[1]))))
        assert zipfile.ZipFile(path).testzip() is None
        sheet = load_workbook(path).active
        assert sheet is not None
        for cell, text in zip(sheet[2], texts, strict=True):
            if number(text) is None and text.isprintable() and "_x" not in text:
                assert (cell.value or "") == text
