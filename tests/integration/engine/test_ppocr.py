"""PP-OCR's processes: what stops a page that is being read, and what comes after it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.errors import EngineFailed, EngineTimeout
from folio.models import PageImage
from folio.providers.cost import Ledger
from folio.providers.ppocr.engine import PPOCR
from tests.support.documents.drawings import draw
from tests.support.processes.running import environment

pytestmark = pytest.mark.slow("each test starts a process that loads the networks")

LINE = "the quick brown fox jumps over the lazy dog and runs into the harbour"
WORKER = "folio.documents.child"
SOON = 30.0  # seconds, on a busy machine
OTHERS: set[int] = set()  # processes of other tests


@pytest.fixture
def engine() -> Iterator[PPOCR]:
    """Its processes are the only ones that `workers` tells: what other tests have left is ended, or left out."""
    children.close()
    OTHERS.clear()
    OTHERS.update(child.pid for child in workers())
    made = PPOCR(Settings(jobs=1))
    yield made
    made.close()


def page(folder: Path, *lines: str, size: tuple[int, int] = (700, 200)) -> PageImage:
    path = folder / "page1.pgm"
    draw(*lines, size=size, height=30, step=1.8).image.save(path)
    return PageImage(number=1, path=path, width=size[0], height=size[1], dpi=None)


def short(folder: Path) -> PageImage:
    return page(folder, "lantern")


def long(folder: Path) -> PageImage:
    """A page that takes the engine seconds."""
    return page(folder, *[f"{LINE} {LINE}"] * 100, size=(2400, 5500))


def read(engine: PPOCR, image: PageImage, deadline: Deadline | None = None) -> str:
    return engine.recognize(image, Options(languages=("eng",)), deadline or Deadline(), Ledger()).text


def workers(process: psutil.Process | None = None) -> list[psutil.Process]:
    return [child for child in (process or psutil.Process()).children(recursive=True) if is_ours(child)]


def is_ours(process: psutil.Process) -> bool:
    try:
        return process.pid not in OTHERS and any(WORKER in part for part in process.cmdline())
    except psutil.Error:  # it has ended, or is another test's and nobody has waited for it
        return False


def test_a_page_that_takes_too_long_is_stopped_with_its_process_and_the_next_is_read(
    engine: PPOCR, tmp_path: Path
) -> None:
    assert read(engine, short(tmp_path)) == "lantern"
    (before,) = workers()
    began = time.monotonic()
    with pytest.raises(EngineTimeout):
        read(engine, long(tmp_path), Deadline(0.5))
    assert time.monotonic() - began < SOON
    assert not before.is_running()
    assert read(engine, short(tmp_path)) == "lantern"


def test_a_reading_that_is_stopped_meanwhile_ends_at_once(engine: PPOCR, tmp_path: Path) -> None:
    deadline = Deadline()
    threading.Timer(1.0, deadline.stop).start()
    with pytest.raises(EngineTimeout):
        read(engine, long(tmp_path), deadline)
    assert workers() == []


def test_a_process_that_is_killed_fails_its_page_alone(engine: PPOCR, tmp_path: Path) -> None:
    image = long(tmp_path)
    failed: list[BaseException] = []

    def attempt() -> None:
        with pytest.raises(EngineFailed, match="memory") as raised:
            read(engine, image)
        failed.append(raised.value)

    thread = threading.Thread(target=attempt)
    thread.start()
    end = time.monotonic() + SOON
    while not workers() and time.monotonic() < end:
        time.sleep(0.05)
    workers()[0].kill()
    thread.join()
    assert len(failed) == 1
    assert read(engine, short(tmp_path)) == "lantern"


def test_no_process_outlives_the_one_that_started_it(tmp_path: Path) -> None:
    image = long(tmp_path)
    code = (
        "import sys; from pathlib import Path; from folio.providers.ppocr.processes import EngineProcesses; "
        "from folio.deadline import Deadline; EngineProcesses(1).read(Path(sys.argv[1]), ('eng',), Deadline())"
    )
    command = [sys.executable, "-c", code, str(image.path)]
    with subprocess.Popen(command, env=environment()) as parent:
        end = time.monotonic() + SOON
        while not (there := workers(psutil.Process(parent.pid))) and time.monotonic() < end:
            time.sleep(0.05)
        os.kill(parent.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(there, timeout=SOON)
    assert (len(there), alive) == (1, [])


def test_a_process_that_reads_strangers_documents_holds_no_keys(
    engine: PPOCR, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "BAIDU_SECRET_KEY", "FOLIO_BUCKET", "DATABASE_URL"):
        monkeypatch.setenv(name, "a secret")
    assert read(engine, short(tmp_path)) == "lantern"
    (process,) = workers()
    variables = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    assert b"OMP_NUM_THREADS=1" in variables
    assert [part for part in variables if b"secret" in part or part.startswith((b"AWS_", b"FOLIO_"))] == []
