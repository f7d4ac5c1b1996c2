"""Fonts that write downwards, as pypdf sees them in whole and in damaged files."""

from pathlib import Path

from folio.documents.pdf.vertical_fonts import has_vertical_fonts
from tests.support.documents.fonts import placed_chinese_pdf
from tests.support.documents.pdfs import PdfPage, make_pdf, text


def test_only_vertical_fonts_count(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    for encoding in (b"UniGB-UCS2-V", b"UniGB-UCS2-H"):
        path.write_bytes(placed_chinese_pdf([("床前", 40, 400)], encoding=encoding))
        assert has_vertical_fonts(path, 1) == encoding.endswith(b"V")
    path.write_bytes(make_pdf(PdfPage(content=text("word"))))
    assert not has_vertical_fonts(path, 1)


def test_damaged_files_have_none(tmp_path: Path) -> None:
    whole = placed_chinese_pdf([("床前", 40, 400)], encoding=b"UniGB-UCS2-V")
    path = tmp_path / "page.pdf"
    for data in (whole[:300], b"", whole.replace(b"/Font<</F 5 0 R>>", b"/Font 99 0 R     "), b"%PDF-1.4\n" * 50):
        path.write_bytes(data)
        assert not has_vertical_fonts(path, 1)
    path.write_bytes(whole)
    assert not has_vertical_fonts(path, 7)
