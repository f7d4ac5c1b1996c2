"""Searchable PDFs of tilted pages: readers of PDFs find words whole, each once, where they are."""

import math
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from folio.models import Line, Word
from folio.transform import Point, box
from tests.integration.reading.test_searchable import searchable, spots_in, text_in
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

TEXT = (
    "The committee of the harbour met on a cold morning in April",
    "to hear the report about lanterns, ropes and the new ferry;",
    "nobody had expected forty-eight captains to stand outside",
    "when the clock of the customs-house struck thirteen times.",
)
WIDTH, HEIGHT, SCALE = 840, 1190, 2  # points are half a pixel


def tilted(degrees: float, texts: Sequence[str] = TEXT) -> list[Line]:
    """Texts in lines of 20 pixels, turned about the middle of an A5 page of 144 dpi."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turned(point: Point) -> Point:
        x, y = point[0] - WIDTH / 2, point[1] - HEIGHT / 2
        return WIDTH / 2 + x * cos + y * sin, HEIGHT / 2 - x * sin + y * cos

    lines = []
    for number, text in enumerate(texts):
        x, top, placed = 120.0, 500 + 40 * number, []
        for word in text.split():
            p, q, r, s = box(x, top, x + 9 * len(word), top + 20)
            placed.append(Word(word, 0.9, (turned(p), turned(q), turned(r), turned(s))))
            x += 9 * len(word) + 8
        ends = placed[0].polygon, placed[-1].polygon
        lines.append(Line(text, 0.9, (ends[0][0], ends[1][1], ends[1][2], ends[0][3]), tuple(placed)))
    return lines


@pytest.mark.parametrize("degrees", [0.3, 1.5, 2.5, -4.0, 5.0, 92.0, -12.0])
def test_words_of_a_tilted_page_are_whole(degrees: float, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    lines = tilted(degrees)
    pdf, _, _ = searchable(source, tmp_path, lines)
    assert pdf
    expected = sorted(" ".join(TEXT).split())
    for text in (text_in(pdf), text_in(pdf, "-layout"), PdfReader(pdf).pages[0].extract_text()):
        assert sorted(text.split()) == expected
    spots = {text: sides for text, *sides in spots_in(pdf)[1]}
    for word in (word for line in lines for word in line.words):
        if expected.count(word.text) == 1 and abs(degrees) < 45:
            (p, q, r, s), (left, _, right, _) = word.polygon, (side * SCALE for side in spots[word.text])
            assert abs((p[0] + s[0]) / 2 - left) <= 3, word
            assert abs((q[0] + r[0]) / 2 - right) <= 3, word


@pytest.mark.parametrize("degrees", [0.7, -1.5, 3.0, -5.0, 5.0, 274.0])
def test_lines_of_a_tilted_page_stay_in_order(degrees: float, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    pdf, _, _ = searchable(source, tmp_path, tilted(degrees))
    assert pdf
    for text in (text_in(pdf), PdfReader(pdf).pages[0].extract_text()):
        assert text.split() == " ".join(TEXT).split()


def test_only_much_tilted_lines_say_twice_what_they_are(tmp_path: Path) -> None:
    """And they say nothing but their words: what is masked in those is masked there."""
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    said = []
    for degrees in (0.0, 1.0, 4.0):
        (tmp_path / str(degrees)).mkdir()
        pdf, _, _ = searchable(source, tmp_path / str(degrees), tilted(degrees))
        assert pdf
        said.append(actual_texts(pdf))
    assert said == [[], [], " ".join(TEXT).split()]


def actual_texts(pdf: Path) -> list[str]:
    with pikepdf.open(pdf) as opened:
        marks = [each.operands for each in pikepdf.parse_content_stream(opened.pages[0]) if str(each.operator) == "BDC"]
        return [str(properties.ActualText) for _, properties in marks]


def test_a_tilted_line_without_words_is_parted_at_its_blanks(tmp_path: Path) -> None:
    """Some engines give lines only."""
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    lines = [Line(line.text, 0.9, line.polygon, ()) for line in tilted(3)]
    lines.append(Line("图书馆每天上午九点开放", 0.9, ((120, 300), (560, 277), (562, 317), (122, 340)), ()))
    pdf, _, _ = searchable(source, tmp_path, lines)
    assert pdf
    text = text_in(pdf)
    assert sorted(word for word in text.split() if word.isascii()) == sorted(" ".join(TEXT).split())
    assert "图书馆每天上午九点开放" in "".join(text.split())


def test_a_hyphen_at_the_end_of_a_much_tilted_line_joins_nothing(tmp_path: Path) -> None:
    """pdftotext takes such a hyphen away, and here the next line is not what comes next to it."""
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    texts = [f"{text} Sep-" for text in TEXT]
    pdf, _, _ = searchable(source, tmp_path, tilted(4, texts))
    assert pdf
    for text in (text_in(pdf), PdfReader(pdf).pages[0].extract_text()):
        assert sorted(text.split()) == sorted(" ".join(texts).split())
