"""Charts without a caption, told by their axes, and columns of figures that are none."""

import pytest

from folio.models import Line
from folio.structure.layout.blocks import with_blocks
from tests.support.pages import page_of, rows, written

PROSE = (
    "The river ran past the mill and under the old stone bridge, and",
    "from there on to the sea, which nobody in the village had ever",
    "seen but the miller, who never spoke of it.",
)
NAMES = ("Mill", "North", "South", "West", "Bridge")


def ticks(*texts: str, left: float = 60, top: float = 300, pitch: float = 40) -> list[Line]:
    """Numbers that end below each other."""
    widest = max(map(len, texts))
    return [written(text, left + 7 * (widest - len(text)), top + pitch * at, 14) for at, text in enumerate(texts)]


def kinds(*lines: Line) -> list[str]:
    return [block.kind for block in with_blocks(page_of(*lines)).blocks]


def names(top: float) -> list[Line]:
    return [written(name, 130 + 90 * at, top, 14) for at, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    "values", [("1,500", "1,000", "500", "0"), ("10", "5", "0", "-5", "-10"), ("4%", "3%", "2%", "1%")]
)
def test_what_stands_at_an_axis_is_a_figure_with_the_names_and_the_legend_below(values: tuple[str, ...]) -> None:
    bottom = 300 + 40 * len(values)
    inside = [written("Mill 17", 400, 315, 14)]
    legend = [written("Wheat", 200, bottom + 20, 14), written("Rye", 400, bottom + 20, 14)]
    lines = [*rows(*PROSE), *ticks(*values), *inside, *names(bottom - 20), *legend, *rows(*PROSE, top=bottom + 100)]
    page = with_blocks(page_of(*lines))
    assert [block.kind for block in page.blocks] == ["paragraph", "figure", "paragraph"]
    assert sorted(index for block in page.blocks for index in block.lines) == list(range(len(page.lines)))
    said = page.blocks[1].text.split()
    assert {*NAMES, *values, "Wheat", "Rye"} <= set(said)


@pytest.mark.parametrize(
    "values",
    [("2023", "2022", "2021", "2020", "2019"), ("1", "2", "3", "4", "5"), ("40", "31", "18", "4"), ("30", "20", "10")],
)
def test_years_numbered_rows_and_uneven_or_few_figures_are_no_axis(values: tuple[str, ...]) -> None:
    assert "figure" not in kinds(*rows(*PROSE), *ticks(*values), *rows(*PROSE, top=600))


def test_figures_that_stand_unevenly_are_no_axis() -> None:
    figures = [
        written(text, 60, top, 14) for text, top in zip(("40", "30", "20", "10"), (300, 330, 400, 430), strict=True)
    ]
    assert "figure" not in kinds(*rows(*PROSE), *figures, *rows(*PROSE, top=600))


def test_prose_beside_a_chart_stays_text_and_so_does_what_is_beyond_it() -> None:
    prose = [written("The river ran past the mill and under it,", 320, 300 + 28 * at) for at in range(5)]
    lines = [*ticks("40", "30", "20", "10"), *prose, written("A tale", 500, 440)]
    page = with_blocks(page_of(*lines))
    figure = next(block for block in page.blocks if block.kind == "figure")
    assert figure.lines == (0, 1, 2, 3)
    assert "A tale" in " ".join(block.text for block in page.blocks if block.kind != "figure")


def test_the_figures_of_the_other_axis_are_the_charts_though_the_last_tick_was_not_read() -> None:
    scale = written("2014年 2015年 2016年 2017年", 130, 300 + 40 * 4 + 5, 14)
    page = with_blocks(page_of(*rows(*PROSE), *ticks("2,000", "1,500", "1,000", "500"), scale, *rows(*PROSE, top=600)))
    assert [block.kind for block in page.blocks] == ["paragraph", "figure", "paragraph"]
    assert scale.text in page.blocks[1].text
