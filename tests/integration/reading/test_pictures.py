"""Pictures of odd kinds, read by Tesseract: what other programs show is in the result, and what is missing is told."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import folio
from folio.errors import UnsupportedType
from tests.support.documents.drawings import draw
from tests.support.documents.jpegs import lossless_jpeg
from tests.support.documents.tiffs import patched, tiff

PAGE = np.asarray(draw("Harbour lantern", size=(480, 130), height=36).image)


def test_a_tiff_with_a_damaged_directory_is_partial_and_says_so() -> None:
    whole = tiff(*[PAGE] * 3)
    document = folio.read(patched(whole.data, whole.directories[1], b"\xff\xff"))
    assert document.result.status == "partial"
    first, failed, last = document.result.pages
    assert (first.text, last.text) == ("Harbour lantern", "Harbour lantern")
    assert failed.error
    assert "damaged at page 2" in failed.error.message


def test_a_lossless_jpeg_is_read() -> None:
    assert folio.read(lossless_jpeg(PAGE[..., None].astype(int) * 16, 12, 1)).text == "Harbour lantern"


def test_what_nobody_decodes_is_called_not_supported() -> None:
    with pytest.raises(UnsupportedType, match="not supported"):
        folio.read(tiff(PAGE, PAGE, compression=50002).data)


@pytest.mark.parametrize("levels", [17, -17])
def test_faint_print_is_read_and_grain_is_blank(levels: int) -> None:
    random = np.random.default_rng(3)
    faint = 220 - (255 - PAGE.astype(float)) / 255 * levels + random.normal(0, 2, PAGE.shape)
    (page,) = folio.read(_png(faint)).result.pages
    assert page.text == "Harbour lantern"
    assert page.origin == "ocr"
    (page,) = folio.read(_png(220 + random.normal(0, 2, PAGE.shape))).result.pages
    assert (page.text, page.origin) == ("", "blank")


def test_one_digit_alone_is_read() -> None:
    digit = np.asarray(draw("7", size=(60, 60), height=40, at=(18, 8)).image)
    assert folio.read(_png(digit)).text == "7"


def _png(shades: NDArray[np.generic]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(shades.clip(0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


LEFT = 3 * (
    "Harbour lights are kept by a small crew of seven who row out at dusk and trim the lamps before the tide turns and "
    "the fog comes in from the north over the long stone pier "
)
RIGHT = 3 * (
    "Market days begin early with carts of apples and onions and the bell of the old town hall rings twice when the "
    "last of the fishermen has sold his catch to the inn "
)


def two_columns() -> Image.Image:
    """Prose at 44 pixels, in columns that stand no more than 40 pixels apart."""
    image, font = Image.new("L", (2480, 1754), 255), ImageFont.load_default(44)
    pen = ImageDraw.Draw(image)
    for column, text in enumerate((LEFT, RIGHT)):
        rows, row = list[str](), ""
        for word in text.split():
            longer = f"{row} {word}".strip()
            rows, row = (rows, longer) if font.getlength(longer) <= 1060 else ([*rows, row], word)
        for number, shown in enumerate(rows):
            pen.text((160 + 1100 * column, 200 + 63 * number), shown, 0, font)
    return image


@pytest.mark.slow("a page of two columns is read twice")
def test_columns_are_kept_apart_whatever_the_header_says() -> None:
    texts = []
    for dpi in (None, 96):
        buffer = io.BytesIO()
        two_columns().save(buffer, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
        texts.append(folio.read(buffer.getvalue(), providers="tesseract", languages="eng").text)
    assert texts[0] == texts[1]
    assert texts[0].index("trim") < texts[0].index("Market")
    assert not any("Harbour" in line and "Market" in line for line in texts[0].splitlines())
