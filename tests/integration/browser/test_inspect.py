"""The report of `folio inspect` as a person sees it, on a desktop and on a phone."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.support.browser.chromium import DESKTOP, PHONE, tab
from tests.support.documents.drawings import draw
from tests.support.processes.running import folio
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_tools


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspect")
    draw("lantern and meadow", size=(700, 140), at=(40, 40), gap=0.45).image.save(folder / "a.png")
    assert folio("inspect", "a.png", "--recipe", "classic", cwd=folder).code == 0
    return folder / "a.png.inspect.html"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_boxes_lie_on_words_and_nothing_is_asked_of_others(
    browser: "Browser", report: Path, device: dict[str, Any]
) -> None:
    with tab(browser, device) as opened:
        page = opened.page
        page.goto(report.as_uri())
        assert [address for address in opened.requests if not address.startswith("data:")] == [report.as_uri()]
        assert opened.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("figure").count() == 2
        boxes = page.locator(".source polygon")
        assert boxes.count() == 3
        page.locator("#boxes").uncheck()  # what is under them
        picture = Image.open(io.BytesIO(page.locator(".source img").screenshot())).convert("L")
        page.locator("#boxes").check()
        frame = page.locator(".source img").bounding_box()
        assert frame
        scale = picture.width / frame["width"]
        for number in range(3):
            place = boxes.nth(number).bounding_box()
            assert place
            left, top = (place[side] - frame[side] for side in ("x", "y"))
            area = (left, top, left + place["width"], top + place["height"])
            ink = picture.crop(tuple(round(value * scale) for value in area)).point(lambda value: 255 * (value < 128))  # type: ignore[arg-type] # four of them
            assert sum(ink.histogram()[128:]) > 0.1 * ink.width * ink.height


def test_a_box_leads_to_its_word(browser: "Browser", report: Path) -> None:
    with tab(browser) as opened:
        opened.page.goto(report.as_uri())
        opened.page.locator(".source polygon").nth(2).click()
        assert (opened.page.locator(".text span:target").text_content() or "").strip() == "meadow"
