"""Pages whose columns lean, set upright by where their lines begin and end."""

import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from folio.text.lean import Lean, find_lean
from folio.text.reading_order import reading_order
from folio.transform import Box

WIDTH, HEIGHT, PITCH, ROWS = 240.0, 20.0, 30.0, 30
LEFTS = (0.0, 270.0, 540.0)
PROSE = "It was a bright cold day in April and the clocks"

type Push = Callable[[float, float], float]


def to_one_side(_x: float, y: float) -> float:
    return 0.12 * y


def fanning_out(x: float, y: float) -> float:
    return (x - 400) * y / 5000


def folded(_x: float, y: float) -> float:
    return 0.08 * abs(y - 450)


def curled(_x: float, y: float) -> float:
    return 60 * math.sin(y / 300)


def upright(_x: float, _y: float) -> float:
    return 0.0


def a_little(_x: float, y: float) -> float:
    return 0.02 * y


PUSHES = [to_one_side, a_little, fanning_out, folded, curled]


def page(push: Push) -> list[list[Box]]:
    """Three columns of lines, of which each sixth is set in as a paragraph's first one, and the one before is short."""
    return [[_line(left, row, push) for row in range(ROWS)] for left in LEFTS]


def _line(left: float, row: int, push: Push) -> Box:
    top = row * PITCH
    start = left + (30.0 if row % 6 == 0 else 0.0)
    end = left + WIDTH * (0.5 if row % 6 == 5 else 1.0)
    middle = top + HEIGHT / 2
    return start + push(start, middle), top, end + push(end, middle), top + HEIGHT


def lean_of(push: Push) -> Lean:
    lean = find_lean([box for column in page(push) for box in column])
    assert lean is not None
    return lean


@pytest.mark.parametrize("push", PUSHES)
def test_white_space_between_columns_is_upright(push: Push) -> None:
    lean = lean_of(push)
    columns = [[lean.box(box) for box in column] for column in page(push)]
    for before, column in pairwise(columns):
        assert min(box[0] for box in column) - max(box[2] for box in before) > 0.6 * HEIGHT


@pytest.mark.parametrize("push", PUSHES)
def test_columns_that_lean_are_read_one_after_the_other(push: Push) -> None:
    lean, boxes = lean_of(push), [box for column in page(push) for box in column]
    blocks = reading_order([lean.box(box) for box in boxes], [PROSE] * len(boxes))
    assert [index for block in blocks for row in block for index in row] == list(range(len(boxes)))


@pytest.mark.parametrize(("lean", "is_leaning"), [(0.0, False), (0.01, True)])
def test_a_small_lean_of_long_columns_is_told_though_their_edges_are_ragged(lean: float, is_leaning: bool) -> None:
    chance = random.Random(3)

    def edge(x: float, row: int) -> float:
        return x + (lean * row * PITCH) + chance.uniform(-0.12, 0.12) * HEIGHT

    rows = [(left, row) for left in LEFTS for row in range(2 * ROWS)]
    boxes = [(edge(left, row), row * PITCH, edge(left + WIDTH, row), row * PITCH + HEIGHT) for left, row in rows]
    assert (find_lean(boxes) is not None) == is_leaning


def test_columns_that_stand_upright_stay_as_they_are() -> None:
    assert find_lean([box for column in page(upright) for box in column]) is None


def test_paragraphs_that_are_set_in_further_and_further_do_not_lean() -> None:
    boxes = [(30.0 * (row // 6), row * PITCH, 700.0, row * PITCH + HEIGHT) for row in range(36)]
    assert find_lean(boxes) is None


def test_nobody_can_tell_of_a_few_lines() -> None:
    assert find_lean([]) is None
    assert find_lean([_line(0, row, to_one_side) for row in range(8)]) is None
