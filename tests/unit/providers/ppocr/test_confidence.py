"""How sure a word is, by its least probable character."""

import pytest

from folio.models import Line, Word
from folio.providers.ppocr.confidence import is_writing, word_confidence
from folio.providers.ppocr.recognition import Character

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def sure(*probabilities: float) -> float:
    return word_confidence([Character("a", probability, 0, 8) for probability in probabilities])


def test_the_least_probable_character_decides() -> None:
    assert sure(0.99999, 0.5, 0.99999) == sure(0.5) == pytest.approx(0.5)
    assert sure(0.95, 1.0) == pytest.approx(0.85)
    assert sure(0.9994) < 0.9 < sure(0.9996)


def test_it_rises_with_the_probability_and_stays_between_0_and_1() -> None:
    steps = [sure(step / 1000) for step in range(1001)]
    assert steps == sorted(steps)
    assert len(set(steps)) == len(steps)
    assert 0 < steps[0] < steps[-1] < 1
    assert sure(1.0001) == steps[-1]  # as rounding has it


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [("No", 0.6, False), ("No", 0.7, True), ("None", 0.6, True), ("None", 0.3, False), ("", None, False)],
)
def test_less_is_believed_of_few_characters(text: str, confidence: float | None, expected: bool) -> None:
    assert is_writing(Line(text, confidence, SQUARE, (Word(text, confidence, SQUARE),))) is expected
