"""Characters one below the other that may be one line, by their rectangles alone."""

import numpy as np
import pytest

from folio.providers.ppocr.lines.stacked import find_stacks
from folio.transform import box


def pieces(*boxes: tuple[float, float, float, float]) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]":
    return [np.array(box(*one), np.float32) for one in boxes]


def column(count: int, *, left: float = 500, top: float = 100, pitch: float = 22) -> list[tuple[float, ...]]:
    return [(left, top + index * pitch, left + 20, top + index * pitch + 18) for index in range(count)]


def test_pieces_that_follow_each_other_are_a_stack_whatever_lies_beside() -> None:
    line = (50, 120, 450, 140)
    (stack,) = find_stacks(pieces(line, *column(8)))  # type: ignore[arg-type]
    indices, corners = stack
    assert indices == list(range(1, 9))
    assert corners.tolist() == [[500, 100], [520, 100], [520, 272], [500, 272]]


def test_two_columns_are_two_stacks() -> None:
    found = find_stacks(pieces(*column(5), *column(6, left=560)))  # type: ignore[arg-type]
    assert sorted(len(indices) for indices, _ in found) == [5, 6]


@pytest.mark.parametrize(
    "boxes",
    [column(3), column(8, pitch=60), [(0, 22 * row, 200, 22 * row + 18) for row in range(8)], []],
    ids=["few", "apart", "lines of text", "none"],
)
def test_other_pieces_are_none(boxes: list[tuple[float, float, float, float]]) -> None:
    assert find_stacks(pieces(*boxes)) == []
