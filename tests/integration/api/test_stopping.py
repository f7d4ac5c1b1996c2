"""Folio is stopped in the middle of its work, and nothing that it started is left: `serving` sees to that."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import requests

from folio.errors import EngineFailed
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import (
    FOLIO,
    environment,
    folio,
    leaving_nothing,
    running,
    stop_tree,
    tree,
    wait_until,
)
from tests.support.processes.serving import Api, serving
from tests.support.tools import needs_tools

WHY = "starts several processes, waits until they read, and stops them"
# Recorded answers would be there before anything could be stopped.
pytestmark = [needs_tools, pytest.mark.usefixtures("real_engine"), pytest.mark.slow(WHY)]

WORKER = "spawn_main"  # in the command of a process that shares the work
SPLIT = "4"  # pages from which on a document is long


def chapters(pages: int) -> bytes:
    return make_pdf(*(PdfPage(picture=words(f"Chapter {page}", "the ferry leaves")) for page in range(1, pages + 1)))


@pytest.fixture(scope="module")
def long() -> bytes:
    """A document that takes longer than anybody here waits."""
    return chapters(40)


def wait_for_tesseract(pid: int, workers: int = 0) -> None:
    """Until it runs, and as many processes that share the work: it is asked for its languages before they start."""
    wait_until(lambda: "tesseract" in names(pid) and len(running(WORKER, pid)) >= workers)


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


def test_while_an_upload_is_read_and_all_processes_are_told(long: bytes) -> None:
    """As who runs services does it; the parent is told once more while it stops them."""
    with serving("--jobs", "2", end=signal.SIGTERM) as api:
        for _ in range(3):
            api.upload(long)
        wait_for_tesseract(api.pid)
        to_all(api.pid, signal.SIGTERM)
        time.sleep(0.5)


@contextmanager
def working(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """`folio` with two processes below it, in the middle of a document; it must leave nothing that runs."""
    (folder / "scratch").mkdir(exist_ok=True)
    process = subprocess.Popen(
        [*FOLIO, *command, "--jobs", "2"],
        cwd=folder,
        env=environment(TMPDIR=str(folder / "scratch"), FOLIO_SPLIT_PAGES=SPLIT),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for_tesseract(process.pid, workers=2)
        with leaving_nothing(process):
            yield process
    finally:
        stop_tree(process.pid)


def reading(document: bytes, folder: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    (folder / "long.pdf").write_bytes(document)
    return working(folder, "read", "long.pdf")


def measuring(folder: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    """`folio bench` on a set of twenty pictures."""
    (folder / "set").mkdir()
    rows = []
    for number in range(20):
        words(f"Chapter {number}").save(folder / "set" / f"{number}.png")
        rows.append({"file": f"{number}.png", "id": str(number), "lang": "eng", "text": f"Chapter {number}"})
    (folder / "set" / "index.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return working(folder, "bench", "set")


def left(folder: Path) -> list[Path]:
    """Temporary files."""
    return list((folder / "scratch").iterdir())


def to_one(pid: int, end: signal.Signals) -> None:
    os.kill(pid, end)


def to_all(pid: int, end: signal.Signals) -> None:
    """As a terminal does, and who runs services; the first to know are the programs that read."""
    for process in reversed(tree(pid)):
        with suppress(psutil.Error):  # it has ended meanwhile
            process.send_signal(end)


@pytest.mark.parametrize("send", [to_one, to_all])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_while_several_processes_read_a_file(
    long: bytes, tmp_path: Path, end: signal.Signals, send: Callable[[int, signal.Signals], None]
) -> None:
    with reading(long, tmp_path) as process:
        send(process.pid, end)
        _, told = process.communicate(timeout=60)
    if end != signal.SIGKILL:
        assert process.returncode == 130
        assert told.strip().startswith("folio: Stopped.")
        assert left(tmp_path) == []


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_page_that_was_being_read_has_not_failed(tmp_path: Path, end: signal.Signals) -> None:
    """Also when the programs that were reading it end: it is read by the next run."""
    with reading(chapters(12), tmp_path) as process:
        wait_until(lambda: len(checkpoints(tmp_path)) > 2)
        wait_for_tesseract(process.pid)
        to_all(process.pid, end)
        process.communicate(timeout=60)
    done = folio("read", "long.pdf", cwd=tmp_path, FOLIO_SPLIT_PAGES=SPLIT)
    assert (done.code, done.summary) == (0, "1 file: 1 complete; 12 pages read.")


def test_when_one_of_several_processes_is_killed(long: bytes, tmp_path: Path) -> None:
    """As the system does when the memory is used up: it is told, and what was read is not lost."""
    with reading(long, tmp_path) as process:
        wait_until(lambda: bool(checkpoints(tmp_path)))
        running(WORKER, process.pid)[0].kill()
        _, told = process.communicate(timeout=60)
    assert process.returncode == EngineFailed.exit_code
    assert "A process that read pages was stopped" in told
    assert left(tmp_path) == []
    assert checkpoints(tmp_path)


@pytest.mark.parametrize("send", [to_one, to_all])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_while_documents_are_measured(
    tmp_path: Path, end: signal.Signals, send: Callable[[int, signal.Signals], None]
) -> None:
    with measuring(tmp_path) as process:
        send(process.pid, end)
        process.communicate(timeout=60)
    if end != signal.SIGKILL:
        assert process.returncode == 130
        assert left(tmp_path) == []


def test_when_a_process_that_measures_is_killed(tmp_path: Path) -> None:
    with measuring(tmp_path) as process:
        running(WORKER, process.pid)[0].kill()
        _, told = process.communicate(timeout=60)
    assert process.returncode == EngineFailed.exit_code
    assert told.splitlines()[-1].startswith("folio: A process that read pages was stopped")
    assert "Traceback" not in told
    assert left(tmp_path) == []


def checkpoints(folder: Path) -> list[Path]:
    return [file for file in (folder / "long.pdf.ocr").rglob("*") if file.is_file()]
