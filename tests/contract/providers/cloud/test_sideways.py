"""`detect_direction`: a page that lies on its side, and a service that is asked to see to it.

Our test servers answer as for an upright page; here they turn the image themselves, each in its service's way. Baidu
tells how far the image is turned against the clock and leaves coordinates as they are; Alibaba Cloud tells how far the
text is turned clockwise, and its coordinates are those of the image it has made upright. Sources:
cloud.baidu.com/doc/OCR/s/tk3h7y2aq (direction); help.aliyun.com/zh/ocr, RecognizeAdvanced (angle, NeedRotate, pos).
"""

import io
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from folio.deadline import Deadline
from folio.models import PageImage, PageText
from folio.options.resolve import parse_options
from folio.providers.cost import Ledger
from folio.transform import Polygon, bounds
from tests.fakes.cloud import aliyun_answers, baidu_answers
from tests.support.clouds import cloud_servers, make_provider, pointed, set_keys
from tests.support.documents.cards import png
from tests.support.documents.drawings import Box, corners, draw, off
from tests.support.tools import NO_TOOLS

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS)

SHEET = draw("Invoice number 4217", "Total amount due")
CLOSE = 3
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}

type Json = dict[str, Any]
type Operation = Callable[[bytes, Mapping[str, str]], Json]


def turned(image: Image.Image, degrees: int) -> Image.Image:
    """Clockwise."""
    return image.transpose(TURNS[degrees]) if degrees else image


def upright(image: bytes, degrees: int) -> bytes:
    with Image.open(io.BytesIO(image)) as opened:
        return png(turned(opened, -degrees % 360))


def place(box: Box, degrees: int) -> Box:
    """Where a box of the upright sheet is on the turned one."""
    alone = Image.new("L", SHEET.image.size, 0)
    alone.paste(255, box)
    found = turned(alone, degrees).getbbox()
    assert found is not None
    return found


def as_baidu(degrees: int) -> Operation:
    def operation(image: bytes, params: Mapping[str, str]) -> Json:
        answer = baidu_answers.general(upright(image, degrees), params)
        for line in answer["words_result"]:
            _turn(line, degrees)
            for char in line["chars"]:
                _turn(char, degrees)
        # 1, 2, 3: by 90, 180 and 270 degrees against the clock
        return answer | ({"direction": -degrees % 360 // 90} if params.get("detect_direction") == "true" else {})

    return operation


def _turn(located: Json, degrees: int) -> None:
    box = located["location"]
    left, top = box["left"], box["top"]
    on_page = place((left, top, left + box["width"], top + box["height"]), degrees)
    located["location"] = baidu_answers.location(on_page)
    if "vertexes_location" in located:
        located["vertexes_location"] = baidu_answers.corners(on_page)


def as_aliyun(degrees: int) -> Operation:
    def operation(image: bytes, params: Mapping[str, str]) -> Json:
        if params.get("NeedRotate") != "true":
            return aliyun_answers.advanced(image, params)
        sent = aliyun_answers.sizes(image)
        original = {name: sent[name] for name in ("orgWidth", "orgHeight")}
        return aliyun_answers.advanced(upright(image, degrees), params) | original | {"angle": degrees}

    return operation


def read_sideways(provider: str, degrees: int, folder: Path, direction: str) -> PageText:
    path = folder / "page1.pgm"
    image = turned(SHEET.image, degrees)
    image.save(path)
    page = PageImage(number=1, path=path, width=image.width, height=image.height, dpi=None)
    options = parse_options({"provider": provider, "mode": "accurate", "detect_direction": direction})
    with cloud_servers() as servers:
        return make_provider(provider, pointed(servers)).recognize(page, options, Deadline(60), Ledger())


def farthest_edge(polygon: Polygon, box: Box) -> float:
    """Whichever corner comes first."""
    return max(abs(found - edge) for found, edge in zip(bounds(polygon), box, strict=True))


@pytest.fixture
def turning(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    set_keys(monkeypatch)

    def turn(degrees: int) -> None:
        monkeypatch.setitem(baidu_answers.OPERATIONS, "accurate", as_baidu(degrees))
        monkeypatch.setitem(aliyun_answers.OPERATIONS, "RecognizeAdvanced", as_aliyun(degrees))

    return turn


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("provider", ["baidu", "aliyun"])
def test_coordinates_are_those_of_the_page_as_it_lies(
    provider: str, degrees: int, turning: Callable[[int], None], tmp_path: Path
) -> None:
    turning(degrees)
    read = read_sideways(provider, degrees, tmp_path, "true")
    assert read.rotation == -degrees % 360, "clockwise degrees that make it upright"
    words = [word for line in read.lines for word in line.words]
    assert [word.text for word in words] == [spot.text for spot in SHEET.words]
    for word, spot in zip(words, SHEET.words, strict=True):
        assert farthest_edge(word.polygon, place(spot.box, degrees)) <= CLOSE


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("provider", ["baidu", "aliyun"])
def test_the_first_corner_is_where_the_text_begins(
    provider: str, degrees: int, turning: Callable[[int], None], tmp_path: Path
) -> None:
    turning(degrees)
    read = read_sideways(provider, degrees, tmp_path, "true")
    quarters = degrees // 90
    for line in read.lines:
        for word in line.words:
            spot = next(spot for spot in SHEET.words if spot.text == word.text)
            around = corners(place(spot.box, degrees))
            first = (around[quarters:] + around[:quarters])[:4]
            assert off(word.polygon, (first[0], first[1], first[2], first[3])) <= CLOSE


@pytest.mark.parametrize("provider", ["baidu", "aliyun"])
def test_whoever_does_not_ask_is_told_of_no_direction(
    provider: str, turning: Callable[[int], None], tmp_path: Path
) -> None:
    turning(0)
    assert read_sideways(provider, 0, tmp_path, "false").rotation == 0
