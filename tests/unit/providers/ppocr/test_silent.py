"""Writing of which nothing is said, beside lines that are read."""

import numpy as np

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.silent import has_silent_writing, has_unclear_writing, has_unread_writing
from folio.providers.ppocr.text.crop import Crop

HEIGHT_PX = 40

Seen = tuple[Crop, list[Character]]


def line(text: str, *, heights: float = 12.0, written: float = 1.0, probability: float = 0.9) -> Seen:
    """A line so many times as long as high, written on from its left, with its text there, evenly.

    A dot stands for a place in which nothing is said.
    """
    image = np.full((HEIGHT_PX, round(HEIGHT_PX * heights)), 255, np.uint8)
    width = image.shape[1] * written
    image[10:30, : round(width) : 8] = 0
    step = width / max(1, len(text))
    characters = [
        Character(one, probability, step * index, step * (index + 1)) for index, one in enumerate(text) if one != "."
    ]
    return Crop(image, np.zeros((4, 2), np.float32)), characters


READ = [line("All human beings are"), line("born free and equal in"), line("dignity and rights they")]


def test_a_page_some_of_whose_lines_are_silent_has_silent_writing() -> None:
    assert has_silent_writing([*READ, line(""), line("")])
    assert has_silent_writing([*READ, *[line("1......................")] * 2])
    assert has_silent_writing([line("human beings............")] * 4)  # half of each line


def test_what_is_read_and_what_is_blurred_is_not_silent() -> None:
    assert not has_silent_writing(READ * 10)
    assert not has_silent_writing([line("AIl hurnan bcings arc", probability=0.4)] * 10)
    assert not has_silent_writing([line("人人生而自由在尊严")] * 10)
    assert not has_silent_writing([line("a l l h u m", written=0.5)] * 10)  # white is no writing


def test_a_signature_and_a_few_lines_of_a_long_page_are_no_script() -> None:
    assert not has_silent_writing([*READ, line("")])
    assert not has_silent_writing([*READ * 10, line(""), line("")])
    assert not has_silent_writing([line("", heights=2)] * 20)  # too short to tell


UNCLEAR = line("MLUSOLSUEYUNSLMOLIBEUMUO", probability=0.55)
SHARP = [
    line(text, probability=0.99) for text in ("All human beings are", "born free and equal in", "dignity and rights")
]


def test_lines_of_letters_none_of_which_is_clear_are_not_read_beside_sharp_ones() -> None:
    assert has_unclear_writing([*SHARP, UNCLEAR, UNCLEAR])
    assert has_unread_writing([*SHARP, UNCLEAR, UNCLEAR])
    assert not has_silent_writing([*SHARP, UNCLEAR, UNCLEAR])
    assert has_unclear_writing([*[line("人人生而自由在尊严", probability=0.99)] * 3, UNCLEAR, UNCLEAR])


def test_a_blurred_page_a_few_unclear_lines_and_what_is_no_text_are_no_script() -> None:
    blurred = [line(text, probability=0.9) for text in ("All human beings are", "born free and equal in")]
    assert not has_unclear_writing([*blurred * 2, UNCLEAR, UNCLEAR])
    assert not has_unclear_writing([*SHARP * 3, UNCLEAR, UNCLEAR])
    assert not has_unclear_writing([*SHARP, *[line("12.50 - 3,400.00 = ab", probability=0.5)] * 2])
    assert not has_unclear_writing([*SHARP, *[line("anel", heights=4, probability=0.5)] * 5])
    assert not has_unread_writing([])
