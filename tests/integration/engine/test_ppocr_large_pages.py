"""Pages larger than PP-OCR's detector is shown at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import PageImage, PageText
from folio.providers.cost import Ledger
from folio.providers.ppocr.engine import PPOCR
from tests.support.documents.drawings import Drawing, draw

pytestmark = pytest.mark.slow("reads large pages")

WORDS = (
    "anchor basket copper dinner engine family garden hammer island jacket kitten ladder magnet needle orange pencil"
)


@pytest.fixture(scope="module")
def engine() -> Iterator[PPOCR]:
    made = PPOCR(Settings(jobs=1))
    yield made
    made.close()


def read(engine: PPOCR, drawing: Drawing, folder: Path) -> PageText:
    path = folder / "page1.pgm"
    drawing.image.save(path)
    page = PageImage(number=1, path=path, width=drawing.image.width, height=drawing.image.height, dpi=None)
    return engine.recognize(page, Options(languages=("eng",)), Deadline(), Ledger())


def texts(drawing: Drawing) -> list[str]:
    return [line.text for line in drawing.whole_lines]


def test_lines_across_a_large_page_are_whole_and_there_once(engine: PPOCR, tmp_path: Path) -> None:
    """A part of an A2 sheet at 300 dpi: a title of a centimeter, and lines of 7 points from one edge to the other."""
    title = draw("harbour master of the northern islands", size=(6800, 2600), height=160, at=(2200, 150))
    names = WORDS.split()
    lines = [" ".join(names[(start + index) % 16] for index in range(52)) for start in range(4)]
    page = draw(*lines, height=30, at=(200, 900), step=12, paper=title.image)
    found = [line.text for line in read(engine, page, tmp_path).lines]
    assert found[-4:] == texts(page)
    assert " ".join(found[:-4]) == texts(title)[0]


def test_lines_of_a_long_strip_are_there_once_and_in_order(engine: PPOCR, tmp_path: Path) -> None:
    """So that some of them lie on every cut."""
    names = WORDS.split()
    lines = [f"{names[index % 16]} {index + 100}" for index in range(330)]
    strip = draw(*lines, size=(240, 15_000), height=24, at=(10, 20), step=1.88)
    found = read(engine, strip, tmp_path).text.split()
    words = " ".join(lines).split()
    assert len(found) == len(words)
    assert sum(one == other for one, other in zip(found, words, strict=True)) >= 0.98 * len(words)


def test_a_large_page_on_its_side_is_turned_as_one(engine: PPOCR, tmp_path: Path) -> None:
    upright = draw(*[f"{WORDS[:60]} {index}" for index in range(98, 110)], size=(1600, 4800), height=36, step=10)
    sideways = Drawing(upright.image.rotate(-90, expand=True), upright.lines)
    found = read(engine, sideways, tmp_path)
    assert found.rotation == 90
    assert [line.text for line in found.lines] == texts(upright)
