"""How sure a word is, by its least probable character."""

import pytest

from folio.models import Line, Word
from folio.providers.ppocr.characters import Character
from folio.providers.ppocr.confidence import is_writing, word_confidence
from folio.providers.ppocr.lexicon import lexicon

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def sure(*probabilities: float, text: str = "a") -> float:
    return word_confidence([Character(text, probability, 0, 8) for probability in probabilities])


def test_the_least_probable_character_decides() -> None:
    assert sure(0.99999, 0.4, 0.99999) == sure(0.4) == pytest.approx(0.36)
    assert sure(0.95, 1.0) == pytest.approx(0.87)
    assert sure(0.9996) < 0.9 < sure(0.9998)


def test_an_unsure_word_of_the_language_is_right_more_often_than_another() -> None:
    words = lexicon("eng")
    assert words is not None

    def known(text: str, least: float) -> float:
        return word_confidence(
            [Character(text[0], least, 0, 8), *(Character(one, 1.0, 0, 8) for one in text[1:])], words
        )

    assert known("flour", 0.98) == known("well-known,", 0.98) == pytest.approx(0.9)
    # Short words are misread as each other, numbers have no list, and a part of a divided word is a word by chance.
    for other in ("flouz", "flou", "the", "9flour", "for-", "flourish-", "1995"):
        assert known(other, 0.95) == sure(0.95), other
    steps = [known("flour", step / 1000) for step in range(1001)]
    assert steps == sorted(set(steps))


def test_an_unsure_wide_character_is_right_more_often_than_a_word_with_an_unsure_letter() -> None:
    assert sure(0.4, text="東") > sure(0.4) + 0.1
    assert sure(1.0, text="東") == sure(1.0)


@pytest.mark.parametrize("character", ["a", "東"])
def test_it_rises_with_the_probability_and_stays_between_0_and_1(character: str) -> None:
    steps = [sure(step / 1000, text=character) for step in range(1001)]
    assert steps == sorted(steps)
    assert len(set(steps)) == len(steps)
    assert 0 < steps[0] < steps[-1] < 1
    assert sure(1.0001, text=character) == steps[-1]  # as rounding has it


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        *(("No", 0.6, False), ("No", 0.75, True), ("None", 0.6, True), ("None", 0.3, False), ("", None, False)),
        *(("東京", 0.72, False), ("東京", 0.8, True), ("東京の空は", 0.6, False), ("東京の空は", 0.72, True)),
    ],
)
def test_less_is_believed_of_few_characters(text: str, confidence: float | None, expected: bool) -> None:
    assert is_writing(Line(text, confidence, SQUARE, (Word(text, confidence, SQUARE),))) is expected
