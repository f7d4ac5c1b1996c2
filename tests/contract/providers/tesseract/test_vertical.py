"""Chinese written downwards, in columns from right to left, read with the data that is made for it."""

import os
import shutil
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean

import pytest
from PIL import Image, ImageDraw

from folio.deadline import Deadline
from folio.models import Page, PageImage, PageText
from folio.options.resolve import parse_options
from folio.outputs.hocr import HocrWriter
from folio.providers.cost import Ledger
from folio.providers.tesseract.engine import Tesseract
from tests.contract.conftest import use_one_thread
from tests.support.documents import cards
from tests.support.tools import NO_TOOLS

LANGUAGE = "chi_sim_vert"
if not (shutil.which("tesseract") and shutil.which("fc-match")):
    pytest.skip(NO_TOOLS, allow_module_level=True)
pytestmark = pytest.mark.skipif(
    LANGUAGE not in Tesseract().languages and not os.environ.get("CI"),
    reason=f"Tesseract has no data for {LANGUAGE} (Debian: tesseract-ocr-chi-sim-vert): run make setup",
)

COLUMNS = ("远处的钟声响了父亲是学校的老师", "家里有很多旧书冬天的时候很安静", "我也在二十岁那年坐上火车离开家")
SIZE, STEP, APART, TOP = 48, 50, 80, 70  # pixels: of a character, from one to the next, from column to column
CLOSE = 8  # pixels: a character's ink has margins in its square


def left_of(column: int) -> int:
    return APART * (len(COLUMNS) - column)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> PageImage:
    image = Image.new("L", (APART * (len(COLUMNS) + 2), STEP * len(COLUMNS[0]) + 2 * TOP), 255)
    pen, font = ImageDraw.Draw(image), cards.font(SIZE)
    for column, text in enumerate(COLUMNS):
        for row, character in enumerate(text):
            middle = (left_of(column) + SIZE / 2, TOP + row * STEP + STEP / 2)
            pen.text(middle, character, 0, font, anchor="mm")
    path = tmp_path_factory.mktemp("vertical") / "page1.pgm"
    image.save(path)
    return PageImage(number=1, path=path, width=image.width, height=image.height, dpi=None)


@pytest.fixture(scope="module")
def read(page: PageImage) -> PageText:
    with pytest.MonkeyPatch.context() as patch:
        use_one_thread(patch)
        options = parse_options({"languages": LANGUAGE})
        Tesseract().check(options)
        return Tesseract().recognize(page, options, Deadline(), Ledger())


def test_columns_are_lines_from_right_to_left_without_spaces(read: PageText) -> None:
    assert read.rotation == 0
    assert len(read.lines) == len(COLUMNS)
    assert " " not in read.text
    for line, text in zip(read.text.splitlines(), COLUMNS, strict=True):
        assert SequenceMatcher(None, line, text, autojunk=False).ratio() > 0.8


def test_words_lie_on_their_characters(read: PageText) -> None:
    off = []
    for column, (line, text) in enumerate(zip(read.lines, COLUMNS, strict=True)):
        left, _, right, _ = line.bounds
        assert abs(left - left_of(column)) <= CLOSE
        assert abs(right - left_of(column) - SIZE) <= CLOSE
        for word in line.words:
            assert word.confidence is not None
            if text.count(word.text) == 1:
                _, top, _, bottom = word.bounds
                middle = TOP + STEP * (text.index(word.text) + len(word.text) / 2)
                off.append(abs((top + bottom) / 2 - middle) / SIZE)
    assert len(off) > len(COLUMNS) * len(COLUMNS[0]) / 3
    assert mean(off) < 0.5, "in characters; of Tesseract's own boxes it is 0.9"


def test_columns_are_one_paragraph_of_hocr(read: PageText, page: PageImage, tmp_path: Path) -> None:
    writer = HocrWriter(tmp_path)
    writer.add(Page(number=1, width=page.width, height=page.height, dpi=None, text=read.text, lines=read.lines))
    hocr = writer.finish().read_text("utf-8")
    assert hocr.count('class="ocr_par"') == 1
    assert hocr.count('class="ocr_line"') == len(COLUMNS)
    assert "</span> " not in hocr
