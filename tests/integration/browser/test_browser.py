"""The browser that other tests look through: it shows what a page does, and lets nothing out."""

from typing import TYPE_CHECKING

import pytest

from tests.support.browser.chromium import PHONE, chromium, tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_what_a_page_asks_of_others_is_refused_and_told(browser: "Browser") -> None:
    with tab(browser) as opened:
        opened.page.set_content(
            '<img src="http://192.0.2.1/a.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
        )
        opened.page.wait_for_load_state("networkidle")
        assert opened.elsewhere == ["http://192.0.2.1/a.png"]
        assert any("ERR_FAILED" in complaint for complaint in opened.complaints)


def test_an_exception_of_the_page_is_a_complaint(browser: "Browser") -> None:
    with tab(browser) as opened:
        opened.page.set_content("<script>console.log('fine'); nobody.home()</script>")
        assert opened.complaints == ["nobody is not defined"]


def test_a_phone_is_narrow_and_touched(browser: "Browser") -> None:
    with tab(browser, PHONE, locale="zh-CN") as opened:
        opened.page.set_content('<meta name="viewport" content="width=device-width">')
        told = opened.page.evaluate("[innerWidth, navigator.maxTouchPoints > 0, navigator.language]")
        assert told == [390, True, "zh-CN"]


def test_without_a_browser_a_test_is_skipped_but_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make browser"), chromium():
        pass
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="make browser"), chromium():
        pass
