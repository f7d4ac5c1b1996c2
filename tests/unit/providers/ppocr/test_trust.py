"""Which words of a line the quick recognizer is not sure of."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from folio.providers.ppocr.language.lexicon import Lexicon, lexicon
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.trust import unclear_words
from tests.support.recognized import WIDTH, line


def unclear(characters: Sequence[Character], min_letters: float = 0, words: Lexicon | None = None) -> list[str]:
    found = unclear_words(characters, words, min_letters * WIDTH)
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


def test_words_of_the_language_stand_with_less_than_others() -> None:
    english = lexicon("eng")
    characters = line("between sellers Lozillard and 2079", doubtful="wz7", least=0.7)
    assert unclear(characters) == ["between", "Lozillard", "2079"]
    assert unclear(characters, words=english) == ["Lozillard", "2079"]
    assert unclear(line("between sellers", doubtful="w", least=0.5), words=english) == ["between"]


def test_a_word_that_may_lack_a_letter_is_unclear_unless_the_language_has_it() -> None:
    def missing(text: str) -> list[Character]:
        return [replace(one, missed=0.38) if one.text == "i" else one for one in line(text)]

    assert unclear(missing("this friend")) == ["this friend"]
    assert unclear(missing("Vix friend"), words=lexicon("eng")) == ["Vix"]


def test_short_words_are_misread_as_each_other_and_need_as_much_as_others() -> None:
    assert unclear(line("not on the ship", doubtful="no", least=0.7), words=lexicon("eng")) == ["not on"]


def test_letters_that_it_writes_for_others_are_never_sure() -> None:
    assert unclear(line("şase case")) == ["şase"]


def test_wide_characters_are_words_of_their_own() -> None:
    assert unclear(line("合同编号由双方确认", doubtful="编")) == ["编"]
    assert unclear(line("合同编号由双方确认", doubtful="编确"), min_letters=3) == ["编号由", "方确认"]
    assert unclear(line("合同A12编号", doubtful="1"), min_letters=2) == ["A12"]
