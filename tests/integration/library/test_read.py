"""The three lines of Python, with the real engine."""

import tempfile
from pathlib import Path

import pytest

import folio
from folio.errors import UnknownLanguage
from folio.models import PDF, Result, decode
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.processes.running import folio as command
from tests.support.tools import needs_tools

pytestmark = needs_tools


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sign.png"
    words("lantern harbour", size=(640, 120), at=(40, 30)).save(path)
    return path


def test_a_picture_is_read_with_boxes_and_saved_as_a_searchable_pdf(picture: Path, scratch: Path) -> None:
    document = folio.read(str(picture), languages="eng", psm=6)
    assert document.text == "lantern harbour"
    assert [word.text for word in document.words] == ["lantern", "harbour"]
    left, top, right, bottom = document.words[0].bounds
    assert 30 < left < right < 320
    assert 20 < top < bottom < 100
    assert (document.confidence or 0) > 0.8
    saved = folio.read(document.save(picture.with_name("sign.pdf")))
    assert saved.result.source.media_type == PDF
    assert saved.text == "lantern harbour"
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in picture.parent.iterdir()) == ["scratch", "sign.pdf", "sign.png"]


def test_content_is_read_as_a_file_is(picture: Path) -> None:
    ours, theirs = folio.read(picture.read_bytes()), folio.read(picture)
    assert ours.pages == theirs.pages
    assert ours.result.source.sha256 == theirs.result.source.sha256


def test_pages_are_those_of_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "three.pdf"
    file.write_bytes(make_pdf(*(PdfPage(content=text(f"This is page {number}.")) for number in (1, 2, 3))))
    document = folio.read(file, pages=[1, 3], jobs=1)
    assert [page.number for page in document.pages] == [1, 3]
    assert command("read", file, "--pages", "1,3", cwd=tmp_path).code == 0
    assert document.pages == decode((tmp_path / "three.pdf.ocr" / "pages-1,3.json").read_bytes(), Result).pages


def test_a_language_without_data_is_the_same_error(picture: Path) -> None:
    with pytest.raises(UnknownLanguage):
        folio.read(picture, languages="tlh")
