"""A person with a browser, in front of the page of `folio serve`."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.browser.chromium import Tab, tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Route

SHOTS = os.environ.get("FOLIO_SCREENSHOTS")  # a folder, for who wants to see what the tests saw
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = 300_000  # milliseconds, for what takes a reading
expect.set_options(timeout=60_000)  # the machine may be busy

# Of each box its word, and its edges in the shares of the picture's width.
BOXES = """() => {
  const picture = document.querySelector("#picture").getBoundingClientRect();
  return [...document.querySelectorAll("#overlay polygon")].map((box) => {
    const { left, top, right, bottom } = box.getBoundingClientRect();
    const edges = [left - picture.left, top - picture.top, right - picture.left, bottom - picture.top];
    return { word: box.getAttribute("aria-label").split(/[,，]/)[0], edges: edges.map((edge) => edge / picture.width) };
  });
}"""
# A file in a hand, as it is dragged.
HOLD = """(bytes) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], "dropped.pdf"));
  return held;
}"""
# The pages done, as the page tells them.
WATCH = """() => {
  window.seen = [];
  const told = document.querySelector("#busy-text");
  new MutationObserver(() => {
    if (told.dataset.text === "busy.pages") window.seen.push(JSON.parse(told.dataset.values).done);
  }).observe(told, { attributes: true });
}"""


class Visitor:
    """What a person does with the page, and sees."""

    def __init__(self, opened: Tab, address: str) -> None:
        self.tab = opened
        self.page = opened.page
        self.address = address
        self.page.set_default_timeout(60_000)
        self.page.goto(address)

    def at(self, name: str) -> "Locator":
        """An element by its id."""
        return self.page.locator(f"#{name}")

    def give(self, *files: Path) -> None:
        self.at("file").set_input_files(files)

    def sees_result(self, pages: int) -> None:
        expect(self.at("result")).to_be_visible(timeout=LONG)
        expect(self.at("picture")).to_be_visible()
        expect(self.at("facts").locator("dd").first).to_have_text(str(pages))

    def reads(self, *words: str) -> None:
        """The text of the page that is shown has these, in this order."""
        expect(self.at("text")).to_contain_text(" ".join(words))
        expect(self.at("picture")).to_be_visible()

    def waits_until(self, seen: Callable[[], bool], seconds: float = 60) -> None:
        """Until something is so outside the page. A call that the page makes meanwhile goes through this process
        (`Tab.guard`), so it must not merely sleep.
        """
        end = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < end
            self.page.wait_for_timeout(20)

    def turns_to(self, number: int) -> None:
        self.at("number").fill(str(number))
        self.at("number").press("Enter")

    def downloads(self, kind: str) -> bytes:
        link = self.page.locator(f"#forms [data-kind={kind}]")
        if link.is_hidden():
            self.page.locator("#forms summary").click()
        with self.page.expect_download() as started:
            link.click()
        return Path(started.value.path()).read_bytes()

    def looks(self, name: str, switch: bool = True) -> None:
        """By day, and by night in the other language (`switch`: where its button can be reached): nothing that keeps a
        person out, nothing that sticks out of the screen. What had the focus has it afterwards.
        """
        focused = self.page.evaluate("document.activeElement.id")
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            barriers = self._barriers()
            assert barriers == [], f"{name}, {scheme}: {barriers}"
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            self._photograph(f"{name}-{scheme}")
            if switch:
                self.at("language").click()
        if switch and focused:
            self.at(focused).focus()

    def _barriers(self) -> list[dict[str, Any]]:
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        return [{"rule": one["id"], "at": [node["target"] for node in one["nodes"]]} for one in found]

    def _photograph(self, name: str) -> None:
        if SHOTS:
            lang = self.page.evaluate("document.documentElement.lang")
            width = self.page.evaluate("innerWidth")
            self.page.screenshot(path=Path(SHOTS) / f"{name}-{lang}-{width}.png")


@contextmanager
def visiting(
    browser: "Browser",
    address: str,
    refused: int = 0,
    stage: str = "",
    gate: Callable[["Route"], None] | None = None,
    **more: Any,
) -> Iterator[Visitor]:
    """Someone on the page, with `more` as for `chromium.tab`; below a `stage` ("prod/") as API Gateway has it.

    `gate` stands before the calls, as API Gateway does.

    At the end: nothing left this machine, and the browser complained of nothing but as many refused calls as there
    should be.
    """

    def without_stage(route: "Route") -> None:
        route.continue_(url=route.request.url.replace(f"/{stage}", "/", 1))

    with tab(browser, **more) as opened:
        if stage:
            opened.page.route(f"{address}{stage}**", without_stage)
        if gate:
            opened.page.route(f"{address}v1/**", gate)
        visitor = Visitor(opened, f"{address}{stage}")
        yield visitor
        assert opened.elsewhere == []
        answers = [told for told in opened.complaints if "responded with a status of 4" in told]
        assert [told for told in opened.complaints if told not in answers] == []
        assert len(answers) == refused
