"""PDF/A of pictures, and of documents of which none can be made, or only pictures."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from folio.documents.opening import open_document
from folio.outputs.pdf.pdfa.writer import ArchivedPdf
from tests.integration.reading.test_pdfa import archived, likeness
from tests.integration.reading.test_searchable import BOXES, found_at, text_in
from tests.support.defaults import settings as english_settings
from tests.support.documents.fonts import chinese_pdf
from tests.support.documents.pdfa import violations
from tests.support.documents.pdfa_faults import (
    base,
)
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.paths import DATA
from tests.support.tools import needs_tools

pytestmark = needs_tools
SETTINGS = english_settings()


def cmyk_jpeg() -> bytes:
    buffer = io.BytesIO()
    words("Larkfield").convert("CMYK").save(buffer, "JPEG")
    return buffer.getvalue()


def translucent_png() -> bytes:
    buffer = io.BytesIO()
    picture = words("Larkfield").convert("RGBA")
    picture.putalpha(200)
    picture.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "is_drawn"),
    [(cmyk_jpeg, True), (translucent_png, False), ((DATA / "chinese.png").read_bytes, False)],
)
def test_of_pictures_too(content: Callable[[], bytes], is_drawn: bool, tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(content())
    files, warnings = archived(source, tmp_path, ("pdf", "pdfa"))
    assert [("CMYK" in warning) for warning in warnings] == [True] * is_drawn
    assert violations(files["pdfa"]) == []
    assert likeness(files["pdfa"], files["pdf"]) < 3
    assert text_in(files["pdfa"]).split() == text_in(files["pdf"]).split() != []


def test_a_font_of_an_older_invisible_layer_may_be_missing(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(content=text("unseen", style=b"3 Tr"))))
    document = open_document(source, SETTINGS, 60)
    made = ArchivedPdf(tmp_path, document, SETTINGS)
    path = made.finish(source)
    assert path
    assert made.warnings == []
    assert violations(path) == []
    assert "unseen" in text_in(path)


def test_chinese_fonts_that_are_not_in_the_file_make_a_picture(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(chinese_pdf())
    files, warnings = archived(source, tmp_path)
    assert "a font is not in the file" in warnings[0]
    assert violations(files["pdfa"]) == []


def test_an_encrypted_document_is_refused_with_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x")), user_password=""))
    files, warnings = archived(source, tmp_path)
    assert files == {}
    assert warnings[-1] == "No PDF/A was made: the document is encrypted, and a PDF/A may not be."


def test_of_a_damaged_document_pages_are_drawn(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"junk before\n" + base())  # offsets that count from nowhere: nothing can be added to it
    files, warnings = archived(source, tmp_path, ("pdf", "pdfa"))
    assert list(files) == ["pdfa"]
    assert warnings[-1].endswith("the document is damaged.")
    assert violations(files["pdfa"]) == []
    assert found_at(files["pdfa"], BOXES["lantern"]) == "lantern"


def test_too_many_pictures_are_refused_with_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(*[PdfPage(content=text("Helvetica"))] * 3))
    made = ArchivedPdf(tmp_path, open_document(source, SETTINGS, 60), SETTINGS, max_drawn=2)
    assert made.finish(source) is None
    assert made.warnings == [
        "No PDF/A was made: more than 2 pages would have to be drawn as pictures; split the document."
    ]
