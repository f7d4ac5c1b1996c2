"""A code that holds something private can be read no more: not in the result, the PDF, or a report's pictures."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from folio.documents.pdf import poppler
from tests.integration.reading.test_redaction import KINDS, read
from tests.integration.reading.test_redaction_everywhere import inspected, leaks, recorded, written
from tests.support.documents.pdfs import PICTURE, PdfPage, make_pdf, text, words
from tests.support.documents.private_files import EMAIL, PHONE
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("pages are read by the real engine, drawn and searched for codes")]

CARD_OF_ANN = f"BEGIN:VCARD\nN:Ann Reed\nTEL:{PHONE}\nEMAIL:{EMAIL}\nEND:VCARD"
HARMLESS = "https://harbour.test/map"


def sheet() -> Image.Image:
    page = words("Ann Reed, harbour survey", size=(1240, 1754))
    for value, kind, at in (
        (CARD_OF_ANN, zxingcpp.BarcodeFormat.QRCode, (100, 500)),
        (PHONE, zxingcpp.BarcodeFormat.Code128, (100, 1200)),
        (HARMLESS, zxingcpp.BarcodeFormat.QRCode, (800, 500)),
    ):
        page.paste(Image.fromarray(np.asarray(zxingcpp.create_barcode(value, kind).to_image(scale=5), np.uint8)), at)
    return page


def values_on(picture: Image.Image) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(np.asarray(picture.convert("L"), np.uint8))}


def saved(name: str, folder: Path) -> Path:
    path = folder / name
    if path.suffix == ".png":
        sheet().save(path)
    else:
        own = PICTURE + text("A page with text of its own.") if path.name.startswith("with") else None
        path.write_bytes(make_pdf(PdfPage(content=own, picture=sheet())))
    return path


@pytest.mark.parametrize(
    ("name", "codes"), [("scan.pdf", "auto"), ("scan.pdf", "never"), ("photo.png", "never"), ("with-text.pdf", "auto")]
)
def test_no_output_has_a_code_that_says_it(name: str, codes: str, tmp_path: Path) -> None:
    document = saved(name, tmp_path)
    assert CARD_OF_ANN in values_on(sheet())
    result, store = read(document, codes=codes, outputs="text,pdf,html")
    (page,) = result.pages
    assert len([one for one in page.redactions if one.kind == "phone"]) >= 2
    assert (len(page.codes) == 3) == (codes == "auto")
    assert leaks([PHONE, EMAIL], recorded(store) | written(document.parent, document.name)) == []
    drawn = document.parent / "drawn"
    drawn.mkdir()
    pdf = document.parent / f"{document.name}.ocr" / "searchable.pdf"
    with Image.open(poppler.draw(pdf, 1, 300, drawn, 60).path) as picture:
        assert values_on(picture) == {HARMLESS}
    report = inspected(document, codes=codes, redact=KINDS)
    shown = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", report)
    assert shown
    for data in shown:
        assert values_on(Image.open(io.BytesIO(base64.b64decode(data)))) <= {HARMLESS}
    assert leaks([PHONE, EMAIL], {"report.html": report.encode()}) == []
