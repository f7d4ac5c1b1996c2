"""What lies beside documents, and is no document: results, page ranges and outputs, none of which is lost."""

import shutil
from pathlib import Path

import pytest

from folio.models import Result, decode
from tests.integration.cli.test_cli import names, picture, result
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import folio


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder to work in, and nothing else in it."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def test_the_result_of_a_link_lies_beside_the_link(desk: Path) -> None:
    (desk / "archive").mkdir()
    picture(desk / "archive" / "0815.png")
    (desk / "letter.png").symlink_to(desk / "archive" / "0815.png")
    assert folio("read", "letter.png", cwd=desk).summary == "1 file: 1 complete; 1 page read."
    assert names(desk) == ["archive/0815.png", "letter.png", "letter.png.ocr.json"]
    assert result(desk / "letter.png.ocr.json").source.key == "letter.png"
    assert folio("inspect", "letter.png", cwd=desk).out == f"{desk / 'letter.png.inspect.html'}\n"


@pytest.mark.slow("four runs of folio, one after the other")
def test_documents_in_a_folder_that_is_named_like_ours_are_read(desk: Path) -> None:
    (desk / "box.ocr" / "pages").mkdir(parents=True)
    for name in ("box.ocr/a.png", "box.ocr/pages/b.png"):
        picture(desk / name)
    shutil.copyfile(desk / "box.ocr" / "a.png", desk / "box")
    ran = folio("read", "box.ocr", "box", "--outputs", "pdf", cwd=desk)
    assert (ran.code, ran.summary) == (0, "3 files: 3 complete; 3 pages read.")
    again = folio("read", ".", "--outputs", "pdf", cwd=desk)
    assert again.summary == "3 files: 3 already-read; 0 pages read.", "and what Folio wrote is not"
    named = folio("read", *sorted(names(desk)), "--outputs", "pdf", cwd=desk)  # as a shell names them for */*.pdf
    assert named.summary == again.summary
    (desk / "box").unlink()
    assert folio("read", ".", cwd=desk).summary == "2 files: 2 already-read; 0 pages read."
    (desk / "a.ocr").mkdir()
    shutil.copyfile(desk / "box.ocr" / "a.png", desk / "a.ocr" / "searchable.pdf")  # told by its content: a picture
    assert folio("read", ".", cwd=desk).summary == "3 files: 2 already-read, 1 complete; 1 page read."


@pytest.mark.slow("nine runs of folio, one after the other")
def test_a_run_that_asks_for_less_takes_nothing_away(desk: Path) -> None:
    (desk / "a.pdf").write_bytes(make_pdf(*(PdfPage(picture=words(text)) for text in ("lantern", "meadow"))))

    def read(*options: str, code: int = 0) -> dict[str, bytes]:
        assert folio("read", "a.pdf", *options, cwd=desk).code == code
        return {name: (desk / name).read_bytes() for name in names(desk)}

    first = read("--outputs", "pdf")
    assert list(first) == ["a.pdf", "a.pdf.ocr.json", "a.pdf.ocr/searchable.pdf"]
    assert read("--pages", "9", code=2) == read("--text") == first
    with_range = read("--pages", "2", "--outputs", "text")
    assert with_range.keys() - first.keys() == {"a.pdf.ocr/pages-2.json", "a.pdf.ocr/pages-2.text.txt"}
    assert with_range.items() >= first.items()
    assert with_range["a.pdf.ocr/pages-2.text.txt"].split() == [b"meadow"]
    more = read("--outputs", "text")
    assert more["a.pdf.ocr/searchable.pdf"] == first["a.pdf.ocr/searchable.pdf"]
    assert more["a.pdf.ocr/text.txt"].split() == [b"lantern", b"meadow"]
    assert result(desk / "a.pdf.ocr.json").pages == decode(first["a.pdf.ocr.json"], Result).pages
    assert sorted(result(desk / "a.pdf.ocr.json").outputs) == ["pdf", "text"]
    other = read("--recipe", "none")
    assert other.keys() == more.keys()
    assert other["a.pdf.ocr/pages-2.json"] == more["a.pdf.ocr/pages-2.json"]
    read("--pages", "2", "--force")
    assert [page.number for page in result(desk / "a.pdf.ocr.json").pages] == [2]
    read()
    assert [page.number for page in result(desk / "a.pdf.ocr.json").pages] == [1, 2]
