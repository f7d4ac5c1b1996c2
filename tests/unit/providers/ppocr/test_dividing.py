"""Blanks that the recognizer did not write, decided by a list of words."""

import numpy as np
import pytest

from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.dividing import blanks_by_words


def lexicon(known: str, common: str) -> Lexicon:
    of, frequent = (np.sort(np.array([hash(word) for word in words.split()], np.int64)) for words in (known, common))
    return Lexicon(of, frequent, np.zeros(len(of), np.float32))


LEXICON = lexicon("total summary be low below ad justice e of name", "total be low of name e")


def divided(text: str, blank: float = 0.0) -> str:
    """Return a line with the blanks that it has in the end; "|" is one of the ink, "_" a place of no blank."""
    letters = text.replace("|", "").replace("_", "")
    places = {mark: set() for mark in "|_"}  # type: dict[str, set[int]]
    count = 0
    for one in text:
        if one in places:
            places[one].add(count)
        else:
            count += 1
    characters = [
        Character(one, 0.9, 10 * index, 10 * index + 8, blank if index in places["_"] else 0.0)
        for index, one in enumerate(letters)
    ]
    decided = blanks_by_words(characters, places["|"], LEXICON)
    return "".join("|" * (index in decided) + one for index, one in enumerate(letters))


@pytest.mark.parametrize(
    ("ink", "words"),
    [
        ("Tota|l: 12|50", "Total: 12|50"),
        ("(T|ot|al)|12", "(Total)|12"),
        ("Su|mmary|To|tal", "Summary|Total"),
        ("be|low", "be|low"),  # each is a word as well
        ("Kenar|i", "Kenar|i"),
        ("A|l", "A|l"),
    ],
)
def test_a_gap_is_no_blank_within_a_word(ink: str, words: str) -> None:
    assert divided(ink) == words


def test_common_words_without_a_gap_are_parted_where_the_recognizer_thought_of_a_blank() -> None:
    assert divided("of_name: 12", 0.01) == "of|name: 12"
    assert divided("of_name", 0.001) == "ofname"
    assert divided("be_low", 0.5) == "below"  # a word
    assert divided("of_nama", 0.5) == "ofnama"
    assert divided("total_e_name", 0.01) == "total|e|name"
    assert divided("total_l", 0.5) == "totall"
