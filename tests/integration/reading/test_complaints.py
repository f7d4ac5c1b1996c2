"""Text layers of pages that poppler complains about."""

from pathlib import Path

import pytest

from tests.integration.reading.test_documents import Desk
from tests.integration.reading.test_textlayer import STORY, origins
from tests.support.documents.pdfs import PdfPage, text
from tests.support.tools import needs_tools

pytestmark = needs_tools


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_page_that_poppler_complains_about_is_not_trusted(desk: Desk) -> None:
    desk.put("scratched.pdf", PdfPage(content=text(*STORY) + b"q /Missing Do Q"))
    assert origins(desk.result("scratched.pdf")) == ["ocr"]


def test_number_that_poppler_cannot_read_costs_no_trust(desk: Desk) -> None:
    """It is lost to the drawing too: OCR would read no more."""
    desk.put("exponent.pdf", PdfPage(content=text(*STORY) + b"BT 7.1e-06 0 Td ET"))
    (page,) = desk.result("exponent.pdf").pages
    assert (page.origin, page.text) == ("text-layer", "\n".join(STORY))
    assert any("poppler complained" in warning for warning in page.warnings)
