"""What Folio sets in the environment of what it starts (folio/config/environment.py)."""

import os

import pytest

from folio.config.environment import limit_threads, use_environment


def test_engine_and_opencv_get_one_thread_and_local_runs_their_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "8")
    monkeypatch.setenv("OPENCV_FOR_THREADS_NUM", "8")
    monkeypatch.setenv("FOLIO_TEST", "before")
    limit_threads()
    use_environment({"FOLIO_TEST": "after"})
    assert (os.environ["OMP_THREAD_LIMIT"], os.environ["OPENCV_FOR_THREADS_NUM"]) == ("1", "1")
    assert os.environ["FOLIO_TEST"] == "after"
