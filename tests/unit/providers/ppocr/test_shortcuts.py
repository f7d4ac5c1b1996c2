"""Which words of a line the quick recognizer is not sure of, and on which pages it is sure enough."""

import numpy as np
import pytest

from folio.providers.ppocr.characters import Character
from folio.providers.ppocr.graph import LastLayer
from folio.providers.ppocr.recognizer import Recognizer
from folio.providers.ppocr.shortcuts import Shortcut, unclear_words
from folio.providers.ppocr.trials import Trials

WIDTH = 10.0


def line(text: str, *, doubtful: str = "", blank: float = 0.99) -> list[Character]:
    """Return characters of one width; those that are `doubtful` have half a probability, blanks that of `blank`."""
    return [
        Character(
            one,
            blank if one == " " else 0.5 if one in doubtful else 0.99,
            index * WIDTH,
            (index + 1) * WIDTH,
            blank if one == " " else 0.0,
        )
        for index, one in enumerate(text)
    ]


def unclear(characters: list[Character], min_letters: float = 0) -> list[str]:
    found = unclear_words(characters, 20, min_letters * WIDTH)
    return ["".join(one.text for one in characters[word]) for word in found]


def test_a_word_with_a_doubtful_character_is_unclear_and_words_side_by_side_are_one() -> None:
    assert unclear(line("the quick brown fox jumps", doubtful="q")) == ["quick"]
    assert unclear(line("the quick brown fox jumps", doubtful="qj")) == ["quick", "jumps"]
    assert unclear(line("the quick brown fox jumps", doubtful="wx")) == ["brown fox"]
    assert unclear(line("the quick brown fox jumps")) == []


def test_words_between_which_the_blank_is_doubtful_are_one_and_unclear() -> None:
    assert unclear(line("fox jumps", blank=0.6)) == ["fox jumps"]


def test_a_letter_before_which_there_may_be_a_blank_makes_its_word_unclear() -> None:
    characters = line("the foxjumps over")
    characters[7] = Character("j", 0.99, 70, 80, 0.4)
    assert unclear(characters) == ["foxjumps"]


@pytest.mark.parametrize(
    ("doubtful", "expected"),
    [("Iq", ["I saw", "quick"]), ("f", ["quick fox"]), ("Is", ["I saw a"])],
    ids=["with the next word", "the last one with the word before", "once"],
)
def test_short_words_are_taken_with_a_word_beside_them(doubtful: str, expected: list[str]) -> None:
    assert unclear(line("I saw a quick fox", doubtful=doubtful), min_letters=5) == expected


def test_a_line_of_one_short_word_is_that_word() -> None:
    assert unclear(line("fox", doubtful="x"), min_letters=5) == ["fox"]


def quick() -> Shortcut:
    """Return the shortcut, without a network."""
    recognizer = Recognizer(lambda: None, LastLayer(np.zeros((1, 1), np.float32), np.zeros(1, np.float32)))
    return Shortcut(recognizer, 1.0, 0.0, Trials(0.9, 100), by_character=True)


def test_letters_tell_whether_a_page_is_clear_and_blanks_do_not() -> None:
    shortcut = quick()
    for _ in range(10):
        shortcut.count(line("the quick brown fox", blank=0.5), 20)
    assert shortcut.trials.pay()
    shortcut.count(line("the quick brown fox jumps over", doubtful="aeiou"), 20)
    assert shortcut.trials.pay()
    for _ in range(3):
        shortcut.count(line("the quick brown fox jumps over", doubtful="aeiou"), 20)
    assert not shortcut.trials.pay()
