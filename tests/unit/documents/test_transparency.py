"""What is drawn on transparency, or in an order of inks that nobody states, is on the gray page that is read."""

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from folio.documents.raster.images import decode

ANY = 10**9
SIZE = (200, 120)  # width and height
LOSSLESS = {"a.webp": {"lossless": True, "exact": True}}
BARS = [(20, 20, 180, 30), (20, 50, 180, 60), (20, 80, 180, 90)]  # strokes of three lines


def read(path: Path, raster: int = ANY) -> NDArray[np.int_]:
    with Image.open(decode(path, 1, path.parent, ANY, raster).path) as image:
        return np.asarray(image.resize(SIZE)).astype(int)


def drawn(mode: str, *inks: object) -> Image.Image:
    image = Image.new(mode, SIZE, 0)
    for box, ink in zip(BARS, inks, strict=True):
        ImageDraw.Draw(image).rectangle(box, fill=ink)  # type: ignore[arg-type] # a color of whatever mode
    return image


def assert_all_show(grey: NDArray[np.int_]) -> None:
    assert grey[5, 5] == 255
    assert [int(grey[top + 5, 100]) < 128 for _, top, _, _ in BARS] == [True] * 3


@pytest.mark.parametrize("raster", [ANY, 6000])
@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.tif", "a.jp2"])
@pytest.mark.parametrize("shades", [(0, 0, 0), (255, 255, 255), (0, 255, 0), (255, 200, 30)])
def test_lines_on_transparency_show_whatever_their_color(
    shades: tuple[int, ...], name: str, raster: int, tmp_path: Path
) -> None:
    image = drawn("RGBA", *((shade, shade, shade, 255) for shade in shades))
    image.save(tmp_path / name, **LOSSLESS.get(name, {}))  # type: ignore[arg-type] # what the format takes
    assert_all_show(read(tmp_path / name, raster))


def test_the_first_color_of_a_gif_may_be_transparent(tmp_path: Path) -> None:
    image = drawn("P", 1, 1, 2)
    image.putpalette([0, 0, 0, 255, 255, 255, 20, 20, 20])
    image.save(tmp_path / "a.gif", transparency=0)
    assert_all_show(read(tmp_path / "a.gif"))


def test_a_card_with_dark_text_stays_light(tmp_path: Path) -> None:
    image = Image.new("RGBA", SIZE, 0)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((5, 5, 194, 114), 20, fill=(250, 250, 250, 255))
    pen.rectangle((50, 50, 90, 56), fill=(0, 0, 0, 255))
    image.save(tmp_path / "a.png")
    grey = read(tmp_path / "a.png")
    assert grey[100, 100] == 250
    assert grey[53, 70] == 0


def test_half_transparent_edges_of_light_lines_are_soft(tmp_path: Path) -> None:
    image = drawn("LA", *[(255, 255)] * 3)
    image.putpixel((19, 25), (255, 40))
    image.save(tmp_path / "a.png")
    assert read(tmp_path / "a.png")[25, 19] == 215


def bmp(alpha: int) -> bytes:
    """32 bits with a mask for the alpha channel, as some programs write them."""
    grey = np.asarray(drawn("L", 200, 200, 200))
    pixels = np.stack([255 - grey] * 3 + [np.full(grey.shape, alpha, np.uint8)], axis=-1)[::-1].tobytes()
    masks = struct.pack("<LLLL", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<LLLHHLLLLLL", 108, *SIZE, 1, 32, 3, len(pixels), 0, 0, 0, 0)
    return b"BM" + struct.pack("<LLL", 14 + 108 + len(pixels), 0, 122) + (header + masks).ljust(108, b"\0") + pixels


@pytest.mark.parametrize("alpha", [0, 255])
def test_an_alpha_channel_that_nobody_filled_hides_nothing(alpha: int, tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    path.write_bytes(bmp(alpha))
    assert_all_show(read(path))


@pytest.mark.parametrize("inverted", [True, False])
@pytest.mark.parametrize("ink", [(0, 0, 0, 255), (255, 255, 255, 255), (255, 200, 0, 0)])
def test_cmyk_without_adobes_marker_is_taken_for_what_shows_something(
    ink: tuple[int, ...], inverted: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    image = drawn("CMYK", ink, ink, ink)
    # Pillow writes inks inverted, and says so.
    (image if inverted else Image.fromarray(255 - np.asarray(image), "CMYK")).save(path, quality=95)
    data = path.read_bytes()
    start = data.index(b"\xff\xee")
    path.write_bytes(data[:start] + data[start + 2 + int.from_bytes(data[start + 2 : start + 4]) :])
    grey = read(path)
    if not inverted or ink[:3] == (0, 0, 0):
        assert grey[5, 5] > 250
    assert abs(grey[25, 100] - grey[5, 5]) > 60
