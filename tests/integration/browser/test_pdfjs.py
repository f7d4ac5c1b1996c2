"""Searchable PDFs in pdf.js, the viewer of Firefox and of many web pages, in a headless Chromium."""

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec import Struct

from folio.models import Page
from tests.integration.reading.test_searchable import BOXES, LINES, read, searchable
from tests.integration.reading.test_tilted import TEXT, tilted
from tests.integration.reading.test_touching import TOUCHING, touching
from tests.support.browser import pdfjs
from tests.support.browser.chromium import Tab
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import DATA
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_tools

# What a viewer built on pdf.js does with a page: it draws it on a canvas and lays its text over it, to be selected.
# Every word of that text, with its box on the screen in pixels of the page as `scale` enlarges it.
_VIEWER = """
async ({data, number, scale}) => {
    const pdfjs = await import("/build/pdf.min.mjs");
    pdfjs.GlobalWorkerOptions.workerSrc = "/build/pdf.worker.min.mjs";
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    const task = pdfjs.getDocument({data: bytes, cMapUrl: "/cmaps/", wasmUrl: "/wasm/", iccUrl: "/iccs/",
                                    standardFontDataUrl: "/standard_fonts/", stopAtErrors: true});
    const pdf = await task.promise;
    const page = await pdf.getPage(number);
    const viewport = page.getViewport({scale: scale / page.userUnit});
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(viewport.width), Math.round(viewport.height)];
    await page.render({canvas, viewport}).promise;
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const dark = pixels.filter((value, place) => place % 4 === 0 && value < 128).length;
    const layer = document.createElement("div");
    layer.className = "textLayer";
    for (const [name, value] of Object.entries({"total-scale-factor": viewport.scale, "scale-round-x": "1px",
                                                "scale-round-y": "1px"})) {
        layer.style.setProperty(`--${name}`, value);
    }
    document.body.replaceChildren(canvas, layer);
    await new pdfjs.TextLayer({textContentSource: page.streamTextContent(), container: layer, viewport}).render();
    getSelection().selectAllChildren(layer);
    const found = [];
    const origin = layer.getBoundingClientRect();
    const texts = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        for (const match of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, match.index);
            range.setEnd(texts.currentNode, match.index + match[0].length);
            const {left, top, right, bottom} = range.getBoundingClientRect();
            found.push({text: match[0], left: left - origin.left, top: top - origin.top,
                        right: right - origin.left, bottom: bottom - origin.top});
        }
    }
    return {pages: pdf.numPages, width: canvas.width, height: canvas.height, dark,
            copied: getSelection().toString(), words: found};
}
"""


class Spot(Struct, frozen=True):
    text: str
    left: float
    top: float
    right: float
    bottom: float


class Shown(Struct, frozen=True):
    """A page in the viewer: its size in pixels, how many of them are dark, what copying all of it gives."""

    pages: int
    width: int
    height: int
    dark: int
    copied: str
    words: list[Spot]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with pdfjs.served() as there:
        yield there


@pytest.fixture
def viewer(address: str, browser: "Browser") -> Iterator[Tab]:
    with pdfjs.viewer(browser, address) as opened:
        yield opened


def show(viewer: Tab, pdf: Path, number: int = 1, dpi: float = 144) -> Shown:
    """Open it; pdf.js may not complain."""
    data = base64.b64encode(pdf.read_bytes()).decode()
    told = viewer.page.evaluate(_VIEWER, {"data": data, "number": number, "scale": dpi / 72})
    assert viewer.complaints == []
    return msgspec.convert(told, Shown)


def middle(spot: Spot) -> tuple[float, float]:
    return (spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_lie_over_their_pictures(viewer: Tab, turn: int, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("lantern"), rotate=turn, crop=(20, 90, 400, 580))))
    pdf, _, page = searchable(source, tmp_path, LINES)
    assert pdf
    shown = show(viewer, pdf)
    assert (shown.pages, shown.width, shown.height) == (1, page.width, page.height)
    assert shown.dark > 1000
    assert sorted(spot.text for spot in shown.words) == sorted(BOXES)
    for spot in shown.words:
        left, top, right, bottom = BOXES[spot.text]
        across, down = middle(spot)
        assert abs(spot.left - left) <= 3, spot
        assert abs(spot.right - right) <= 3, spot
        assert left <= across <= right, spot
        assert top <= down <= bottom, spot


@pytest.mark.parametrize("degrees", [1.5, -4.0, -5.0])  # the last: lines end as high as the next ones begin
def test_words_of_a_tilted_page_are_whole(viewer: Tab, degrees: float, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("lantern"))))
    pdf, _, _ = searchable(source, tmp_path, tilted(degrees))
    assert pdf
    (text,) = pdfjs.texts(viewer, pdf)
    assert text.split() == " ".join(TEXT).split()


def test_words_of_a_much_tilted_page_lie_over_their_pictures(viewer: Tab, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("lantern"))))
    lines = tilted(5.0)
    pdf, _, _ = searchable(source, tmp_path, lines)
    assert pdf
    boxes = [word.bounds for line in lines for word in line.words]
    for spot, (left, top, right, bottom) in zip(show(viewer, pdf).words, boxes, strict=True):
        across, down = middle(spot)
        assert left <= across <= right, spot
        assert top <= down <= bottom, spot


def test_words_and_lines_that_touch_are_parted(viewer: Tab, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    pdf, _, _ = searchable(source, tmp_path, touching())
    assert pdf
    assert pdfjs.texts(viewer, pdf)[0].split() == TOUCHING.split()


@pytest.mark.parametrize(("name", "languages"), [("english.pdf", "eng"), ("chinese.png", "chi_sim")])
def test_what_was_read_is_found_and_copied(viewer: Tab, name: str, languages: str, tmp_path: Path) -> None:
    shutil.copy(DATA / name, tmp_path)
    result = read(tmp_path / name, languages)
    (page,) = result.pages
    assert page.origin == "ocr"
    pdf = tmp_path / result.outputs["pdf"]
    shown = show(viewer, pdf, dpi=page.dpi or 72)
    assert "".join(shown.copied.split()) == "".join(page.text.split())
    assert shown.dark > 1000
    scale = page.width / shown.width
    outside = [spot for spot in shown.words if not is_in_a_line(spot, page, scale)]
    assert len(outside) <= 0.01 * len(shown.words), outside


def is_in_a_line(spot: Spot, page: Page, scale: float) -> bool:
    """Whether a word lies, to three pixels, along a line that holds it, and its middle across it."""
    _, down = middle(spot)
    return any(
        spot.text in line.text
        and line.polygon[0][0] - 3 <= spot.left * scale <= spot.right * scale <= line.polygon[1][0] + 3
        and line.polygon[0][1] <= down * scale <= line.polygon[3][1]
        for line in page.lines
    )
