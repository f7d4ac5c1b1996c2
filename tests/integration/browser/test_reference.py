"""The API's reference in a real browser: it loads nothing from elsewhere, fits its window, and is accessible."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser.chromium import DESKTOP, PHONE, tab
from tests.support.processes.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow("a browser and a server")]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as api:
        yield f"{api.url}docs"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_reference_is_read_in_a_browser(browser: "Browser", address: str, device: dict[str, Any]) -> None:
    with tab(browser, device) as opened:
        page = opened.page
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert Axe().run(page).response["violations"] == []
        page.get_by_role("link", name="Job", exact=True).first.click()
        assert page.locator("#schema-Job").is_visible()
        page.locator("summary").first.click()
        assert page.get_by_text("use_new_model").first.is_visible()
        assert opened.elsewhere == []
        assert opened.complaints == []
        assert all(request.startswith(address.removesuffix("docs")) for request in opened.requests)
