"""Documents made to harm: what the programs that read them find around them, and where limits stop them."""

import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from folio.documents.programs import limit, run_program
from folio.errors import EngineTimeout
from folio.models import Result
from folio.wiring import s3_services
from tests.support.aws.inbox import Inbox
from tests.support.documents.drawings import draw
from tests.support.documents.hostile import memory_eater, sparse_picture, time_eater
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import alongside, commands
from tests.support.tools import needs_tools

pytestmark = [
    needs_tools,
    pytest.mark.usefixtures("real_engine"),
    pytest.mark.slow("real programs are brought to their limits"),
]

GOOD = make_pdf(PdfPage(picture=words("Larkfield")))
LINE = "the quick brown fox jumps over the lazy dog and runs into the harbour"
PROGRAMS = {"pdfinfo", "pdftoppm", "pdftotext", "tesseract"}
CHILD = "folio.documents.child"
SMALL_MB = "512"  # of a function's memory
LARGE = (16000, 15000)


@pytest.fixture(autouse=True)
def small_function(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", SMALL_MB)


def is_still_read(inbox: Inbox) -> bool:
    inbox.read("good.pdf", GOOD)
    result: Result = inbox.result("good.pdf")
    return (result.status, result.text) == ("complete", "Larkfield")


def test_a_page_that_eats_memory_is_refused_in_a_sentence_and_the_next_document_is_read(inbox: Inbox) -> None:
    inbox.read("eater.pdf", memory_eater())
    error = inbox.error("eater.pdf").error
    assert (error.type, error.message) == (
        "TooLarge",
        "Page 1 cannot be drawn: poppler needs more memory for it than it may use.",
    )
    assert is_still_read(inbox)


def test_a_page_that_eats_time_is_stopped_and_the_next_document_is_read(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLIO_PAGE_TIMEOUT", "2")
    began = time.monotonic()
    assert not inbox.deliver("eater.pdf", inbox.put("eater.pdf", time_eater())), "it may have been the machine"
    assert time.monotonic() - began < 60
    assert "took longer than" in str(inbox.log())
    assert left_over() == []
    monkeypatch.delenv("FOLIO_PAGE_TIMEOUT")
    s3_services.cache_clear()
    assert is_still_read(inbox)


def test_a_page_on_which_tesseract_eats_memory_is_refused_in_a_sentence_and_the_next_document_is_read(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tesseract takes some three bytes a pixel, whatever is drawn, so that only an installation that allows more pixels
    than usual has pages that are too much for it."""
    pixels = str(LARGE[0] * LARGE[1])
    monkeypatch.setenv("FOLIO_RASTER_PIXELS", pixels)
    monkeypatch.setenv("FOLIO_MAX_PIXELS", pixels)
    inbox.read("eater.tif", sparse_picture(*LARGE), recipe="none", providers="tesseract")
    error = inbox.error("eater.tif").error
    assert (error.type, error.message) == (
        "TooLarge",
        f"tesseract needs more than the {SMALL_MB} MB of memory that it may use.",
    )
    assert left_over() == []
    assert is_still_read(inbox)


def test_a_program_that_goes_on_unwatched_is_ended_by_the_system(tmp_path: Path) -> None:
    """The clock of the function ends it first, unless the function is kept from looking at it."""
    document = tmp_path / "eater.pdf"
    document.write_bytes(time_eater())
    process = subprocess.Popen(["pdftoppm", "-r", "300", str(document), str(tmp_path / "page")])
    limit(process.pid, memory_mb=512, seconds=0)  # and one more, for who is nearly done
    assert process.wait() == -signal.SIGXCPU
    with pytest.raises(EngineTimeout, match="sh took longer"):
        run_program(["sh", "-c", "kill -XCPU $$"], timeout=60)


def test_what_reads_documents_has_no_keys(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SESSION_TOKEN", "BAIDU_SECRET_KEY", "FOLIO_CREDENTIALS", "DATABASE_URL"):
        monkeypatch.setenv(name, "a secret")
    seen: dict[str, set[bytes]] = {}
    page = draw(*[LINE] * 30, size=(1700, 2400), height=30, step=1.8)
    with alongside(lambda ended: watch(seen, ended)):
        inbox.read("page.pdf", make_pdf(PdfPage(picture=page.image)))
        inbox.read("page.pdf", make_pdf(PdfPage(content=b"1 0 0 1 0 0 cm"), PdfPage(picture=page.image)))
    assert {"pdftoppm", "tesseract", CHILD} <= seen.keys()
    for name, variables in seen.items():
        assert any(variable.startswith(b"PATH=") for variable in variables), name
        bad = [part for part in variables if b"secret" in part or part.startswith((b"AWS_", b"FOLIO_"))]
        assert bad == [], name


def watch(seen: dict[str, set[bytes]], ended: threading.Event) -> None:
    """Collect the environments of the processes below this one by the name of what runs in them."""
    while not ended.is_set():
        for process in psutil.Process().children(recursive=True):
            try:
                if name := name_of(process.cmdline()):
                    found = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
                    # Once more, for between the fork and its program a process has the name and variables of this one.
                    if found != [b""] and name == name_of(process.cmdline()):
                        seen.setdefault(name, set()).update(found)
            except (psutil.Error, OSError):
                continue


def name_of(command: list[str]) -> str | None:
    if any(CHILD in part for part in command):
        return CHILD
    name = Path(command[0]).name if command else ""
    return name if name in PROGRAMS else None


def left_over() -> list[str]:
    """Programs that still run."""
    return [name for _, command in commands() if (name := name_of(command.split(" "))) in PROGRAMS]
