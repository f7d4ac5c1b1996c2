"""Which letters of a page the quick detector may have missed, and the parts of its map that are looked at again."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.lines.detection import corners_of
from folio.providers.ppocr.lines.quick_detection import areas_around, detect_quickly, doubtful_glyphs
from folio.providers.ppocr.lines.scale import detection_scale

SHAPE = (320, 640)


def rectangle(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def glyphs(*corners: tuple[int, int], height: int = 12) -> np.ndarray:
    """Return boxes of letters of a height, two thirds as wide, at the given left top corners."""
    return np.array([(x, y, x + height * 2 // 3, y + height) for x, y in corners], float)


def doubtful(boxes: np.ndarray, *lines: np.ndarray) -> list[bool]:
    flags: list[bool] = doubtful_glyphs(boxes, np.ones(len(boxes), bool), lines, SHAPE).tolist()
    return flags


LINE = rectangle(15, 15, 215, 37)
ROW = glyphs(*((x, 20) for x in range(20, 200, 12)))


def test_letters_in_a_line_are_clear() -> None:
    assert not any(doubtful(ROW, LINE))


def test_a_letter_in_no_line_is_doubtful() -> None:
    assert doubtful(np.concatenate([ROW, glyphs((600, 300))]), LINE) == [False] * len(ROW) + [True]


def test_a_letter_of_which_a_line_has_less_than_half_is_doubtful() -> None:
    assert doubtful(np.concatenate([ROW, glyphs((213, 20))]), LINE)[-1]


@pytest.mark.parametrize("height", [5, 50], ids=["dust", "a picture"])
def test_what_is_much_lower_or_higher_than_letters_is_none(height: int) -> None:
    shape = glyphs((500, 200), height=height)
    between = np.array([True] * len(ROW) + [False])
    assert not doubtful_glyphs(np.concatenate([ROW, shape]), between, [LINE], SHAPE)[-1]


def test_letters_above_each_other_in_one_line_are_doubtful() -> None:
    labels = glyphs(*((400 + x, y) for y in (20, 40, 60, 80) for x in (0, 12)))
    assert doubtful(np.concatenate([ROW, labels]), LINE, rectangle(395, 15, 425, 100))[len(ROW) :] == [True] * 8


def test_rows_in_one_wide_line_are_doubtful() -> None:
    rows = glyphs(*((x, y) for y in (20, 40, 60) for x in range(20, 200, 12)))
    assert all(doubtful(rows, rectangle(15, 15, 215, 77)))


def test_a_single_letter_may_be_higher_than_wide() -> None:
    assert not doubtful(np.concatenate([ROW, glyphs((600, 300))]), LINE, rectangle(597, 296, 611, 316))[-1]


def with_pieces(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    text_map = np.zeros((960, 960), np.float32)
    for left, top, right, bottom in boxes:
        text_map[top:bottom, left:right] = 0.9
    return text_map


def test_a_part_is_what_is_around_a_letter() -> None:
    (area,) = areas_around(glyphs((400, 400)), with_pieces((100, 100, 300, 112))) or [(0, 0, 0, 0)]
    assert area == (392, 392, 416, 420)


def test_a_part_cuts_no_line_that_it_touches() -> None:
    pieces = (100, 402, 390 + 5, 410), (100, 430, 300, 440)
    (area,) = areas_around(glyphs((400, 400)), with_pieces(*pieces)) or [(0, 0, 0, 0)]
    assert area == (100, 392, 416, 420)


def test_letters_beside_each_other_are_in_one_part() -> None:
    areas = areas_around(glyphs((400, 400), (412, 402), (100, 800)), with_pieces((700, 700, 800, 710))) or ()
    assert sorted(areas) == [(92, 792, 116, 820), (392, 392, 428, 422)]


def test_many_parts_are_not_worth_it() -> None:
    everywhere = glyphs(*((x, y) for x in range(50, 900, 100) for y in range(50, 900, 100)))
    assert areas_around(everywhere, with_pieces()) is None


def prose(rows: int = 20) -> Grey:
    """Rows of blocks as high as letters, and one at the foot of the page; large enough to be shown reduced."""
    image = np.full((1600, 1184), 255, np.uint8)
    for top in range(100, 100 + 60 * rows, 60):
        for left in range(100, 1000, 20):
            image[top : top + 20, left : left + 12] = 0
    image[1500:1520, 590:602] = 0
    return image


def all_ink(image: Grey) -> np.ndarray:
    """Return a map of all rows of blocks, each in one piece."""
    return cv2.dilate((image < 128).astype(np.float32), np.ones((5, 25)))


def all_but_the_foot(image: Grey) -> np.ndarray:
    text_map = all_ink(image)
    text_map[len(text_map) * 7 // 8 :] = 0
    return text_map


def test_what_the_quick_map_lacks_is_looked_for_in_that_part_alone() -> None:
    image = prose()
    shown: list[int] = []

    def text_map(part: Grey) -> np.ndarray:
        shown.append(part.size)
        return all_ink(part)

    lines = detect_quickly(image, detection_scale(image), all_but_the_foot, text_map) or []
    assert len(lines) == 21
    assert corners_of(lines[-1])[:, 1].mean() == pytest.approx(1510, abs=5)
    assert sum(shown) < image.size / 20


def test_a_quick_map_that_has_all_letters_stands() -> None:
    image = prose()
    assert len(detect_quickly(image, detection_scale(image), all_ink, lambda _: pytest.fail("it is shown")) or []) == 21


def test_a_quick_map_that_lacks_much_is_given_up() -> None:
    image = prose()
    assert detect_quickly(image, detection_scale(image), lambda part: 0 * all_ink(part), all_ink) is None


def cells(gap: int) -> Grey:
    """Return a page of five cells of five letters in each row, some pixels apart."""
    image = prose()
    for left in range(180, 1000, 160):
        image[:1400, left : left + gap] = 255
    return image


def test_a_page_of_cells_is_not_looked_at_quickly() -> None:
    image = cells(80)
    assert detect_quickly(image, detection_scale(image), lambda _: pytest.fail("it is shown"), all_ink) is None


def test_cells_that_only_the_map_tells_apart_are_given_up() -> None:
    image, shown = cells(28), []

    def nearer_ink(part: Grey) -> np.ndarray:
        shown.append(part.size)
        return cv2.dilate((part < 128).astype(np.float32), np.ones((5, 15)))

    assert detect_quickly(image, detection_scale(image), nearer_ink, all_ink) is None
    assert shown


def test_letters_that_stand_alone_are_no_clean_print() -> None:
    image = np.full((1600, 1184), 255, np.uint8)
    for top in range(100, 1500, 60):
        for left in range(100, 1000, 100):
            image[top : top + 20, left : left + 12] = 0
    assert detect_quickly(image, detection_scale(image), lambda _: pytest.fail("it is shown"), all_ink) is None


def test_of_few_letters_it_is_not_told_whether_they_are_clean_print() -> None:
    image = prose(1)
    assert detect_quickly(image, detection_scale(image), lambda _: pytest.fail("it is shown"), all_ink) is None


def test_a_page_that_is_shown_at_its_own_size_is_not_looked_at_quickly() -> None:
    image = np.asarray(cv2.resize(prose(), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA), np.uint8)
    scale = detection_scale(image)
    assert scale.side == max(image.shape)
    assert detect_quickly(image, scale, lambda _: pytest.fail("it is shown"), all_ink) is None
