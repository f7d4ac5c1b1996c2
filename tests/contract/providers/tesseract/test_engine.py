"""What only Tesseract can do, or suffer; what every engine must do is in test_providers."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from folio.config.options import Options
from folio.deadline import Deadline
from folio.errors import EngineFailed, EngineTimeout, ToolMissing
from folio.models import PageImage
from folio.options.resolve import parse_options
from folio.options.table import values
from folio.providers.cost import Ledger
from folio.providers.tesseract.engine import MAX_SIDE_PX, Tesseract
from tests.support.documents.drawings import draw, farthest
from tests.support.tools import NO_TOOLS

PSMS = values("psm")

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS),
]

ENGLISH = Options(languages=("eng",))
PATIENCE = Deadline()  # none: one in seconds would begin when this file is imported


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., PageImage]:
    def draw(*lines: str) -> PageImage:
        image = Image.new("L", (700, 300), 255)
        pen = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            pen.text((50, 40 + 110 * number), line, fill=0, font=ImageFont.load_default(40))
        path = tmp_path / "page1.pgm"
        image.save(path)
        return PageImage(number=1, path=path, width=700, height=300, dpi=300)

    return draw


def install(monkeypatch: pytest.MonkeyPatch, program: Path | str) -> None:
    monkeypatch.setattr("folio.providers.tesseract.program.PROGRAM", str(program))


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A program in Tesseract's place that does what the shell is told."""

    def make(script: str) -> None:
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        install(monkeypatch, program)

    return make


def test_the_segmentation_mode_reaches_the_engine(drawn: Callable[..., PageImage]) -> None:
    # One line is all that mode 7 sees; a second pass may find the other.
    read = Tesseract().recognize(drawn("Invoice", "Total"), Options(psm="7", second_pass=0), PATIENCE, Ledger())
    assert len(read.lines) <= 1


def test_the_engine_tells_its_version_and_languages() -> None:
    status = Tesseract().status()
    assert status.usable
    assert Tesseract().version()[0].isdigit()
    assert "eng" in status.detail
    assert "osd" not in Tesseract().languages


@pytest.mark.parametrize(
    "script",
    ["echo 'bad image' >&2; exit 1", "kill -9 $$", "exit 0", "exit 127"],
    ids=["fails", "is killed", "leaves no output", "lacks a library"],
)
def test_an_engine_that_fails_is_no_blank_page(
    script: str, drawn: Callable[..., PageImage], fake_tesseract: Callable[[str], None]
) -> None:
    page = drawn("Total")
    fake_tesseract(script)
    with pytest.raises(EngineFailed):
        Tesseract().recognize(page, ENGLISH, PATIENCE, Ledger())


def test_an_engine_that_hangs_is_stopped(
    drawn: Callable[..., PageImage], fake_tesseract: Callable[[str], None]
) -> None:
    page = drawn("Total")
    fake_tesseract("exec sleep 60")
    with pytest.raises(EngineTimeout):
        Tesseract().recognize(page, ENGLISH, Deadline(0.3), Ledger())


def test_an_engine_that_is_not_there_is_told_so(
    drawn: Callable[..., PageImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drawn("Total")
    install(monkeypatch, "/nowhere/tesseract")
    with pytest.raises(ToolMissing):
        Tesseract().recognize(page, ENGLISH, PATIENCE, Ledger())
    with pytest.raises(ToolMissing):
        Tesseract().check(ENGLISH)
    status = Tesseract().status()
    assert not status.usable
    assert status.missing == ("tesseract",)


@pytest.mark.parametrize("psm", PSMS)
def test_every_segmentation_mode_that_can_be_chosen_reads(psm: str, drawn: Callable[..., PageImage]) -> None:
    assert Tesseract().recognize(drawn("Total amount"), parse_options({"psm": psm}), PATIENCE, Ledger()).lines


def test_a_picture_longer_than_the_engine_takes_is_read_in_pieces(tmp_path: Path) -> None:
    """Such as a screenshot of a long conversation."""
    paper = Image.new("L", (500, MAX_SIDE_PX + 2000), 255)
    lines = ["the very first words", "somewhere above", "right across the cut", "somewhere below", "the last of them"]
    words = [
        spot
        for part in range(len(lines))
        for spot in draw(lines[part], at=(40, 30 + part * (paper.height - 100) // 4), paper=paper).words
    ]
    path = tmp_path / "page1.pgm"
    paper.save(path)
    page = PageImage(number=1, path=path, width=paper.width, height=paper.height, dpi=None)
    read = Tesseract().recognize(page, ENGLISH, PATIENCE, Ledger())
    assert [line for line in read.text.splitlines() if line] == lines
    assert farthest([word for line in read.lines for word in line.words], words) <= 3
    assert list(tmp_path.iterdir()) == [path], "nothing is left"
