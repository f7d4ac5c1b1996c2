"""Pages too large for the services, in pixels or in bytes: each reaches every service within its limits, which the test
servers enforce, and comes back with everything in its place.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio.deadline import Deadline
from folio.keys import result_key
from folio.models import PageImage, PageText, Result, decode
from folio.options.resolve import parse_options
from folio.providers.cost import Ledger
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.transform import Polygon
from folio.wiring import make_services
from tests.fakes.cloud.server import Call, CloudServer
from tests.support.clouds import CLOUDS, cloud_servers, make_provider, pointed, set_keys
from tests.support.documents import cards
from tests.support.documents.drawings import Drawing, corners, draw, farthest, off
from tests.support.tools import NO_TOOLS

pytestmark = [
    pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS),
    pytest.mark.slow("pages beyond the limits of the services have tens of megabytes"),
]

MB = 1024 * 1024
AS_BASE64 = 10 * MB * 3 // 4
# What each service takes at its accurate endpoint: bytes of the image, and pixels of the longer side (Tencent: any).
MOST = {"baidu": (AS_BASE64, 8192), "tencent": (AS_BASE64, 100_000), "aliyun": (10 * MB, 8191)}
CLOSE = 3  # pixels of the page; or one and a half of the image that was sent, if these are more


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, CloudServer]]:
    with cloud_servers() as servers:
        yield servers


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_keys(monkeypatch)


@cache
def huge() -> tuple[bytes, Drawing]:
    """9000 x 12000 pixels, with words in the corners and in between."""
    paper = Image.new("L", (9000, 12000), 255)
    parts = [
        draw("Invoice number 4217", "Total amount due", height=160, at=(300, 250), paper=paper),
        draw("somewhere in between", height=160, at=(2500, 6000), paper=paper),
        draw("at the very end", height=160, at=(7300, 11600), paper=paper),
    ]
    return _saved(paper), Drawing(paper, tuple(line for part in parts for line in part.lines))


@cache
def heavy() -> tuple[bytes, Drawing]:
    """More than 15 MB, as photographs are: no two pixels alike."""
    grain = np.random.default_rng(4).normal(235, 3, (6500, 5000))
    paper = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    drawing = draw("Invoice number 4217", "Total amount due", "paid on Tuesday", height=120, at=(300, 400), paper=paper)
    return _saved(paper), drawing


def _saved(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=1)
    return target.getvalue()


def read_document(provider: str, document: bytes, servers: dict[str, CloudServer], folder: Path) -> Result:
    """Through everything an upload goes through."""
    (folder / "page.png").write_bytes(document)
    services = make_services(FolderStore(folder), pointed(servers))
    options = {"provider": provider, "mode": "accurate"}
    outcome = read_upload(Request(key="page.png", options=options), services, Deadline(120))
    services.pool.shutdown()
    assert outcome.status == "complete"
    return decode((folder / result_key("page.png")).read_bytes(), Result)


def calls_since(server: CloudServer, before: int) -> list[Call]:
    calls = server.calls[before:]
    assert [call.outcome for call in calls] == ["ok"] * len(calls), "nothing had to be sent twice"
    return calls


@pytest.mark.parametrize("provider", CLOUDS)
@pytest.mark.parametrize("page", [huge, heavy], ids=["9000 x 12000 pixels", "15 MB"])
def test_a_page_beyond_the_limits_comes_back_with_right_boxes(
    provider: str, page: Callable[[], tuple[bytes, Drawing]], servers: dict[str, CloudServer], tmp_path: Path
) -> None:
    document, drawing = page()
    server, before = servers[provider], len(servers[provider].calls)
    result = read_document(provider, document, servers, tmp_path)
    (call,) = calls_since(server, before)
    bytes_, pixels = MOST[provider]
    assert call.bytes <= bytes_
    assert max(call.width, call.height) <= pixels
    (read,) = result.pages
    assert (read.width, read.height) == drawing.image.size
    close = max(CLOSE, 1.5 * read.width / call.width)
    assert farthest(read.lines, drawing.whole_lines) <= close
    assert farthest([word for line in read.lines for word in line.words], drawing.words) <= close


def test_the_heavy_page_is_heavy() -> None:
    assert len(heavy()[0]) > 15_000_000
    assert heavy()[1].image.size == (5000, 6500)


def read_image(
    provider: str, image: Image.Image, servers: dict[str, CloudServer], folder: Path, mode: str = "accurate"
) -> PageText:
    path = folder / "page1.pgm"
    image.convert("L").save(path)
    page = PageImage(number=1, path=path, width=image.width, height=image.height, dpi=None)
    options = parse_options({"provider": provider, "mode": mode, "languages": "eng+chi_sim"})
    return make_provider(provider, pointed(servers)).recognize(page, options, Deadline(120), Ledger())


@pytest.mark.parametrize("provider", CLOUDS)
def test_a_page_of_more_pixels_than_are_taken_is_reduced_and_says_so(
    provider: str, servers: dict[str, CloudServer], tmp_path: Path
) -> None:
    drawing = draw("Invoice number 4217", "Total amount due", size=(9000, 1000), height=120, at=(7000, 200))
    before = len(servers[provider].calls)
    read = read_image(provider, drawing.image, servers, tmp_path)
    (call,) = calls_since(servers[provider], before)
    assert call.width in (8191, 8192)
    assert farthest([word for line in read.lines for word in line.words], drawing.words) <= CLOSE
    assert any("Reduced to" in warning and provider in warning for warning in read.warnings)


# Words of many lengths: above one another, equal ones would be columns to a reader.
_NAMES = ("elm", "hazel", "alder", "birch", "hornbeam", "maple", "beech", "juniper", "rowan", "elder", "hawthorn")
STRIP = [f"{_NAMES[n % 11]} {_NAMES[n // 11]} {_NAMES[n * 5 % 11]}" for n in range(66)]


@cache
def strip() -> Drawing:
    """As long as a till's receipt for a year."""
    return draw(*STRIP, size=(1200, 20_000), height=54, step=5.5, gap=0.45)


@pytest.mark.parametrize(
    ("provider", "mode", "most"),
    [
        ("baidu", "accurate", 8192),
        ("baidu", "general", 4096),
        ("tencent", "accurate", 8192),
        ("aliyun", "accurate", 8191),
    ],
)
def test_a_strip_is_cut_and_every_word_is_read_once_and_in_order(
    provider: str, mode: str, most: int, servers: dict[str, CloudServer], tmp_path: Path
) -> None:
    before = len(servers[provider].calls)
    read = read_image(provider, strip().image, servers, tmp_path, mode)
    calls = calls_since(servers[provider], before)
    assert len(calls) > 1
    assert all(max(call.width, call.height) <= most for call in calls)
    assert read.text.split("\n") == STRIP
    close = max(CLOSE, *(1.5 * 1200 / call.width for call in calls))
    assert farthest([word for line in read.lines for word in line.words], strip().words) <= close


def inside(polygon: Polygon, box: tuple[float, float, float, float]) -> bool:
    x, y = (sum(point[axis] for point in polygon) / 4 for axis in (0, 1))
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


@pytest.mark.parametrize("provider", CLOUDS)
def test_a_wide_strip_keeps_every_word_once(provider: str, servers: dict[str, CloudServer], tmp_path: Path) -> None:
    texts = [" ".join(f"item{number}{row}" for number in range(100, 136)) for row in "abc"]
    drawing = draw(*texts, size=(18_000, 900), height=80)
    assert max(spot.box[2] for spot in drawing.words) < 18_000
    before = len(servers[provider].calls)
    read = read_image(provider, drawing.image, servers, tmp_path)
    assert len(calls_since(servers[provider], before)) > 1
    found = [word for line in read.lines for word in line.words]
    # By their places: a digit misread is the engine's affair.
    at = [[word for word in found if inside(word.polygon, spot.box)] for spot in drawing.words]
    assert all(len(words) == 1 for words in at)
    assert len(found) <= len(drawing.words) + 2, "a mark or two read out of nothing is the engine's affair too"
    pairs = [(words[0], spot) for words, spot in zip(at, drawing.words, strict=True)]
    assert sum(word.text != spot.text for word, spot in pairs) <= 0.05 * len(pairs)
    assert max(off(word.polygon, corners(spot.box)) for word, spot in pairs) <= 2 * CLOSE


@pytest.mark.parametrize("size", [(1400, 420), (800, 380)], ids=["too wide", "too low"])
def test_tencents_table_is_put_on_paper_of_the_shape_it_takes(
    size: tuple[int, int], servers: dict[str, CloudServer], tmp_path: Path
) -> None:
    rows = (("amount", "total"), ("4217", "8434"))
    picture, _, boxes = cards.table(rows)
    image = picture.crop((60, 80, 60 + size[0], 80 + size[1]))
    before = len(servers["tencent"].calls)
    read = read_image("tencent", image, servers, tmp_path, "table")
    (call,) = calls_since(servers["tencent"], before)
    short, long = sorted((call.width, call.height))
    assert short > 600
    assert long < 3 * short
    (table,) = read.tables
    assert {f"{cell.row},{cell.column}": cell.text for cell in table.cells} == {
        f"{row},{column}": text for row, texts in enumerate(rows) for column, text in enumerate(texts)
    }
    for cell in table.cells:
        left, top, right, bottom = boxes[f"{cell.row},{cell.column}"]
        assert cell.polygon is not None
        assert off(cell.polygon, corners((left - 60, top - 80, right - 60, bottom - 80))) <= 2 * CLOSE
