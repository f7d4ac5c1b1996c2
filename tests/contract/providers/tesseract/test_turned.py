"""Tesseract and pages on their head or side: our own two documents, turned, as recipes auto and receipt have them."""

import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio.config.options import Options, Recipe
from folio.deadline import Deadline
from folio.models import PageImage, PageText, Word
from folio.preprocess.recipes import prepare
from folio.providers.cost import Ledger
from folio.providers.tesseract.engine import Tesseract
from tests.support.paths import DATA
from tests.support.tools import NO_TOOLS

pytestmark = [
    pytest.mark.slow("whole pages are prepared, turned, and read several times"),
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason=NO_TOOLS),
]

LANGUAGES = {"english.pdf": "eng", "chinese.png": "chi_sim"}
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@cache
def drawing(name: str) -> Image.Image:
    if name.endswith(".pdf"):
        from pdf2image import convert_from_path

        return convert_from_path(str(DATA / name), 200)[0].convert("L")
    return Image.open(DATA / name).convert("L")


def read(name: str, degrees: int, folder: Path, recipe: Recipe = "auto") -> tuple[Image.Image, PageText]:
    """The document turned clockwise, and what is read of it."""
    image = drawing(name).transpose(TURNS[degrees]) if degrees else drawing(name)
    path = folder / "page1.pgm"
    image.save(path)
    page = PageImage(number=1, path=path, width=image.width, height=image.height, dpi=200)
    prepared = prepare(page, recipe, folder)
    assert prepared is page or recipe != "auto", "straight and large enough"
    options = Options(languages=(LANGUAGES[name],), recipe=recipe)
    return image, Tesseract().recognize(prepared, options, Deadline(), Ledger())


def long_words(text: PageText) -> list[Word]:
    return [word for line in text.lines for word in line.words if len(word.text) > 2]


def along(word: Word) -> tuple[int, int]:
    """Which way the text runs: to the right (1, 0), down (0, 1), left (-1, 0) or up (0, -1)."""
    (x, y), (right, below), *_ = word.polygon
    return (int(np.sign(right - x)), 0) if abs(right - x) > abs(below - y) else (0, int(np.sign(below - y)))


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("name", LANGUAGES)
def test_a_turned_page_is_read_as_well_as_an_upright_one(name: str, degrees: int, tmp_path: Path) -> None:
    _, upright = read(name, 0, tmp_path)
    image, turned = read(name, degrees, tmp_path)
    known, found = {word.text for word in long_words(upright)}, {word.text for word in long_words(turned)}
    assert len(known & found) >= 0.9 * len(known)
    pixels = np.asarray(image)
    for word in long_words(turned):
        left, top, right, bottom = (round(edge) for edge in word.bounds)
        assert (pixels[top:bottom, left:right] < 128).mean() > 0.05, "there is ink"


@pytest.mark.parametrize(
    ("degrees", "way"),
    [
        (0, (1, 0)),
        (90, (0, 1)),
        (180, (-1, 0)),
        (270, (0, -1)),
    ],
)
@pytest.mark.parametrize("name", LANGUAGES)
def test_polygons_begin_where_the_text_begins(name: str, degrees: int, way: tuple[int, int], tmp_path: Path) -> None:
    _, turned = read(name, degrees, tmp_path)
    assert turned.rotation == -degrees % 360, "clockwise degrees that make it upright"
    words = [word for word in long_words(turned) if len(word.text) > 3 or name.endswith(".pdf")]
    assert sum(along(word) == way for word in words) >= 0.9 * len(words)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_receipt_is_not_lost(degrees: int, tmp_path: Path) -> None:
    """Read as one column, a page on its side would be empty."""
    _, upright = read("english.pdf", 0, tmp_path, "receipt")
    _, turned = read("english.pdf", degrees, tmp_path, "receipt")
    known, found = {word.text for word in long_words(upright)}, {word.text for word in long_words(turned)}
    assert len(known & found) >= 0.9 * len(known) > 0
