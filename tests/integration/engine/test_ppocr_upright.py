"""Lines that run downwards shown to the recognizer upright: what it says of them, and where it is shown none."""

import cv2
import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.language.languages import JAPANESE_LANGUAGES, allowed_classes
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.onnx.networks import networks
from folio.providers.ppocr.text.answers import Answered, seen_again
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.recognition import Recognition
from folio.providers.ppocr.text.upright import Upright, lies_on_side

pytestmark = pytest.mark.slow("loads the recognizer")

PITCH, HEIGHT = 44, 48
# Strokes of characters in a square of 10.
STROKES = {
    "日": ((2, 1, 2, 9), (8, 1, 8, 9), (2, 1, 8, 1), (2, 5, 8, 5), (2, 9, 8, 9)),
    "田": ((1, 1, 1, 9), (9, 1, 9, 9), (1, 1, 9, 1), (1, 5, 9, 5), (1, 9, 9, 9), (5, 1, 5, 9)),
    "王": ((1, 1, 9, 1), (2, 5, 8, 5), (1, 9, 9, 9), (5, 1, 5, 9)),
    "山": ((5, 0, 5, 9), (1, 3, 1, 9), (9, 3, 9, 9), (1, 9, 9, 9)),
    "十": ((1, 4, 9, 4), (5, 0, 5, 10)),
}
TEXT = "山日山王山十山田"


def column() -> Grey:
    """A column of the text, from the top down."""
    image = np.full((PITCH * len(TEXT), HEIGHT), 255, np.uint8)
    for index, text in enumerate(TEXT):
        for x0, y0, x1, y1 in STROKES[text]:
            top = PITCH * index + 5
            cv2.line(image, (8 + 3 * x0, top + 3 * y0), (8 + 3 * x1, top + 3 * y1), (0,), 3, cv2.LINE_AA)
    return image


def characters(doubtful: int) -> list[Character]:
    return [
        Character(text, 0.5 if index == doubtful else 0.995, PITCH * index + 17, PITCH * index + 27)
        for index, text in enumerate(TEXT)
    ]


def line(image: Grey) -> Crop:
    height, width = image.shape
    down = np.array([(48, 0), (48, width), (48 - height, width), (48 - height, 0)], np.float32)
    return Crop(image, down)


def upright() -> Upright:
    """Upright for a page on which any character may stand."""
    classes = allowed_classes(networks().characters, JAPANESE_LANGUAGES)
    assert classes is not None
    return Upright(networks(), [networks().characters[index] for index in classes.tolist()])


def answered(crop: Crop) -> Answered:
    recognition = Recognition(crop, networks(), ())
    classes = allowed_classes(networks().characters, JAPANESE_LANGUAGES)
    return Answered(*recognition.answer(0.0, crop.length, classes), recognition.step)


def test_a_doubtful_character_is_read_upright() -> None:
    crop = line(np.ascontiguousarray(column().T[::-1]))
    before, page = answered(crop), upright()
    for index in range(1, len(TEXT) - 1):
        read = characters(index)
        seen = page.answer(crop, read, before)
        assert seen
        assert [middle is not None for middle in seen.middles] == [abs(at - index) <= 1 for at in range(len(TEXT))]
        assert seen_again(read, index, seen) is not None


def test_lines_whose_characters_stand_already_are_not_shown_lying_and_soon_not_tried() -> None:
    standing = np.hstack([column()[PITCH * at : PITCH * (at + 1)] for at in range(len(TEXT))])
    crop = line(np.asarray(cv2.resize(standing, (PITCH * len(TEXT), HEIGHT)), np.uint8))
    before, page = answered(crop), upright()
    assert [page.answer(crop, characters(3), before) for _ in range(8)] == [None] * 8
    assert not page.is_tried(crop)


def test_a_page_whose_lines_run_downwards_lies_on_its_side_unless_their_characters_stand_in_columns() -> None:
    standing = np.hstack([column()[PITCH * at : PITCH * (at + 1)] for at in range(len(TEXT))])
    row = line(np.asarray(cv2.resize(standing, (PITCH * len(TEXT), HEIGHT)), np.uint8))
    stack = line(np.ascontiguousarray(column().T[::-1]))
    for crop, is_side in ((row, True), (stack, False)):
        assert lies_on_side(networks(), [crop], lambda _: characters(-1)) == is_side
    assert not lies_on_side(networks(), [row], lambda _: characters(-1)[:3])  # too few tell nothing
