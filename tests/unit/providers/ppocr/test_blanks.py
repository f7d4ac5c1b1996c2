"""Doubtful blanks are told by the recognizer's doubt and the gap in the ink together."""

import numpy as np
import pytest
from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.blanks import with_blanks_by_ink

HEIGHT, PITCH, GAP = 40, 30, 6


def read(text: str, *, probability: float, gap: int) -> tuple[list[Character], Grey]:
    """Return the characters of a line and its image, bars for letters, with the gap before the x.

    Where the text has a blank there, the recognizer wrote it.
    """
    image = np.full((HEIGHT, PITCH * len(text) + gap), 255, np.uint8)
    characters: list[Character] = []
    x = 5
    for one in text:
        if one == " ":
            characters.append(Character(" ", probability, x, x + 1, probability))
            continue
        x += gap - GAP if one == "x" else 0
        image[8:32, x : x + PITCH - GAP] = 0
        characters.append(Character(one, 0.99, x, x + PITCH - GAP, probability if one == "x" else 0.0))
        x += PITCH
    return characters, image


def text(characters: list[Character]) -> str:
    return "".join(one.text for one in characters)


@pytest.mark.parametrize("before", ["abcdefx", "abcdef x"], ids=["not written", "written"])
@pytest.mark.parametrize(
    ("probability", "gap", "expected"),
    [(0.4, 32, "abcdef x"), (0.7, 14, "abcdef x"), (0.3, 8, "abcdefx"), (0.4, 4, "abcdefx")],
)
def test_what_both_say_decides(before: str, probability: float, gap: int, expected: str) -> None:
    told = with_blanks_by_ink(*read(before, probability=probability, gap=gap))
    assert text(told) == expected
    assert told[-1].blank == float(" " in expected)  # there is no doubt any more
    assert all(one.probability == 1.0 for one in told if one.text == " ")


@pytest.mark.parametrize("before", ["abcdefx", "abcdef x"])
def test_what_they_do_not_tell_stays_doubtful(before: str) -> None:
    characters, image = read(before, probability=0.5, gap=8)
    assert with_blanks_by_ink(characters, image) == characters


def test_a_sure_blank_stays_whatever_the_ink_is_like() -> None:
    characters, image = read("abcdef x", probability=0.95, gap=4)
    assert with_blanks_by_ink(characters, image) == characters


def test_without_other_gaps_nothing_is_told() -> None:
    characters, image = read("abcx", probability=0.5, gap=40)
    assert with_blanks_by_ink(characters, image) == characters


def test_wide_characters_have_no_blanks() -> None:
    characters, image = read("abcdefx", probability=0.5, gap=40)
    characters[-1] = replace(characters[-1], text="中")
    assert with_blanks_by_ink(characters, image) == characters
