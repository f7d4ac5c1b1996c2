from collections.abc import Callable
from pathlib import Path

import pytest

from folio.config.environment import limit_threads

type Content = Callable[[bytes], Path]


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `wiring.make_services` has it for all that read."""
    use_one_thread(monkeypatch)


def use_one_thread(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone."""
    for name in ("OMP_THREAD_LIMIT", "OPENCV_FOR_THREADS_NUM"):
        patch.setenv(name, "")  # so that it is put back
    limit_threads()


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A file that holds these bytes, to be written to a store."""

    def make(data: bytes) -> Path:
        path = tmp_path / "content.json"
        path.write_bytes(data)
        return path

    return make
