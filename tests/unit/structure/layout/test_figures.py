"""Charts beside and between narrow columns of prose: what is lettering, and what is text."""

from collections.abc import Sequence

from folio.models import Block, Line, Word
from folio.structure.layout.blocks import with_blocks
from tests.support.pages import page_of, rows, written

SIZE, PITCH = 14.0, 20.0
LEFT, MIDDLE, RIGHT = 50.0, 300.0, 550.0  # where columns begin, of 220 pixels
WORDS = (
    *(
        "the",
        "river",
        "ran",
        "past",
        "the",
        "old",
        "mill",
        "and",
        "under",
        "a",
        "bridge",
        "of",
        "grey",
        "stone",
        "that",
    ),
    *("nobody", "in", "the", "village", "had", "ever", "crossed", "by", "night", "for", "fear", "of", "what", "the"),
    *("miller", "had", "once", "told", "them", "about", "it", "when", "he", "was", "young", "and", "still", "spoke"),
)


def prose(left: float, top: float, count: int) -> list[Line]:
    """Lines of at most 31 letters."""
    texts: list[str] = []
    word = 0
    while len(texts) < count:
        text = ""
        while len(text) + len(WORDS[word % len(WORDS)]) < 31:
            text = f"{text} {WORDS[word % len(WORDS)]}".strip()
            word += 1
        texts.append(text)
    return rows(*texts, left=left, top=top, pitch=PITCH, height=SIZE)


def chart(left: float, top: float) -> list[Line]:
    """The lettering of bars, 130 pixels high."""
    names = ("Mills", "Roads", "Ports", "Farms", "Boats", "Mines")
    labels = [(name, left, top + 24 * at) for at, name in enumerate(names)]
    shares = [(f"{7 * at + 5}%", left + 150, top + 24 * at) for at in range(len(names))]
    return [written(text, x, y, 10) for text, x, y in (*labels, *shares)]


def caption(text: str, left: float, top: float) -> Line:
    return written(text, left, top, SIZE)


def figures(lines: Sequence[Line]) -> list[set[str]]:
    page = with_blocks(page_of(*lines))
    assert sorted(index for block in page.blocks for index in block.lines) == list(range(len(page.lines)))
    return [{page.lines[index].text for index in block.lines} for block in page.blocks if block.kind == "figure"]


def blocks(lines: Sequence[Line]) -> list[Block]:
    return [*with_blocks(page_of(*lines)).blocks]


def texts(lines: Sequence[Line]) -> set[str]:
    return {line.text for line in lines}


def test_narrow_prose_beside_and_below_a_picture_s_caption_is_text() -> None:
    column = [*prose(LEFT, 100, 6), caption("Figure 1. The old mill", LEFT, 400), *prose(LEFT, 440, 12)]
    assert not figures([*column, *prose(MIDDLE, 100, 29), *prose(RIGHT, 100, 29)])


def test_a_picture_s_caption_between_columns_without_lettering_takes_no_end_of_a_column_beside_it() -> None:
    short = [
        line
        for at in range(5)
        for line in (*prose(MIDDLE, 100 + 100 * at, 3), written("of it.", MIDDLE, 160 + 100 * at, SIZE))
    ]
    assert not figures([caption("Figure 1. The mill", LEFT, 300), *prose(LEFT, 500, 4), *short])


def test_a_chart_in_a_column_ends_at_the_prose_beside_it() -> None:
    lettering = chart(LEFT, 300)
    column = [*prose(LEFT, 100, 8), caption("Figure 1. Output", LEFT, 270), *lettering, *prose(LEFT, 460, 10)]
    assert figures([*column, *prose(MIDDLE, 100, 28), *prose(RIGHT, 100, 28)]) == [texts(lettering)]


def test_a_heading_below_a_chart_is_no_lettering() -> None:
    lettering, heading = chart(LEFT, 150), written("The new mill", LEFT, 330, SIZE)
    lines = [
        caption("Figure 1. Output", LEFT, 120),
        *lettering,
        heading,
        *prose(LEFT, 355, 20),
        *prose(MIDDLE, 100, 33),
    ]
    assert figures(lines) == [texts(lettering)]
    assert [block.text for block in blocks(lines) if block.kind == "heading"] == ["The new mill"]


def test_a_chart_is_that_of_its_own_caption_and_a_picture_beside_it_has_none() -> None:
    lettering = chart(MIDDLE, 330)
    captions = [caption("Figure 1. The old mill", LEFT, 300), caption("Figure 2. Output", MIDDLE, 300)]
    columns = [line for left in (LEFT, MIDDLE, RIGHT) for line in (*prose(left, 100, 9), *prose(left, 500, 12))]
    lines = [*captions, *lettering, *columns]
    assert figures(lines) == [texts(lettering)]
    areas = [block.polygon for block in blocks(lines) if block.kind == "figure"]
    assert areas[0][0][0] >= MIDDLE - 1


def test_charts_beside_each_other_are_two_figures_whether_captions_are_centered_or_not() -> None:
    one, two = chart(LEFT, 330), chart(MIDDLE, 330)
    for inset in (0, 60):
        captions = [caption("Figure 1. Food", LEFT + inset, 300), caption("Figure 2. Coal", MIDDLE + inset, 300)]
        columns = [line for left in (LEFT, MIDDLE) for line in (*prose(left, 100, 9), *prose(left, 500, 12))]
        lines = [*captions, *one, *two, *columns]
        edges = [(block.polygon[0][0], block.polygon[1][0]) for block in blocks(lines) if block.kind == "figure"]
        assert len(edges) == 2, inset
        assert edges[0][1] < MIDDLE <= edges[1][0] + 1, inset


def test_captions_below_charts_have_the_charts_above_them() -> None:
    """No text stands between a caption and the next chart."""
    one, two = chart(LEFT, 150), chart(LEFT, 400)
    captions = [caption("Figure 1. Food", LEFT, 300), caption("Figure 2. Coal", LEFT, 550)]
    lines = [
        *prose(LEFT, 80, 3),
        *one,
        *two,
        *captions,
        *prose(LEFT, 330, 2),
        *prose(LEFT, 590, 10),
        *prose(MIDDLE, 80, 35),
    ]
    assert len(figures(lines)) == 2


def test_narrow_prose_beside_an_axis_is_text() -> None:
    ticks = [written(f"{40 - 10 * at}", LEFT, 300 + 40 * at, 12) for at in range(5)]
    names = [written(name, LEFT + 30 + 60 * at, 465, 12) for at, name in enumerate(("Mill", "Road", "Port"))]
    small = [written(" ".join(WORDS[at : at + 3]), MIDDLE, 100 + 20 * at, SIZE) for at in range(30)]
    lines = [*prose(LEFT, 100, 8), *ticks, *names, *prose(LEFT, 540, 8), *small]
    assert figures(lines) == [texts([*ticks, *names])]


def test_a_title_above_a_chart_is_none_of_its_lettering() -> None:
    title, lettering = written("What comes next", LEFT, 80, 30), chart(LEFT, 150)
    lines = [title, *lettering, caption("Figure 1. Food", LEFT, 300), *prose(LEFT, 330, 20), *prose(MIDDLE, 330, 20)]
    assert figures(lines) == [texts(lettering)]


def sideways(text: str, left: float, bottom: float) -> Line:
    """Return a line that runs up."""
    right, top = left + 10, bottom - 5 * len(text)
    polygon = (left, bottom), (left, top), (right, top), (right, bottom)
    return Line(text, 0.9, polygon, (Word(text, 0.9, polygon),))


def test_the_name_of_an_axis_beside_a_chart_is_its_lettering() -> None:
    name, lettering = sideways("Share of output", MIDDLE, 420), chart(MIDDLE + 25, 330)
    columns = [line for left in (LEFT, MIDDLE) for line in (*prose(left, 100, 9), *prose(left, 500, 12))]
    assert figures([caption("Figure 1. Food", MIDDLE, 300), name, *lettering, *columns, *prose(LEFT, 280, 11)]) == [
        texts([name, *lettering])
    ]


def test_the_name_of_an_axis_is_no_heading_where_nothing_else_of_its_chart_was_read() -> None:
    name = sideways("Share of output", LEFT, 400)
    lines = [*prose(LEFT, 100, 9), name, *prose(LEFT, 420, 12), *prose(MIDDLE, 100, 28)]
    assert {block.kind for block in blocks(lines)} == {"paragraph"}


def test_a_unit_does_not_end_a_chart() -> None:
    for unit in ("（单位：亿元）", "Unit: tons"):
        lettering = [written(unit, LEFT, 140, 10), *chart(LEFT, 160)]
        lines = [caption("Figure 1. Food", LEFT, 110), *lettering, *prose(LEFT, 330, 20), *prose(MIDDLE, 100, 30)]
        assert figures(lines) == [texts(lettering)]


def test_items_of_a_list_beside_an_axis_are_text() -> None:
    ticks = [written(f"{40 - 10 * at}", MIDDLE, 300 + 40 * at, 12) for at in range(5)]
    names = [written(name, MIDDLE + 30 + 60 * at, 465, 12) for at, name in enumerate(("Mill", "Road", "Port"))]
    items = rows("• I went up", "• And I went down", "• Who pays for it", left=LEFT, top=310, pitch=40, height=SIZE)
    assert figures([*ticks, *names, *items, *prose(LEFT, 600, 8)]) == [texts([*ticks, *names])]
