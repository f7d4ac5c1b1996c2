"""What an invocation that was killed leaves in /tmp is no burden for the next one."""

import tempfile
from pathlib import Path

import pytest

from handlers.scratch import clear_scratch


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "folio-abc" / "page-1").mkdir(parents=True)
    (tmp_path / "folio-abc" / "source").write_bytes(b"a document")
    (tmp_path / "folio-put").write_bytes(b"a result")
    (tmp_path / "mine").mkdir()
    return tmp_path


def test_on_lambda_all_of_ours_goes(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (scratch / "folio-link").symlink_to(scratch / "mine")
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    clear_scratch()
    assert [path.name for path in scratch.iterdir()] == ["mine"]


def test_elsewhere_nothing_does_for_others_are_at_work(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    clear_scratch()
    assert len(list(scratch.iterdir())) == 3
