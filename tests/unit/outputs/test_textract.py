"""Textract's form: the clients that programs read its answers with give our words, lines, tables and fields back."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trp
from textractor.entities.document import Document as Parsed
from textractor.parsers import response_parser
from trp import trp2

from folio.models import Cell, Field, Page, Table
from folio.outputs.textract import TextractWriter, page_blocks
from folio.structure.document import document_pages
from folio.structure.fields.find import fields_of
from folio.transform import box
from tests.support.pages import HEIGHT, WIDTH, page_of, rows, written
from tests.unit.structure.fields import test_find
from tests.unit.structure.layout.test_blocks import PROSE

GRID = [written("Item", 60, 510), written("Price", 400, 510), written("Green tea", 60, 560), written("3.50", 400, 560)]
TABLE = Table(
    cells=(
        Cell(text="Item", row=0, column=0, polygon=box(50, 500, 390, 540)),
        Cell(text="Price", row=0, column=1, polygon=box(390, 500, 750, 540)),
        Cell(text="Green tea", row=1, column=0, polygon=box(50, 540, 390, 600), confidence=0.8),
        Cell(text="3.50", row=1, column=1, polygon=box(390, 540, 750, 600)),
        Cell(text="", row=2, column=0, column_span=2, polygon=box(50, 600, 750, 640)),
    ),
    polygon=box(50, 500, 750, 640),
    header_rows=1,
)
TOTAL = Field(name="total", value="3.50", provider_name="Price", polygon=box(390, 540, 750, 600), confidence=0.7)
NO_VALUE = Field(name="tax", value="nothing", provider_name="Price", polygon=box(0, 0, 5, 5), confidence=0.7)
ELSEWHERE = Field(name="seller", value="Larkfield Ltd", provider_name="Seller")


def answer(folder: Path, *pages: Page, fields: Sequence[Field] = ()) -> dict[str, Any]:
    writer = TextractWriter(folder)
    for page in document_pages(pages):
        writer.add_with_fields(page, [field for field in fields if field.page == page.number])
    content: dict[str, Any] = json.loads(writer.finish().read_text("utf-8"))
    return content


def invoice(number: int = 1) -> Page:
    return page_of(*rows(*PROSE, top=200), *GRID, number=number, tables=[TABLE])


def words(page: Page) -> list[str]:
    return [word.text for line in page.lines for word in line.words]


def by_kind(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in content["Blocks"] if block["BlockType"] == kind]


def test_textractor_gives_words_lines_tables_and_fields_back(tmp_path: Path) -> None:
    pages = [invoice(), invoice(2)]
    parsed: Parsed = response_parser.parse(answer(tmp_path, *pages))
    for page, other in zip(pages, parsed.pages, strict=True):
        assert Counter(words(page)) == Counter(word.text for line in other.lines for word in line.words)
        assert Counter(line.text for line in page.lines) == Counter(line.text for line in other.lines)
        (table,) = other.tables
        assert {(cell.row_index, cell.col_index): cell.text.strip() for cell in table.table_cells} == {
            (1, 1): "Item", (1, 2): "Price", (2, 1): "Green tea", (2, 2): "3.50", (3, 1): "", (3, 2): "",
        }  # fmt: skip
        assert [cell.is_column_header for cell in table.table_cells][:3] == [True, True, False]
    assert parsed.pages[0].key_values == []


def pairs_of(parsed: Parsed) -> list[tuple[str, str]]:
    return [
        (" ".join(word.text for word in one.key), " ".join(w.text for w in one.value.words))
        for one in parsed.key_values
    ]


@pytest.mark.parametrize("name", ["pair", "total"])
def test_a_key_is_the_label_and_a_value_what_stands_there_of_the_pages_words(tmp_path: Path, name: str) -> None:
    field = msgspec.structs.replace(TOTAL, name=name)
    parsed: Parsed = response_parser.parse(answer(tmp_path, invoice(), fields=[field]))
    assert pairs_of(parsed) == [("Price", "3.50")]
    assert [(one.alias, one.query, one.result.answer) for one in parsed.queries] == (
        [] if name == "pair" else [("total", "Price", "3.50")]
    )


@pytest.mark.parametrize("name", ["pair", "seller"])
def test_what_the_page_has_no_label_or_value_of_is_the_answer_to_a_query_alone(tmp_path: Path, name: str) -> None:
    fields = [msgspec.structs.replace(one, name=name) for one in (ELSEWHERE, NO_VALUE)]
    content = answer(tmp_path, invoice(), fields=fields)
    parsed: Parsed = response_parser.parse(content)
    assert pairs_of(parsed) == []
    alias = None if name == "pair" else name
    assert [(one.alias, one.query, one.result.answer) for one in parsed.queries] == [
        (alias, "Seller", "Larkfield Ltd"), (alias, "Price", "nothing"),
    ]  # fmt: skip
    assert [block.get("Confidence") for block in by_kind(content, "QUERY_RESULT")] == [0.0, 70.0]
    assert ["Geometry" in block for block in by_kind(content, "QUERY_RESULT")] == [False, True]


def test_a_field_without_a_label_is_asked_for_by_its_name(tmp_path: Path) -> None:
    field = msgspec.structs.replace(TOTAL, name="total_amount", provider_name="")
    content = answer(tmp_path, invoice(), fields=[field])
    assert [block["Query"] for block in by_kind(content, "QUERY")] == [
        {"Text": "total_amount", "Alias": "total_amount"}
    ]
    assert by_kind(content, "KEY_VALUE_SET") == []


@pytest.mark.parametrize(
    ("paper", "pairs"),
    [
        (
            test_find.page(*test_find.card()),
            [("出 生", "1990 年 3 月 7"), ("住 址", "云 岭 省 青 禾 市 解 放 路 12 号")],
        ),
        (test_find.receipt("13.60"), [("Date:", "03/04/2018"), ("TOTAL", "13.60")]),
        (test_find.page(*test_find.VAT_INVOICE), [("名 称", "青 禾 食 品 有 限 公 司"), ("（ 小 写 ）", "113.00")]),
    ],
    ids=["card", "receipt", "invoice"],
)
def test_papers_have_their_own_words_alone_and_each_field_under_its_name(
    tmp_path: Path, paper: Page, pairs: list[tuple[str, str]]
) -> None:
    paper = msgspec.structs.replace(paper, number=1)
    _, fields = fields_of(paper, "auto")
    content = answer(tmp_path, paper, fields=fields)
    parsed: Parsed = response_parser.parse(content)
    assert Counter(word.text for word in parsed.words) == Counter(words(paper))
    assert len(parsed.lines) == len(paper.lines)
    assert {*pairs} <= {(str(one.key), str(one.value)) for one in trp.Document(content).pages[0].form.fields}
    named = [(field.name, field.value) for field in fields]
    assert [(one.alias, one.result.answer) for one in parsed.queries] == named
    document = trp2.TDocumentSchema().load(content)
    answers = document.get_query_answers(document.pages[0])  # of a set, in no order
    assert Counter((alias, value) for _, alias, value in answers) == Counter(named)


def test_the_response_parser_gives_them_back_too(tmp_path: Path) -> None:
    content = answer(tmp_path, invoice(), fields=[TOTAL, ELSEWHERE])
    (page,) = trp.Document(content).pages
    assert [line.text for line in page.lines] == [line.text for line in invoice().lines]
    cells = [[cell.text.strip() for cell in row.cells] for row in page.tables[0].rows]
    assert cells[:2] == [["Item", "Price"], ["Green tea", "3.50"]]
    assert {str(field.key): str(field.value) for field in page.form.fields} == {"Price": "3.50"}
    document = trp2.TDocumentSchema().load(content)
    assert document.pages[0].id == by_kind(content, "PAGE")[0]["Id"]


def test_a_cells_words_are_the_pages_and_no_word_stands_twice(tmp_path: Path) -> None:
    content = answer(tmp_path, invoice())
    of_lines = [name for line in by_kind(content, "LINE") for name in line["Relationships"][0]["Ids"]]
    relations = [part for cell in by_kind(content, "CELL") for part in cell.get("Relationships", ())]
    of_cells = [name for part in relations for name in part["Ids"]]
    assert len(of_cells) == len(set(of_cells)) == 5
    assert set(of_cells) < set(of_lines)


def test_a_cell_that_says_something_else_than_the_page_has_words_of_its_own() -> None:
    other = msgspec.structs.replace(TABLE, cells=(msgspec.structs.replace(TABLE.cells[2], text="Black tea"),))
    blocks = page_blocks(msgspec.structs.replace(invoice(), tables=(other,)), ())
    texts = {block["Id"]: block["Text"] for block in blocks if block["BlockType"] == "WORD"}
    (cell,) = (block for block in blocks if block["BlockType"] == "CELL")
    assert [texts[name] for name in cell["Relationships"][0]["Ids"]] == ["Black", "tea"]


def test_a_word_divided_in_a_cell_is_the_pages_too() -> None:
    lines = [written("Com-", 60, 510), written("plete", 60, 535)]
    cell = Cell(text="Complete", row=0, column=0, polygon=box(50, 500, 390, 560))
    blocks = page_blocks(page_of(*lines, tables=[Table(cells=(cell,), polygon=cell.polygon)]), ())
    assert [block["Text"] for block in blocks if block["BlockType"] == "WORD"] == ["Com-", "plete"]


@pytest.mark.parametrize("text", ["a space such as", "such as a space"])
def test_a_word_that_begins_like_another_is_not_taken_for_it(text: str) -> None:
    cell = Cell(text=text, row=0, column=0, polygon=box(50, 500, 790, 560))
    page = page_of(written(text, 60, 510), tables=[Table(cells=(cell,), polygon=cell.polygon)])
    assert [block["Text"] for block in page_blocks(page, ()) if block["BlockType"] == "WORD"] == text.split()


def test_a_merged_cell_names_the_cells_it_takes(tmp_path: Path) -> None:
    content = answer(tmp_path, invoice())
    (merged,) = by_kind(content, "MERGED_CELL")
    cells = {cell["Id"]: (cell["RowIndex"], cell["ColumnIndex"]) for cell in by_kind(content, "CELL")}
    assert [cells[name] for name in merged["Relationships"][0]["Ids"]] == [(3, 1), (3, 2)]
    assert (merged["RowSpan"], merged["ColumnSpan"]) == (1, 2)


def test_geometry_is_in_ratios_and_confidence_of_a_hundred(tmp_path: Path) -> None:
    (line, *_) = by_kind(answer(tmp_path, page_of(written("Item", 80, 100))), "LINE")
    width, height = 40 / WIDTH, 20 / HEIGHT
    assert line["Geometry"]["BoundingBox"] == {
        "Left": 80 / WIDTH,
        "Top": 100 / HEIGHT,
        "Width": width,
        "Height": height,
    }
    assert line["Geometry"]["Polygon"][2] == {"X": 120 / WIDTH, "Y": 120 / HEIGHT}
    assert line["Confidence"] == pytest.approx(90)


@pytest.mark.parametrize(("origin", "confidence"), [("text-layer", 100.0), ("ocr", 0.0)])
def test_what_has_no_confidence_is_sure_only_in_a_text_layer(origin: str, confidence: float) -> None:
    line = msgspec.structs.replace(written("Item"), confidence=None)
    page = msgspec.structs.replace(page_of(line), origin=origin)
    assert [block["Confidence"] for block in page_blocks(page, ()) if block["BlockType"] == "LINE"] == [confidence]


def test_failed_and_empty_pages_are_pages_without_children(tmp_path: Path) -> None:
    failed = Page(number=1, width=0, height=0, dpi=None, status="failed")
    content = answer(tmp_path, failed, Page(number=2, width=WIDTH, height=HEIGHT, dpi=None, origin="blank"))
    assert [block["BlockType"] for block in content["Blocks"]] == ["PAGE", "PAGE"]
    assert content["DocumentMetadata"] == {"Pages": 2}
    assert len(response_parser.parse(content).pages) == 2


def test_every_identity_is_there_once_and_every_relation_leads_to_one(tmp_path: Path) -> None:
    content = answer(tmp_path, invoice(), invoice(2), fields=[TOTAL])
    names = [block["Id"] for block in content["Blocks"]]
    related = {name for block in content["Blocks"] for part in block.get("Relationships", ()) for name in part["Ids"]}
    assert len(names) == len(set(names))
    assert related <= set(names)
