"""Stamps on colored pictures are taken off, and nothing else is."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from folio.documents.images import decode
from folio.documents.stamps import without_stamps

RED, BLUE = (205, 40, 40), (40, 60, 180)


def page(color: tuple[int, int, int] | None = None, *, filled: bool = False) -> Image.Image:
    """Black lines across a white page, with a round stamp over them or none."""
    pixels = np.full((1600, 1200, 3), 255, np.uint8)
    for row in range(200, 1400, 40):
        pixels[row : row + 3, 100:1100] = 20
    if color:
        stamp = np.full_like(pixels, 255)
        cv2.circle(stamp, (600, 700), 150, color, -1 if filled else 10)
        if not filled:
            cv2.putText(stamp, "APPROVED", (500, 710), cv2.FONT_HERSHEY_SIMPLEX, 1.3, color, 4)
        pixels = np.minimum(pixels, stamp)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("color", [RED, BLUE])
def test_what_a_stamp_covers_is_as_it_is_without_one(color: tuple[int, int, int]) -> None:
    grey, boxes = without_stamps(page(color))
    plain = np.asarray(page().convert("L"), np.int16)
    ((left, top, right, bottom),) = boxes
    assert max(abs(left - 445), abs(top - 545), abs(right - 755), abs(bottom - 855)) < 20
    difference = np.abs(np.asarray(grey, np.int16) - plain)
    assert np.percentile(difference, 99.9) < 40
    assert (np.asarray(grey)[plain < 100] < 110).all()  # the lines are there


def test_a_page_without_stamps_is_converted_as_ever() -> None:
    heading = np.array(page())
    cv2.putText(heading, "A RED HEADING ACROSS", (100, 150), cv2.FONT_HERSHEY_SIMPLEX, 2.6, RED, 8)
    for picture in (page(), page(RED, filled=True), Image.fromarray(heading)):
        grey, boxes = without_stamps(picture)
        assert boxes == ()
        assert (np.asarray(grey) == np.asarray(picture.convert("L"))).all()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_stamp_is_told_where_it_is_on_the_upright_page(tmp_path: Path, orientation: int) -> None:
    stored_by = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    stored = page(RED).transpose(stored_by[orientation]) if orientation > 1 else page(RED)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "page.jpg", quality=95, exif=exif)
    picture = decode(tmp_path / "page.jpg", 1, tmp_path, 10**9, 10**8)
    ((left, _, _, bottom),) = picture.stamps
    assert abs(left - 445) < 20
    assert abs(bottom - 855) < 20
