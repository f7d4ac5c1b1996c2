"""Recorded answers are those that Tesseract gives, here and now."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documents.pdfs import words
from tests.support.paths import DATA
from tests.support.recording import recordings
from tests.support.recording.program import Answer, key
from tests.support.tools import needs_tools

pytestmark = needs_tools

OPTIONS = ("-l", "eng", "--psm", "3", "--dpi", "300", "-c", "tessedit_create_tsv=1", "tsv")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    words("Larkfield", "Paper and Twine", size=(600, 300)).save(tmp_path / "page.png")
    return tmp_path / "page.png"


@pytest.fixture
def recorder(tmp_path: Path, real_engine: None) -> Path:
    """The program, and no answer that it knows."""
    (tmp_path / "bin").mkdir()
    recordings.engine.cache_clear()
    recordings.install(tmp_path / "bin", tmp_path / "known")
    return tmp_path / "bin" / "tesseract"


def ask(program: Path | str, image: Path, *options: str) -> tuple[int, bytes, str]:
    target = image.with_name("out")
    done = subprocess.run([program, image, target, *options], capture_output=True, check=False)
    table = target.with_suffix(".tsv")
    read = table.read_text("utf-8") if table.exists() else ""
    table.unlink(missing_ok=True)
    return done.returncode, done.stderr, read


def test_what_tesseract_answered_is_answered_again(recorder: Path, image: Path) -> None:
    real = shutil.which("tesseract")
    assert real
    first = ask(recorder, image, *OPTIONS)
    assert "Twine" in first[2]
    assert first == ask(real, image, *OPTIONS)
    (known,) = (recorder.parents[1] / "known").iterdir()
    recorder.write_text(recorder.read_text("utf-8").replace(real, "/nonexistent"), "utf-8")
    assert ask(recorder, image, *OPTIONS) == first, "nobody else was asked"
    known.write_bytes(b"harmed")
    assert ask(recorder, image, *OPTIONS)[0] != 0, "what cannot be read is no answer"


def test_another_option_or_another_image_is_another_question(recorder: Path, image: Path) -> None:
    ask(recorder, image, *OPTIONS)
    ask(recorder, image, *OPTIONS[:3], "6", *OPTIONS[4:])
    words("Oakham", size=(600, 300)).save(image)
    assert "Oakham" in ask(recorder, image, *OPTIONS)[2]
    assert len(list((recorder.parents[1] / "known").iterdir())) == 3


def test_a_failure_is_told_as_tesseract_tells_it_and_not_kept(recorder: Path, image: Path) -> None:
    image.write_bytes(b"no image")
    real = shutil.which("tesseract")
    assert real
    assert ask(recorder, image, *OPTIONS) == ask(real, image, *OPTIONS)
    assert list((recorder.parents[1] / "known").iterdir()) == []


@pytest.fixture
def kept() -> dict[str, Answer]:
    """What tests/data has of this machine's engine."""
    if not recordings.archive().exists():
        pytest.skip(
            f"Tesseract answers itself, for tests/data has nothing of {recordings.engine_name()}: make recordings"
        )
    return recordings.load(recordings.archive())


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A document that is the same on every machine."""
    return Path(shutil.copy(DATA / "chinese.png", tmp_path / "page.png"))


def test_no_recording_is_missing(sample: Path, kept: dict[str, Answer]) -> None:
    ask("tesseract", sample, *OPTIONS)  # recorded as any other test's
    assert key(sample.read_bytes(), list(OPTIONS), to_stdout=False) in kept, "make recordings"


def test_no_recording_is_stale(sample: Path, recorder: Path, kept: dict[str, Answer], tmp_path: Path) -> None:
    """Of one document; `make soak` asks for all of them again."""
    ask(recorder, sample, *OPTIONS)
    assert recordings.stale(tmp_path / "known") == [], "make recordings"


def test_recordings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    answers = {"a": ("词\n".encode(), b"\xff\x00", {".tsv": b"level\tpage\n", "": b""}), "b": (b"", b"", {})}
    recordings.save(tmp_path / "kept.xz", answers)
    assert recordings.load(tmp_path / "kept.xz") == answers


def test_the_program_starts_without_the_packages_of_this_environment(recorder: Path) -> None:
    assert recorder.read_text("utf-8").startswith(f"#!{sys.executable} -IS\n")
