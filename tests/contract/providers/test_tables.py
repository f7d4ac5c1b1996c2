"""A table with merged cells is the same cells whoever reads it: rows, columns, spans, and their places on the page."""

import shutil
from pathlib import Path

import pytest
from PIL import ImageDraw

from folio.deadline import Deadline
from folio.models import Cell, PageImage
from folio.options.resolve import parse_options
from folio.providers.cost import Ledger
from tests.support.clouds import CLOUDS, SERVERS, make_provider, pointed, set_keys
from tests.support.documents import cards
from tests.support.documents.drawings import corners, off
from tests.support.tools import NO_TOOLS

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS)

ROWS = (("item", "amount", "total"), ("paper", "4217", "8434"), ("pencil", "56", "4812"))
CLOSE = 3  # pixels
# Row, column, row span, column span: the last two of the first row are one, and the last two of the first column.
MERGED = {
    (0, 0): (1, 1),
    (0, 1): (1, 2),
    (1, 0): (2, 1),
    (1, 1): (1, 1),
    (1, 2): (1, 1),
    (2, 1): (1, 1),
    (2, 2): (1, 1),
}
LEFT, TOP, WIDE, HIGH = 100, 120, 300, 160  # as the specimen is drawn


def page_of(folder: Path) -> PageImage:
    image, _, boxes = cards.table(ROWS)
    draw = ImageDraw.Draw(image)
    for row, column in ((0, 2), (2, 0)):  # what stands in the second of two cells goes, and the side between them
        left, top, right, bottom = boxes[f"{row},{column}"]
        draw.rectangle((left + 6, top + 6, right - 6, bottom - 6), "white")
    draw.rectangle((LEFT + 2 * WIDE - 6, TOP + 6, LEFT + 2 * WIDE + 6, TOP + HIGH - 6), "white")
    draw.rectangle((LEFT + 6, TOP + 2 * HIGH - 6, LEFT + WIDE - 6, TOP + 2 * HIGH + 6), "white")
    path = folder / "page1.pgm"
    image.convert("L").save(path)
    return PageImage(number=1, path=path, width=image.width, height=image.height, dpi=None)


@pytest.mark.parametrize("name", CLOUDS)
def test_merged_cells_have_their_spans(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_keys(monkeypatch)
    with SERVERS[name](qps=1000) as server:
        provider = make_provider(name, pointed({name: server}))
        options = parse_options({"provider": name, "mode": "table"})
        (table,) = provider.recognize(page_of(tmp_path), options, Deadline(120), Ledger()).tables
    cells = {(cell.row, cell.column): cell for cell in table.cells}
    assert {place: (cell.row_span, cell.column_span) for place, cell in cells.items()} == MERGED
    assert {place: cell.text for place, cell in cells.items()} == {(row, at): ROWS[row][at] for row, at in MERGED}
    for cell in table.cells:
        assert cell.polygon is not None
        assert off(cell.polygon, corners(place_of(cell))) <= CLOSE
        # Only Tencent Cloud says how sure it is of a cell.
        assert (cell.confidence is not None) == (name == "tencent")


def place_of(cell: Cell) -> tuple[int, int, int, int]:
    left, top = LEFT + cell.column * WIDE, TOP + cell.row * HIGH
    return left, top, left + cell.column_span * WIDE, top + cell.row_span * HIGH
