"""Lines that were found across a printed rule are parted there."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.rules import parted

THICKNESS = 10  # of a piece of the map, in which the middle of a line stands
LEFT, RIGHT, TOP = 40, 360, 60
RULE = 200  # where one is, if any
CHARACTERS = [at for at in range(LEFT + 4, RIGHT - 16, 20) if not RULE - 24 < at < RULE + 10]


def drawn(rule: tuple[int, int] | None, *, lean: float = 0.0) -> Grey:
    """A line of characters with upright strokes, and a rule from one row to another."""
    image = np.full((130, 400), 220, np.uint8)
    for at in CHARACTERS:
        cv2.rectangle(image, (at, TOP - 2), (at + 14, TOP + THICKNESS + 2), 60, 2)
        cv2.line(image, (at + 7, TOP - 3), (at + 7, TOP + THICKNESS + 3), 60, 1)
    if rule:
        middle = TOP + THICKNESS / 2
        ends = [(round(RULE + lean * (row - middle)), row) for row in rule]
        cv2.line(image, ends[0], ends[1], 120, 2)
    return cv2.GaussianBlur(image, (0, 0), 0.7).astype(np.uint8)


def boxes(image: Grey, *, turned: bool = False) -> list[tuple[int, int]]:
    """Where along the line the parts of a piece that covers all of it begin and end."""
    outline = np.array([[[LEFT, TOP]], [[RIGHT, TOP]], [[RIGHT, TOP + THICKNESS]], [[LEFT, TOP + THICKNESS]]], np.int32)
    if turned:
        found = parted(outline[..., ::-1].copy(), image.T.copy())
        assert all(cv2.boundingRect(one)[0] == TOP for one in found)
        return sorted((y, y + height) for _, y, _, height in map(cv2.boundingRect, found))
    return sorted((x, x + width) for x, _, width, _ in map(cv2.boundingRect, parted(outline, image)))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("lean", [0.0, 0.1, -0.2])
def test_a_piece_is_parted_at_a_rule_that_goes_on_above_and_below_it(lean: float, *, turned: bool) -> None:
    first, second = boxes(drawn((20, 115), lean=lean), turned=turned)
    assert first[0] == LEFT
    assert RULE - 6 <= first[1] <= RULE + 1
    assert RULE <= second[0] <= RULE + 6
    assert second[1] == RIGHT + 1


def test_strokes_of_characters_and_short_rules_part_nothing() -> None:
    whole = [(LEFT, RIGHT + 1)]
    assert boxes(drawn(None)) == whole
    assert boxes(drawn((TOP - 4, TOP + THICKNESS + 4))) == whole  # a stroke as high as the characters
    assert boxes(drawn((20, TOP + THICKNESS))) == whole  # it ends at the line: the corner of a frame


def test_a_dark_area_beside_the_line_is_no_rule() -> None:
    image = drawn(None)
    image[20:115, RULE - 8 : RULE + 8] = 60
    assert boxes(image) == [(LEFT, RIGHT + 1)]


def test_strokes_that_stand_below_each_other_in_narrow_lines_are_no_rule() -> None:
    image = drawn(None)
    for at in (RULE, RULE + 5):  # as in "ll" of several lines
        cv2.line(image, (at, 20), (at, 115), 60, 1)
    image[TOP - 2 : TOP + THICKNESS + 3, RULE - 5 : RULE - 1] = 60
    assert boxes(image) == [(LEFT, RIGHT + 1)]
