"""Lines above each other that were found as one."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.rows import rows_of, usual_height, with_rows
from folio.providers.ppocr.text.crop import Crop, crop
from folio.transform import box

USUAL = 24  # height in pixels of the page's lines; of their digits 11


def page_of(*texts: str) -> Grey:
    """Return a page on which texts stand above each other, 18 pixels from one to the next."""
    image = np.full((40 + 18 * len(texts), 120), 230, np.uint8)
    for number, text in enumerate(texts):
        cv2.putText(image, text, (30, 31 + 18 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30,), 1, cv2.LINE_AA)
    return image


def found(*texts: str, width: int = 40) -> Crop:
    """Return texts above each other cut out as one line."""
    corners = np.array(box(25, 14, 25 + width, 37 + 18 * (len(texts) - 1)), np.float32)
    return crop(page_of(*texts), corners)


def levels(lines: Sequence[Crop]) -> list[tuple[int, int]]:
    return [(round(float(one.corners[0, 1])), round(float(one.corners[2, 1]))) for one in lines]


def is_one_line(part: Crop) -> bool:
    """Return whether a crop has one row of ink, whole, with white above and below it."""
    inked = (part.image < 150).any(1)
    return int(np.diff(inked, prepend=False, append=False).sum()) == 2 and not inked[0] and not inked[-1]


@pytest.mark.parametrize("texts", [("41", "90"), ("61", "2", "7", "15")])
def test_figures_above_each_other_are_parted_where_there_is_no_ink(texts: tuple[str, ...]) -> None:
    line = found(*texts)
    assert line.is_turned == (len(texts) > 2)  # what is much higher than wide was taken for a line that runs downwards
    parts = rows_of(line, USUAL)
    assert len(parts) == len(texts)
    assert all(is_one_line(part) and not part.is_turned for part in parts)
    tops = [top for top, _ in levels(parts)]
    assert np.allclose(np.diff(tops), 18, atol=2)
    assert all(part.corners[:, 0].min() == 25 and part.corners[:, 0].max() == 65 for part in parts)


def test_what_is_cut_out_of_the_page_at_a_part_s_corners_is_the_part() -> None:
    first, second = rows_of(found("41", "90"), USUAL)
    for part in (first, second):
        again = crop(page_of("41", "90"), part.corners).image
        assert np.abs(again.astype(int) - part.image[: len(again)]).mean() < 12


def test_large_print_is_one_line() -> None:
    image = np.full((60, 160), 230, np.uint8)
    cv2.putText(image, "Iil", (20, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.3, (30,), 3, cv2.LINE_AA)
    assert rows_of(crop(image, np.array(box(10, 5, 150, 55), np.float32)), USUAL) == []


def test_accents_belong_to_the_letters_below_them_and_dots_above_figures_do_not() -> None:
    image = page_of("12", "", "34", "56")  # of the last two the upper edges are at 56 and 74
    image[53:55, 35:39] = image[53:55, 44:48] = 30
    image[68:70, 40:45] = 30
    corners = np.array(box(25, 14, 65, 91), np.float32)
    _, (accented, _), (plain, _) = levels(rows_of(crop(image, corners), USUAL))
    assert accented <= 53
    assert plain >= 70


def test_a_line_as_high_as_the_others_is_not_looked_at() -> None:
    assert rows_of(found("41", "90"), 2 * USUAL) == []


def test_lines_that_are_clearer_apart_are_taken_apart_and_others_stay() -> None:
    long = found("4190", width=90)
    high = found("41", "90")

    def read(probability: float) -> list[Character]:
        return [Character("4", probability, 0.0, 1.0)]

    def parted(together: float, apart: float) -> int:
        lines = with_rows([long, high], lambda _: read(together), lambda _: read(apart))
        assert lines[0] is long
        return len(lines) - 1

    assert parted(0.6, 0.99) == 2
    assert parted(0.99, 0.99) == 1  # as of figures that lie on their side
    assert parted(0.99, 0.6) == 1


def test_parts_of_which_one_says_nothing_are_one_line() -> None:
    high = found("41", "90")
    says = [[Character("4", 0.99, 0.0, 1.0)], []]
    lines = with_rows([high, found("4190", width=90)], lambda _: [Character("4", 0.5, 0.0, 1.0)], lambda _: says.pop())
    assert lines[0] is high


def test_half_of_all_lines_by_their_length_are_lower_than_is_usual() -> None:
    assert usual_height([]) == 0
    assert (
        usual_height([found("4190", width=90), found("41", "90", width=20)]) == found("4190", width=90).image.shape[0]
    )
