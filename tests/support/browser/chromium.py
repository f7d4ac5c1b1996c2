"""A headless Chromium, the system's own, driven by Playwright: pages as a person sees them.

    with chromium() as browser, tab(browser, PHONE) as opened:
        opened.page.goto(address)
        opened.page.screenshot(path="phone.png")
        assert opened.elsewhere == [] and opened.complaints == []

Nothing outside this machine is ever reached: a page that tries is caught in the act (`Tab.elsewhere`). The fixture
`browser` (tests/conftest.py) is open for one module's tests and no longer: as long as it is, Playwright runs an event
loop in its thread.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# A phone of today: 390 x 844 CSS pixels, touched, and drawn at twice that.
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# A browser calls home at every start unless it is told not to. The last one: /dev/shm is small in containers.
_FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
_PDFJS = "pdfjs-6.5.438"  # as in scripts/browser
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "folio"


class Tab:
    """One page in a profile of its own (no cookies, no storage, no cache), and all that it did.

    `requests` are the addresses it asked for, `elsewhere` those of them that are not on this machine (all refused),
    `complaints` the errors and warnings of its console and exceptions nobody caught.
    """

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.requests: list[str] = []
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: "Request") -> None:
        self.requests.append(request.url)

    def _said(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def guard(self, route: "Route") -> None:
        if _is_here(route.request.url):
            route.continue_()
            return
        self.elsewhere.append(route.request.url)
        route.abort()


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A browser that is gone afterwards. Skips the test where there is none; in CI that is a failure."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        _missing("Chromium is not on PATH")
    from playwright.sync_api import sync_playwright

    # Chromium's own sandbox does not work for root, which containers and CI run as.
    sandbox = os.geteuid() != 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS, chromium_sandbox=sandbox)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: "Browser", device: dict[str, Any] = DESKTOP, **more: Any) -> Iterator[Tab]:
    """A page on a desktop or a phone; `more` are options of Playwright's `new_context`, such as `locale`."""
    context = browser.new_context(**{**device, **more})
    context.set_default_timeout(20_000)  # milliseconds; the machine may be busy
    opened = Tab(context.new_page())
    context.route("**/*", opened.guard)
    try:
        yield opened
    finally:
        context.close()


def pdfjs() -> Path:
    """The folder of pdf.js as npm packs it. Skips the test where there is none; in CI that is a failure."""
    folder = Path(os.environ.get("FOLIO_CACHE") or _CACHE) / _PDFJS
    if not (folder / "build" / "pdf.min.mjs").is_file():
        _missing("pdf.js is not in the cache")
    return folder


def _missing(what: str) -> NoReturn:
    message = f"{what}; `make browser` installs it."
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _is_here(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in ("about", "blob", "data", "file"):
        return True
    try:
        return parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
