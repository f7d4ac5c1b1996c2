"""Lines of tables on pages with text of their own: taken from the drawings that the text layer was examined with."""

from itertools import pairwise
from pathlib import Path

import pytest

from folio.config.options import Options
from folio.deadline import Deadline
from folio.documents.document import open_document
from folio.models import Cell, PageImage
from folio.structure.tables.find import tables_on
from folio.textlayer.layers import TextLayerPage, TextLayers
from tests.support.defaults import settings
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.tools import needs_tools

pytestmark = needs_tools

WORDS = ("Mill", "wide", "deep"), ("North harbour", "12", "30"), ("South", "14", "31"), ("West", "15", "29")
COLUMNS, ROWS = (40, 200, 300, 380), (520, 490, 460, 430, 400)
LINES = b"".join(
    b"%d %d m %d %d l S " % line
    for line in (
        *((COLUMNS[0], y, COLUMNS[-1], y) for y in ROWS),
        *((x, ROWS[0], x, ROWS[-1]) for x in COLUMNS),
    )
)
CONTENT = b"".join(
    text(word, at=(x + 6, y - 19), height=11)
    for row, y in zip(WORDS, ROWS, strict=False)
    for word, x in zip(row, COLUMNS, strict=False)
)
# White lines of half a point part dark cells: on a small drawing they are thinner than a pixel.
DARK = b"".join(
    b"0.4 g %f %f %f %f re f " % (left + 0.25, bottom + 0.25, right - left - 0.5, top - bottom - 0.5)
    for top, bottom in pairwise(ROWS)
    for left, right in pairwise(COLUMNS)
)


class Drawn(Exception):
    """The page was to be drawn once more."""


def layer_of(content: bytes, folder: Path) -> TextLayerPage:
    path = folder / "sheet.pdf"
    path.write_bytes(make_pdf(PdfPage(content=content)))
    document = open_document(path, settings(), 30.0)
    return TextLayers(document, [1], Options(), settings()).page(1, folder, Deadline(60))


def never_drawn() -> PageImage:
    raise Drawn


def place(cell: Cell) -> tuple[int, int, str]:
    return cell.row, cell.column, cell.text


def test_lines_are_taken_from_the_drawings_that_are_there(tmp_path: Path) -> None:
    layer = layer_of(LINES + CONTENT, tmp_path)
    assert layer.page is not None
    (table,) = tables_on(layer.page, never_drawn, layer.art)
    assert [place(cell) for cell in table.cells] == [
        (row, column, word) for row, words in enumerate(WORDS) for column, word in enumerate(words)
    ]


def test_page_is_drawn_where_dark_cells_may_hide_the_lines_between_them(tmp_path: Path) -> None:
    layer = layer_of(DARK + b"0 g " + CONTENT, tmp_path)
    assert layer.page is not None
    assert layer.art is not None
    assert layer.art.areas
    with pytest.raises(Drawn):
        tables_on(layer.page, never_drawn, layer.art)
