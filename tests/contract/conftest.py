from collections.abc import Callable
from pathlib import Path

import pytest

type Content = Callable[[bytes], Path]


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A file that holds these bytes, to be written to a store."""

    def make(data: bytes) -> Path:
        path = tmp_path / "content.json"
        path.write_bytes(data)
        return path

    return make
