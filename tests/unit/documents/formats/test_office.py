"""Word, Excel, PowerPoint and OpenDocument files: all their text in order, tables as tables, and what stands where."""

import datetime
import io
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image

from folio.documents.formats.number_formats import formatted
from folio.documents.formats.numbering import formatted as numbered
from folio.errors import EmptyDocument, PasswordProtected
from tests.support.documents.ofds import zipped
from tests.support.documents.office import odt, pptx
from tests.support.documents.opened import opened


def saved(document: "docx.document.Document | openpyxl.Workbook") -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def picture(width: int = 300, height: int = 200) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height), 200).save(file, "PNG")
    return file.getvalue()


def test_a_word_file_is_read_in_its_order_with_its_structure(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("采购合同", 0)
    made.add_heading("第一条 范围", 1)
    made.add_paragraph("甲方应在收到货物后付款。")
    made.add_paragraph("first", style="List Number")
    made.add_paragraph("second", style="List Number")
    made.add_page_break()  # type: ignore[no-untyped-call] # the package has few types
    made.add_paragraph("On the second page")
    made.sections[0].header.paragraphs[0].text = "Letterhead"
    read = opened(saved(made), tmp_path)
    blocks = [(block.kind, block.level, block.text) for block in read.pages[0].blocks]
    assert blocks == [
        ("header", None, "Letterhead"), ("title", None, "采购合同"), ("heading", 1, "第一条 范围"),
        ("paragraph", None, "甲方应在收到货物后付款。"), ("list_item", 1, "1. first"), ("list_item", 1, "2. second"),
    ]  # fmt: skip
    assert read.pages[1].text == "On the second page"
    assert {page.origin for page in read.pages} == {"document"}


def test_tables_keep_their_cells_and_spans(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 2).merge(table.cell(2, 2))
    (page,) = opened(saved(made), tmp_path).pages
    cells = {(cell.row, cell.column): cell for cell in page.tables[0].cells}
    assert (cells[0, 0].column_span, cells[1, 2].row_span) == (2, 2)
    assert cells[2, 1].text == "21"
    assert (2, 2) not in cells
    assert page.blocks[0].kind == "table"


def test_pictures_follow_their_page_and_those_too_small_are_left_out(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("before")
    made.add_picture(io.BytesIO(picture()))
    made.add_picture(io.BytesIO(picture()))  # the same once more
    made.add_picture(io.BytesIO(picture(16, 16)))
    made.add_page_break()  # type: ignore[no-untyped-call] # the package has few types
    made.add_paragraph("after")
    kinds = [(entry.kind, entry.pages) for entry in opened(saved(made), tmp_path).contents.entries]
    assert kinds == [("pages", 1), ("picture", 0), ("pages", 1)]


def test_what_was_deleted_is_not_read_and_what_was_inserted_is(tmp_path: Path) -> None:
    body = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        "<w:r><w:t>a </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p></w:body></w:document>"
    )
    made = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode()})
    assert opened(made, tmp_path).text == "a new"


def test_a_sheet_is_a_page_with_numbers_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    sheet.append(["Date", "Sum", "Share"])
    sheet.append([datetime.date(2026, 3, 1), 1234.5, 0.125])
    for column, form in zip("ABC", ('yyyy"年"m"月"d"日"', "#,##0.00", "0.0%"), strict=True):
        sheet[f"{column}2"].number_format = form
    sheet["A4"] = "total"
    sheet.merge_cells("A4:B4")
    book.create_sheet("Second")["C5"] = 42
    first, second = opened(saved(book), tmp_path).pages
    assert [cell.text for cell in first.tables[0].cells] == [
        "Date", "Sum", "Share", "2026年3月1日", "1,234.50", "12.5%", "total",
    ]  # fmt: skip
    assert first.tables[0].cells[-1].column_span == 2
    assert second.text == "Second\n\n42"


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-5, "0.00;(0.00)", "(5.00)"), (0.5, "0%", "50%"), (3, "General", "3"),
        (0.1 + 0.2, "", "0.3"), (46082.5, "yyyy-mm-dd hh:mm", "2026-03-01 12:00"), (46082, "d-mmm-yy", "1-Mar-26"),
        (1.5, "[h]:mm", "36:00"), (0.75, "h:mm AM/PM", "6:00 PM"), (12345, "0.00E+00", "1.23E+04"), (7, "000", "007"),
        (1234.5, '"￥"#,##0.00', "￥1,234.50"), (1234.5, "[$$-409]#,##0.0", "$1,234.5"), (0, '0;-0;"none"', "none"),
        (1.5, "0.0##", "1.5"), (46082, "yyyy年m月d日", "2026年3月1日"), (1500000, "0.0,,", "1.5"),
    ],
)  # fmt: skip
def test_numbers_are_shown_as_their_forms_say(number: float, form: str, shown: str) -> None:
    assert formatted(number, form) == shown


@pytest.mark.parametrize(
    ("value", "form", "label"),
    [(3, "decimal", "3"), (28, "lowerLetter", "bb"), (1994, "upperRoman", "MCMXCIV"), (12, "chineseCounting", "十二"),
     (105, "chineseCounting", "一百零五"), (20, "chineseCounting", "二十"), (5, "decimalZero", "05")],
)  # fmt: skip
def test_labels_of_lists(value: int, form: str, label: str) -> None:
    assert numbered(value, form) == label


def test_texts_of_a_slide_stand_where_their_shapes_do(tmp_path: Path) -> None:
    (page,) = opened(pptx([("Title", (1.0, 0.5, 8.0, 1.0)), ("Lower right", (5.0, 5.0, 4.0, 1.0))]), tmp_path).pages
    first, second = page.lines
    assert (page.width, page.height) == (1500, 1125)
    assert first.bounds[0] == pytest.approx(150)
    assert second.bounds[0] == pytest.approx(750)
    assert second.bounds[1] == pytest.approx(750)
    assert page.text == "Title\n\nLower right"


def test_an_open_document_is_read_with_lists_notes_and_tables(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="2">标题</text:h><text:p>one<text:s text:c="2"/>two<text:note><text:note-citation>1'
        "</text:note-citation><text:note-body><text:p>the note</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell><table:table-cell>"
        "<text:p>B</text:p></table:table-cell></table:table-row></table:table>"
    )
    (page,) = opened(odt(body), tmp_path).pages
    assert page.text == "标题\n\none  two\n\nthe note\n\n• item\n\nA\tB"
    assert page.blocks[0].level == 2


def test_a_locked_document_asks_for_its_password(tmp_path: Path) -> None:
    with pytest.raises(PasswordProtected):
        opened(odt("", manifest="<manifest><encryption-data/></manifest>"), tmp_path)


def test_a_document_without_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyDocument):
        opened(saved(docx.Document()), tmp_path)
