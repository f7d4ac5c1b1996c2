"""What `folio.read` returns: its text and boxes, and the files it is saved as."""

import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from folio.config.settings import Settings
from folio.errors import AccessDenied, BadOption, FolioError, NotAcceptable, SourceChanged, SourceGone
from folio.library.document import Document
from folio.models import PDF, Cell, Engine, Field, Line, Page, Result, Source, Table, Word, decode
from folio.transform import box

WORDS = (Word("Green", 0.9, box(10, 20, 60, 40)), Word("tea", 0.7, box(70, 20, 100, 40)))
LINE = Line("Green tea", 0.84, box(10, 20, 100, 40), WORDS)
TABLE = Table(cells=(Cell(text="A", row=0, column=0), Cell(text="B", row=0, column=1)))
FIELD = Field(name="number", value="7", provider_name="No.")
SUFFIXES = (".pdf", ".json", ".txt", ".hocr", ".html", ".xml", ".md", ".csv", ".xlsx", ".docx", ".jsonl", ".textract")


def png() -> bytes:
    data = io.BytesIO()
    Image.new("L", (200, 100), 255).save(data, "PNG")
    return data.getvalue()


def document(source: Path | bytes, media_type: str = "image/png") -> Document:
    content = source if isinstance(source, bytes) else source.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    page = Page(number=1, width=200, height=100, dpi=None, text="Green tea", lines=(LINE,), tables=(TABLE,))
    result = Result(
        status="complete",
        created=datetime(2026, 1, 1, tzinfo=UTC),
        source=Source(
            bucket=None, key="tea", etag=digest, sha256=digest, media_type=media_type, bytes=len(content), pages=1
        ),
        engine=Engine(provider="tesseract", version="5.5", languages=("eng",), mode="general", settings="s"),
        text="Green tea",
        confidence=0.84,
        fields=(FIELD,),
        warnings=("Old.",),
        timings={},
        pages=(page,),
    )
    return Document(result, source, Settings())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tea.png"
    path.write_bytes(png())
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_has_text_pages_lines_words_boxes_and_confidences() -> None:
    read = document(png())
    assert (read.text, read.confidence, read.status, read.warnings) == ("Green tea", 0.84, "complete", ("Old.",))
    assert [page.number for page in read.pages] == [1]
    assert read.lines == (LINE,)
    assert read.words == WORDS
    assert [(word.bounds, word.confidence) for word in read.words] == [
        ((10, 20, 60, 40), 0.9),
        ((70, 20, 100, 40), 0.7),
    ]
    assert (read.tables, read.fields) == ((TABLE,), (FIELD,))
    assert repr(read) == "<folio.Document 'tea': 1 page, complete>"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_it_is_saved_in_the_form_of_the_suffix_and_nothing_else_is_left(suffix: str, file: Path) -> None:
    target = file.with_name(f"out{suffix.upper()}")
    target.write_text("old")
    read = document(file)
    assert read.save(str(target)) == target
    start = {
        ".pdf": b"%PDF-",
        ".json": b'{"schema":"folio/1"',
        ".txt": b"Green tea\n",
        ".hocr": b"<?xml",
        ".html": b"<!DOCTYPE html>",
        ".docx": b"PK",
        ".jsonl": b'{"chunk":1,',
        ".textract": b'{"Blocks":[',
        ".xml": b"<?xml",
        ".csv": b"A,B\r\n",
        ".xlsx": b"PK",
        ".md": b"Green tea",
    }[suffix]
    assert target.read_bytes().startswith(start)
    assert names(file.parent) == sorted([target.name, file.name])


def test_the_json_is_the_whole_result(tmp_path: Path) -> None:
    read = document(png())
    assert decode(read.save(tmp_path / "tea.json").read_bytes(), Result) == read.result


def test_what_was_read_from_memory_becomes_a_pdf_too(tmp_path: Path) -> None:
    assert b"/Width 200/Height 100" in document(png()).save(tmp_path / "tea.pdf").read_bytes()


@pytest.mark.parametrize("name", ["out", "out.rtf"])
def test_another_suffix_is_refused_with_those_that_are_known(name: str, tmp_path: Path) -> None:
    known = r"\.csv, \.docx, \.hocr, \.html, \.json, \.jsonl, \.md, \.pdf, \.textract, \.txt, \.xlsx, \.xml"
    with pytest.raises(BadOption, match=known):
        document(png()).save(tmp_path / name)
    assert names(tmp_path) == []


def test_the_source_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "tea.pdf"
    source.write_bytes(b"%PDF-1.7")
    with pytest.raises(BadOption, match="overwrite"):
        document(source, PDF).save(tmp_path / "." / "tea.pdf")
    assert source.read_bytes() == b"%PDF-1.7"


@pytest.mark.parametrize(("change", "error"), [("replaced", SourceChanged), ("removed", SourceGone)])
def test_only_a_pdf_needs_the_source_as_it_was_read(change: str, error: type[FolioError], file: Path) -> None:
    read = document(file)
    if change == "removed":
        file.unlink()
    else:
        file.write_bytes(b"another")
    with pytest.raises(error):
        read.save(file.with_name("out.pdf"))
    assert not file.with_name("out.pdf").exists()
    assert read.save(file.with_name("out.txt")).read_text() == "Green tea\n"


def test_a_form_that_this_document_cannot_have_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NotAcceptable, match="No searchable PDF was made: the document is damaged"):
        document(b"%PDF-1.7 and nothing", PDF).save(tmp_path / "out.pdf")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccessDenied, match=r"missing/out\.txt"):
        document(png()).save(tmp_path / "missing" / "out.txt")
