"""Blanks of monospaced print, told by the cells in which its characters stand."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

import numpy as np
import pytest

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.ink import Ink
from folio.providers.ppocr.text.monospaced import blanks_by_pitch, find_pitches

HEIGHT, PITCH, STEP = 40, 20, 4
CODE = "for name in list.values: print(name)"
NARROW = ".,:()il"  # whose ink is a quarter of a cell


def characters(text: str, seed: int = 0, widths: Sequence[int] = ()) -> list[Character]:
    """Return a line without its blanks, its middles as far off as the recognizer's steps are."""
    chance = Random(seed)
    starts = [0, *accumulate(widths or [PITCH] * len(text))]
    found = []
    for one, start, end in zip(text, starts, starts[1:], strict=False):
        middle = (start + end) / 2 + chance.uniform(-STEP / 2, STEP / 2)
        found.append(Character(one, 0.9, middle - STEP, middle + STEP))
    return [one for one in found if one.text != " "]


def ink(text: str) -> Ink:
    """Return the same line as bars in the middle of their cells."""
    image = np.full((HEIGHT, PITCH * len(text)), 255, np.uint8)
    for index, one in enumerate(text):
        half = PITCH // 8 if one in NARROW else PITCH * 3 // 8
        if one != " ":
            middle = PITCH * index + PITCH // 2
            image[8:32, middle - half : middle + half] = 0
    return Ink(image)


def blanks(text: str, pitches: Sequence[float], printed: str = "") -> str:
    """Return a line with the blanks that the cells tell, and "?" where they do not."""
    read = characters(text)
    decided = blanks_by_pitch(read, ink(printed or text), pitches)
    signs = ["", *({True: " ", False: "", None: "?"}[decided.get(index)] for index in range(1, len(read)))]
    return "".join(sign + one.text for sign, one in zip(signs, read, strict=True))


def test_lines_that_agree_tell_their_pitch() -> None:
    assert find_pitches([characters(CODE, seed) for seed in range(3)]) == pytest.approx((PITCH,), rel=0.02)


def test_one_line_alone_is_not_believed() -> None:
    assert find_pitches([characters(CODE)]) == ()


def test_proportional_lines_have_no_pitch() -> None:
    chance = Random(7)
    widths = [[chance.choice((7, 9, 12, 18, 21, 24, 30)) for _ in CODE] for _ in range(20)]
    assert find_pitches([characters(CODE, seed, one) for seed, one in enumerate(widths)]) == ()


def test_a_line_with_chinese_has_none_since_that_takes_two_cells() -> None:
    assert find_pitches([characters(CODE + "中", seed) for seed in range(3)]) == ()


@pytest.mark.parametrize("text", [CODE, "total: 1.484 (il) 7,850,673", "Ill. Fill; 11:11:11 ill"])
def test_an_empty_cell_is_a_blank_and_wide_room_beside_narrow_characters_is_none(text: str) -> None:
    assert blanks(text, (PITCH,)) == text


def test_short_lines_are_judged_by_the_pitch_of_their_page() -> None:
    assert blanks("12 345", (PITCH,)) == "12 345"
    assert blanks("12 345", ()) == "1?2?3?4?5"


def test_a_line_of_twice_the_pitch_is_none_of_those_cells() -> None:
    assert blanks("33.90", (PITCH / 2,)) == "3?3?.?9?0"


@pytest.mark.parametrize(
    ("read", "printed", "words"),
    [
        ("fetch orders by name", "fetch_orders by name", "fetch?orders by name"),
        ("fetch_orders by name", "fetch orders by name", "fetch?_?orders by name"),
    ],
)
def test_what_cells_and_ink_do_not_both_say_is_left(read: str, printed: str, words: str) -> None:
    assert blanks(read, (PITCH,), printed) == words
