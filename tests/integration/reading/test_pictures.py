"""Pictures of odd kinds, read by Tesseract: what other programs show is in the result, and what is missing is told."""

import numpy as np
import pytest

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
