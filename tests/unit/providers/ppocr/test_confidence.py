"""How sure a word is, by its least probable character and how that was read."""

import pytest

from folio.models import Line, Word
from folio.providers.ppocr.language.lexicon import lexicon
from folio.providers.ppocr.language.ngrams import ngrams
from folio.providers.ppocr.onnx.characters import Character, Source
from folio.providers.ppocr.text.confidence import is_writing, word_confidence

SQUARE = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def sure(*probabilities: float, text: str = "a", source: Source = "exact") -> float:
    return word_confidence([Character(text, probability, 0, 8, source=source) for probability in probabilities])


def test_the_least_probable_character_decides() -> None:
    assert sure(0.99999, 0.4, 0.99999) == sure(0.4) == pytest.approx(0.36)
    assert sure(0.93, 1.0) == pytest.approx(0.79)
    assert sure(0.9996) < 0.9 < sure(0.9998)


def test_signs_tell_nothing_of_a_word_but_between_digits() -> None:
    def word(text: str, doubtful: int) -> float:
        return word_confidence([Character(one, 0.5 if at == doubtful else 1.0, 0, 8) for at, one in enumerate(text)])

    assert word("“flour,", 6) == word("“flour,", 0) == word("it's", 2) == word("$12.50", 0) == sure(1.0)
    assert word("$12.50", 3) == word("flour,", 2) == word("--", 1) == word("a,", 1) == sure(0.5)


def test_a_letter_that_was_nearly_written_makes_a_word_unsure_but_for_one_of_the_language() -> None:
    def word(text: str, at: int) -> float:
        read = [Character(one, 1.0, 0, 8, missed=0.4 if index == at else 0.0) for index, one in enumerate(text)]
        return word_confidence(read, lexicon("eng"))

    assert word("frst", 1) == sure(0.6) < word("frst", 0) == sure(1.0)
    assert word("first", 1) > 0.99
    assert word("o'clock,", 2) == word("o'clock,", 7) == word("o'clock,", 9)  # beside signs it tells nothing
    assert word("Q3", 1) == sure(0.6)


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


def test_what_is_clear_at_first_sight_is_right_more_often() -> None:
    assert (
        sure(0.997, source="quick") > 0.9 > sure(0.997, source="rough") > sure(0.5, source="rough") > sure(0.5) + 0.05
    )
    assert sure(0.97, text="東", source="rough") == sure(0.97, text="東", source="quick") > 0.9 > sure(0.97, text="東")
    assert sure(0.3, text="東", source="likely") > sure(0.3, text="東") + 0.05
    # Of a word read in two ways its least probable character tells.
    assert word_confidence([Character("a", 0.99, 0, 8), Character("b", 0.5, 8, 16, source="rough")]) == sure(
        0.5, source="rough"
    )


def test_a_word_that_the_list_decided_is_right_less_often_than_one_of_the_list_that_was_read() -> None:
    words = lexicon("eng")

    def known(source: Source) -> float:
        return word_confidence([Character(one, 0.9, 0, 8, source=source) for one in "flour"], words)

    assert known("quick") > known("rough") > known("exact") > known("spelled") + 0.02


@pytest.mark.parametrize("source", ["exact", "rough", "quick", "spelled", "likely"])
@pytest.mark.parametrize("character", ["a", "東"])
def test_it_rises_with_the_probability_and_stays_between_0_and_1(character: str, source: Source) -> None:
    steps = [sure(step / 1000, text=character, source=source) for step in range(1001)]
    assert steps == sorted(steps)
    assert len(set(steps)) == len(steps)
    assert 0 < steps[0] < steps[-1] < 1
    assert sure(1.0001, text=character, source=source) == steps[-1]  # as rounding has it


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        *(("No", 0.58, False), ("No", 0.75, True), ("None", 0.6, True), ("None", 0.3, False), ("", None, False)),
        *(("東京", 0.72, False), ("東京", 0.8, True), ("東京の空は", 0.6, False), ("東京の空は", 0.72, True)),
    ],
)
def test_less_is_believed_of_few_characters(text: str, confidence: float | None, expected: bool) -> None:
    assert is_writing(Line(text, confidence, SQUARE, (Word(text, confidence, SQUARE),))) is expected


def test_a_line_that_reads_as_writing_need_not_be_as_sure() -> None:
    def line(text: str) -> Line:
        return Line(text, 0.6, SQUARE, (Word(text, 0.6, SQUARE),))

    assert not is_writing(line("温暖化の影響"))
    assert is_writing(line("温暖化の影響"), ngrams("japanese"))
    assert not is_writing(line("丨乚丿丨乚丿"), ngrams("japanese"))
    assert not is_writing(line("影響"), ngrams("japanese"))


def test_letters_and_digits_on_a_page_of_wide_characters_are_to_be_surer() -> None:
    line = Line("200 400", 0.46, SQUARE, (Word("200", 0.46, SQUARE), Word("400", 0.46, SQUARE)))
    assert is_writing(line)
    assert not is_writing(line, ngrams("chinese"))
