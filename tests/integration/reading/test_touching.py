"""Searchable PDFs of words and lines that touch: readers of PDFs find each by itself."""

from pathlib import Path

from pypdf import PdfReader

from folio.models import Line, Word
from folio.transform import box
from tests.integration.reading.test_searchable import line, searchable, text_in
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

TOUCHING = "FAX No.: right left next below"


def touching() -> list[Line]:
    """Words without a space between their boxes, as engines box them, and cells of a row, each a line of its own."""
    near = [Word(text, 0.9, box(x, 100, end, 130)) for text, x, end in (("FAX", 50, 101), ("No.:", 100, 160))]
    cells = {"right": (200, 204), "left": (120, 200), "next": (161, 202), "below": (60, 208)}
    return [
        Line("FAX No.:", 0.9, box(50, 100, 160, 130), tuple(near)),
        *(line(text, box(x, top, x + 40, top + 30)) for text, (x, top) in cells.items()),
    ]


def test_words_and_lines_that_touch_are_parted(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    pdf, _, _ = searchable(source, tmp_path, touching())
    assert pdf
    for text in (text_in(pdf), PdfReader(pdf).pages[0].extract_text()):
        assert sorted(text.split()) == sorted(TOUCHING.split())
