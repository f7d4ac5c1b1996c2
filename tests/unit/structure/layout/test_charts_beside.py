"""Rows of charts over columns of text whose gutters are others."""

from folio.models import Line
from folio.structure.layout.blocks import with_blocks
from folio.structure.layout.charts_beside import charts_beside
from folio.structure.layout.frame import Frame, make_row
from folio.transform import Box
from tests.support.pages import page_of, written
from tests.unit.structure.layout.test_figures import SIZE, caption, chart, prose

LEFTS = (50.0, 300.0, 550.0)  # of three columns of prose
CHARTS = (50.0, 430.0)


def charts(top: float) -> list[Line]:
    """Two charts, the second one across the last gutter; each with a caption above and a source below."""
    lines = []
    for number, left in enumerate(CHARTS, 1):
        wide = [written(f"{number}0%", left + 250, top + 30 + 24 * at, 10) for at in range(6)]
        source = written(f"Source: office {number}", left, top + 170, 10)
        lines += [caption(f"Figure {number}. Output", left, top), *chart(left, top + 30), *wide, source]
    return lines


def order(lines: list[Line]) -> list[str]:
    """What the blocks begin with, and which column paragraphs stand in."""
    blocks = with_blocks(page_of(*lines)).blocks
    columns = [max(at for at, left in enumerate(LEFTS) if block.polygon[0][0] >= left - 1) for block in blocks]
    return [
        f"{column}" if block.kind == "paragraph" and not block.text.startswith("Source") else block.text.split("\n")[0]
        for block, column in zip(blocks, columns, strict=True)
    ]


def columns(top: float, count: int) -> list[Line]:
    return [line for left in LEFTS for line in prose(left, top, count)]


ROW = ["Figure 1. Output", "Mills", "Source: office 1", "Figure 2. Output", "Mills", "Source: office 2"]


def test_charts_across_other_gutters_are_read_one_after_the_other_between_the_columns() -> None:
    assert order([*columns(100, 9), *charts(320), *columns(540, 10)]) == ["0", "1", "2", *ROW, "0", "1", "2"]


def parts_of(figures: list[Box], text: list[Line]) -> list[list[list[int]]]:
    return charts_beside(figures, [make_row(Frame(), text, [index]) for index in range(len(text))], SIZE)


def test_charts_in_their_own_columns_and_charts_beside_prose_are_none() -> None:
    one, two = (50.0, 320.0, 260.0, 480.0), (300.0, 320.0, 510.0, 480.0)
    assert not parts_of([one, two], [*columns(100, 9), *columns(540, 9)])
    across = (450.0, 320.0, 700.0, 480.0)
    assert parts_of([one, across], [*columns(100, 9), *columns(540, 9)])
    assert not parts_of([one, across], [*columns(100, 9), *columns(540, 9), *prose(270, 300, 6)])


def test_the_last_rows_of_a_caption_are_its_charts_and_a_heading_below_is_not() -> None:
    captions = [
        caption("Figure 1. Output of the", 50, 490),
        caption("old mill", 50, 508),
        caption("Figure 2. Food", 430, 490),
    ]
    heading = caption("The new mill", 50, 535)
    text = [*captions, heading, *columns(100, 9), *columns(560, 9)]
    figures = [(50.0, 320.0, 260.0, 480.0), (430.0, 320.0, 700.0, 480.0)]
    assert parts_of(figures, text) == [[[len(text), 0, 1], [len(text) + 1, 2]]]
