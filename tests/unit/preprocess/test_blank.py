"""Which pages need no reading: paper alone. In doubt a page is read."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.errors import EngineFailed
from folio.preprocess.blank import STRENGTHEN, ink_on, is_blank, is_blurred, strengthen
from tests.fakes.paid_provider import Grey, page_of, paper
from tests.support.documents.drawings import draw

SIZES = [(1400, 1000), (2339, 1654), (3508, 2480)]  # A4 at 120, 200 and 300 dpi
RANDOM = np.random.default_rng(1)


def shadow(height: int, width: int) -> Grey:
    """The fold of a book: paper that darkens to one side."""
    return np.tile(np.linspace(255, 90, width), (height, 1)).astype(np.uint8)


def scanned(height: int, width: int) -> Grey:
    """The unevenness of a scanner's sensor."""
    return np.clip(RANDOM.normal(235, 5, (height, width)), 0, 255).astype(np.uint8)


def dusty(height: int, width: int) -> Grey:
    image = paper(height, width)
    image[RANDOM.integers(0, height, 200), RANDOM.integers(0, width, 200)] = 0
    return image


def vignette(height: int, width: int) -> Grey:
    """A photograph of a sheet: dark in the corners."""
    down, across = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    shade: Grey = (240 - 60 * (down**2 + across**2)).astype(np.uint8)
    return shade


def word(height: int, width: int, ink: int = 0, sheet: int = 255) -> Grey:
    """One word of five letters, 8 points high on A4, its strokes two pixels or more."""
    size = height * 8 // 842
    stroke = max(2, size // 8)
    image = Image.fromarray(paper(height, width, sheet))
    draw = ImageDraw.Draw(image)
    for letter in range(5):
        left, top = width // 3 + letter * size, height // 2
        draw.ellipse((left, top, left + size * 2 // 3, top + size * 2 // 3), outline=ink, width=stroke)
    return np.asarray(image).copy()


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("look", [paper, shadow, scanned, dusty, vignette])
def test_paper_is_blank(look: Callable[[int, int], Grey], height: int, width: int, tmp_path: Path) -> None:
    assert is_blank(page_of(look(height, width), tmp_path))


@pytest.mark.parametrize("shade", [0, 1, 128, 254, 255])
def test_paper_of_any_colour_is_blank(shade: int, tmp_path: Path) -> None:
    assert is_blank(page_of(paper(300, 200, shade), tmp_path))


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("ink", [0, 100, 180])
def test_one_word_is_not_blank_though_it_is_faint(height: int, width: int, ink: int, tmp_path: Path) -> None:
    assert not is_blank(page_of(word(height, width, ink, 235), tmp_path))


@pytest.mark.parametrize(("height", "width"), SIZES)
@pytest.mark.parametrize("thickness", [1, 2, 3])
@pytest.mark.parametrize("upright", [True, False])
def test_a_hairline_is_not_blank(height: int, width: int, thickness: int, upright: bool, tmp_path: Path) -> None:
    image = paper(height, width)
    if upright:
        image[:, width // 2 : width // 2 + thickness] = 0
    else:
        image[height // 2 : height // 2 + thickness] = 0
    assert not is_blank(page_of(image, tmp_path))


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_word_on_shadow_noise_or_black_is_not_blank(height: int, width: int, tmp_path: Path) -> None:
    ink = 255 - word(height, width)
    for look in (shadow, scanned, dusty):
        assert not is_blank(page_of(np.where(ink > 128, 20, look(height, width)).astype(np.uint8), tmp_path))
    assert not is_blank(page_of(ink, tmp_path)), "white on black"


def test_a_picture_is_not_blank(tmp_path: Path) -> None:
    image = paper(1400, 1000)
    image[300:900, 200:700] = 90
    assert not is_blank(page_of(image, tmp_path))


@pytest.mark.parametrize("side", ["left", "top"])
def test_ink_at_the_very_edge_is_seen(side: str, tmp_path: Path) -> None:
    image = paper(1400, 1000)
    if side == "left":
        image[600:630, :3] = 0
    else:
        image[:3, 400:430] = 0
    assert not is_blank(page_of(image, tmp_path))


@pytest.mark.parametrize("top", [20, 690, 1360])
def test_a_word_is_seen_wherever_it_stands_on_a_page_of_shade(top: int, tmp_path: Path) -> None:
    image = shadow(1400, 1000)
    for left in range(300, 420, 8):
        image[top : top + 12, left : left + 3] = 60
    assert ink_on(page_of(image, tmp_path)) == "plain"


@pytest.mark.parametrize("height", [1400, 2339])
def test_a_shade_across_the_page_is_no_ink_where_what_is_looked_at_ends(height: int, tmp_path: Path) -> None:
    # At the ends of a strip it is not known what is around.
    image = np.full((height, 1000), 235, np.uint8)
    middle, steep = height // 2 - height // 16, np.linspace(235, 60, max(height, 2000) * 90 // 2000).astype(np.uint8)
    image[middle - steep.size // 2 : middle - steep.size // 2 + steep.size] = steep[:, None]
    image[middle - steep.size // 2 + steep.size :] = 60
    assert is_blank(page_of(image, tmp_path))


@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (2, 2), (20, 20), (1, 300), (300, 1), (1, 3000), (1, 10_000), (10_000, 1), (2, 9000)]
)
def test_paper_of_any_size_is_blank(height: int, width: int, tmp_path: Path) -> None:
    assert is_blank(page_of(paper(height, width), tmp_path))


def test_a_tiny_picture_with_a_mark_is_not_blank(tmp_path: Path) -> None:
    image = paper(20, 20)
    image[5:15, 8:12] = 0
    assert not is_blank(page_of(image, tmp_path))


def test_a_drawing_that_is_not_whole_is_no_blank_page(tmp_path: Path) -> None:
    page = page_of(paper(300, 200), tmp_path)
    page.path.write_bytes(b"")
    with pytest.raises(EngineFailed):
        is_blank(page)


def grain(height: int, width: int) -> Grey:
    """Paper whose fibers show, evenly darker and lighter."""
    small = RANDOM.normal(0, 3, (height // 12 + 2, width // 12 + 2)).astype(np.float32)
    waves = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    return np.clip(235 + waves + RANDOM.normal(0, 1, (height, width)), 0, 255).astype(np.uint8)


def printed(levels: int, noise: float) -> Grey:
    """Two lines, so many levels darker than the paper; lighter, where that is negative."""
    ink = 255 - np.asarray(draw("Harbour lantern 4821", "seven boats at dusk", size=(900, 300)).image).astype(float)
    return np.clip(220 - ink / 255 * levels + RANDOM.normal(0, noise, ink.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("levels", "noise"), [(12, 0), (12, 2), (17, 0), (17, 1), (17, 3), (-17, 0), (-17, 1)])
def test_faint_print_is_seen_and_can_be_made_black(levels: int, noise: float, tmp_path: Path) -> None:
    page = page_of(printed(levels, noise), tmp_path)
    assert ink_on(page) == "faint"
    strong = strengthen(page, tmp_path)
    image = np.asarray(Image.open(strong.path))
    truth = np.asarray(draw("Harbour lantern 4821", "seven boats at dusk", size=(900, 300)).image)
    assert strong.steps == (STRENGTHEN,)
    assert np.median(image[truth == 0]) < 90
    assert np.median(image[truth == 255]) > 240


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_grain_of_paper_is_no_print(height: int, width: int, tmp_path: Path) -> None:
    assert is_blank(page_of(grain(height, width), tmp_path))


def test_what_plainly_shows_is_not_faint(tmp_path: Path) -> None:
    assert ink_on(page_of(printed(60, 1), tmp_path)) == "plain"


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_page_is_blurred_on_which_nothing_is_sharp(height: int, width: int, tmp_path: Path) -> None:
    image = paper(height, width)
    for row in range(height // 8, height - height // 8, height // 40):
        image[row : row + height // 100, width // 8 : -width // 8 : 3] = 30
        image[row : row + height // 100, width // 8 + 1 : -width // 8 : 3] = 30
    assert not is_blurred(page_of(image, tmp_path))
    soft = cv2.GaussianBlur(image, (0, 0), height / 200).astype(np.uint8)
    assert is_blurred(page_of(soft, tmp_path))
    soft[height // 2 : height // 2 + height // 20, width // 4 : width // 2] = 0  # a sharp picture beside it
    assert not is_blurred(page_of(soft, tmp_path))


def test_a_tiny_picture_is_not_blurred(tmp_path: Path) -> None:
    image = paper(40, 120)
    image[10:30, 20:100:8] = 0
    assert not is_blurred(page_of(cv2.GaussianBlur(image, (0, 0), 0.8).astype(np.uint8), tmp_path))
    assert not is_blurred(page_of(paper(40, 120), tmp_path))
