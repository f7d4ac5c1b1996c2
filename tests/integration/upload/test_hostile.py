"""Documents made to harm: what the programs that read them find around them, and where limits stop them."""

import threading
import time
from pathlib import Path

import psutil
import pytest

from folio.models import Result
from folio.wiring import s3_services
from tests.support.aws.inbox import Inbox
from tests.support.documents.drawings import draw
from tests.support.documents.hostile import memory_eater, time_eater
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import alongside
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
    names = [child.name() for child in psutil.Process().children(recursive=True)]
    return [name for name in names if name in PROGRAMS]
