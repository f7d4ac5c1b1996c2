"""`folio.read`: what it takes and what it refuses; what it reads is tested with an engine."""

import subprocess
import sys
from pathlib import Path

import pytest

import folio
from folio.errors import BadOption, EmptyDocument, SourceGone, UnsupportedType
from folio.library.read import OptionValue
from tests.support.processes.running import environment

HEAVY = ("PIL", "boto3", "click", "cv2", "moto", "numpy", "pypdf", "pytesseract", "requests", "uvicorn")
PNG = b"\x89PNG\r\n\x1a\n"


def test_importing_it_imports_nothing_slow() -> None:
    code = f"import sys, folio; print([name for name in {HEAVY} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout == "[]\n"


def test_all_that_it_names_is_there() -> None:
    assert [name for name in folio.__all__ if not hasattr(folio, name)] == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"colour": "red"}, "There is no option 'colour'; the options are provider, providers"),
        ({"dpi": 7}, "dpi='7' does not fit"),
        ({"pages": [3, "x"]}, "pages='3,x' is not a list of pages"),
        ({"languages": ("eng", "?")}, "languages='eng,"),
        ({"min_confidence": 1.5}, "min_confidence='1.5' does not fit"),
        ({"outputs": "pdf"}, "`save`"),
    ],
)
def test_a_bad_option_is_refused_as_on_the_command_line(options: dict[str, OptionValue], says: str) -> None:
    with pytest.raises(BadOption) as caught:
        folio.read(PNG, **options)  # type: ignore[arg-type]  # jobs is none of them
    assert says in caught.value.message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceGone, match=r"scan\.pdf"):
        folio.read(tmp_path / "scan.pdf")


@pytest.mark.parametrize(
    ("content", "error"), [(b"", EmptyDocument), (bytes(range(256)), UnsupportedType)], ids=["empty", "noise"]
)
def test_what_is_not_a_document_is_refused_and_nothing_lies_beside_it(
    content: bytes, error: type[folio.FolioError], tmp_path: Path
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(content)
    for source in (file, str(file), content):
        with pytest.raises(error):
            folio.read(source)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_folio_wrote_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf.ocr.json"
    file.write_bytes(b"{}")
    with pytest.raises(BadOption, match="Folio wrote"):
        folio.read(file)
