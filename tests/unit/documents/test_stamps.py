"""Stamps on colored pictures are taken off, and nothing else is."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from folio.documents.raster.images import decode
from folio.documents.raster.stamps import without_stamps

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
    grey, (stamp,) = without_stamps(page(color))
    plain = np.asarray(page().convert("L"), np.int16)
    left, top, right, bottom = stamp.box
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


def stamped(*, apart: int, colors: tuple[tuple[int, int, int], tuple[int, int, int]], askew: float = 0) -> Image.Image:
    """A page with a round stamp and one with corners, which begins so many pixels to the right of it."""
    pixels = np.array(page(colors[0]))
    stamp = np.full_like(pixels, 255)
    cv2.rectangle(stamp, (755 + apart, 620), (1055 + apart, 740), colors[1], 8)
    cv2.putText(stamp, "RECEIVED", (790 + apart, 695), cv2.FONT_HERSHEY_SIMPLEX, 1.5, colors[1], 4)
    turn = cv2.getRotationMatrix2D((905 + apart, 680), askew, 1)
    turned = cv2.warpAffine(stamp, turn, (1200, 1600), borderValue=(255, 255, 255))
    return Image.fromarray(np.minimum(pixels, turned))


@pytest.mark.parametrize(
    ("apart", "colors", "askew"),
    [
        (60, (RED, BLUE), 0),
        (60, (RED, RED), 7),
        (16, (RED, RED), 0),  # white space as narrow as a gap in an edge
        (-80, (RED, BLUE), 0),  # one over the other
        (-80, (BLUE, RED), 4),
    ],
)
def test_each_of_two_stamps_is_told(
    apart: int, colors: tuple[tuple[int, int, int], tuple[int, int, int]], askew: float
) -> None:
    grey, stamps = without_stamps(stamped(apart=apart, colors=colors, askew=askew))
    found = sorted(one.box for one in stamps)
    assert len(found) == 2
    assert abs(found[0][0] - 445) < 20
    assert abs(found[1][2] - 1055 - apart) < 20
    if apart > 0:
        plain = np.asarray(page().convert("L"), np.int16)
        assert np.percentile(np.abs(np.asarray(grey, np.int16) - plain), 99.9) < 60


def test_a_printed_box_and_a_yellow_ring_are_no_stamps() -> None:
    box = np.full((1600, 1200, 3), 255, np.uint8)
    cv2.rectangle(box, (300, 300), (700, 420), BLUE, 6)
    cv2.putText(box, "A printed box", (330, 380), cv2.FONT_HERSHEY_SIMPLEX, 1.4, BLUE, 4)
    ring = np.full((1600, 1200, 3), 255, np.uint8)
    cv2.circle(ring, (600, 700), 150, (255, 190, 0), 10)
    for pixels in (box, ring):
        assert without_stamps(Image.fromarray(pixels))[1] == ()


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


def test_a_stamp_on_a_form_printed_in_brown_is_told() -> None:
    """The form's lines run through the stamp, and are red by the same measure, but dark."""
    pixels = np.asarray(page(RED)).copy()
    form = np.full_like(pixels, 255)
    for column in range(100, 1100, 90):
        form[200:1400, column : column + 4] = (122, 74, 40)
    form[700:704, 100:1100] = (122, 74, 40)
    _, (stamp,) = without_stamps(Image.fromarray(np.minimum(pixels, form)))
    left, top, right, bottom = stamp.box
    assert max(abs(left - 445), abs(top - 545), abs(right - 755), abs(bottom - 855)) < 20
