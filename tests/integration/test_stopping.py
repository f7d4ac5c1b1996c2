"""Folio is stopped in the middle of its work, and nothing that it started is left: `serving` sees to that."""

import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests

from tests.integration.conftest import needs_tools
from tests.pdfs import PdfPage, make_pdf, words
from tests.running import FOLIO, environment, leaving_nothing, stop_tree, tree, wait_until
from tests.serving import Api, serving

pytestmark = needs_tools


@pytest.fixture(scope="module")
def long() -> bytes:
    """A document that takes longer than anybody here waits."""
    return make_pdf(*(PdfPage(picture=words(f"Chapter {page}", "the ferry leaves")) for page in range(1, 41)))


def wait_for_tesseract(pid: int, processes: int = 1) -> None:
    """Until it runs, and as many of Python with it."""

    def seen() -> bool:
        there = names(pid)
        return "tesseract" in there and sum(name.startswith("python") for name in there) >= processes

    wait_until(seen)


def names(pid: int) -> list[str]:
    """Of a process and all below it."""
    found = []
    for process in tree(pid):
        with suppress(psutil.Error):  # it has ended meanwhile
            found.append(process.name())
    return found


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_while_an_upload_is_read(long: bytes, end: signal.Signals) -> None:
    with serving("--jobs", "2", end=end) as api:
        for _ in range(3):  # two are read, one waits
            api.upload(long)
        wait_for_tesseract(api.pid)


def test_while_a_caller_waits_for_an_answer(long: bytes) -> None:
    told: list[int | str] = []

    def call(api: Api) -> None:
        try:
            told.append(api.read(long).status_code)
        except requests.ConnectionError:
            told.append("closed")

    callers = []
    with serving("--jobs", "1") as api:
        for _ in range(2):  # one is read, one waits
            callers.append(threading.Thread(target=call, args=(api,)))
            callers[-1].start()
        wait_for_tesseract(api.pid)
    for caller in callers:
        caller.join(10)
    assert len(told) == 2
    assert set(told) <= {202, 500, 503, "closed"}, "nobody is told that it was read"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_while_several_processes_read_a_file(long: bytes, tmp_path: Path, end: signal.Signals) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "long.pdf").write_bytes(long)
    process = subprocess.Popen(
        [*FOLIO, "read", "long.pdf", "--jobs", "2"],
        cwd=tmp_path,
        env=environment(TMPDIR=str(scratch), FOLIO_SPLIT_PAGES="4"),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for_tesseract(process.pid, processes=4)  # with what multiprocessing has for itself
        with leaving_nothing(process):
            process.send_signal(end)
            _, told = process.communicate(timeout=60)
    finally:
        stop_tree(process.pid)
    if end != signal.SIGKILL:
        assert process.returncode == 130
        assert told.strip().startswith("folio: Stopped.")
        assert list(scratch.iterdir()) == []
