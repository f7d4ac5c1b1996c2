"""Running the real `folio` as a user does, and measuring what its process tree takes."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from msgspec import Struct

from tests.support.defaults import ENVIRONMENT
from tests.support.paths import ROOT

FOLIO = (sys.executable, "-m", "folio")
MB = 1_000_000


class Ran(Struct, frozen=True):
    """What a finished command left, and peaks of memory in bytes: `own` is the RSS of the command's own process, the
    others are of its whole process tree. A child that is just being started shares its parent's pages and counts twice.
    """

    code: int
    out: str
    err: str
    own: int = 0
    rss: int = 0
    pss: int = 0

    @property
    def summary(self) -> str:
        """The last line of standard error."""
        return self.err.splitlines()[-1] if self.err else ""


def environment(**more: str) -> dict[str, str]:
    """This process's environment without settings of Folio's own, which would decide what is tested, but for who reads
    (tests/support/defaults.py)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOLIO_")}
    return kept | ENVIRONMENT | {"PYTHONPATH": str(ROOT / "functions"), **more}


def folio(*arguments: str | Path, cwd: Path, timeout: float = 120, **settings: str) -> Ran:
    """Run `folio` with its output caught, so that neither stream is a terminal."""
    done = subprocess.run(
        [*FOLIO, *map(str, arguments)],
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def measured(
    command: Sequence[str], env: dict[str, str], timeout: float, also: Callable[[], None] | None = None
) -> Ran:
    """Run a command and sample the memory of its process tree; `also` is called with every sample."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peaks = (0, 0, 0)

    def watch(ended: threading.Event) -> None:
        nonlocal peaks
        while not ended.wait(0.05):
            own, rss, pss = tree_memory(process.pid)
            peaks = max(peaks[0], own), max(peaks[1], rss), max(peaks[2], pss)
            if also:
                also()

    with alongside(watch):
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            stop_tree(process.pid)
            process.communicate()
            raise
    return Ran(process.returncode, out, err, *peaks)


@contextmanager
def alongside(work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Something done in a thread of its own until the end of the block, of which the event tells it."""
    ended = threading.Event()
    thread = threading.Thread(target=work, args=(ended,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def tree_memory(pid: int) -> tuple[int, int, int]:
    """What a process takes, and with all below it: RSS, RSS, PSS, in bytes."""
    own = rss = pss = 0
    for process in tree(pid):
        try:
            memory = process.memory_full_info()
        except psutil.Error:  # it has ended meanwhile
            continue
        own = memory.rss if process.pid == pid else own
        rss, pss = rss + memory.rss, pss + memory.pss
    return own, rss, pss


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it; empty once it has ended."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


def commands(pid: int | None = None) -> list[tuple[psutil.Process, str]]:
    """Processes and what each runs: one, this one by default, and all below it, but for those that end meanwhile."""
    found = []
    for process in tree(pid or os.getpid()):
        with suppress(psutil.Error):
            found.append((process, " ".join(process.cmdline())))
    return found


def running(command: str, pid: int | None = None) -> list[psutil.Process]:
    """Those whose command has these words in it."""
    return [process for process, words in commands(pid) if command in words]


def stop_tree(pid: int) -> None:
    _kill(tree(pid))


def _kill(processes: Sequence[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):  # it has ended meanwhile
            process.kill()


@contextmanager
def leaving_nothing(process: subprocess.Popen[Any]) -> Iterator[None]:
    """In the block a process is brought to its end; all that ran below it must end with it."""
    started = tree(process.pid)
    try:
        yield
        _, left = psutil.wait_procs(started, timeout=30)
        assert not left
    finally:
        _kill(started)
        process.wait()


def wait_until(seen: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)
