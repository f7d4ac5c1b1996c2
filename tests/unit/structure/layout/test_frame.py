"""Parts of lines are joined to one line of writing as each pair of them says, in time that grows with their number."""

import random
from collections.abc import Collection, Mapping

import pytest

from folio.models import Line, Word
from folio.structure.layout.frame import Frame, segments
from folio.text.bend import Bend
from folio.transform import Box, bounds, box


def segments_of_all_pairs(boxes: Mapping[int, Box], bullets: Collection[int]) -> list[list[int]]:
    """Hold each box against the ends of all segments, which takes the square of their number."""
    joined: list[list[int]] = []
    for index in sorted(boxes, key=lambda index: boxes[index][0]):
        pair = next((one for one in joined if len(segments(_two(boxes, one[-1], index), bullets)) == 1), None)
        if pair is None:
            joined.append([index])
        else:
            pair.append(index)
    return joined


def _two(boxes: Mapping[int, Box], one: int, other: int) -> dict[int, Box]:
    return {one: boxes[one], other: boxes[other]}


@pytest.mark.parametrize("seed", range(40))
def test_boxes_are_joined_as_pairs_of_them_are(seed: int) -> None:
    chance = random.Random(seed)
    boxes: dict[int, Box] = {}
    for index in range(80):
        left, top = chance.uniform(0, 60), chance.choice((chance.uniform(-20, 200), 10.0 * chance.randrange(20)))
        width, height = chance.choice((0.0, chance.uniform(0, 15))), chance.choice((0.0, 10.0, chance.uniform(5, 60)))
        boxes[index] = left, top, left + width, top + height
    bullets = {index for index in boxes if chance.random() < 0.2}
    assert segments(boxes, bullets) == segments_of_all_pairs(boxes, bullets)


class _Counted(dict[int, Box]):
    """Boxes that count how often one of them is looked at."""

    def __init__(self, boxes: Mapping[int, Box]) -> None:
        super().__init__(boxes)
        self.looks = 0

    def __getitem__(self, index: int) -> Box:
        self.looks += 1
        return super().__getitem__(index)


def test_four_times_the_lines_take_no_more_than_five_times_as_long() -> None:
    looks = []
    for rows in (100, 400):
        boxes = _Counted({
            4 * row + column: (500.0 * column, 20.0 * row, 500.0 * column + 480, 20.0 * row + 16)
            for row in range(rows) for column in range(4)
        })  # fmt: skip
        assert len(segments(boxes)) == 4 * rows
        looks.append(boxes.looks)
    assert looks[1] <= 5 * looks[0]


def test_a_line_of_a_curled_sheet_is_as_high_as_its_words_and_at_their_level() -> None:
    bend = Bend((500.0, 500.0), 500.0, (0.0, 0.0, 0.0, 0.1, *[0.0] * 8))  # lines rise by 50 pixels at both sides
    words = []
    for x in range(0, 1000, 100):
        y = 290 - 50 * ((x + 40) / 500 - 1) ** 2
        words.append(Word("mill", 0.9, box(x, y, x + 80, y + 20)))
    line = Line("mill " * 10, 0.9, box(*bounds(*(word.polygon for word in words))), tuple(words))
    left, top, right, bottom = Frame(bend=bend).line_box(line)
    assert (left, right) == (0, 980)
    assert abs((top + bottom) / 2 - 300) < 2
    assert bottom - top == pytest.approx(20)
    assert Frame().line_box(line) == bounds(line.polygon)
