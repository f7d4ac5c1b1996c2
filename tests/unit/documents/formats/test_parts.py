"""Files in files: what is too large or unknown is refused by itself, and the others are read."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from folio.config.settings import Settings
from folio.documents import children
from folio.documents.opening import open_document
from folio.errors import PasswordProtected, Refused, TooLarge, UnsupportedType
from folio.models import Document
from tests.support.documents.ofds import zipped
from tests.support.documents.ole import compound

NOISE = random.Random(1).randbytes(300_000)
LIMITED = Settings(max_bytes=400_000)


@pytest.fixture(autouse=True)
def no_children_left() -> Iterator[None]:
    yield
    children.close()


def opened(content: bytes, folder: Path, settings: Settings = LIMITED) -> Document:
    source = folder / "source"
    source.write_bytes(content)
    return open_document(source, settings, 100, folder=folder)


def told(document: Document) -> dict[str, str]:
    """Name -> class of its error, or `read`."""
    return {part.name: part.error.type if part.error else "read" for part in document.parts}


def packed(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_a_file_that_is_too_large_does_not_refuse_the_archive(tmp_path: Path) -> None:
    # Packed well, so that the archive itself is within the limit.
    content = packed({"a.txt": b"before", "large.txt": b"a line of text\n" * 30_000, "b.txt": b"after"})
    document = opened(content, tmp_path)
    assert told(document) == {"a.txt": "read", "large.txt": "TooLarge", "b.txt": "read"}
    assert any("large.txt is not read" in warning for warning in document.warnings)


def test_a_document_of_too_many_pages_does_not_refuse_the_archive(tmp_path: Path) -> None:
    content = zipped({"many.txt": b"\x0c".join([b"x"] * 30), "one.txt": b"text"})
    document = opened(content, tmp_path, Settings(max_pages=10))
    assert told(document) == {"many.txt": "TooLarge", "one.txt": "read"}


def test_an_archive_of_nothing_but_what_is_too_large_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="more than the"):
        opened(packed({"large.txt": b"a line of text\n" * 30_000}), tmp_path)


def test_what_archives_in_an_archive_unpack_to_counts_together(tmp_path: Path) -> None:
    inner = packed({"text.txt": b"a line of text\n" * 8_000})  # 120,000 bytes
    document = opened(zipped({f"{number}.zip": inner for number in range(9)}), tmp_path)
    outcomes = list(told(document).values())
    assert outcomes.count("read") == 3
    assert outcomes.count("TooLarge") == 6
    assert sum(path.stat().st_size for path in tmp_path.rglob("text*") if path.is_file()) <= LIMITED.max_bytes


def test_an_archive_that_fits_once_may_lie_in_another(tmp_path: Path) -> None:
    """What is taken apart is not kept besides its parts."""
    inner = zipped({"noise.bin": NOISE, "note.txt": b"text"})
    assert told(opened(zipped({"inner.zip": inner}), tmp_path))["inner.zip/note.txt"] == "read"


@pytest.mark.slow("opens two hundred files")
def test_of_archives_that_branch_without_end_only_so_many_files_are_opened(tmp_path: Path) -> None:
    inner = zipped({f"{number}.txt": b"text" for number in range(60)})
    outcomes = list(told(opened(zipped({f"{number}.zip": inner for number in range(5)}), tmp_path)).values())
    assert (outcomes.count("read"), outcomes.count("TooLarge")) == (
        200,
        41,
    )  # what is left of the fourth, and the fifth as a whole


@pytest.mark.parametrize(
    ("content", "what", "action"),
    [
        (compound({"WordDocument": b"x" * 600}), ".doc", ".docx"),
        (compound({"Workbook": b"x" * 600}), ".xls", ".xlsx"),
        (compound({"Book": b"x" * 600}), ".xls", ".xlsx"),
        (compound({"PowerPoint Document": b"x" * 600, "Current User": b"y"}), ".ppt", ".pptx"),
        (b"{\\rtf1\\ansi Hello}", ".rtf", ".docx"),
        (b"%!PS-Adobe-3.0\nshowpage\n", "PostScript", "ps2pdf"),
        (b"Rar!\x1a\x07\x01\x00" + NOISE[:100], "RAR", "ZIP"),
        (b"7z\xbc\xaf\x27\x1c" + NOISE[:100], "7z", "ZIP"),
        (b"\x1f\x8b\x08\x00" + NOISE[:100], "gzip", "ZIP"),
    ],
)
def test_types_that_are_not_read_say_what_to_do(content: bytes, what: str, action: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedType) as refused:
        opened(content, tmp_path)
    assert what in refused.value.message
    assert action in refused.value.message


def test_a_locked_office_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(PasswordProtected):
        opened(compound({"EncryptedPackage": b"x" * 600, "EncryptionInfo": b"y"}), tmp_path)


def test_an_ole_file_of_something_else_is_of_no_type(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a type of document"):
        opened(compound({"Thumbs": b"x" * 600}), tmp_path)
