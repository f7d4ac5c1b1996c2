"""Doubtful words decided by a list of words."""

import numpy as np
import pytest

from folio.providers.ppocr.language.lexicon import Lexicon, find_language, lexicon
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.spelling import clear_words, doubtful_words, respelled
from tests.support.recognized import part_of, recognized

ALPHABET = ("", *"abcdefghijklmnopqrstuvwxyzACDENO0123456789-:", " ")


def numbers(*words: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.sort(np.array([hash(word) for word in words], np.int64))


def listed(known: str, common: str, often: dict[str, float] | None = None) -> Lexicon:
    """Return a list whose words are said equally often, but for those of which the logarithm of their share is told."""
    words = sorted(known.split(), key=hash)
    shares = np.array([(often or {}).get(one, -10.0) for one in words], np.float32)
    return Lexicon(numbers(*words), numbers(*common.split()), shares)


LEXICON = listed("office return rare", "office return")


def said(*steps: dict[str, float], lexicon: Lexicon = LEXICON) -> list[Character]:
    characters, answer = recognized(ALPHABET, *steps)
    return respelled(
        characters,
        doubtful_words(characters, lexicon),
        lambda left, right: (part_of(answer, left, right), ALPHABET),
        lexicon,
    )


def text(characters: list[Character]) -> str:
    return "".join(one.text for one in characters)


def sure(word: str) -> list[dict[str, float]]:
    return [{one: 0.999} for one in word]


def test_a_doubtful_word_becomes_the_common_one_that_was_thought_of() -> None:
    found = said({"0": 0.7, "o": 0.2}, *sure("ffice:"), *sure(" "), *sure("return"))
    assert text(found) == "office: return"
    # As sure as the common word is likelier, and in its place.
    assert [round(one.probability, 2) for one in found[:7]] == [0.9] * 7
    assert found[0].center < found[1].center < found[6].center < found[7].center
    assert [one.probability for one in found[8:]] == [
        one.probability for one in recognized(ALPHABET, *sure("return"))[0]
    ]


def test_a_missing_letter_is_added_where_it_was_thought_of() -> None:
    assert text(said(*sure("r"), {"e": 0.9}, {"": 0.6, "t": 0.4}, *sure("urn"))) == "return"


def test_a_letter_that_is_missing_between_clear_ones_is_added_too() -> None:
    assert text(said(*sure("o"), *sure("f"), {"": 0.7, "f": 0.003, "i": 0.3}, *sure("ce"))) == "ofce"
    assert text(said(*sure("off"), {"": 0.6, "i": 0.38}, *sure("ce"))) == "office"
    assert text(said(*sure("retur"), *sure("n"), {"": 0.6, "n": 0.38}, *sure("  "))).strip() == "return"


def test_a_letter_among_digits_is_a_digit_that_was_thought_of() -> None:
    assert text(said(*sure("135"), {"o": 0.7, "0": 0.2})) == "1350"
    assert text(said(*sure("1"), {"O": 0.8, "0": 0.2}, *sure("-24"))) == "10-24"
    assert text(said({"A": 0.9, "0": 0.02}, *sure("3047"))) == "A3047"
    assert text(said(*sure("1"), {"O": 0.6, "0": 0.4})) == "1O"


def test_what_was_hardly_thought_of_is_not_written() -> None:
    assert text(said({"0": 0.99, "o": 0.01}, *sure("ffice"))) == "0ffice"
    assert text(said({"0": 0.95, "o": 0.02}, *sure("ffice"))) == "0ffice"


def test_sure_words_codes_and_known_words_stay() -> None:
    assert text(said({"0": 0.99, "o": 0.9}, *sure("ffice"))) == "0ffice"
    assert text(said({"0": 0.7, "o": 0.2}, *sure("ff1ce"))) == "0ff1ce"
    assert text(said({"c": 0.6, "r": 0.4}, *sure("are"))) == "care"  # "rare" is a word, but not a common one
    assert text(said(*sure("retur"), {"-": 0.6, "n": 0.4})) == "retur-"  # goes on in the next line


def test_a_page_s_own_clear_words_decide_too() -> None:
    page = recognized(ALPHABET, *sure("in "), *sure("darien: "), *sure("on 12345 "), *sure("end"))[0]
    assert clear_words([page]) == {"darien"}
    assert not clear_words(
        [recognized(ALPHABET, *sure("darien in"))[0], recognized(ALPHABET, *sure("in darien"))[0]]
    )  # may be parts of words
    doubtful = recognized(ALPHABET, *sure("in D"), {"a": 0.75}, *sure("rien on"))[0]
    assert not clear_words([doubtful])  # no witness for itself
    assert clear_words([doubtful, recognized(ALPHABET, *sure("in darie"), {"n": 0.8}, *sure(" on"))[0]]) == {"darien"}
    assert not clear_words([recognized(ALPHABET, *sure("in d"), {"a": 0.6}, *sure("rien on"))[0]] * 2)
    names = LEXICON.with_words(["Darien"])
    found = said(*sure("dar"), {"l": 0.7, "i": 0.3}, *sure("en"), lexicon=names)
    assert text(found) == "darien"
    assert names.has("office")
    assert not LEXICON.has("darien")


ARTICLES = listed("the tho oil old in", "the oil old", {"the": -3.0, "tho": -14.0, "in": -4.0})


def blurred(*steps: dict[str, float]) -> str:
    """Return what becomes of a word between two others."""
    found = said(*sure("in "), *steps, *sure(" of"), lexicon=ARTICLES)
    return text(found).removeprefix("in ").removesuffix(" of")


def test_a_blurred_word_is_the_one_that_texts_have_most_often_even_if_it_is_short_or_another_word() -> None:
    assert blurred(*sure("th"), {"o": 0.6, "e": 0.3}) == "the"
    assert blurred(*sure("t"), {"l": 0.6, "h": 0.1}, {"e": 0.8}) == "the"
    assert blurred({"1": 0.6, "i": 0.3}, *sure("n")) == "in"


def test_a_word_that_is_nearly_clear_stays_however_rare_it_is() -> None:
    assert blurred(*sure("th"), {"o": 0.93, "e": 0.05}) == "tho"


def test_a_blurred_word_stays_where_another_is_hardly_likelier() -> None:
    assert blurred(*sure("o"), {"i": 0.5, "l": 0.4}, {"l": 0.5, "d": 0.4}) == "oil"
    assert blurred(*sure("zw"), {"q": 0.6, "x": 0.3}) == "zwq"


def test_a_blurred_word_loses_no_letter() -> None:
    assert blurred(*sure("in"), {"n": 0.6, "": 0.39}) == "inn"


def test_what_begins_or_ends_a_line_may_be_a_part_of_a_word_and_stays() -> None:
    steps = *sure("th"), {"o": 0.6, "e": 0.3}
    assert text(said(*steps, *sure(" of"), lexicon=ARTICLES)) == "tho of"
    assert text(said(*sure("in "), *steps, lexicon=ARTICLES)) == "in tho"


def test_the_language_is_told_by_its_typical_words() -> None:
    german = ["Der", "Wald", "und", "die", "Wiesen,", "auf", "denen", "das", "Vieh", "ist"]
    assert find_language(german, ("eng", "deu")) == "deu"
    assert find_language(german, ("eng",)) is None
    assert find_language(["Total", "12.50", "of", "the"], ("eng", "deu")) is None
    assert find_language(german, ("pol",)) is None
    receipt = ["TAX", "INVOICE", "Cash", "20.00", "Change", "7.50", "Thank", "you"]
    assert find_language(receipt, ("eng", "deu")) == "eng"


@pytest.mark.parametrize(
    ("language", "common", "rare"), [("eng", "Office", "zymurgy"), ("spa", "español", "zzz"), ("deu", "über", "zzz")]
)
def test_the_installed_lists_have_common_words(language: str, common: str, rare: str) -> None:
    words = lexicon(language)
    assert words is not None
    assert (words.has(common), words.is_common(common)) == (True, True)
    assert not words.is_common(rare)
    assert not words.has("0ffice")
    assert (words.log_frequency(common) or -99) > -12 > (words.log_frequency(rare) or -99)
    assert words.log_frequency("0ffice") is None
    assert not words.is_common("ofi")  # among the short ones only the most frequent
