"""Pages whose lines rise and fall, laid flat by where their words are."""

import math
import random
from collections.abc import Callable
from itertools import accumulate, pairwise
from statistics import median

import pytest

from folio.text.bend import Bend, find_bend
from folio.transform import Box, Polygon

WIDTH, HEIGHT, PITCH = 800.0, 20.0, 40.0
ROWS = 15

type Rise = Callable[[float, float], float]


def curled(x: float, y: float) -> float:
    """Return how far the paper's points are pushed down on the picture: at both ends of the page, not in its middle."""
    return 60 * (y / 600 - 0.5) * math.cos(math.pi * (x / WIDTH - 0.5))


def leaning(x: float, y: float) -> float:
    return 0.03 * x + 0.00004 * x * y


def flat(_x: float, _y: float) -> float:
    return 0.0


def words(rise: Rise) -> list[list[Polygon]]:
    """Rows of words, each as a quadrilateral that rises and falls with its line."""
    return [
        [_quad((left, row * PITCH, left + 90, row * PITCH + HEIGHT), rise) for left in range(0, int(WIDTH), 100)]
        for row in range(ROWS)
    ]


def _quad(box: Box, rise: Rise) -> Polygon:
    left, top, right, bottom = box
    a, b = rise(left, (top + bottom) / 2), rise(right, (top + bottom) / 2)
    return (left, top + a), (right, top + b), (right, bottom + b), (left, bottom + a)


def bend_of(rise: Rise) -> Bend:
    bend = find_bend(words(rise))
    assert bend is not None
    return bend


@pytest.mark.parametrize("rise", [curled, leaning])
def test_words_of_a_row_are_level_on_the_flat_page(rise: Rise) -> None:
    bend = bend_of(rise)
    for line in words(rise):
        middles = [(top + bottom) / 2 for _, top, _, bottom in map(bend.box, line)]
        assert max(middles) - min(middles) < HEIGHT / 5


@pytest.mark.parametrize("rise", [curled, leaning])
def test_rows_stay_in_their_order_and_words_as_high_as_they_are(rise: Rise) -> None:
    bend = bend_of(rise)
    columns = zip(*([bend.box(word) for word in line] for line in words(rise)), strict=True)
    for column in columns:
        assert all(0.8 * PITCH < two[1] - one[1] < 1.25 * PITCH for one, two in pairwise(column))
        assert all(bottom - top == pytest.approx(HEIGHT, rel=0.2) for _, top, _, bottom in column)


def test_a_box_on_the_flat_page_is_where_its_word_is() -> None:
    bend = bend_of(curled)
    for line in words(curled):
        for word in line:
            back = bend.polygon(bend.box(word))
            assert all(math.dist(one, two) < HEIGHT / 5 for one, two in zip(back, word, strict=True))


def test_a_flat_page_has_no_bend() -> None:
    assert find_bend(words(flat)) is None


def test_boxes_around_ink_are_no_bend() -> None:
    """Letters that hang below the line make boxes a quarter higher, here and there."""
    ragged = [
        [
            tuple((x, y + (5 if (row + at) % 3 == 0 and y > row * PITCH else 0)) for x, y in word)
            for at, word in enumerate(line)
        ]
        for row, line in enumerate(words(flat))
    ]
    assert find_bend(ragged) is None  # type: ignore[arg-type]


def test_lines_that_lie_anyhow_have_none() -> None:
    def rise(x: float, y: float) -> float:
        return 0.2 * x * (1 if int(y / PITCH) % 2 else -1)

    assert find_bend([[_quad((0, row * PITCH, 700, row * PITCH + HEIGHT), rise)] for row in range(20)]) is None


def test_a_few_lines_do_not_tell() -> None:
    assert find_bend(words(curled)[:3]) is None
    assert find_bend([]) is None


def test_a_sheet_that_curls_much_is_laid_flat_though_its_surface_is_far_from_flat() -> None:
    def steep(x: float, y: float) -> float:
        return 250 * (1 - y / 576) * math.sin(math.pi * x / WIDTH)

    chance = random.Random(1)
    rows: list[list[Polygon]] = []
    for row in range(40):
        ends = list(accumulate(chance.randint(31, 86) for _ in range(12)))
        spans = [(start, end - 6) for start, end in pairwise([0, *ends]) if start < WIDTH - 60]
        rows.append([_quad((start, 24 * row, end, 24 * row + 12), steep) for start, end in spans])
    bend = find_bend(rows)
    assert bend is not None
    spread = []
    for line in rows:
        middles = [(top + bottom) / 2 for _, top, _, bottom in map(bend.box, line)]
        spread.append(max(middles) - min(middles))
    assert median(spread) < 12 / 2


def test_rows_that_were_joined_askew_do_not_hide_a_bend() -> None:
    """What stands left and right of a gap, a line higher or lower, was taken for one row."""
    rows = words(curled)
    joined = [[*row[:4], *rows[min(index ^ 1, ROWS - 1)][5:]] for index, row in enumerate(rows)]
    bend = find_bend(joined)
    assert bend is not None
    for row in rows:
        middles = [(top + bottom) / 2 for _, top, _, bottom in map(bend.box, row)]
        assert max(middles) - min(middles) < HEIGHT / 2
