"""Hyphens at the ends of lines that were not read."""

import numpy as np
import pytest

from folio.models import Line, Word
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.text.hyphens import with_hyphens
from folio.transform import Box, box

KNOWN = np.sort(np.array([hash(word) for word in ("establishment", "anyone", "any", "one", "carpet", "car")], np.int64))
LEXICON = Lexicon(KNOWN, KNOWN, np.zeros(len(KNOWN), np.float32))


def line(text: str, left: float = 0, top: float = 0, width: float = 200) -> tuple[Line, Box]:
    around = (left, top, left + width, top + 20)
    words = text.split()
    share = width / len(words)
    parts = tuple(
        Word(word, 0.9, box(left + share * index, top, left + share * (index + 1), top + 20))
        for index, word in enumerate(words)
    )
    return Line(text, 0.9, box(*around), parts), around


def read(*lines: tuple[Line, Box]) -> list[str]:
    return [one.text for one in with_hyphens([one for one, _ in lines], [around for _, around in lines], LEXICON)]


def test_a_word_that_goes_on_in_the_line_below_has_a_hyphen() -> None:
    first, below = line("when the establish"), line("ment was sold,", top=24)
    assert read(first, below) == ["when the establish-", "ment was sold,"]
    hyphened, _ = with_hyphens([first[0], below[0]], [first[1], below[1]], LEXICON)
    assert hyphened.words[-1] == Word("establish-", 0.9, first[0].words[-1].polygon)


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("if there is any", "one at home"),  # two words
        ("when the establish", "Ment was sold"),
        ("when the establish,", "ment was sold"),
        ("when the establish-", "ment was sold"),
        ("when the estab", "ment was sold"),
        ("the cat and the c", "arpet"),
    ],
)
def test_other_words_stay(text: str, below: str) -> None:
    assert read(line(text), line(below, top=24)) == [text, below]


def test_what_stands_beside_or_far_below_is_not_the_next_line() -> None:
    first = line("when the establish")
    for other in (line("ment", left=300), line("ment", left=300, top=24), line("ment", top=80), line("ment", top=2)):
        assert read(first, other)[0] == "when the establish"
    # The next line of its own column, not of the one beside it.
    assert read(first, line("ment of", left=300, top=22), line("ment of it", top=26))[0] == "when the establish-"
