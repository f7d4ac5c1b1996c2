"""What is on a page against what its text layer says is there."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from folio.textlayer.visibility import Word, visible_words

type Grey = NDArray[np.uint8]

LINES = [(60, 60 + 24 * number) for number in range(12)]
FONT = ImageFont.load_default(11)
SENTENCE = "the harbour was surveyed in autumn"


def paper(*lines: tuple[int, int], hard: bool = False, ink: int = 0, on: int = 255) -> Grey:
    """A page with a sentence at each place; with hard or smooth edges, as poppler draws glyphs either way."""
    page = Image.new("L", (480, 640), on)
    pen = ImageDraw.Draw(page)
    pen.fontmode = "1" if hard else "L"
    for left, base in lines:
        pen.text((left, base), SENTENCE, ink, FONT, anchor="ls")
    return np.asarray(page).copy()


def layer(*lines: tuple[int, int]) -> list[Word]:
    """The words of the sentences, as boxes."""
    words = []
    for left, base in lines:
        x = float(left)
        for word in SENTENCE.split():
            width = FONT.getlength(word)
            words.append(Word(len(word), (x, base - 9, x + width, base + 3)))
            x += width + FONT.getlength(" ")
    return words


def both(*lines: tuple[int, int]) -> tuple[Grey, Grey]:
    return paper(*lines), paper(*lines, hard=True)


def picture(*lines: tuple[int, int]) -> tuple[Grey, Grey]:
    """The same, but as a picture: nothing depends on how glyphs are drawn."""
    return paper(*lines), paper(*lines)


def under(one: tuple[Grey, Grey], other: tuple[Grey, Grey]) -> tuple[Grey, Grey]:
    return np.minimum(one[0], other[0]), np.minimum(one[1], other[1])


def test_drawn_words_are_the_pages_text() -> None:
    assert visible_words(layer(*LINES), *both(*LINES)) == [True] * 6 * len(LINES)


def test_light_words_on_dark_are_seen() -> None:
    drawn = paper(*LINES, ink=255, on=30), paper(*LINES, hard=True, ink=255, on=30)
    assert visible_words(layer(*LINES), *drawn)


def test_words_over_a_picture_of_them_are_an_old_layer() -> None:
    assert visible_words(layer(*LINES), *picture(*LINES)) is None


def test_words_nobody_sees_are_no_text() -> None:
    assert visible_words(layer(*LINES), *both()) is None
    kept = visible_words(layer(*LINES), *both(*LINES[:9]))
    assert kept == [True] * 6 * 9 + [False] * 6 * 3, "and are left out beside those that can be seen"


def test_a_picture_of_writing_beside_the_words_is_not_in_the_layer() -> None:
    assert visible_words(layer(*LINES[:6]), *under(both(*LINES[:6]), picture(*LINES[6:]))) is None
    assert visible_words(layer(*LINES[:1]), *under(both(*LINES[:1]), picture(*LINES[1:]))) is None


def test_an_old_layer_with_a_drawn_stamp_stays_an_old_layer() -> None:
    assert visible_words(layer(*LINES), *under(both(*LINES[:1]), picture(*LINES[1:]))) is None


def test_glyphs_the_layer_does_not_have_are_missed() -> None:
    assert visible_words(layer(*LINES[:8]), *both(*LINES)) is None


def test_rules_bars_and_figures_are_no_writing() -> None:
    page = both(*LINES)
    for drawn in page:
        for y in range(360, 480, 20):
            cv2.line(drawn, (40, y), (440, y), 0, 1)
        for x in range(40, 450, 50):
            cv2.line(drawn, (x, 360), (x, 460), 0, 1)
            cv2.rectangle(drawn, (x, 500), (x + 40, 512), 60, -1)
        cv2.circle(drawn, (240, 580), 40, 90, -1)
        cv2.rectangle(drawn, (20, 20), (460, 630), 0, 2)
    assert visible_words(layer(*LINES), *page)


def test_grey_paper_makes_no_difference() -> None:
    assert visible_words(layer(*LINES), *under(both(*LINES), (paper(on=225), paper(on=225))))


def test_a_few_words_on_a_page_full_of_something_else_are_not_its_text() -> None:
    noise = np.random.default_rng(1).integers(0, 2, (64, 48), dtype=np.uint8) * 255
    strokes = cv2.resize(noise, (480, 640), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    strokes[:100] = 255
    assert visible_words(layer(LINES[0])[:3], *under(both(LINES[0]), (strokes, strokes))) is None
