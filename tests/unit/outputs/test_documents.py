"""The outputs made of passages: Markdown, HTML, Word, chunks; what they say is what the blocks say."""

import html
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import msgspec
import pytest

from folio.models import Block, Cell, Page, Table
from folio.outputs.chunks import MAX_TOKENS, ChunksWriter, tokens
from folio.outputs.docx import DocxWriter
from folio.outputs.html import HtmlWriter
from folio.outputs.markdown import MarkdownWriter
from folio.structure.document import document_pages
from folio.transform import Box, box
from tests.support.pages import page_of, rows, written
from tests.unit.structure.layout.test_blocks import CHINESE, PROSE

SPANS = Table(
    cells=(
        Cell(text="Name & <kind>", row=0, column=0, column_span=2),
        Cell(text="a|b", row=1, column=0, row_span=2),
        Cell(text="two\nlines", row=1, column=1),
        Cell(text="=1+1", row=2, column=1),
    ),
    polygon=box(40, 500, 760, 620),
    header_rows=1,
)


def report() -> list[Page]:
    first = page_of(
        written("Of Rivers & Mills", 50, 120, 40),
        *rows(*PROSE, top=220),
        written("1. Mills", 50, 360, 26),
        *[written(text, 50, 400 + 28 * index) for index, text in enumerate(("• one mill", "• two mills"))],
        tables=[SPANS],
    )
    second = page_of(
        written("1.1 Bridges", 50, 120, 24),
        *rows(*(text.strip("　") for text in CHINESE), top=180),
        written("Annual report 2", 50, 960),
        number=2,
    )
    return list(document_pages([first, second]))


def made(kind: type[MarkdownWriter | HtmlWriter | DocxWriter | ChunksWriter], folder: Path, pages: list[Page]) -> Path:
    writer = kind(folder)
    for page in pages:
        writer.add(page)
    return writer.finish()


def test_markdown_of_a_report(tmp_path: Path) -> None:
    assert made(MarkdownWriter, tmp_path, report()).read_text("utf-8") == (
        f"# Of Rivers & Mills\n\n{' '.join(PROSE)}\n\n## 1. Mills\n\n- one mill\n- two mills\n\n"
        '<table>\n<tr><th colspan="2">Name &amp; &lt;kind&gt;</th></tr>\n'
        '<tr><td rowspan="2">a|b</td><td>two<br>lines</td></tr>\n<tr><td>=1+1</td></tr>\n</table>\n\n'
        f"### 1.1 Bridges\n\n{''.join(CHINESE).strip('　')}\n"
    )


def test_who_strips_tags_from_markdown_keeps_the_text_between_two_signs(tmp_path: Path) -> None:
    text = "Where the river is <3 m deep the mill stands still, and where it is deeper than that it is >4 m wide."
    block = Block(kind="paragraph", text=text, polygon=box(0, 0, 9, 9), lines=(0,))
    page = msgspec.structs.replace(page_of(*rows(text)), blocks=(block,))
    markdown = made(MarkdownWriter, tmp_path, [page]).read_text("utf-8")
    assert html.unescape(re.sub("<[^>]*>", "", markdown)).replace("\\", "").strip() == text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_whole_escaped_and_loads_nothing(tmp_path: Path) -> None:
    text = made(HtmlWriter, tmp_path, report()).read_text("utf-8")
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert [tag for tag in tags.seen if tag in ("h1", "h2", "h3", "ul", "li", "table")] == [
        *("h1", "h2", "ul", "li", "li", "table", "h3")
    ]
    assert '<h1 data-page="1">Of Rivers &amp; Mills</h1>' in text
    assert not re.search(r"<script|src=|href=|https?:", text)
    evil = made(HtmlWriter, tmp_path, list(document_pages([page_of(*rows("<script>alert(1)</script>", top=300))])))
    assert "<script" not in evil.read_text("utf-8")


def test_a_document_without_text_has_whole_files(tmp_path: Path) -> None:
    assert made(HtmlWriter, tmp_path, []).read_text("utf-8").endswith("</html>\n")
    assert made(MarkdownWriter, tmp_path, []).read_text("utf-8") == ""
    assert made(ChunksWriter, tmp_path, []).read_text("utf-8") == ""
    assert docx.Document(str(made(DocxWriter, tmp_path, []))).paragraphs == []


def test_word_gives_the_text_back_in_order_with_its_styles(tmp_path: Path) -> None:
    path = made(DocxWriter, tmp_path, report())
    document = docx.Document(str(path))
    found = [(part.style.name, part.text) for part in document.paragraphs if part.text and part.style]
    assert found == [
        ("Title", "Of Rivers & Mills"),
        ("Normal", " ".join(PROSE)),
        ("Heading 1", "1. Mills"),
        ("List Paragraph", "• one mill"),
        ("List Paragraph", "• two mills"),
        ("Heading 2", "1.1 Bridges"),
        ("Normal", "".join(CHINESE).strip("　")),
    ]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Name & <kind>", "Name & <kind>"],
        ["a|b", "two\nlines"],
        ["a|b", "=1+1"],
    ]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["document.docx"]
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            ET.fromstring(package.read(name))


def test_the_same_document_is_the_same_word_file(tmp_path: Path) -> None:
    first = made(DocxWriter, tmp_path, report()).read_bytes()
    assert made(DocxWriter, tmp_path, report()).read_bytes() == first


def chunks(folder: Path, pages: list[Page]) -> list[dict[str, Any]]:
    lines = made(ChunksWriter, folder, pages).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def is_inside(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def folded(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_chunks_have_their_headings_pages_and_whole_tables(tmp_path: Path) -> None:
    found = chunks(tmp_path, report())
    assert [(one["kind"], one["headings"], one["pages"]) for one in found] == [
        ("text", ["Of Rivers & Mills"], [1]),
        ("text", ["Of Rivers & Mills", "1. Mills"], [1]),
        ("table", ["Of Rivers & Mills", "1. Mills"], [1]),
        ("text", ["Of Rivers & Mills", "1. Mills", "1.1 Bridges"], [2]),
    ]
    assert found[1]["text"] == "1. Mills\n\n• one mill\n\n• two mills"
    assert found[2]["text"] == "| Name & <kind> |  |\n| a|b | two lines |\n|  | =1+1 |"
    assert [one["chunk"] for one in found] == [1, 2, 3, 4]
    assert found[0]["confidence"] == pytest.approx(0.9)


def test_the_text_of_a_chunk_stands_in_its_boxes(tmp_path: Path) -> None:
    for one in chunks(tmp_path, report()):
        boxes = [(part["page"], part["box"]) for part in one["boxes"]]
        for word in one["words"]:
            assert any(page == word["page"] and is_inside(word["box"], area) for page, area in boxes)
        if one["kind"] == "text":
            assert folded("".join(word["text"] for word in one["words"])) == folded(one["text"])


def test_a_table_over_pages_is_one_chunk_with_its_words_and_a_box_on_each(tmp_path: Path) -> None:
    area = box(40, 500, 760, 560)
    head = (Cell(text="Item", row=0, column=0), Cell(text="Price", row=0, column=1))
    pages = []
    for number, (item, price) in enumerate((("Tea", "3"), ("Ink", "4")), 1):
        cells = (*head, Cell(text=item, row=1, column=0), Cell(text=price, row=1, column=1))
        table = Table(cells=cells, polygon=area, header_rows=1, continues=number > 1)
        lines = rows("Item Price", f"{item} {price}", top=502)
        pages.append(page_of(*rows(*PROSE, top=200)[: 2 - number], *lines, number=number, tables=[table]))
    (chunk,) = [one for one in chunks(tmp_path, list(document_pages(pages))) if one["kind"] == "table"]
    assert chunk["text"] == "| Item | Price |\n| Tea | 3 |\n| Ink | 4 |"
    assert [(word["page"], word["text"]) for word in chunk["words"]][-2:] == [(2, "Ink"), (2, "4")]
    assert [part["page"] for part in chunk["boxes"]] == [1, 2]
    assert chunk["pages"] == [1, 2]


def test_long_text_is_parted_between_lines_and_nothing_is_lost(tmp_path: Path) -> None:
    page = page_of(*(line for start in range(150, 900, 84) for line in rows(*PROSE, top=start)))
    pages = [msgspec.structs.replace(page, number=number) for number in (1, 2, 3)]
    found = chunks(tmp_path, list(document_pages(pages)))
    assert len(found) > 1
    assert all(one["tokens"] <= MAX_TOKENS for one in found)
    assert all(one["tokens"] == tokens(one["text"]) for one in found)
    assert folded("".join(one["text"] for one in found)) == folded(" ".join(line.text for line in page.lines) * 3)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("河流，", 3), ("river", 2), ("a river.", 4), ("the mill", 2)])
def test_tokens_are_counted_by_script(text: str, count: int) -> None:
    assert tokens(text) == count
