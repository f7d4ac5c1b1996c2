"""Unclear characters of a line that runs downwards, turned upright side by side."""

import numpy as np
from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.recognition import HEIGHT_PX
from folio.providers.ppocr.text.upright import doubtful_upright
from tests.support.recognized import line

PITCH = 40


def column(shades: list[int]) -> Grey:
    """A line as it is cut out: of each character, whose top is at its left, a bar near the top and a stem."""
    image = np.full((48, PITCH * len(shades)), 255, np.uint8)
    for index, shade in enumerate(shades):
        image[8:40, index * PITCH + 6 : index * PITCH + 12] = shade
        image[21:27, index * PITCH + 6 : index * PITCH + 34] = shade
    return image


def characters(text: str, doubtful: str) -> list[Character]:
    read = line(text, doubtful=doubtful)
    return [replace(one, left=at * PITCH + 14, right=at * PITCH + 26) for at, one in enumerate(read)]


def test_an_unclear_character_stands_upright_between_its_neighbors() -> None:
    shown = doubtful_upright(column([0, 40, 80, 120, 160]), characters("一二三四五", "三"))
    assert shown
    image, middles = shown
    assert image.shape[0] == HEIGHT_PX
    assert [middle is not None for middle in middles] == [False, True, True, True, False]
    for index, shade in ((1, 40), (2, 80), (3, 120)):
        middle = round(middles[index] or 0)
        cell = image[:, middle - 14 : middle + 15]
        row = int(cell.mean(1).argmin())  # of the bar near the top, which lies across
        assert 5 < row < HEIGHT_PX / 3
        assert abs(int(cell[row].min()) - shade) < 12
        assert abs(int(cell[HEIGHT_PX // 2].argmin()) - 14) <= 3  # the one that runs downwards


def test_a_character_that_was_not_read_has_a_cell_too() -> None:
    read = characters("一二三四五", "")
    shown = doubtful_upright(column([0, 40, 80, 120, 160]), [*read[:2], *read[3:]])
    assert shown
    image, middles = shown
    assert [middle is not None for middle in middles] == [False, True, True, False]
    first, last = middles[1:3]
    assert first
    assert last
    between = image[:, round((first + last) / 2) - 14 : round((first + last) / 2) + 15]
    assert abs(int(between.min()) - 80) < 12


def test_nothing_is_shown_of_a_clear_line_or_of_a_single_character() -> None:
    assert doubtful_upright(column([0, 0, 0]), characters("一二三", "")) is None
    assert doubtful_upright(column([0]), characters("一", "一")) is None
