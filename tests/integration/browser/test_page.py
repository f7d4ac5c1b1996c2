"""The page of `folio serve` in a real browser: every state of it, as a person comes through them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from folio.models import Result, decode
from tests.support.browser.chromium import DESKTOP, PHONE
from tests.support.browser.visitor import BOXES, HOLD, LONG, WATCH, Visitor, visiting
from tests.support.documents.drawings import Drawing, draw
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.processes.serving import serving
from tests.support.sizes import size
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    needs_tools,
    pytest.mark.timeout(900),
    pytest.mark.slow("a browser, a server, and documents that are read"),
]

QUICK = {"FOLIO_DPI": "120", "FOLIO_RECIPE": "none"}
MANY = size(16, full=40)  # more than a call reads, which are ten, and enough for progress to be seen
# What a person sees is looked at in the language of each, and then in the other (`Visitor.looks`).
DEVICES = pytest.mark.parametrize(
    "device", [DESKTOP | {"locale": "en-GB"}, PHONE | {"locale": "zh-CN"}], ids=["desktop", "phone"]
)
WORDS = ("lantern", "and", "meadow")
BROKEN = b"%PDF-1.4\n" + b"nothing of it is left " * 100


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of a page that asks for no key."""
    with serving(keys=(), settings=QUICK) as api:
        assert api.get("v1/providers").ok  # the first call takes longer than a person on a busy machine would wait
        yield api.url


@pytest.fixture(scope="module")
def unhurried() -> Iterator[str]:
    """The same a page at a time, as drawn for print: many take long enough for progress to be seen."""
    with serving(keys=(), settings={"FOLIO_JOBS": "1", "FOLIO_KEEP_SECONDS": "0.5"}) as api:
        assert api.get("v1/providers").ok
        yield api.url


@pytest.fixture
def drawing() -> Drawing:
    return draw(" ".join(WORDS), "ferry at nine", size=(900, 400))


@pytest.fixture
def picture(tmp_path: Path, drawing: Drawing) -> Path:
    drawing.image.save(tmp_path / "note.png")
    return tmp_path / "note.png"


def scan(folder: Path, pages: int) -> Path:
    """A PDF of pictures, each with its number in words that Tesseract reads."""
    path = folder / f"{pages}-pages.pdf"
    path.write_bytes(make_pdf(*(PdfPage(picture=words(*chapter(page))) for page in range(1, pages + 1))))
    return path


def chapter(page: int) -> tuple[str, str]:
    return f"Chapter {page}", "the ferry leaves at nine"


@DEVICES
def test_a_picture(browser: "Browser", address: str, picture: Path, drawing: Drawing, device: dict[str, Any]) -> None:
    with visiting(browser, address, device=device, permissions=["clipboard-read", "clipboard-write"]) as person:
        expect(person.at("start")).to_be_visible()
        person.looks("start")
        person.give(picture)
        person.sees_result(pages=1)
        person.reads(*WORDS)
        person.looks("picture")
        boxes = person.page.evaluate(BOXES)
        assert [box["word"] for box in boxes] == [word.text for word in drawing.words]
        for box, word in zip(boxes, drawing.words, strict=True):
            found = [edge * 900 for edge in box["edges"]]  # its share of the picture's width
            assert max(abs(edge - true) for edge, true in zip(found, word.box, strict=True)) <= 6, (box, word)
        person.at("copy").click()
        expect(person.at("copy-text")).to_have_attribute("data-text", "text.copied")
        copied = person.page.evaluate("navigator.clipboard.readText()")
        result = decode(person.downloads("result"), Result)
        assert copied == result.pages[0].text == person.downloads("text").decode()
        engine = result.engine
        assert engine is not None
        assert (engine.provider, engine.languages) == ("tesseract", ("eng",)), "as the installation has it"
        assert not [request for request in person.tab.requests if "/v1/uploads" in request]
        find_both_ways(person)


def find_both_ways(person: Visitor) -> None:
    """Words on the page and in the text lead to each other, by pointer and by keyboard."""
    tip, current = person.at("tip"), person.page.locator("#text .current")
    person.page.locator("#overlay polygon").nth(2).hover()
    expect(tip).to_contain_text("meadow")
    expect(tip).to_contain_text("%")
    expect(current).to_have_text("meadow")
    person.page.locator("#text span", has_text="ferry").click()
    expect(person.page.locator("#overlay [aria-selected=true]")).to_have_attribute("id", "word-3")
    person.at("overlay").focus()
    for key, word in (("Home", "lantern"), ("ArrowRight", "and"), ("ArrowDown", "nine"), ("m", "meadow")):
        person.page.keyboard.press(key)
        expect(current).to_have_text(word)
    named = person.at("overlay").get_attribute("aria-activedescendant")
    assert str(person.at(str(named)).get_attribute("aria-label")).startswith("meadow")
    person.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    person.at("larger").click()
    expect(person.at("zoom")).to_have_text("150%")
    person.at("boxes").uncheck()


def test_a_photograph_is_shown_the_way_it_is_read(browser: "Browser", address: str, tmp_path: Path) -> None:
    upright = draw(*WORDS, size=(500, 800)).image.convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    upright.rotate(90, expand=True).save(tmp_path / "photo.jpg", exif=exif)
    with visiting(browser, address) as person:
        person.give(tmp_path / "photo.jpg")
        person.sees_result(pages=1)
        person.reads(WORDS[0])
        assert person.page.evaluate("[picture.naturalWidth, picture.naturalHeight]") == [500, 800]
        assert person.at("overlay").get_attribute("viewBox") == "0 0 500 800"


@pytest.mark.parametrize(("name", "pages"), [("large.bmp", 1), ("two.tif", 2)])
def test_what_no_call_takes_or_no_browser_draws(
    browser: "Browser", address: str, tmp_path: Path, name: str, pages: int
) -> None:
    sheets = [draw(*WORDS, f"sheet {page}", size=(1700, 1000)).image.convert("RGB") for page in range(1, pages + 1)]
    if pages == 1:
        sheets[0].save(tmp_path / name)
    else:
        sheets[0].save(tmp_path / name, save_all=True, append_images=sheets[1:])
    with visiting(browser, address) as person:
        person.give(tmp_path / name)
        person.sees_result(pages)
        if pages > 1:
            person.turns_to(pages)
        person.reads(f"sheet {pages}")
        assert [request for request in person.tab.requests if "/v1/uploads" in request]
        # The service draws at most 1600 pixels; the browser shows its own file whole.
        assert person.page.evaluate("picture.naturalWidth") == (1700 if name.endswith(".bmp") else 1600)


@DEVICES
def test_a_pdf_of_three_pages(browser: "Browser", address: str, tmp_path: Path, device: dict[str, Any]) -> None:
    with visiting(browser, address, device=device) as person:
        person.at("output-pdf").check()
        person.give(scan(tmp_path, 3))
        person.sees_result(pages=3)
        person.reads("Chapter", "1")
        expect(person.at("previous")).to_have_attribute("aria-disabled", "true")
        for page in (2, 3):
            person.at("next").click()
            person.reads("Chapter", str(page))
        expect(person.at("next")).to_have_attribute("aria-disabled", "true")
        person.looks("pdf")
        assert person.downloads("pdf").startswith(b"%PDF")
        assert b"Chapter 2" in person.downloads("text")
        assert len(decode(person.downloads("result"), Result).pages) == 3


def test_some_pages_of_a_pdf(browser: "Browser", address: str, tmp_path: Path) -> None:
    """They keep the numbers that they have in the document."""
    with visiting(browser, address) as person:
        person.page.locator("#options summary").click()
        person.at("option-pages").fill("2,4-")
        person.give(scan(tmp_path, 5))
        person.sees_result(pages=3)
        for position, page in enumerate((2, 4, 5), start=1):
            person.turns_to(position)
            person.reads("Chapter", str(page))
            expect(person.at("picture-title")).to_have_text(f"Page {page} of the document")
        expect(person.at("next")).to_have_attribute("aria-disabled", "true")


@pytest.mark.soak
@DEVICES
def test_a_pdf_of_many_pages(browser: "Browser", unhurried: str, tmp_path: Path, device: dict[str, Any]) -> None:
    with visiting(browser, unhurried, device=device) as person:
        person.page.evaluate(WATCH)
        person.give(scan(tmp_path, MANY))
        expect(person.at("busy")).to_be_visible()
        expect(person.at("busy-text")).to_have_attribute("data-text", "busy.pages", timeout=LONG)
        person.looks("busy")
        person.sees_result(pages=MANY)
        seen = person.page.evaluate("window.seen")
        assert seen == sorted(seen)
        assert any(0 < number < MANY for number in seen), "while it is read, not only at its end"
        person.turns_to(MANY - 1)
        person.reads("Chapter", str(MANY - 1))
        person.at("next").click()
        person.reads("Chapter", str(MANY))
        person.looks("long")
        assert person.page.locator("img[src^=blob]").count() == 1
        # No page but those that were looked at has been asked for.
        asked = {request.rsplit("/", 1)[1] for request in person.tab.requests if "/pages/" in request}
        assert asked == {"1", str(MANY - 1), str(MANY)}
        person.page.reload()
        person.sees_result(pages=MANY)
        person.reads("Chapter", "1")


@DEVICES
def test_a_broken_file(browser: "Browser", address: str, tmp_path: Path, device: dict[str, Any]) -> None:
    (tmp_path / "broken.pdf").write_bytes(BROKEN)
    with visiting(browser, address, device=device) as person:
        person.give(tmp_path / "broken.pdf")
        expect(person.at("failed")).to_be_visible(timeout=LONG)
        expect(person.at("failed-title")).to_be_focused()
        person.looks("failed")
        if device["locale"] == "zh-CN":
            expect(person.at("failed-detail")).to_contain_text("文档已损坏")
            expect(person.at("failed-hint")).to_contain_text("重新保存")
            expect(person.at("failed-original")).to_contain_text("damaged")
        else:
            expect(person.at("failed-detail")).to_contain_text("damaged")
            expect(person.at("failed-hint")).to_contain_text("save it again")
            expect(person.at("failed-original")).to_be_empty()
        person.at("other-file").click()
        expect(person.at("start-title")).to_be_focused()


@pytest.mark.parametrize(("body", "name", "told"), [(b"", "empty.png", "empty"), (b"PK\3\4", "a.docx", "damaged")])
def test_what_is_no_document(
    browser: "Browser", address: str, tmp_path: Path, body: bytes, name: str, told: str
) -> None:
    (tmp_path / name).write_bytes(body)
    with visiting(browser, address) as person:
        person.give(tmp_path / name)
        expect(person.at("failed-detail")).to_contain_text(told)


@DEVICES
def test_an_own_text_layer_and_a_blank_page_are_told(
    browser: "Browser", address: str, tmp_path: Path, device: dict[str, Any]
) -> None:
    lines = [f"line {number} of a text that nobody has to recognise" for number in range(12)]
    (tmp_path / "text.pdf").write_bytes(make_pdf(PdfPage(content=text(*lines)), PdfPage()))
    with visiting(browser, address, device=device) as person:
        person.give(tmp_path / "text.pdf")
        person.sees_result(pages=2)
        expect(person.at("page-note")).to_have_attribute("data-text", "page.layer")
        expect(person.page.locator("#overlay .unknown").first).to_be_visible()
        person.at("next").click()
        expect(person.at("page-note")).to_have_attribute("data-text", "page.blank")
        person.looks("blank")


@DEVICES
def test_a_file_is_dropped_and_cancelled(
    browser: "Browser", address: str, tmp_path: Path, device: dict[str, Any]
) -> None:
    with visiting(browser, address, device=device) as person:
        held = person.page.evaluate_handle(HOLD, list(scan(tmp_path, 40).read_bytes()))
        person.at("drop").dispatch_event("dragenter", {"dataTransfer": held})
        expect(person.at("drop")).to_have_class("drop card over")
        person.at("drop").dispatch_event("drop", {"dataTransfer": held})
        expect(person.at("busy-title")).to_have_text("dropped.pdf")
        expect(person.at("busy-title")).to_be_focused()
        person.at("cancel").click()
        expect(person.at("start")).to_be_visible()
        expect(person.at("again")).to_contain_text("dropped.pdf")
        person.looks("cancelled")


def test_below_a_stage_of_api_gateway(browser: "Browser", address: str, picture: Path) -> None:
    with visiting(browser, address, stage="prod/") as person:
        person.give(picture)
        person.sees_result(pages=1)
        asked = [urlsplit(request) for request in person.tab.requests]
        assert [one.path for one in asked if one.scheme == "http" and not one.path.startswith("/prod/")] == []
