"""What every engine must do (folio/providers/base.py), asked of the real Tesseract."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from folio.config import PSMS, limit_engine_threads, make_options
from folio.errors import EngineFailed, EngineTimeout, ToolMissing, UnknownLanguage
from folio.models import Options, PageImage, PageText
from folio.providers.tesseract import Tesseract

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed: run make setup")

ENGLISH = Options(languages=("eng",))
PATIENCE = 60.0
WORDS = ["Invoice", "number", "Total", "amount"]


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_THREAD_LIMIT", "")  # so that it is put back
    limit_engine_threads()


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., PageImage]:
    def draw(*lines: str, dpi: float | None = 300) -> PageImage:
        image = Image.new("L", (700, 300), 255)
        pen = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            pen.text((50, 40 + 110 * number), line, fill=0, font=ImageFont.load_default(40))
        path = tmp_path / "page1.pgm"
        image.save(path)
        return PageImage(number=1, path=path, width=700, height=300, dpi=dpi)

    return draw


def install(monkeypatch: pytest.MonkeyPatch, program: Path | str) -> None:
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", str(program))


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A program in Tesseract's place that does what the shell is told."""

    def make(script: str) -> None:
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        install(monkeypatch, program)

    return make


def test_words_are_found_in_order_and_lines(drawn: Callable[..., PageImage]) -> None:
    read = Tesseract().recognize(drawn("Invoice number", "Total amount"), ENGLISH, PATIENCE)
    assert read.text.split() == WORDS
    assert [line.text for line in read.lines] == ["Invoice number", "Total amount"]
    assert [word.text for line in read.lines for word in line.words] == WORDS


def test_confidences_run_from_0_to_1(drawn: Callable[..., PageImage]) -> None:
    read = Tesseract().recognize(drawn("Invoice number"), ENGLISH, PATIENCE)
    confidences = [line.confidence for line in read.lines]
    confidences += [word.confidence for line in read.lines for word in line.words]
    assert confidences
    assert all(confidence is not None and 0.5 < confidence <= 1 for confidence in confidences)


def test_polygons_lie_on_the_ink_and_in_the_image(drawn: Callable[..., PageImage]) -> None:
    page = drawn("Invoice number", "Total amount")
    read = Tesseract().recognize(page, ENGLISH, PATIENCE)
    with Image.open(page.path) as image:
        ink = np.asarray(image) < 128
    for line in read.lines:
        for word in line.words:
            (left, top), (right, _), (_, bottom), _ = word.polygon
            assert 0 <= left < right <= page.width
            assert 0 <= top < bottom <= page.height
            assert ink[int(top) : int(bottom), int(left) : int(right)].mean() > 0.05
            # What is read is wiped out, up to the soft edges of the letters: in the end there is no ink left.
            ink[int(top) - 2 : int(bottom) + 2, int(left) - 2 : int(right) + 2] = False
    assert not ink.any()


def test_an_empty_page_is_an_empty_text(drawn: Callable[..., PageImage]) -> None:
    assert Tesseract().recognize(drawn(), ENGLISH, PATIENCE) == PageText("", ())


def test_a_page_of_unknown_resolution_is_read(drawn: Callable[..., PageImage]) -> None:
    assert Tesseract().recognize(drawn("Total", dpi=None), ENGLISH, PATIENCE).text == "Total"


def test_the_segmentation_mode_reaches_the_engine(drawn: Callable[..., PageImage]) -> None:
    read = Tesseract().recognize(drawn("Invoice", "Total"), Options(psm="7"), PATIENCE)
    assert len(read.lines) <= 1  # one line is all that mode 7 sees


def test_an_unknown_language_is_refused_with_the_installed_ones() -> None:
    tesseract = Tesseract()
    tesseract.check(ENGLISH)
    with pytest.raises(UnknownLanguage, match=r"tlh, qya; installed:.*eng"):
        tesseract.check(Options(languages=("eng", "tlh", "qya")))


def test_the_engine_tells_its_version_and_languages() -> None:
    status = Tesseract().status()
    assert status.usable
    assert Tesseract().version()[0].isdigit()
    assert "eng" in status.detail
    assert "osd" not in Tesseract().languages


def test_too_little_time_is_a_timeout(drawn: Callable[..., PageImage]) -> None:
    with pytest.raises(EngineTimeout):
        Tesseract().recognize(drawn("Total"), ENGLISH, 0.001)


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
        Tesseract().recognize(page, ENGLISH, PATIENCE)


def test_an_engine_that_hangs_is_stopped(
    drawn: Callable[..., PageImage], fake_tesseract: Callable[[str], None]
) -> None:
    page = drawn("Total")
    fake_tesseract("exec sleep 60")
    with pytest.raises(EngineTimeout):
        Tesseract().recognize(page, ENGLISH, 0.3)


def test_a_file_that_is_no_image_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "page1.pgm"
    path.write_bytes(b"P5 700 300 255\n")
    with pytest.raises(EngineFailed):
        Tesseract().recognize(PageImage(number=1, path=path, width=1, height=1, dpi=None), ENGLISH, PATIENCE)


def test_an_engine_that_is_not_there_is_told_so(
    drawn: Callable[..., PageImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drawn("Total")
    install(monkeypatch, "/nowhere/tesseract")
    with pytest.raises(ToolMissing):
        Tesseract().recognize(page, ENGLISH, PATIENCE)
    with pytest.raises(ToolMissing):
        Tesseract().check(ENGLISH)
    status = Tesseract().status()
    assert not status.usable
    assert status.missing == ("tesseract",)


@pytest.mark.parametrize("psm", PSMS)
def test_every_segmentation_mode_that_can_be_chosen_reads(psm: str, drawn: Callable[..., PageImage]) -> None:
    assert Tesseract().recognize(drawn("Total amount"), make_options({"psm": psm}), PATIENCE).lines
