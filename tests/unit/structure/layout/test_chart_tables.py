"""Lettering of charts that was taken for tables."""

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
