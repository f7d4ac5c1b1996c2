"""Lettering of charts that was taken for tables."""

import pytest

from folio.models import Cell, Line, Table
from folio.structure.layout.chart_tables import without_charts
from folio.transform import box
from tests.support.pages import page_of, written

TICKS = [written(text, 400, 300 + 40 * at, 14) for at, text in enumerate(("8,000", "6,000", "4,000", "2,000"))]
NAMES = [written(name, 200, 300 + 40 * at, 14) for at, name in enumerate(("Mill", "North", "South", "West"))]


def tables_of(lines: list[Line], top: float, bottom: float) -> int:
    cells = (Cell(text="Mill", row=0, column=0), Cell(text="8,000", row=0, column=1))
    table = Table(cells=cells, polygon=box(190, top, 460, bottom))
    return len(without_charts(page_of(*lines, tables=[table])).tables)


def test_a_table_that_an_axis_leaves_is_a_charts_lettering() -> None:
    assert tables_of([*TICKS, *NAMES], 330, 440) == 0
    assert tables_of([*TICKS, *NAMES], 290, 400) == 0


def test_a_table_in_which_figures_fall_evenly_stays_one() -> None:
    assert tables_of([*TICKS, *NAMES], 290, 440) == 1


def test_a_table_beside_a_chart_stays_one() -> None:
    beside = [written(tick.text, 600, tick.polygon[0][1], 14) for tick in TICKS]
    assert tables_of([*beside, *NAMES], 330, 400) == 1


@pytest.mark.parametrize("top", [270, 320, 450])
def test_what_stands_at_two_captions_beside_each_other_are_charts(top: float) -> None:
    captions = [written("Fig. 1: Food", 180, top, 14), written("Fig. 2: Coal", 330, top, 14)]
    assert tables_of([*captions, *NAMES], 290, 440) == 0


@pytest.mark.parametrize("name", ["Table", "Chart", "图表"])
def test_captions_of_tables_leave_a_table(name: str) -> None:
    captions = [written(f"{name} 1: Food", 180, 270, 14), written(f"{name} 2: Coal", 330, 270, 14)]
    assert tables_of([*captions, *NAMES], 290, 440) == 1


def test_captions_far_from_a_table_leave_it() -> None:
    captions = [written("Fig. 1: Food", 180, 200, 14), written("Fig. 2: Coal", 330, 200, 14)]
    assert tables_of([*captions, *NAMES], 290, 440) == 1


def test_a_caption_within_a_table_s_area_says_that_a_chart_stands_beside_text() -> None:
    within = written("Fig. 1: Food", 330, 295, 14)
    assert tables_of([within, *NAMES], 290, 440) == 0
    lists = [written(f"Fig. {at}: Food", 200, 300 + 40 * at, 14) for at in range(4)]
    assert tables_of([*lists, *NAMES], 290, 460) == 1
