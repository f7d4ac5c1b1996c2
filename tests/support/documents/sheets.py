"""Sheets of paper for the steps of preparation: print, light and noise as they are wanted."""

from pathlib import Path

import cv2
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

from folio.documents.raster.pixels import Grey
from folio.models import PageImage
from folio.preprocess.borders import remove_border
from folio.preprocess.deskew import deskew
from folio.preprocess.illumination import flatten_shading, local_contrast, normalize_illumination
from folio.preprocess.noise import denoise, despeckle
from folio.preprocess.perspective import rectify_perspective
from folio.preprocess.regions import descreen, invert_dark_regions, remove_punch_holes
from folio.preprocess.scale import normalize_text_height
from folio.preprocess.threshold import binarize, binarize_locally
from folio.preprocess.watermark import remove_watermark
from folio.transform import Transform

IN_PLACE = [
    denoise, binarize, despeckle, flatten_shading, remove_border, normalize_illumination, local_contrast,
    binarize_locally, invert_dark_regions, descreen, remove_punch_holes, remove_watermark,
]  # fmt: skip
STEPS = [*IN_PLACE, deskew, normalize_text_height, rectify_perspective]
PAPER, INK = 230, 20
_TEXT = "the library opens at nine and lends books to every reader of Larkfield who has asked for a card"


def paper(height: int = 60, width: int = 90) -> Grey:
    return np.full((height, width), PAPER, np.uint8)


def print_of(letter: int, height: int = 200, width: int = 300) -> Grey:
    """Paper with rows of bars of one height, as letters are."""
    image = paper(height, width)
    for top in range(4, height - letter, 2 * letter):
        for left in range(4, width - letter, letter):
            image[top : top + letter, left : left + letter // 2] = INK
    return image


def lines_of_text(
    lines: int = 24, words: int = 8, size: tuple[int, int] = (800, 1000), height: int = 20, pitch: float = 1.7
) -> Grey:
    """Printed words in straight lines, `pitch` letter heights apart; `size` is width and height."""
    image = Image.new("L", size, PAPER)
    pen, font, vocabulary = ImageDraw.Draw(image), ImageFont.load_default(height), 2 * _TEXT.split()
    for line in range(lines):
        start = 5 * line % (len(vocabulary) // 2)
        text = " ".join(vocabulary[start : start + words])
        pen.text((80, 80 + round(pitch * height * line)), text, INK, font)
    return np.asarray(image).copy()


def grain(height: int = 600, width: int = 800, softness: float = 2.0) -> Grey:
    """Noise as soft as the grain of a photograph."""
    dots = np.random.default_rng(3).normal(0, 1, (height, width))
    soft = cv2.GaussianBlur(dots, (0, 0), softness)
    return np.clip(128 + 60 * soft / soft.std(), 0, 255).astype(np.uint8)


def page_of(image: Grey, folder: Path, to_page: Transform | None = None, dpi: float | None = 72) -> PageImage:
    """A grey PGM file, written by hand: what is tested does not write its own input."""
    height, width = image.shape
    path = folder / "page1.pgm"
    path.write_bytes(f"P5 {width} {height} 255\n".encode() + image.tobytes())
    back = to_page or Transform()
    return PageImage(number=1, path=path, width=width, height=height, dpi=dpi, to_page=back)


# Noise seldom has letters; of the examples some are print, of which some is enlarged, and some are of odd shapes.
_noise = arrays.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)))
_ribbons = st.tuples(st.integers(1, 3), st.integers(100, 700)).flatmap(
    lambda size: st.builds(np.full, st.sampled_from([size, size[::-1]]), st.integers(0, 255), st.just(np.uint8))
)
images = _noise | st.integers(4, 20).map(print_of) | _ribbons


def watermarked(page: Grey, text: str = "Sample copy", angle: float = 30, shade: int = 195, height: int = 60) -> Grey:
    """The page over copies of a text; print stays as dark as it is."""
    font = ImageFont.load_default(height)
    one = Image.new("L", (round(font.getlength(text)) + 8, 2 * height), PAPER)
    ImageDraw.Draw(one).text((4, height // 3), text, shade, font)
    one = one.rotate(angle, expand=True, fillcolor=PAPER)
    sheet = Image.new("L", page.shape[::-1], PAPER)
    for row, top in enumerate(range(-40, sheet.height, one.height + 40)):
        for left in range(-(row % 2) * one.width // 2, sheet.width, one.width + 60):
            sheet.paste(one, (left, top))
    both: Grey = np.minimum(page, np.asarray(sheet))
    return both
