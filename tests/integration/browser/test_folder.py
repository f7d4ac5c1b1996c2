"""The page of `folio serve DIR`: a folder listed, a document of it found, corrected, and its outputs made again."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.integration.browser.test_page import DEVICES
from tests.support.browser.visitor import Visitor, visiting
from tests.support.documents.drawings import draw
from tests.support.processes.running import folio
from tests.support.processes.serving import KEY, Api, serving
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    needs_tools,
    pytest.mark.timeout(900),
    pytest.mark.slow("a browser, a server, and documents that are read"),
]
MANY = 101  # one more than is listed at once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents that `folio read` has read, and many copies of one."""
    scans = tmp_path_factory.mktemp("desk") / "scans & notes"
    scans.mkdir()
    for name in ("note", "letter"):
        draw(f"{name} and meadow", "ferry at nine", size=(900, 400)).image.save(scans / f"{name}.png")
    read = folio("read", str(scans), "--outputs", "text", "--recipe", "none", cwd=scans.parent)
    assert read.code == 0, read.err
    for number in range(MANY - 2):
        for ending in ("", ".ocr.json"):
            (scans / f"copy-{number:03}.png{ending}").write_bytes((scans / f"letter.png{ending}").read_bytes())
    return scans


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[Api]:
    with serving(str(folder), keys=(KEY,)) as api:
        assert api.get("v1/providers").ok
        yield api


@DEVICES
def test_a_document_of_the_folder_is_found_and_corrected(
    browser: "Browser", api: Api, folder: Path, device: dict[str, Any]
) -> None:
    name, word = ("note", "copper") if device["locale"] == "en-GB" else ("letter", "orchard")
    with visiting(browser, api.url, refused=1, device=device) as person:
        keys, rows = person.page.keyboard, person.page.locator("#folder-list li")
        expect(person.at("key")).to_be_focused()
        keys.type(KEY)
        keys.press("Enter")
        expect(rows).to_have_count(100)
        expect(person.at("folder-title")).to_contain_text("scans & notes")
        person.looks("folder")
        person.at("folder-more").click()
        expect(rows).to_have_count(MANY)
        expect(person.page.locator("#folder-list a").last).to_be_focused()
        expect(person.at("folder-more")).to_be_hidden()
        person.at("folder-search").fill("nothing of this name")
        expect(person.at("folder-note")).to_have_attribute("data-text", "folder.none")
        person.at("folder-search").fill(name.upper())
        expect(rows).to_have_count(1)
        rows.first.locator("a").click()
        person.sees_result(pages=1)
        person.reads(name, "and", "meadow")
        person.looks("folder-document")
        correct_the_first(person, word)
        assert word in person.downloads("text").decode()
        assert person.downloads("pdf").startswith(b"%PDF")
        assert word in (folder / f"{name}.png.ocr" / "text.txt").read_text()
        assert f'"{word}"' in (folder / f"{name}.png.ocr" / "reviewed.json").read_text()
        person.page.reload()
        person.sees_result(pages=1)
        expect(person.page.locator("#text .corrected")).to_have_text(word)
        person.at("new").click()
        person.at("folder-search").fill(name)
        expect(rows.first.locator("[data-text='folder.reviewed']")).to_be_visible()
        assert not [request for request in person.tab.requests if KEY in request]
        person.page.locator(".foot a").click()
        expect(person.page.locator("#schema-FolderList")).to_be_attached()


def correct_the_first(person: Visitor, word: str) -> None:
    """Say what the first word is, by keyboard, doubtful or not."""
    keys = person.page.keyboard
    person.at("review-open").click()
    expect(person.page.locator("#correction:focus, #correct-rest:focus")).to_have_count(1)
    if person.at("correct-rest").is_visible():
        keys.press("Enter")
    expect(person.at("correction")).to_be_focused()
    keys.type(word)
    keys.press("Enter")
    expect(person.at("correct-state")).to_have_attribute("data-text", "correct.saved")
    keys.press("Escape")
    expect(person.page.locator("#text .corrected")).to_have_text(word)
