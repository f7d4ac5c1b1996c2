"""The plain outputs: text, hOCR, ALTO, Markdown and CSV."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.config.settings import Settings
from folio.errors import BadOption
from folio.models import PDF, Cell, Document, Line, Output, Page, Table, Word
from folio.options.resolve import parse_options, resolve_options
from folio.outputs.base import Writer, spaced
from folio.outputs.csv import grid
from folio.outputs.paragraphs import height, paragraphs
from folio.outputs.writers import Outputs
from folio.structure.document import document_pages
from folio.transform import box

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def line(*words: str, top: float = 100, left: float = 50, height: float = 20, space: str = " ") -> Line:
    """Words of ten pixels a letter, ten apart."""
    found, x = [], left
    for text in words:
        found.append(Word(text, 0.9, box(x, top, x + 10 * len(text), top + height)))
        x += 10 * len(text) + 10
    return Line(space.join(words), 0.9, box(left, top, x - 10, top + height), tuple(found))


def page(*lines: Line, number: int = 1, tables: Sequence[Table] = ()) -> Page:
    text = "\n".join(one.text for one in lines)
    return Page(number=number, width=800, height=1000, dpi=96.0, text=text, lines=lines, tables=tuple(tables))


def table(*cells: tuple[int, int, str], **spans: int) -> Table:
    made = [Cell(row=row, column=column, text=text) for row, column, text in cells]
    return Table(cells=tuple(made), polygon=box(0, 500, 800, 600)) if not spans else Table(cells=tuple(made))


def written(kind: Output, folder: Path, *pages: Page) -> tuple[str, list[str]]:
    document = Document(path=folder / "x", media_type=PDF, sha256="", bytes=1, pages=len(pages), sizes={})
    outputs = Outputs((kind,), document, folder, Settings())
    for one in document_pages(pages):
        outputs.add(one)
    files, warnings = outputs.finish()
    return files[kind].read_bytes().decode("utf-8"), warnings


FAILED = Page(number=2, width=0, height=0, dpi=None, status="failed")
ODD = 'a<b&"c"\x00\x0b\ufffe\U0001f600'


def test_pages_of_a_text_are_parted_by_form_feeds(tmp_path: Path) -> None:
    text, warnings = written("text", tmp_path, page(line("one")), FAILED, page(line("三"), number=3))
    assert text.split("\f") == ["one\n", "", "三\n"]
    assert warnings == []


def test_hocr_has_every_word_with_its_box_and_confidence(tmp_path: Path) -> None:
    text, _ = written("hocr", tmp_path, page(line("one", "two"), line(ODD, top=200)), FAILED)
    root = ET.fromstring(text)
    metas = {meta.get("name"): meta.get("content") for meta in root.iter(f"{XHTML}meta")}
    assert str(metas["ocr-system"]).startswith("folio ")
    used = {part.get("class") for part in root.iter() if part.get("class")}
    assert used <= set(str(metas["ocr-capabilities"]).split())
    pages = [part for part in root.iter() if part.get("class") == "ocr_page"]
    titles = [part.get("title") for part in pages]
    assert titles == ["bbox 0 0 800 1000; ppageno 0; scan_res 96 96", "bbox 0 0 0 0; ppageno 1"]
    words = [part for part in root.iter() if part.get("class") == "ocrx_word"]
    assert [word.text for word in words] == ["one", "two", 'a<b&"c"\ufffd\ufffd\ufffd\U0001f600']
    assert words[0].get("title") == "bbox 50 100 80 120; x_wconf 90"
    assert len({part.get("id") for part in root.iter() if part.get("id")}) == sum(1 for p in root.iter() if p.get("id"))


def test_alto_has_every_word_with_its_box_and_the_spaces_between(tmp_path: Path) -> None:
    text, _ = written("alto", tmp_path, page(line("one", "two"), line("图", "书", top=200, space="")), FAILED)
    root = ET.fromstring(text)
    assert root.tag == f"{ALTO}alto"
    assert root.findtext(f"{ALTO}Description/{ALTO}MeasurementUnit") == "pixel"
    assert [part.attrib["PHYSICAL_IMG_NR"] for part in root.iter(f"{ALTO}Page")] == ["1", "2"]
    words = list(root.iter(f"{ALTO}String"))
    assert words[1].attrib == {
        "CONTENT": "two", "HPOS": "90", "VPOS": "100", "WIDTH": "30", "HEIGHT": "20", "WC": "0.90",
    }  # fmt: skip
    lines = [[part.tag.removeprefix(ALTO) for part in one] for one in root.iter(f"{ALTO}TextLine")]
    assert lines == [["String", "SP", "String"], ["String", "String"]]


# What ALTO 4.4 says of the elements that we write: children, in order, and attributes (* must be there).
BOX = "HPOS VPOS WIDTH HEIGHT"
GRAMMAR = {
    "alto": ("Description Layout", "SCHEMAVERSION"),
    "Description": ("MeasurementUnit Processing", ""),
    "MeasurementUnit": ("", ""),
    "Processing": ("processingCategory processingSoftware", "*ID"),
    "processingCategory": ("", ""),
    "processingSoftware": ("softwareName softwareVersion", ""),
    "softwareName": ("", ""),
    "softwareVersion": ("", ""),
    "Layout": ("(Page )+", ""),
    "Page": ("PrintSpace", "*ID *PHYSICAL_IMG_NR WIDTH HEIGHT"),
    "PrintSpace": ("(TextBlock )*", BOX),
    "TextBlock": ("(TextLine )+", f"*ID {BOX}"),
    "TextLine": ("(String (SP )?)+", BOX),
    "String": ("", f"*CONTENT {BOX} WC"),
    "SP": ("", "HPOS VPOS WIDTH"),
}


def test_alto_keeps_the_grammar_of_its_schema(tmp_path: Path) -> None:
    lines = [line("one", "two", top=top) for top in (100, 130, 300)]
    text, _ = written("alto", tmp_path, page(*lines), FAILED, page(number=3))
    ids = []
    for part in ET.fromstring(text).iter():
        children, attributes = GRAMMAR[part.tag.removeprefix(ALTO)]
        there = "".join(f"{child.tag.removeprefix(ALTO)} " for child in part)
        assert re.fullmatch(children if not children or children.endswith(("+", "*")) else f"{children} ", there)
        own = {name for name in part.attrib if not name.startswith("{")}
        needed = {name[1:] for name in attributes.split() if name[0] == "*"}
        assert needed <= own <= set(attributes.replace("*", "").split())
        assert all(float(part.attrib[name]) >= 0 for name in own & set(BOX.split()))
        ids += [part.attrib["ID"]] if "ID" in own else []
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)


@given(st.text())
def test_any_text_is_well_formed_xml(text: str) -> None:
    from folio.outputs.base import xml_text

    root = ET.fromstring(f'<a b="{xml_text(text)}">{xml_text(text)}</a>')
    assert len("".join(root.itertext()).replace("\r\n", "\n")) <= len(text)


def test_columns_from_right_to_left_are_one_paragraph_until_one_is_set_in() -> None:
    def column(text: str, left: float, top: float = 100) -> Line:
        return Line(text, 0.9, box(left, top, left + 40, top + 40 * len(text)), ())

    together = [column("我们在河边的小镇上", 400), column("远处的钟声响了父亲", 340)]
    set_in = column("家里有很多旧书", 280, 180)
    assert paragraphs([*together, set_in]) == [together, [set_in]]
    assert paragraphs(together[::-1]) == [[one] for one in together[::-1]]
    assert height(set_in) == 40


def test_markdown_has_headings_and_paragraphs(tmp_path: Path) -> None:
    first = page(
        line("Annual", "report", top=40, height=40),
        line("Results", "were", "satis-", top=120),
        line("factory", "*this*", "year.", top=145),
        line("1.", "Not", "a", "list.", top=300),
    )
    text, _ = written("markdown", tmp_path, first, page(line("图", "书", space=""), line("馆", top=125), number=2))
    assert text == "# Annual report\n\nResults were satisfactory \\*this\\* year.\n\n1\\. Not a list.\n\n图书馆\n"


def test_a_table_is_in_markdown_once(tmp_path: Path) -> None:
    cells = table((0, 0, "a|b"), (0, 1, "c"), (1, 1, "two\nlines"))
    text, _ = written("markdown", tmp_path, page(line("above"), line("a|b", top=520), tables=[cells]))
    assert text == "above\n\n| a\\|b | c |\n| --- | --- |\n|  | two lines |\n"


def test_tables_are_rows_of_csv_an_empty_line_apart(tmp_path: Path) -> None:
    first, second = table((0, 0, 'say "hi", now'), (1, 1, "行")), table((0, 0, ""), (1, 0, "x"))
    text, warnings = written("csv", tmp_path, page(line("no cell"), tables=[first]), page(number=2, tables=[second]))
    assert text == '"say ""hi"", now",\r\n,行\r\n\r\n""\r\nx\r\n'
    assert warnings == []
    assert list(csv.reader(io.StringIO(text))) == [['say "hi", now', ""], ["", "行"], [], [""], ["x"]]


def test_a_document_without_tables_has_an_empty_csv_and_a_warning(tmp_path: Path) -> None:
    text, warnings = written("csv", tmp_path, page(line("no cell")))
    assert (text, warnings) == ("", ["There are no tables in the document, so its CSV is empty."])


def test_a_spanning_cell_stands_in_its_first_place() -> None:
    wide = Table(cells=(Cell(text="a", row=0, column=0, row_span=2, column_span=2), Cell(text="b", row=1, column=2)))
    assert list(grid(wide)) == [["a", "", ""], ["", "", "b"]]


@pytest.mark.parametrize(
    ("text", "words", "spaces"),
    [
        ("a b", ["a", "b"], [True, False]),
        ("图书 a馆", ["图", "书", "a", "馆"], [False, True, False, False]),
        ("other text", ["图", "书", "a"], [False, True, False]),
    ],
)
def test_spaces_are_those_of_the_lines_text(text: str, words: list[str], spaces: list[bool]) -> None:
    made = Line(text, None, box(0, 0, 1, 1), tuple(Word(word, None, box(0, 0, 1, 1)) for word in words))
    assert [space for _, space in spaced(made)] == spaces


def test_a_line_without_words_is_one() -> None:
    assert [(word.text, space) for word, space in spaced(Line("a b", None, box(0, 0, 1, 1), ()))] == [("a b", False)]


@pytest.mark.parametrize(
    ("value", "kinds"),
    [("none", ()), ("pdf, text", ("text", "pdf")), ("text,text", ("text",)), ("", ())],
)
def test_outputs_are_chosen_by_a_list(value: str, kinds: tuple[str, ...]) -> None:
    assert parse_options({"outputs": value}).outputs == kinds


def test_an_unknown_output_is_refused_with_the_good_ones() -> None:
    with pytest.raises(BadOption, match="text, hocr, alto, markdown, html, docx, chunks, textract, csv, xlsx, pdf"):
        parse_options({"outputs": "text,rtf"})


def test_outputs_are_forms_of_one_result() -> None:
    settings = Settings()
    marks = {resolve_options(settings, {"outputs": value}).fingerprint for value in ("none", "text", "pdf")}
    assert len(marks) == 1


def test_every_writer_keeps_to_its_protocol(tmp_path: Path) -> None:
    from folio.outputs.writers import _PLAIN

    for make in _PLAIN.values():
        writer: Writer = make(tmp_path)
        assert writer.warnings == []
        assert re.match(r".+\.\w+$", str(writer.finish()))
