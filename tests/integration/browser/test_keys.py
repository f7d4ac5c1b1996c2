"""The page with a service that wants to know who calls: a key, or a token of a sign-in."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.integration.browser.test_page import DEVICES
from tests.support.browser.visitor import visiting
from tests.support.documents.drawings import draw
from tests.support.processes.serving import KEY, serving
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [
    needs_tools,
    pytest.mark.timeout(900),
    pytest.mark.slow("a browser, a server, and a document that is read"),
]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "lantern.png"
    draw("lantern and meadow", "ferry at nine", size=(900, 400)).image.save(path)
    return path


@DEVICES
def test_the_key_is_asked_for_and_stays_in_the_session(
    browser: "Browser", picture: Path, device: dict[str, Any]
) -> None:
    settings = {"FOLIO_MAX_BYTES": "1000000"}
    with (
        serving(keys=(KEY,), settings=settings) as api,
        visiting(browser, api.url, refused=3, device=device) as person,
    ):
        expect(person.at("key-dialog")).to_be_visible()
        expect(person.at("key")).to_be_focused()
        person.looks("key", switch=False)
        person.page.keyboard.type("a-wrong-key")
        person.page.keyboard.press("Enter")
        expect(person.at("key-refused")).to_be_visible()
        person.looks("key-refused", switch=False)
        person.page.keyboard.type(KEY)
        person.page.keyboard.press("Enter")
        expect(person.at("key-dialog")).to_be_hidden()
        person.give(picture)
        person.sees_result(pages=1)
        kept = "JSON.stringify([Object.values(sessionStorage), Object.keys(localStorage), document.cookie])"
        assert person.page.evaluate(kept) == f'[["{KEY}"],["folio.history"],""]'
        assert KEY not in person.page.evaluate("localStorage['folio.history']")
        assert person.page.context.cookies() == []
        assert [request for request in person.tab.requests if KEY in request] == []
        huge = picture.with_name("huge.tif")
        huge.write_bytes(b"II*\0" + bytes(1_200_000))
        person.at("new").click()
        person.give(huge)
        expect(person.at("failed")).to_be_visible()
        told = "more than the 1000000 allowed"  # in Chinese beside a sentence of the page's own
        expect(person.page.locator("#failed-detail, #failed-original").filter(has_text=told)).to_have_count(1)
        person.looks("huge")
        person.at("forget").click()
        assert KEY not in person.page.evaluate(kept)


def test_a_token_of_a_sign_in_is_sent_as_one(browser: "Browser", picture: Path) -> None:
    """Before API Gateway's authorizer of tokens, which answers without a problem document."""
    head, claims = (
        base64.urlsafe_b64encode(text).decode().rstrip("=") for text in (b'{"alg":"RS256"}', b'{"sub":"a"}')
    )
    token = f"{head}.{claims}.c2lnbmF0dXJl"

    def authorizer(route: "Route") -> None:
        if route.request.headers.get("authorization") == f"Bearer {token}":
            route.continue_()
        else:
            route.fulfill(status=401, body='{"message":"Unauthorized"}', content_type="application/json")

    with serving(keys=()) as api, visiting(browser, api.url, refused=2, gate=authorizer) as person:
        expect(person.at("key-dialog")).to_be_visible()
        person.page.keyboard.type(token[:-1])
        person.page.keyboard.press("Enter")
        expect(person.at("key-refused")).to_be_visible()
        person.page.keyboard.type(f"Bearer {token}")
        person.page.keyboard.press("Enter")
        expect(person.at("key-dialog")).to_be_hidden()
        person.give(picture)
        person.sees_result(pages=1)
        assert [request for request in person.tab.requests if token in request] == []
