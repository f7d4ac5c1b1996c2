"""Writing of which nothing is said, beside lines that are read."""

import numpy as np

from folio.providers.ppocr.characters import Character
from folio.providers.ppocr.recognition import Crop
from folio.providers.ppocr.silent import has_silent_writing

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
