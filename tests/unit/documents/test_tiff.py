"""Which pictures of a TIFF are pages, and what is said where its chain of directories is damaged."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio.documents.raster.images import decode, identify
from folio.errors import DamagedDocument
from tests.support.documents.tiffs import Tiff, patched, tiff

ANY = 10**9
PICTURES = [np.full((12, 10 + number), 20 * number, np.uint8) for number in range(1, 7)]


def pages(path: Path) -> list[int]:
    """The shade of each page; -1 where the chain is damaged."""
    return [shade(path, number) for number in range(1, identify(path)[1] + 1)]


def shade(path: Path, number: int) -> int:
    try:
        picture = decode(path, number, path.parent, ANY, ANY)
    except DamagedDocument as error:
        return -1 if "chain of directories is damaged" in error.message else -2
    with Image.open(picture.path) as image:
        result = np.asarray(image)
    assert result.shape[1] == 10 + result[0, 0] // 20
    return int(result[0, 0])


def with_count(whole: Tiff, index: int, count: int) -> bytes:
    return patched(whole.data, whole.directories[index], struct.pack("<H", count))


def with_next(whole: Tiff, index: int, offset: int) -> bytes:
    return patched(whole.data, whole.directories[index] + 2 + 10 * 12, struct.pack("<L", offset))


WHOLE = tiff(*PICTURES)


@pytest.mark.parametrize(
    ("data", "shades"),
    [
        (WHOLE.data, [20, 40, 60, 80, 100, 120]),
        (with_count(WHOLE, 3, 65535), [20, 40, 60, -1, 100, 120]),
        (with_count(WHOLE, 0, 65535), [-1, 40, 60, 80, 100, 120]),
        (with_count(WHOLE, 3, 0), [20, 40, 60, -1]),
        (with_next(WHOLE, 2, 10**9), [20, 40, 60, -1]),
        (with_next(WHOLE, 2, WHOLE.directories[0]), [20, 40, 60, -1]),
        (patched(WHOLE.data, WHOLE.directories[3] + 2, b"\xee" * 120), [20, 40, 60, -1]),
        (WHOLE.data[: WHOLE.directories[4] + 50], [20, 40, 60, 80, -1]),
    ],
)
def test_a_damaged_directory_is_a_page_that_says_so(data: bytes, shades: list[int], tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    assert pages(path) == shades


@pytest.mark.parametrize("big", [True, False])
@pytest.mark.parametrize(
    ("kinds", "shades"),
    [
        ([0, 1, 0, 1, 0, 1], [20, 60, 100]),
        ([0, 1, 1, 1, 4, 5], [20]),
        ([2, 2, 2, 3, 3, 2], [20, 40, 60, 120]),
        ([1] * 6, [20, 40, 60, 80, 100, 120]),
    ],
)
def test_smaller_copies_and_masks_are_no_pages(kinds: list[int], shades: list[int], big: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(tiff(*PICTURES, kinds=kinds, big=big).data)
    assert pages(path) == shades


def test_a_file_that_was_replaced_is_counted_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(WHOLE.data)
    assert identify(path)[1] == 6
    path.write_bytes(tiff(*PICTURES[:2]).data)
    assert identify(path)[1] == 2
