"""DjVu files that DjVuLibre's encoders made, and damaged ones, read by the real engine."""

import subprocess
from pathlib import Path

import pytest

import folio
from folio.documents.kinds import kinds
from tests.support.documents.djvus import needs_djvu, save_djvu
from tests.support.documents.pdfs import words
from tests.support.tools import needs_tools

pytestmark = [needs_tools, needs_djvu]

SIZE = (640, 120)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.djvu"
    sheets = [words(said, size=SIZE, at=(40, 30)) for said in ("lantern harbour", "the second page")]
    save_djvu([sheets[0].convert("1"), sheets[1].convert("RGB")], path)
    return path


def test_pages_of_both_encoders_are_read_with_their_boxes(book: Path) -> None:
    document = folio.read(book, languages="eng", psm=6)
    assert [page.text for page in document.pages] == ["lantern harbour", "the second page"]
    assert [(page.width, page.height, page.dpi) for page in document.pages] == [(*SIZE, 150), (*SIZE, 150)]
    assert document.result.source.media_type == "image/vnd.djvu"
    left, top, right, bottom = document.words[0].bounds
    assert 30 < left < right < 320
    assert 20 < top < bottom < 100
    saved = folio.read(document.save(book.with_name("book.pdf")))
    assert saved.text == document.text


@pytest.mark.parametrize("keep", [40, 200, 0.6])
def test_a_damaged_one_is_refused_with_a_sentence(book: Path, keep: float) -> None:
    data = book.read_bytes()
    (book.parent / "cut.djvu").write_bytes(data[: int(keep * len(data)) if keep < 1 else int(keep)])
    with pytest.raises(folio.errors.DamagedDocument, match="cannot be decoded"):
        folio.read(book.parent / "cut.djvu", languages="eng")


def test_a_page_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wide.pbm").write_bytes(b"P4\n20000 20000\n" + bytes(50_000_000))
    subprocess.run(["cjb2", str(tmp_path / "wide.pbm"), str(tmp_path / "wide.djvu")], check=True)
    assert (tmp_path / "wide.djvu").stat().st_size < 1000
    with pytest.raises(folio.errors.TooLarge):
        folio.read(tmp_path / "wide.djvu", languages="eng")


def test_it_is_among_the_kinds_that_are_read_here() -> None:
    assert [kind.missing for kind in kinds() if kind.name == "DjVu"] == [""]
