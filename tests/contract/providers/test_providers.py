"""What every engine must do (folio/providers/base.py): the same questions to Tesseract and to the three services.

The services are our test servers, which read the very image they are sent; the vendors' SDKs prove them faithful.
"""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from msgspec import Struct
from PIL import Image

from folio.config.options import Options
from folio.deadline import Deadline
from folio.errors import BadOption, CallBudgetExceeded, EngineFailed, EngineTimeout, UnknownLanguage
from folio.models import Line, Mode, Page, PageImage, PageText, ReadPage, Word
from folio.providers.base import Provider
from folio.providers.cost import Ledger
from folio.providers.registry import is_paid
from folio.reading.page_outcome import finished_page
from folio.transform import Polygon, Transform
from tests.contract.conftest import use_one_thread
from tests.fakes.cloud.server import CloudServer
from tests.support.clouds import cloud_servers, make_provider, pointed, set_keys
from tests.support.documents.drawings import Box, Drawing, Spot, corners, draw, farthest, off
from tests.support.tools import NO_TOOLS

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS)

TEXT = ["Invoice number 4217", "Total amount due", "paid on Tuesday"]
SHEET = draw(*TEXT)
EMPTY = draw()
PATIENCE = Deadline()  # none: one in seconds would begin when this file is imported
CLOSE = 3  # pixels of the page


class Case(Struct, frozen=True):
    """`places`: whether it says where single words are, or only lines; `sure_words`: and how sure of each it is."""

    provider: str
    mode: Mode = "general"
    places: bool = True
    sure_words: bool = True


CASES = [
    Case("tesseract"),
    Case("ppocr"),
    Case("baidu", sure_words=False),
    Case("baidu", "accurate"),
    Case("baidu", "handwriting", sure_words=False),
    Case("tencent"),
    Case("tencent", "accurate"),
    Case("tencent", "handwriting", sure_words=False),
    Case("aliyun", places=False),
    Case("aliyun", "accurate"),
    Case("aliyun", "handwriting"),
]
GENERAL = [case for case in CASES if case.mode == "general"]


class Reader:
    """One engine in one mode."""

    def __init__(self, case: Case, provider: Provider) -> None:
        self.case = case
        self.provider = provider
        self.options = Options(mode=case.mode, languages=("eng",))

    def read(self, page: PageImage, ledger: Ledger | None = None, deadline: Deadline = PATIENCE) -> PageText:
        return self.provider.recognize(page, self.options, deadline, ledger or Ledger())

    def smallest(self, read: PageText | Page) -> Sequence[Word | Line]:
        """What it places: words, or whole lines."""
        return [word for line in read.lines for word in line.words] if self.case.places else read.lines

    def truth(self, drawing: Drawing) -> list[Spot]:
        return drawing.words if self.case.places else drawing.whole_lines


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, CloudServer]]:
    with cloud_servers() as servers:
        yield servers


@pytest.fixture(params=CASES, ids=lambda case: f"{case.provider}-{case.mode}")
def reader(request: pytest.FixtureRequest, servers: dict[str, CloudServer], monkeypatch: pytest.MonkeyPatch) -> Reader:
    use_one_thread(monkeypatch)
    set_keys(monkeypatch)
    return Reader(request.param, make_provider(request.param.provider, pointed(servers)))


any_mode = pytest.mark.parametrize("reader", CASES, indirect=True, ids=lambda case: f"{case.provider}-{case.mode}")
general = pytest.mark.parametrize("reader", GENERAL, indirect=True, ids=lambda case: case.provider)


def page_of(image: Image.Image, folder: Path) -> PageImage:
    path = folder / "page1.pgm"
    image.save(path)
    return PageImage(number=1, path=path, width=image.width, height=image.height, dpi=None)


def lines(read: PageText | Page) -> list[str]:
    """Of the text, without the empty ones that set paragraphs apart: where these are is a matter of taste."""
    return [line for line in read.text.split("\n") if line]


@any_mode
def test_words_are_found_in_order_and_lines(reader: Reader, tmp_path: Path) -> None:
    read = reader.read(page_of(SHEET.image, tmp_path))
    assert lines(read) == TEXT
    assert [line.text for line in read.lines] == TEXT
    assert [one.text for one in reader.smallest(read)] == [spot.text for spot in reader.truth(SHEET)]


@any_mode
def test_confidences_run_from_0_to_1_and_none_is_made_up(reader: Reader, tmp_path: Path) -> None:
    read = reader.read(page_of(SHEET.image, tmp_path))
    assert all(line.confidence is not None and 0.5 < line.confidence <= 1 for line in read.lines)
    words = [word.confidence for line in read.lines for word in line.words]
    if reader.case.sure_words:
        assert all(confidence is not None and 0.5 < confidence <= 1 for confidence in words)
    else:
        assert set(words) == {None}
    assert read.confidence is not None
    assert 0.5 < read.confidence <= 1


@any_mode
def test_polygons_lie_on_the_ink_and_in_the_image(reader: Reader, tmp_path: Path) -> None:
    page = page_of(SHEET.image, tmp_path)
    read = reader.read(page)
    ink = np.asarray(SHEET.image) < 128
    for one in reader.smallest(read):
        (left, top), (right, _), (_, bottom), _ = one.polygon
        assert 0 <= left < right <= page.width
        assert 0 <= top < bottom <= page.height
        assert ink[int(top) : int(bottom), int(left) : int(right)].mean() > 0.05
        # What is read is wiped out, up to the soft edges of the letters: in the end there is no ink left.
        ink[int(top) - 2 : int(bottom) + 2, int(left) - 2 : int(right) + 2] = False
    assert not ink.any()
    assert farthest(reader.smallest(read), reader.truth(SHEET)) <= CLOSE
    assert farthest(read.lines, SHEET.whole_lines) <= CLOSE


# --- What the page looked like before it was prepared: quarter turns clockwise, and three fifths of its size. ---

SMALLER = 0.6


def turned(image: Image.Image, quarters: int) -> Image.Image:
    turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    turn = turns[quarters]
    return image if turn is None else image.transpose(turn)


def way_to_page(quarters: int) -> Transform:
    """From the pixels of the prepared image to those of the page."""
    width, height = SHEET.image.size
    turn = {
        0: Transform(),
        1: Transform((0, -1, height, 1, 0, 0, 0, 0, 1)),
        2: Transform((-1, 0, width, 0, -1, height, 0, 0, 1)),
        3: Transform((0, 1, 0, -1, 0, width, 0, 0, 1)),
    }[quarters]
    return Transform.scale(1 / SMALLER, 1 / SMALLER).then(turn)


def place_on_page(box: Box, quarters: int) -> Polygon:
    """The corners of a word where the page has it, from the beginning of its text on; found by looking."""
    alone = Image.new("L", SHEET.image.size, 0)
    alone.paste(255, box)
    seen = turned(alone, quarters).getbbox()
    assert seen is not None
    around = corners(seen)
    first = (around[quarters:] + around[:quarters])[:4]
    return first[0], first[1], first[2], first[3]


@any_mode
@pytest.mark.parametrize("quarters", [0, 1, 2, 3], ids=["upright", "90", "180", "270"])
def test_a_turned_and_resized_page_gets_its_own_coordinates(reader: Reader, quarters: int, tmp_path: Path) -> None:
    page = turned(SHEET.image, quarters)
    width, height = SHEET.image.size
    shown = SHEET.image.resize((round(width * SMALLER), round(height * SMALLER)), Image.Resampling.LANCZOS)
    path = tmp_path / "prepared1.pgm"
    shown.save(path)
    prepared = PageImage(
        number=1, path=path, width=page.width, height=page.height, dpi=None, to_page=way_to_page(quarters)
    )
    finished, _ = finished_page(prepared, ReadPage(reader.read(prepared), reader.case.provider))
    found, truth = reader.smallest(finished), reader.truth(SHEET)
    assert [one.text for one in found] == [spot.text for spot in truth]
    distances = [off(one.polygon, place_on_page(spot.box, quarters)) for one, spot in zip(found, truth, strict=True)]
    assert max(distances) <= CLOSE
    assert (finished.width, finished.height, lines(finished)) == (page.width, page.height, TEXT)


@any_mode
def test_an_empty_page_is_an_empty_text(reader: Reader, tmp_path: Path) -> None:
    assert reader.read(page_of(EMPTY.image, tmp_path)) == PageText("", ())


@general
def test_an_image_too_small_for_anything_is_an_empty_text(reader: Reader, tmp_path: Path) -> None:
    """The services refuse sides of a few pixels; Folio puts them on paper."""
    assert reader.read(page_of(Image.new("L", (5, 3), 255), tmp_path)) == PageText("", ())


@general
def test_a_page_of_unknown_or_known_resolution_is_read(reader: Reader, tmp_path: Path) -> None:
    page = page_of(SHEET.image, tmp_path)
    known = PageImage(number=1, path=page.path, width=page.width, height=page.height, dpi=300)
    assert lines(reader.read(page)) == lines(reader.read(known)) == TEXT


@general
def test_an_unknown_language_is_refused_with_those_there_are(reader: Reader) -> None:
    reader.provider.check(reader.options)
    with pytest.raises(UnknownLanguage, match=r"tlh, qya.*eng"):
        reader.provider.check(Options(languages=("eng", "tlh", "qya")))


@general
def test_a_mode_that_is_lacking_is_refused_with_those_that_have_it(reader: Reader) -> None:
    written = Options(mode="handwriting")
    if is_paid(reader.case.provider):
        reader.provider.check(written)
    else:
        with pytest.raises(BadOption, match="baidu, tencent, aliyun"):
            reader.provider.check(written)


@general
def test_an_engine_tells_its_name_and_version(reader: Reader) -> None:
    status = reader.provider.status()
    assert status.usable
    assert status.name == reader.provider.name == reader.case.provider
    assert any(sign.isdigit() for sign in reader.provider.version())


@general
def test_too_little_time_is_a_timeout(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(EngineTimeout):
        reader.read(page_of(SHEET.image, tmp_path), deadline=Deadline(0.001))


@general
def test_a_file_that_is_no_image_is_a_failure(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "page1.pgm"
    path.write_bytes(b"P5 700 300 255\n")
    with pytest.raises(EngineFailed):
        reader.read(PageImage(number=1, path=path, width=700, height=300, dpi=None))


@general
def test_paid_calls_are_counted_and_refused_beforehand(
    reader: Reader, servers: dict[str, CloudServer], tmp_path: Path
) -> None:
    page, ledger, none_at_all = page_of(SHEET.image, tmp_path), Ledger(1), Ledger(0)
    reader.read(page, ledger)
    if not is_paid(reader.case.provider):
        reader.read(page, none_at_all)
        assert ledger.cost().calls == none_at_all.cost().calls == 0
        return
    assert ledger.cost().calls == 1
    assert ledger.cost().estimate > 0
    before = len(servers[reader.case.provider].calls)
    for spent in (ledger, none_at_all):
        with pytest.raises(CallBudgetExceeded):
            reader.read(page, spent)
    assert len(servers[reader.case.provider].calls) == before


@general
def test_one_instance_serves_several_threads(reader: Reader, tmp_path: Path) -> None:
    pages = []
    for number, text in enumerate(("first", "second", "third", "fourth")):
        folder = tmp_path / str(number)
        folder.mkdir()
        pages.append(page_of(draw(f"the {text} page", size=(600, 150)).image, folder))
    with ThreadPoolExecutor(4) as pool:
        texts = [read.text for read in pool.map(reader.read, pages)]
    assert texts == ["the first page", "the second page", "the third page", "the fourth page"]
