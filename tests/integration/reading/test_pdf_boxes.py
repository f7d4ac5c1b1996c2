"""Pages whose boxes or units are unusual are drawn as readers show them."""

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

import folio
from folio.config.settings import Settings
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize

TEXT = "Harbour lantern"


def page(box: tuple[int, ...] = (), unit: int = 1) -> bytes:
    """A page of 420 x 300 points with a line of 18 points."""
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(420 / unit, 300 / unit))
        shown = pdf.pages[0].obj
        if box:
            shown.CropBox = Array(box)
        if unit != 1:
            shown.UserUnit = unit
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        shown.Resources = Dictionary(Font=Dictionary(F=font))
        size, x, y = 18 / unit, 40 / unit, 200 / unit
        shown.Contents = pdf.make_stream(f"BT /F {size:.2f} Tf {x:.2f} {y:.2f} Td ({TEXT}) Tj ET".encode())
        pdf.save(buffer, min_version="1.6")
    return buffer.getvalue()


@pytest.mark.parametrize("box", [(500, 500, 700, 700), (-300, 0, -10, 300), (10, 10, 10, 10)])
def test_a_crop_box_outside_of_the_page_is_none(box: tuple[int, ...]) -> None:
    document = folio.read(page(box), dpi=150)
    assert document.text == TEXT
    assert (document.result.pages[0].width, document.result.pages[0].height) == (875, 625)


@pytest.mark.parametrize("ocr", ["auto", "always"])
def test_a_page_is_as_large_as_its_units_make_it(ocr: str) -> None:
    whole, scaled = (folio.read(page(unit=unit), ocr=ocr, dpi=150).result.pages[0] for unit in (1, 10))
    assert scaled.text == TEXT
    assert abs(scaled.width - whole.width) <= 1
    for ours, theirs in zip(scaled.lines[0].bounds, whole.lines[0].bounds, strict=True):
        assert abs(ours - theirs) <= 4


def test_limits_hold_for_a_pages_true_size(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(page(unit=50))
    settings = Settings(raster_pixels=1_000_000)
    document = open_document(path, settings, 60)
    image = rasterize(document, 1, 300, tmp_path, settings, 60)
    assert image.dpi == 202
    assert abs(image.width - 420 * 202 / 72) <= 2
