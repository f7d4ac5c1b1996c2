"""How pictures go into a PDF: as they are where readers of PDF decode them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio.documents.pdf.embed import embed
from tests.support.documents.jpegs import deep_jpeg, lossless_jpeg
from tests.support.documents.tiffs import tiff

ANY = 10**9
SLOPE = np.add.outer(np.arange(24) * 5, np.arange(32) * 4).astype(np.int64)[..., None]


def test_a_jpeg_is_embedded_as_it_is(tmp_path: Path) -> None:
    Image.fromarray(SLOPE[..., 0].astype(np.uint8)).save(tmp_path / "a.jpg")
    assert b"DCTDecode" in embed(tmp_path / "a.jpg", 1, ANY).entries


@pytest.mark.parametrize("data", [lossless_jpeg(SLOPE, 8, 1), lossless_jpeg(SLOPE, 12, 4), deep_jpeg(SLOPE * 16)])
def test_a_jpeg_that_readers_of_pdf_do_not_decode_is_packed_anew(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    frame = embed(tmp_path / "a.jpg", 1, ANY)
    assert b"FlateDecode" in frame.entries
    assert b"/Width 32/Height 24/ColorSpace/DeviceGray/BitsPerComponent 8" in frame.entries


@pytest.mark.parametrize(("shade", "on_gray"), [(255, True), (0, False)])
def test_light_shapes_on_transparency_lie_on_gray(shade: int, on_gray: bool, tmp_path: Path) -> None:
    image = Image.new("LA", (40, 20), 0)
    image.paste((shade, 255), (5, 5, 30, 9))
    image.save(tmp_path / "a.png")
    frame = embed(tmp_path / "a.png", 1, ANY)
    assert frame.mask
    assert frame.on_gray is on_gray


def test_sixteen_bits_in_either_byte_order_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(tiff(SLOPE[..., 0].astype(np.uint16) * 257, order=">", big=True).data)
    assert b"/Width 32/Height 24" in embed(tmp_path / "a.tif", 1, ANY).entries
