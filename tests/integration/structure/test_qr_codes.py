"""QR codes of invoices as witnesses, on drawings."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from folio.documents.raster import pixels
from folio.models import Field, PageImage
from folio.structure.codes import codes_on
from folio.structure.fields.qr_codes import witnessed

DIGITAL = "01,32,,24990000000000000017,113.00,20240506,,AB12"
PAPER = "01,10,099001900678,20092260,100.00,20240506,78419547861236124199,1B2C,"


def drawn(folder: Path, *texts: str, shrink: float = 1.0) -> PageImage:
    page = np.full((1000, 1400), 245, np.uint8)
    for number, text in enumerate(texts):
        code = np.array(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5))
        page[60 : 60 + code.shape[0], 60 + 500 * number : 60 + 500 * number + code.shape[1]] = code
    small = np.asarray(cv2.resize(page, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    pixels.save(small, folder / "page.pgm")
    return PageImage(number=1, path=folder / "page.pgm", width=small.shape[1], height=small.shape[0], dpi=None)


def field(name: str, value: str, paper: int = 1) -> Field:
    return Field(name=name, value=value, provider_name=name, paper=paper)


@pytest.mark.parametrize("shrink", [1.0, 0.6])
def test_codes_are_read(tmp_path: Path, shrink: float) -> None:
    assert {code.value for code in codes_on(drawn(tmp_path, DIGITAL, PAPER, shrink=shrink))} == {DIGITAL, PAPER}


def test_a_page_without_a_code_has_none(tmp_path: Path) -> None:
    assert codes_on(drawn(tmp_path)) == ()


def test_fields_are_held_to_the_code_that_has_their_number() -> None:
    fields = (
        field("invoice_number", "24990000000000000017"), field("invoice_date", "2024-05-08"),
        field("total_amount", "113.00"), field("invoice_code", "099001900678", 2),
        field("invoice_number", "20092268", 2), field("check_code", "78419547861236124199", 2),
        field("amount_without_tax", "100.00", 2), field("invoice_number", "11111111", 3),
    )  # fmt: skip
    checks = [one.check for one in witnessed(fields, (DIGITAL, PAPER, "https://example.org"))]
    assert checks == ["passed", "failed", "passed", "passed", "failed", "passed", "passed", "unchecked"]
    assert [one.value for one in witnessed(fields, (PAPER,))] == [one.value for one in fields]
