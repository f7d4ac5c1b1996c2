"""Tesseract's answers come from recordings (tests/support/recording), in this process and in all that it starts.

FOLIO_TEST_ENGINE=real has the engine answer itself; =verify too, and the run fails where a recording says something
else; =again too, and what it said is kept in tests/data, instead of what was there (`make recordings`).
"""

import os
import tempfile
import time
from pathlib import Path

import pytest
from msgspec import Struct

from tests.support.recording import recordings

MODES = ("recorded", "real", "verify", "again")
_PLACE = "TESSERACT_RECORDER"  # the folder on PATH; workers find it there


class Recorder(Struct):
    """The program on PATH, of a whole run."""

    mode: str
    folder: tempfile.TemporaryDirectory[str]
    since: float
    stale: list[str] = []

    @property
    def fresh(self) -> Path | None:
        """Where the engine's own answers are kept apart."""
        return Path(self.folder.name) / "fresh" if self.mode in ("verify", "again") else None


_RECORDER = pytest.StashKey[Recorder]()


def pytest_configure(config: pytest.Config) -> None:
    mode = os.environ.get("FOLIO_TEST_ENGINE", MODES[0])
    if mode not in MODES:
        raise pytest.UsageError(f"FOLIO_TEST_ENGINE is {mode}; it can be {', '.join(MODES)}")
    if hasattr(config, "workerinput") or mode == "real" or recordings.engine() is None:
        return
    recorder = Recorder(mode, tempfile.TemporaryDirectory(prefix="recorder-"), time.time())
    config.stash[_RECORDER] = recorder
    recordings.install(Path(recorder.folder.name), recorder.fresh)
    os.environ[_PLACE] = recorder.folder.name
    os.environ["PATH"] = f"{recorder.folder.name}{os.pathsep}{os.environ['PATH']}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if recorder := config.stash.get(_RECORDER, None):
        os.environ["PATH"] = os.environ["PATH"].removeprefix(f"{recorder.folder.name}{os.pathsep}")
        del os.environ[_PLACE]
        recorder.folder.cleanup()


@pytest.fixture
def real_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine itself, for a test that watches it work, or stops it."""
    if place := os.environ.get(_PLACE):
        monkeypatch.setenv("PATH", os.environ["PATH"].replace(f"{place}{os.pathsep}", "", 1))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    recorder = session.config.stash.get(_RECORDER, None)
    if recorder is None or recorder.fresh is None or session.testsfailed:
        return
    if recorder.mode == "again":
        recordings.keep(recorder.fresh)
    elif stale := recordings.stale(recorder.fresh):
        recorder.stale = stale
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if (recorder := config.stash.get(_RECORDER, None)) is None:
        return
    if recorder.stale:
        terminalreporter.write_line(
            f"{len(recorder.stale)} answers of Tesseract have changed: make recordings", red=True
        )
    elif not recorder.fresh and (missing := recordings.not_in_repository(recorder.since)):
        terminalreporter.write_line(
            f"{missing} pages were read by Tesseract, for tests/data has no recording of them by this version "
            f"(make recordings); the next run finds them in {recordings.cache_folder()}"
        )
