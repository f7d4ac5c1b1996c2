"""The page with several documents at once: a list, addresses, a history, pages while others are read, cancelling."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.integration.browser.test_page import DEVICES, QUICK, scan
from tests.integration.browser.test_review import job_of
from tests.support.browser.visitor import visiting
from tests.support.documents.drawings import draw
from tests.support.processes.serving import Api, serving
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    needs_tools,
    pytest.mark.timeout(900),
    pytest.mark.slow("a browser, a server, and documents that are read"),
]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(keys=(), settings=QUICK) as api:
        assert api.get("v1/providers").ok
        yield api


@DEVICES
def test_a_language_that_was_wrong_is_asked_about_and_read_again(
    browser: "Browser", api: Api, device: dict[str, Any]
) -> None:
    with visiting(browser, api.url, device=device) as person:
        person.give(Path(__file__).parents[2] / "data" / "chinese.png")
        person.sees_result(pages=1)
        expect(person.at("doubt")).to_be_visible()
        person.looks("doubt")
        person.page.locator("#doubt-choices [data-text='languages.chi_sim']").click()
        expect(person.at("doubt")).to_be_hidden()
        person.sees_result(pages=1)
        expect(person.at("text")).to_have_attribute("lang", "zh-Hans")


@DEVICES
def test_several_files_are_read_and_none_is_lost(
    browser: "Browser", api: Api, tmp_path: Path, device: dict[str, Any]
) -> None:
    names = ("one", "two", "three")
    for name in names:
        draw(name, "ferry at nine", size=(600, 300)).image.save(tmp_path / f"{name}.png")
    long = scan(tmp_path, 6)
    with visiting(browser, api.url, device=device) as person:
        rows = person.page.locator("#work-list li")
        person.give(*(tmp_path / f"{name}.png" for name in names[:2]), long)
        expect(rows).to_have_count(3)
        person.give(tmp_path / "three.png")
        expect(rows).to_have_count(4)
        person.looks("several")
        for row in range(4):
            expect(rows.nth(row).locator(".note")).to_have_attribute("data-text", "work.done", timeout=120_000)
        rows.nth(3).locator(".name").click()
        person.sees_result(pages=1)
        person.reads("three")
        rows.nth(2).locator(".name").click()
        person.sees_result(pages=6)
        job = job_of(person)
        person.page.reload()
        person.sees_result(pages=6)
        assert b"%PDF" in person.downloads("pdf")[:8], "it is made when it is asked for"
        person.at("new").click()
        expect(person.page.locator("#past-list a")).to_have_count(4)
        person.looks("past")
        person.page.locator("#past-list a", has_text="three.png").click()
        person.sees_result(pages=1)
        person.page.go_back()
        person.page.go_back()
        person.sees_result(pages=6)
        assert job_of(person) == job
        person.at("new").click()
        person.at("past-clear").click()
        expect(person.at("past")).to_be_hidden()
        assert person.page.evaluate("localStorage.length") == 0


@DEVICES
def test_pages_are_shown_while_others_are_read_and_cancel_ends_it(
    browser: "Browser", tmp_path: Path, device: dict[str, Any]
) -> None:
    with serving(keys=(), settings={"FOLIO_JOBS": "1", "FOLIO_KEEP_SECONDS": "0.2", "FOLIO_DPI": "300"}) as slow:
        assert slow.get("v1/providers").ok
        with visiting(browser, slow.url, device=device) as person:
            person.give(scan(tmp_path, 60))
            expect(person.at("result")).to_be_visible(timeout=120_000)
            expect(person.at("busy")).to_be_visible()
            person.reads("Chapter", "1")
            person.turns_to(60)
            expect(person.page.locator("#text .note")).to_have_attribute("data-text", "page.unread")
            expect(person.at("busy-leave")).to_be_visible()
            person.looks("live")
            job = job_of(person)
            assert slow.job(job)["state"] == "reading"
            person.at("cancel").click()
            expect(person.at("start")).to_be_visible()
            expect(person.at("past")).to_be_hidden()
            person.waits_until(lambda: slow.get(f"v1/jobs/{job}").status_code == 404)  # the page does not wait for it
            draw("next", size=(400, 200)).image.save(tmp_path / "next.tif")
            person.give(tmp_path / "next.tif")
            person.sees_result(pages=1)
