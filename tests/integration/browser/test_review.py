"""The page's review: doubtful words corrected by keyboard alone, by two people at once, and what comes of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import expect

from tests.integration.browser.test_page import DEVICES, QUICK
from tests.support.browser.visitor import Visitor, visiting
from tests.support.documents import cards
from tests.support.documents.drawings import Drawing, draw
from tests.support.documents.specimens import picture
from tests.support.processes.serving import Api, serving
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    needs_tools,
    pytest.mark.timeout(900),
    pytest.mark.slow("a browser, a server, and documents that are read"),
]
LINES = (
    "lantern meadow ferry harbour window", "copper orchard velvet pepper marble", "winter candle bridge garden silver",
    "timber anchor saddle thistle cotton", "pebble ribbon walnut falcon juniper", "magnet basket hollow ginger pillow",
)  # fmt: skip
# The middle of the place that is outlined, in pixels of the page, and whether it is in view.
OUTLINED = """() => {
  const shape = document.querySelector("#overlay .outline");
  const points = shape.getAttribute("points").split(" ").map((point) => point.split(",").map(Number));
  const box = shape.getBoundingClientRect();
  const view = document.querySelector("#picture-scroll").getBoundingClientRect();
  const seen = box.top >= view.top - 1 && box.bottom <= view.bottom + 1 && view.top >= 0 && view.bottom <= innerHeight;
  return { x: points.reduce((sum, [x]) => sum + x, 0) / 4, y: points.reduce((sum, [, y]) => sum + y, 0) / 4, seen };
}"""


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(keys=(), settings=QUICK) as api:
        assert api.get("v1/providers").ok
        yield api


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return draw(*LINES, size=(1100, 700), height=30, at=(50, 40))


@pytest.fixture
def blurred(tmp_path: Path, drawing: Drawing) -> Path:
    """A copy of a copy: most of its words are read with doubt, and many wrongly."""
    soft = np.asarray(drawing.image.filter(ImageFilter.GaussianBlur(3)), dtype=float) * 0.6 + 90
    grain = np.random.default_rng(17).normal(0, 3, soft.shape)
    Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8)).save(tmp_path / "copy.png")
    return tmp_path / "copy.png"


def there(person: Visitor, drawing: Drawing) -> str:
    """The word that truly stands at the place that is asked about, which is in view."""
    at = person.page.evaluate(OUTLINED)
    assert at["seen"], "the place on the page is always in view"
    away = {
        spot.text: abs((spot.box[0] + spot.box[2]) / 2 - at["x"]) + abs((spot.box[1] + spot.box[3]) / 2 - at["y"])
        for spot in drawing.words
    }
    return min(away, key=lambda text: away[text])


def job_of(person: Visitor) -> str:
    expect(person.page).to_have_url(re.compile("#/jobs/"))
    return person.page.url.partition("#/jobs/")[2].partition("/")[0]


def review_of(api: Api, job: str) -> dict[str, Any]:
    return dict(api.get(f"v1/jobs/{job}/review").json())


@DEVICES
def test_doubtful_words_are_corrected_by_keyboard_alone(
    browser: "Browser", api: Api, blurred: Path, drawing: Drawing, device: dict[str, Any]
) -> None:
    with visiting(browser, api.url, device=device) as person:
        keys = person.page.keyboard
        person.give(blurred)
        person.sees_result(pages=1)
        person.at("review-open").focus()
        keys.press("Enter")
        expect(person.at("correction")).to_be_focused()
        person.looks("review")
        count, right = 0, []
        while person.at("correct-form").is_visible():
            read = person.at("correction").input_value()
            true = there(person, drawing)
            typed = "" if read == true else true
            keys.type(typed)
            keys.press("Enter")  # one key a word, besides its letters
            right.append(true)
            count += 1
        assert count >= 20, "enough were doubtful"
        expect(person.at("correct-rest")).to_be_focused()
        expect(person.at("correct-state")).to_have_attribute("data-text", "correct.saved")
        person.looks("reviewed")
        person.at("correct-leave").focus()
        keys.press("Enter")
        expect(person.at("review-open")).to_be_focused()
        job = job_of(person)
        review = review_of(api, job)
        assert [edit["text"] for edit in review["edits"]] == right
        assert {edit["page"] for edit in review["edits"]} == {1}
        text = person.downloads("text").decode()
        assert sorted(set(right) - set(text.split())) == [], "the outputs hold what was corrected"
        for word in right:
            expect(person.at("text").get_by_text(word, exact=True).first).to_have_class("corrected")
        person.page.reload()
        person.sees_result(pages=1)
        expect(person.page.locator("#text .corrected")).to_have_count(count)


@DEVICES
def test_what_is_skipped_taken_back_and_not_there(
    browser: "Browser", api: Api, blurred: Path, device: dict[str, Any]
) -> None:
    with visiting(browser, api.url, device=device) as person:
        person.give(blurred)
        person.sees_result(pages=1)
        job = job_of(person)
        person.page.goto(f"{api.url}#/jobs/{job}/review")
        field, keys = person.at("correction"), person.page.keyboard
        expect(field).to_be_focused()
        first = field.input_value()
        keys.press("ArrowDown")
        expect(field).not_to_have_value(first)
        second = field.input_value()
        keys.press("Delete")
        keys.press("Enter")
        expect(field).not_to_have_value(second)
        keys.press("ArrowUp")
        expect(field).to_have_value("")
        keys.press("ArrowUp")
        expect(field).to_have_value(first)
        keys.press("Escape")
        expect(person.at("review-open")).to_be_focused()
        expect(person.page).to_have_url(f"{api.url}#/jobs/{job}")
        expect(person.at("result")).not_to_have_attribute("aria-busy", "true")
        person.waits_until(lambda: review_of(api, job)["edits"] != [])  # which the page sends meanwhile
        assert [(edit["read"], edit["text"]) for edit in review_of(api, job)["edits"]] == [(second, "")]
        person.page.go_back()
        expect(field).to_be_focused()


@DEVICES
def test_of_two_reviewers_at_once_no_correction_is_lost(
    browser: "Browser", api: Api, blurred: Path, device: dict[str, Any]
) -> None:
    """Ann and Bo open the same review; each corrects a place of their own, and both the same third one."""
    with visiting(browser, api.url) as ann:
        ann.give(blurred)
        ann.sees_result(pages=1)
        job = job_of(ann)
        with visiting(browser, f"{api.url}#/jobs/{job}/review", refused=1, device=device) as bo:
            ann.at("review-open").click()
            for person, name in ((ann, "Ann"), (bo, "Bo")):
                expect(person.at("correction")).to_be_focused()
                person.at("reviewer").fill(name)
                person.at("correction").focus()
            both = ann.at("correction").input_value()
            ann.page.keyboard.type("ours")
            ann.page.keyboard.press("Enter")
            mine = ann.at("correction").input_value()
            ann.page.keyboard.type("first")
            ann.page.keyboard.press("Enter")
            expect(ann.at("correct-state")).to_have_attribute("data-text", "correct.saved")
            assert bo.at("correction").input_value() == both
            bo.page.keyboard.type("theirs")
            bo.page.keyboard.press("Enter")
            bo.page.keyboard.press("ArrowDown")
            own = bo.at("correction").input_value()
            bo.page.keyboard.type("second")
            bo.page.keyboard.press("Enter")
            expect(bo.at("conflicts")).to_be_visible()
            bo.looks("conflict")
            shown = bo.at("conflict-list")
            expect(shown).to_contain_text(re.compile(".*".join((both, "Ann", "ours", "theirs"))))
            said = {edit["read"]: (edit["text"], edit["by"]) for edit in review_of(api, job)["edits"]}
            assert said == {both: ("ours", "Ann"), mine: ("first", "Ann"), own: ("second", "Bo")}, "nothing is lost"
            shown.get_by_role("button").last.focus()
            bo.page.keyboard.press("Enter")
            expect(bo.at("conflicts")).to_be_hidden()
            expect(bo.at("correct-state")).to_have_attribute("data-text", "correct.saved")
        edits = review_of(api, job)["edits"]
        assert [edit["text"] for edit in edits if edit["read"] == both] == ["ours", "theirs"], "who said what, and when"


def test_what_could_not_be_saved_is_kept_for_a_page_loaded_again(browser: "Browser", api: Api, blurred: Path) -> None:
    with visiting(browser, api.url, refused=0) as person:
        person.give(blurred)
        person.sees_result(pages=1)
        job = job_of(person)
        person.at("review-open").click()
        expect(person.at("correction")).to_be_focused()
        person.page.route("**/review", lambda route: route.abort())
        person.page.keyboard.type("kept")
        person.page.keyboard.press("Enter")
        expect(person.at("correct-state")).to_have_attribute("data-text", "correct.unsaved")
        person.page.unroute("**/review")
        person.tab.complaints.clear()  # of the browser, about the call that did not get through
        person.page.on("dialog", lambda dialog: dialog.accept())  # it warns who leaves
        person.page.reload()
        expect(person.at("correct-state")).to_have_attribute("data-text", "correct.saved")
        assert [edit["text"] for edit in review_of(api, job)["edits"]] == ["kept"]


def test_who_leaves_is_told_what_is_not_saved_and_it_is_sent_later(browser: "Browser", api: Api, blurred: Path) -> None:
    with visiting(browser, api.url, refused=0) as person:
        person.give(blurred)
        person.sees_result(pages=1)
        job = job_of(person)
        person.at("review-open").click()
        expect(person.at("correction")).to_be_focused()
        person.page.route("**/review", lambda route: route.abort())
        person.page.keyboard.type("later")
        person.page.keyboard.press("Enter")
        person.page.keyboard.press("Escape")
        expect(person.at("unsaved")).to_be_visible()
        assert review_of(api, job)["edits"] == []
        person.page.unroute("**/review")
        expect(person.at("unsaved")).to_be_hidden()  # by itself, a few seconds later
        person.tab.complaints.clear()  # of the browser, about the calls that did not get through
        assert [edit["text"] for edit in review_of(api, job)["edits"]] == ["later"]


@DEVICES
def test_fields_are_shown_and_found(browser: "Browser", api: Api, tmp_path: Path, device: dict[str, Any]) -> None:
    receipt = cards.lines("RIVER MARKET", "Date: 2026-03-14", "Bread 2.50", "Milk 1.20", "TOTAL 3.70")
    (tmp_path / "receipt.png").write_bytes(picture(receipt))
    with visiting(browser, api.url, device=device) as person:
        person.at("mode").select_option("receipt")
        person.give(tmp_path / "receipt.png")
        person.sees_result(pages=1)
        expect(person.at("fields")).to_be_visible()
        person.page.locator("#fields tr", has_text="3.70").first.click()
        expect(person.page.locator("#overlay .outline")).to_be_visible()
        person.looks("fields")


@DEVICES
def test_cells_are_shown_found_and_corrected(
    browser: "Browser", api: Api, tmp_path: Path, device: dict[str, Any]
) -> None:
    (tmp_path / "table.png").write_bytes(picture(cards.table()))
    with visiting(browser, api.url, device=device) as person:
        keys = person.page.keyboard
        person.give(tmp_path / "table.png")
        person.sees_result(pages=1)
        person.at("tab-text").focus()
        keys.press("ArrowRight")
        expect(person.at("tab-tables")).to_be_focused()
        expect(person.at("tables")).to_be_visible()
        person.looks("tables")
        cell = person.page.locator("#tables td, #tables th").first
        cell.focus()
        keys.press("Enter")
        expect(person.page.locator("#overlay .outline")).to_be_visible()
        keys.press("ArrowRight")
        expect(cell).not_to_be_focused()
        person.at("review-open").click()
        expect(person.page.locator("#correction:focus, #correct-rest:focus")).to_have_count(1)
        if person.at("correct-rest").is_visible():
            keys.press("Enter")
        expect(person.at("correct-kind")).to_have_attribute("data-text", "correct.kind.cell")
        keys.type("Corrected")
        keys.press("Enter")
        keys.press("Escape")
        person.at("tab-tables").click()
        expect(person.page.locator("#tables .corrected")).to_have_text("Corrected")
        assert b"Corrected" in person.downloads("csv")
