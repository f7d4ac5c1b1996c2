"""The door: API Gateway's events become calls, answers what API Gateway wants, and faults problem documents."""

import base64
import json
from typing import Any

import pytest

from folio.api.http import HttpResponse
from folio.errors import BadRequest
from folio.serve.local_lambda import LocalContext
from handlers import api
from handlers.gateway import owner_of, request_of, response_of


def event(method: str = "GET", path: str = "/v1/health", **more: Any) -> dict[str, Any]:
    """What API Gateway sends, where it matters."""
    return {
        "resource": "/v1/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": None,
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"path": f"/prod{path}", "requestId": "a-call", "identity": {"apiKeyId": "k"}},
        "body": None,
        "isBase64Encoded": False,
        **more,
    }


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings or clients of another test."""
    monkeypatch.setenv("FOLIO_BUCKET", "")
    api._settings.cache_clear()
    api._context.cache_clear()


def send(told: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    answer = api.handler(told, LocalContext())  # type: ignore[arg-type] # all a handler may ask of it
    headers = {name: value for name, values in answer["multiValueHeaders"].items() for value in values}
    assert not answer["isBase64Encoded"], "it is text"
    return answer["statusCode"], headers, answer["body"].encode()


def test_a_call_is_answered() -> None:
    status, headers, body = send(event())
    assert (status, headers["X-Request-Id"], headers["Content-Type"]) == (200, "a-call", "application/json")
    assert json.loads(body)["status"] == "ok"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (event(path="/v1/nothing"), 404),
        (event("PUT", "/v1/documents"), 405),
        (event("POST", "/v1/documents", body="%%%", isBase64Encoded=True), 400),
        (event(multiValueQueryStringParameters={"dpi": ["1", "2"]}), 400),
        (event("POST", "/v1/documents", body="%PDF"), 500),  # nobody said which bucket
    ],
)
def test_what_cannot_be_answered_is_a_problem(told: dict[str, Any], status: int) -> None:
    found, headers, body = send(told)
    assert (found, headers["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(body)["request_id"] == "a-call"


def test_a_fault_of_ours_says_nothing_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> HttpResponse:
        raise RuntimeError("text of the document")

    monkeypatch.setattr("folio.api.status.get_health", fail)
    status, _, body = send(event())
    assert status == 500
    assert b"text of the document" not in body


def test_settings_that_do_not_fit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_DPI", "twelve")
    status, _, body = send(event("GET", "/v1/providers"))
    assert status == 500
    assert "FOLIO_DPI" in json.loads(body)["detail"]


def test_a_page_elsewhere_may_read_answers_and_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLIO_ORIGIN", "https://example.org")
    for told in (event(), event(path="/v1/nothing")):
        assert send(told)[1]["Access-Control-Allow-Origin"] == "https://example.org"


def test_the_event_is_taken_apart() -> None:
    told = event(
        "POST",
        "/v1/documents",
        multiValueHeaders={"Accept": ["text/plain", "text/csv"], "X-One": ["1"]},
        multiValueQueryStringParameters={"dpi": ["150"]},
        body=base64.b64encode(b"\x00\xff").decode(),
        isBase64Encoded=True,
    )
    call = request_of(told, {"id": "x"}, "r")
    assert (call.header("accept"), call.header("x-one"), call.query) == ("text/plain,text/csv", "1", {"dpi": "150"})
    assert (call.body, call.base, call.values) == (b"\x00\xff", "/prod/", {"id": "x"})
    with pytest.raises(BadRequest):
        request_of(event(multiValueQueryStringParameters={"a": ["1", "1"]}), {}, "r")


def test_who_calls_is_the_same_in_every_session_of_a_role() -> None:
    first, second = (owner_of({"identity": {"caller": f"AROAEXAMPLE:{session}"}}) for session in ("one", "two"))
    assert first == second
    identities: tuple[dict[str, str], ...] = ({}, {"apiKeyId": "k"}, {"apiKeyId": "l"}, {"caller": "AIDA"})
    others = {owner_of({"identity": identity}) for identity in identities}
    assert len(others | {first}) == 5
    assert all(len(owner) == 24 for owner in others)


def by_token(**claims: str) -> dict[str, Any]:
    """What an HTTP API passes on of a token it has checked, in payload format 1.0, beside what every call has."""
    return {"identity": {"sourceIp": "203.0.113.9"}, "authorizer": {"claims": claims, "scopes": None}}


def test_a_token_is_whom_it_is_about_by_its_issuer() -> None:
    one = owner_of(by_token(iss="https://a.example", sub="u1", exp="1"))
    assert one == owner_of(by_token(iss="https://a.example", sub="u1", exp="2", client_id="c"))
    others = [by_token(iss="https://a.example", sub="u2"), by_token(iss="https://b.example", sub="u1")]
    others += [by_token(iss="https://a.example", client_id="c"), {"identity": {"apiKeyId": "k"}}]
    assert len({one, *map(owner_of, others)}) == 5
    with pytest.raises(BadRequest):
        owner_of(by_token(iss="https://a.example", exp="1"))


def test_a_call_of_an_http_api_is_answered_as_any_other() -> None:
    context = {"path": "/v1/health", "stage": "$default", "requestId": "a-call", **by_token(iss="i", sub="s")}
    assert send(event(requestContext=context, version="1.0"))[0] == 200
    nobody = {**context, **by_token(iss="i")}
    status, _, body = send(event(requestContext=nobody, version="1.0"))
    assert (status, "client_id" in json.loads(body)["detail"]) == (400, True)


def test_what_is_no_text_is_bytes() -> None:
    for media_type, body in (("application/pdf", b"\xff"), ("image/png", b"\x89")):
        assert response_of(HttpResponse(body=body, media_type=media_type), "r", "").body == body
    for media_type in ("application/problem+json", "application/alto+xml", "image/svg+xml", "text/csv; charset=utf-8"):
        assert response_of(HttpResponse(body="词".encode(), media_type=media_type), "r", "").body == "词"


def test_an_answers_own_headers_win() -> None:
    answer = response_of(HttpResponse(headers={"Cache-Control": "no-cache"}), "r", "")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Access-Control-Allow-Origin" not in answer.headers
