"""Which words are covered, told by drawings of a page and of its text alone."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from folio.textlayer.covered import states
from folio.textlayer.visibility import Word

type Grey = NDArray[np.uint8]

FONT = ImageFont.load_default(22)
SIZE = (700, 300)
WORDS = {"The": 40, "witness": 100, "Bartholomew": 210, "lives": 380, "here": 460}


def drawn(*words: tuple[str, int], ink: int = 0, on: int = 255, hard: bool = False) -> Image.Image:
    page = Image.new("L", SIZE, on)
    pen = ImageDraw.Draw(page)
    pen.fontmode = "1" if hard else "L"
    for word, left in words:
        pen.text((left, 100), word, ink, FONT, anchor="ls")
    return page


def boxes(*words: tuple[str, int]) -> list[Word]:
    return [Word(len(word), (left, 82, left + FONT.getlength(word), 106)) for word, left in words]


def pair(make: Image.Image) -> tuple[Grey, Grey]:
    return np.asarray(make).copy(), np.asarray(make).copy()


LINE = list(WORDS.items())


def visible_words(words: list[Word], later: list[bool], page: tuple[Grey, Grey], only: tuple[Grey, Grey]) -> list[bool]:
    return [state == "visible" for state in states(words, later, page, only)]


def bar(page: Image.Image, word: str, tone: int, by: int = 0) -> Image.Image:
    """The page with a bar as large as a word's box."""
    left = WORDS[word]
    ImageDraw.Draw(page).rectangle((left + by, 82, left + FONT.getlength(word), 106), tone)
    return page


def test_all_words_of_a_plain_page_are_visible() -> None:
    assert visible_words(boxes(*LINE), [False] * 5, pair(drawn(*LINE)), pair(drawn(*LINE))) == [True] * 5


def test_words_under_bars_black_white_and_gray_are_not() -> None:
    for tone in (0, 128, 255):
        page = pair(bar(drawn(*LINE), "Bartholomew", tone))
        seen = visible_words(boxes(*LINE), [False] * 5, page, pair(drawn(*LINE)))
        assert seen == [True, True, False, True, True], tone


def test_word_of_which_the_end_is_covered_stays() -> None:
    page = pair(bar(drawn(*LINE), "Bartholomew", 255, by=100))
    assert visible_words(boxes(*LINE), [False] * 5, page, pair(drawn(*LINE))) == [True] * 5


def test_old_words_under_new_ones_are_not_visible() -> None:
    old, new = [("price", 40), ("100", 110), ("dollars", 160)], [("total", 44), ("250", 112), ("euros", 158)]
    only = pair(drawn(*old, *new))
    seen = visible_words(boxes(*old, *new), [True] * 3 + [False] * 3, pair(drawn(*new)), only)
    assert seen == [False] * 3 + [True] * 3


def test_words_on_each_other_that_nothing_covers_stay() -> None:
    """A value on the line of a form, or text over a watermark."""
    both = [("value", 40), ("DRAFT", 44)]
    page = pair(drawn(*both))
    assert visible_words(boxes(*both), [True, False], page, page) == [True, True]


def test_marked_and_shaded_words_are_visible() -> None:
    for tone in (235, 200, 140):
        assert visible_words(boxes(*LINE), [False] * 5, pair(drawn(*LINE, on=tone)), pair(drawn(*LINE))) == [True] * 5


def test_white_words_are_visible_on_dark_and_nowhere_else() -> None:
    on_dark = np.asarray(drawn(*LINE, ink=255, on=20)), np.asarray(drawn(*LINE, ink=255, on=20, hard=True))
    nothing = pair(drawn())
    assert visible_words(boxes(*LINE), [False] * 5, on_dark, nothing) == [True] * 5
    assert visible_words(boxes(*LINE), [False] * 5, nothing, nothing) == [False] * 5


def test_words_under_a_picture_of_the_same_words_are_not_visible() -> None:
    scan, only = pair(drawn(*LINE)), (np.asarray(drawn(*LINE)), np.asarray(drawn(*LINE, hard=True)))
    assert visible_words(boxes(*LINE), [False] * 5, scan, only) == [False] * 5
    assert visible_words(boxes(*LINE), [False] * 5, only, only) == [True] * 5


def test_covered_words_are_told_from_invisible_ones() -> None:
    page = pair(bar(drawn(*LINE), "Bartholomew", 0))
    assert states(boxes(*LINE), [False] * 5, page, pair(drawn(*LINE)))[2] == "covered"
    assert set(states(boxes(*LINE), [False] * 5, page, pair(drawn()))) == {"invisible"}
