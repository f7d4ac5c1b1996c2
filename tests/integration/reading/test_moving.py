"""All frames of a moving picture, in what is made of it later too: corrected outputs, and files from Python."""

from pathlib import Path

import pikepdf
import pytest

import folio
from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk import corrections
from folio.models import Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.wiring import local_services
from tests.support.documents.pdfs import words
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("frames are read by the real engine")]

SAID = ("lantern harbour", "meadow ferry")


@pytest.fixture
def moving(tmp_path: Path) -> Path:
    path = tmp_path / "moving.gif"
    first, second = (words(said, size=(640, 120), at=(40, 30)) for said in SAID)
    first.save(path, save_all=True, append_images=[second], duration=500)
    return path


def test_outputs_are_made_again_of_all_frames(moving: Path) -> None:
    services = local_services(Settings(jobs=1)).on_folder(moving.parent, None)
    options = {"frames": "all", "outputs": "pdf,text", "languages": "eng", "psm": "6"}
    assert read_upload(Request(key=moving.name, options=options), services, Deadline(100)).status == "complete"
    corrections.add(services.store, moving.name, 2, "lines/0/words/1", "wagon", "Ann")
    (one,) = corrections.reviewed(services.store)
    corrections.apply(one, services)
    result = decode((moving.parent / keys.result_key(moving.name)).read_bytes(), Result)
    assert result.warnings == ()
    with pikepdf.open(moving.parent / f"{moving.name}.ocr" / "searchable.pdf") as pdf:
        assert len(pdf.pages) == 2
    assert "meadow wagon" in (moving.parent / f"{moving.name}.ocr" / "text.txt").read_text()


@pytest.mark.parametrize(("frames", "pages"), [("all", 2), ("first", 1)])
def test_a_searchable_pdf_from_python_has_the_frames_that_were_read(moving: Path, frames: str, pages: int) -> None:
    document = folio.read(moving, frames=frames, languages="eng", psm=6)
    assert [page.text for page in document.pages] == list(SAID[:pages])
    with pikepdf.open(document.save(moving.with_name("saved.pdf"))) as pdf:
        assert len(pdf.pages) == pages
