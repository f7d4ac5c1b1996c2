"""What is on a page against what its text layer says is there."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from folio.textlayer.visibility import Word, drawn_words, outside, overlapping_words

type Grey = NDArray[np.uint8]

LINES = [(60, 60 + 24 * number) for number in range(12)]
FONT = ImageFont.load_default(11)
SHAPE = (640, 480)
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


def test_drawn_words_are_seen() -> None:
    words = layer(*LINES)
    assert drawn_words(words, *both(*LINES)).all()
    assert outside(words, *both(*LINES)) == outside(words, *both())
    assert outside(words, *both(*LINES)).boxes == []


def test_light_words_on_dark_are_seen() -> None:
    drawn = paper(*LINES, ink=255, on=30), paper(*LINES, hard=True, ink=255, on=30)
    assert drawn_words(layer(*LINES), *drawn).all()


def test_words_over_a_picture_of_them_and_words_nobody_sees_are_not_drawn() -> None:
    assert not drawn_words(layer(*LINES), *picture(*LINES)).any()
    assert not drawn_words(layer(*LINES), *both()).any()
    assert drawn_words(layer(*LINES), *both(*LINES[:9])).tolist() == [True] * 6 * 9 + [False] * 6 * 3


def test_word_under_a_tight_bar_is_not_seen_between_its_neighbors() -> None:
    words = layer(*LINES)
    left, top, right, bottom = (round(side) for side in words[8].box)
    page = both(*LINES)
    for drawn in page:
        drawn[top:bottom, left:right] = 0
    assert [index for index, seen in enumerate(drawn_words(words, *page).tolist()) if not seen] == [8]


def test_words_in_one_place_are_told() -> None:
    words = layer(*LINES)
    new = Word(5, (words[8].box[0] + 2, words[8].box[1], words[8].box[2] + 6, words[8].box[3]))
    assert not overlapping_words(words, SHAPE).any()
    assert np.flatnonzero(overlapping_words([*words, new], SHAPE)).tolist() == [8, len(words)]
    rule = Word(0, new.box)  # a row of underscores or dots
    assert not overlapping_words([*words, rule], SHAPE).any()


def test_writing_in_a_picture_is_outside_where_it_stands() -> None:
    page = under(both(*LINES[:8]), picture(*LINES[8:9]))
    found = outside(layer(*LINES[:8]), *page)
    assert found.reason is None
    (box,) = found.boxes
    assert abs(box[0] - LINES[8][0]) <= 3
    assert box[1] < LINES[8][1] < box[3] + 3
    assert 0 < found.ratio < 0.2


def test_glyphs_the_layer_does_not_have_are_outside() -> None:
    assert len(outside(layer(*LINES[:8]), *both(*LINES)).boxes) == 4


def test_words_that_are_the_smaller_part_are_not_the_page() -> None:
    page = under(both(*LINES[:3]), picture(*LINES[3:]))
    assert "most of what is written" in (outside(layer(*LINES[:3]), *page).reason or "")


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
    assert outside(layer(*LINES), *page).boxes == []


def test_writing_in_a_frame_is_outside_without_the_frame() -> None:
    page = under(both(*LINES[:8]), picture(LINES[10]))
    for drawn in page:
        cv2.rectangle(drawn, (40, LINES[10][1] - 25), (300, LINES[10][1] + 20), 0, 2)
    assert len(outside(layer(*LINES[:8]), *page).boxes) == 1


def test_grey_paper_makes_no_difference() -> None:
    page = under(both(*LINES), (paper(on=225), paper(on=225)))
    assert outside(layer(*LINES), *page).boxes == []


def test_a_few_words_on_a_page_full_of_something_else_are_not_its_text() -> None:
    noise = np.random.default_rng(1).integers(0, 2, (64, 48), dtype=np.uint8) * 255
    strokes = cv2.resize(noise, (480, 640), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    strokes[:100] = 255
    assert outside(layer(LINES[0])[:3], *under(both(LINES[0]), (strokes, strokes))).reason
