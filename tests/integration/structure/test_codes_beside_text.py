"""Codes are read on pages of text layers too, in the places where a small drawing shows something like one."""

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.integration.reading.test_documents import Desk
from tests.support.documents.pdfs import PdfPage, text
from tests.support.tools import needs_tools

pytestmark = needs_tools

LINES = tuple(f"This is line {number} of a letter whose text is its own." for number in range(12))
TWO = ((300, 40), (60, 250))  # points from the lower left corner


def page_with_codes(rotate: int) -> PdfPage:
    symbol = zxingcpp.create_barcode("https://example.org/4711", zxingcpp.BarcodeFormat.QRCode).to_image(scale=8)
    drawn = b"".join(b"q 60 0 0 60 %d %d cm /P Do Q\n" % (x, y) for x, y in TWO)
    return PdfPage(picture=Image.fromarray(np.array(symbol)), content=drawn + text(*LINES), rotate=rotate)


@pytest.mark.parametrize("rotate", [0, 90, 180])
def test_two_codes_far_from_each_other_are_read_where_they_are(tmp_path: Path, rotate: int) -> None:
    desk = Desk(tmp_path)
    desk.put("letter.pdf", page_with_codes(rotate))
    (page,) = desk.result("letter.pdf", None).pages
    assert page.origin == "text-layer"
    assert page.text.split("\n")[0] == LINES[0]
    assert [code.value for code in page.codes] == ["https://example.org/4711"] * 2
    per_point = (page.dpi or 0) / 72
    middles = sorted((x + 30, 595 - y - 30) for x, y in TWO)
    turned = {0: middles, 90: [(595 - y, x) for x, y in middles], 180: [(420 - x, 595 - y) for x, y in middles]}
    read = [
        (sum(x for x, _ in code.polygon) / 4 / per_point, sum(y for _, y in code.polygon) / 4 / per_point)
        for code in page.codes
    ]
    assert sorted(read) == [pytest.approx(middle, abs=2) for middle in sorted(turned[rotate])]
