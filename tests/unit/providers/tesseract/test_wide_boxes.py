"""Boxes of Chinese words lie on their ink, wherever the engine laid them."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from folio.models import PageText, Word
from folio.providers.tesseract.wide_boxes import has_wide_lines, lay_on_ink
from folio.text.geometry import join_words
from folio.transform import box

SIDE = 40
LEFT, TOP = 60, 50
TEXT = "图书馆开放时间通知"


def sheet(count: int, gap: int = 0, lines: int = 1) -> NDArray[np.uint8]:
    """Squares with a white column in the middle, as many characters have one, and white around each."""
    image = np.full((TOP + lines * 2 * SIDE + 40, LEFT + count * (SIDE + gap) + 100), 255, np.uint8)
    for line in range(lines):
        for number in range(count):
            x, y = LEFT + number * (SIDE + gap), TOP + line * 2 * SIDE
            image[y + 2 : y + SIDE - 2, x + 2 : x + SIDE // 2 - 2] = 0
            image[y + 2 : y + SIDE - 2, x + SIDE // 2 + 2 : x + SIDE - 2] = 0
    return image


def displaced(text: str, gap: int = 0, line: int = 0, shift: float = -0.45, reach: int = 30) -> PageText:
    """Words of one and two characters, half a character to the left, and some of them high."""
    words, index = [], 0
    for size in (1, 2) * len(text):
        part = text[index : index + size]
        if not part:
            break
        x, y = LEFT + index * (SIDE + gap) + shift * SIDE, TOP + line * 2 * SIDE
        high = reach if index % 3 == 0 else 0
        words.append(Word(part, 0.9, box(x, y - 2, x + len(part) * SIDE, y + SIDE + 2 + high)))
        index += size
    line_ = join_words(tuple(words))
    return PageText(line_.text, (line_,))


def errors(read: PageText, gap: int = 0, line: int = 0) -> list[float]:
    index, result = 0, []
    for word in read.lines[0].words:
        start, end = (LEFT + (index + n) * (SIDE + gap) for n in (0, len(word.text)))
        top = TOP + line * 2 * SIDE
        truth = (start, top, end - gap, top + SIDE)
        result.append(max(abs(a - b) for a, b in zip(word.bounds, truth, strict=True)) / SIDE)
        index += len(word.text)
    return result


@pytest.mark.parametrize("gap", [0, 8, 30])
@pytest.mark.parametrize("shift", [-0.45, 0.0, 0.3])
def test_displaced_boxes_return_to_their_characters(shift: float, gap: int) -> None:
    text = displaced(TEXT, gap, shift=shift)
    read = lay_on_ink(text, sheet(len(TEXT), gap))
    assert max(errors(read, gap)) <= 0.25
    assert read.text == text.text
    assert [word.text for word in read.lines[0].words] == [word.text for word in text.lines[0].words]


def test_boxes_that_reach_into_the_next_line_come_back() -> None:
    text = displaced(TEXT, line=1, reach=2 * SIDE)
    assert max(errors(lay_on_ink(text, sheet(len(TEXT), lines=3)), line=1)) <= 0.25


def test_narrow_characters_have_half_a_square() -> None:
    image, end = sheet(5), LEFT + 4 * SIDE
    image[TOP : TOP + SIDE, end : end + SIDE] = 255
    for number in range(2):
        x = end + number * SIDE // 2
        image[TOP + 5 : TOP + SIDE - 2, x + 3 : x + SIDE // 2 - 3] = 0
    words = [
        Word(part, 0.9, box(LEFT + x, TOP, LEFT + x + 60, TOP + SIDE)) for part, x in (("图书馆开", -20), ("20", 145))
    ]
    line = join_words(tuple(words))
    read = lay_on_ink(PageText(line.text, (line,)), image).lines[0]
    assert read.words[0].bounds[2] <= end <= read.words[1].bounds[0]
    assert read.words[1].bounds[2] > end + SIDE / 2


def test_other_lines_stay_as_they_are() -> None:
    latin, upright = displaced("harbour"), displaced(TEXT)
    column = [Word(c, 0.9, box(10, 10 + 40 * n, 50, 50 + 40 * n)) for n, c in enumerate(TEXT)]
    line = join_words(tuple(column))
    for text in (latin, PageText(line.text, (line,))):
        assert lay_on_ink(text, sheet(9)) == text
    assert not has_wide_lines(latin)
    assert lay_on_ink(upright, np.full((300, 600), 255, np.uint8)) == upright


def test_a_dense_page_takes_little_time() -> None:
    count, lines = 40, 40
    image = sheet(count, lines=lines)
    text = PageText("", tuple(displaced("图" * count, line=line).lines[0] for line in range(lines)))
    began = time.process_time()
    lay_on_ink(text, image)
    assert time.process_time() - began < 5, "half a second; less than a tenth of what reading it takes"
