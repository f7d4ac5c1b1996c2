"""Ruled tables on drawn sheets: turned, askew, with cells that span and cells of several lines."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from folio.models import Line, Word
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rule, Rules, rules_in
from folio.text.bend import Bend
from folio.transform import Polygon, Transform
from tests.benchmarks.tables import Cell, cells_of, score
from tests.support.pages import page_of, written
from tests.support.ruled_sheets import Sheet, bent, draw_sheet

SHEETS = 2  # of each kind
MIN_F1 = 0.99
MIN_BENT_F1 = 0.95


def tables_of(sheet: Sheet) -> list[list[Cell]]:
    def find_rules(
        upright: Transform, size: tuple[float, float], height: float, bends: Sequence[Bend | None]
    ) -> list[Rules]:
        return rules_in(sheet.path, upright, size, height, bends)

    return [cells_of(table) for table in find_tables(sheet.page, find_rules)]


def truth_of(sheet: Sheet) -> list[Cell]:
    return [
        Cell(cell.text, cell.row, cell.column, cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
        for cell in sheet.cells
    ]


@pytest.mark.parametrize("skew", [0.0, 1.5, -3.0])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_ruled_tables_are_found_whichever_way_they_lie(turned: int, skew: float, tmp_path: Path) -> None:
    counts = []
    for seed in range(SHEETS):
        sheet = draw_sheet(1000 * turned + seed, tmp_path / f"{seed}.pgm", turned=turned, skew=skew)
        counts.append(score(tables_of(sheet), [truth_of(sheet)]))
    right, true, found = (sum(column) for column in zip(*counts, strict=True))
    assert 2 * right / (true + found) >= MIN_F1, counts


@pytest.mark.parametrize(("rise", "keystone"), [(15, 0.02), (45, 0.05), (70, 0.08)])
def test_lines_of_a_curled_sheet_seen_askew_are_found_as_if_it_lay_flat(
    rise: float, keystone: float, tmp_path: Path
) -> None:
    counts = []
    for seed in range(SHEETS):
        flat = draw_sheet(500 + seed, tmp_path / f"{seed}.pgm")
        sheet = bent(flat, tmp_path / f"{seed}.png", rise=rise, keystone=keystone)
        counts.append(score(tables_of(sheet), [truth_of(sheet)]))
    right, true, found = (sum(column) for column in zip(*counts, strict=True))
    assert 2 * right / (true + found) >= MIN_BENT_F1, counts


def test_cells_lie_where_their_words_do(tmp_path: Path) -> None:
    sheet = draw_sheet(7, tmp_path / "sheet.pgm", turned=90)
    (table,) = find_tables(sheet.page, lambda *frame: rules_in(sheet.path, *frame))
    words = {word.text: word.polygon for line in sheet.page.lines for word in line.words}
    single = next(cell for cell in table.cells if cell.text in words and list(words).count(cell.text) == 1)
    assert single.polygon is not None
    assert table.polygon is not None
    assert single.confidence == pytest.approx(0.99)
    # The first corner is the text's, wherever that lies on the page: turned by 90 degrees it is the upper right one.
    (x, y), (end_x, end_y) = single.polygon[:2]
    assert abs(end_x - x) < 1 < end_y - y


@pytest.mark.parametrize(("texts", "tables"), [(("Sheet 5015", "Date", "Clearance"), 0), (("a", "1", "b", "2"), 1)])
def test_a_few_boxes_of_a_form_are_no_table(texts: tuple[str, ...], tables: int) -> None:
    at = ((60, 110), (360, 110), (60, 160), (360, 160))
    lines = [written(text, left, top) for text, (left, top) in zip(texts, at, strict=False)]
    lines += [written("North", 60, 185), written("South", 160, 185)]  # of its last box
    rules = Rules([Rule(y, 50, 650) for y in (100, 150, 215)], [Rule(x, 100, 215) for x in (50, 350, 650)])
    assert len(find_tables(page_of(*lines), lambda *_: [rules])) == tables


@pytest.mark.parametrize(("length", "pitch", "tables"), [(4, 150, 1), (12, 30, 0)])
def test_frames_around_text_that_runs_downwards_are_a_table_where_it_is_short(
    length: int, pitch: int, tables: int
) -> None:
    """Tiers of a newspaper between rules, and its advertisements, are none."""
    places = [(right, top) for top in (110, 410) for right in range(690, 90, -pitch)]
    lines = [_downwards("河水从磨坊旁流过穿过古老"[:length], right, top) for right, top in places]
    # In the frame in which the text lies: its columns are rows there, the first one is the right one.
    rules = Rules([Rule(y, 100, 700) for y in (100, 400, 700)], [Rule(x, 100, 700) for x in (100, 400, 700)])
    assert len(find_tables(page_of(*lines), lambda *_: [rules])) == tables


def _downwards(text: str, right: float, top: float) -> Line:
    """Return a column of characters as an engine gives it that takes it for a line that lies."""
    words = tuple(
        Word(character, 0.9, _lying(right, top + 20 * at, top + 20 * at + 20)) for at, character in enumerate(text)
    )
    return Line(text, 0.9, _lying(right, top, top + 20 * len(text)), words)


def _lying(right: float, top: float, bottom: float) -> Polygon:
    return (right, top), (right, bottom), (right - 20, bottom), (right - 20, top)


def test_a_column_beside_another_is_told_where_few_rows_have_it_but_none_reaches_into_the_gap() -> None:
    """The upright line between them was not found."""
    places = ("Northbridge", "Ziegelei"), ("Southbridge", ""), ("Westbridge", "Torfstich"), ("do.", "")
    beside = [text for pair in (*places, *places[:2]) for text in pair]
    lines = [written(f"Mill {row}", 60, 110 + 30 * row) for row in range(6)]
    lines += [written(text, 310 + 180 * (at % 2), 110 + 30 * (at // 2)) for at, text in enumerate(beside) if text]
    rules = Rules([Rule(y, 50, 650) for y in range(100, 281, 30)], [Rule(x, 100, 280) for x in (50, 300, 650)])
    (table,) = find_tables(page_of(*lines), lambda *_: [rules])
    assert [cell.text for cell in table.cells][:5] == ["Mill 0", "Northbridge", "Ziegelei", "Mill 1", "Southbridge"]
    long = [*lines[:-1], written("Northbridge of the valley", 310, 200), lines[-1]]  # no gap there
    (table,) = find_tables(page_of(*long), lambda *_: [rules])
    assert [cell.text for cell in table.cells][:2] == ["Mill 0", "Northbridge Ziegelei"]
