"""A key that is bound to a prefix reads the stored documents below it, and does not learn what else there is."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from folio import keys
from folio.serve.local_lambda import LocalContext
from handlers import api
from tests.support.aws.deployed import forget
from tests.support.aws.inbox import BUCKET, Inbox
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.tools import needs_tools
from tests.unit.handlers.test_gateway import event

pytestmark = needs_tools

DOCUMENT = make_pdf(PdfPage(content=text("A page with a text of its own, which nobody need recognize.")))
BOUND = {"key-a": "team/a/", "key-b": "team/b/", "stranger": "shared/"}


def read(caller: str, key: str, **headers: str) -> tuple[int, Any]:
    """Have a caller read a stored document; status and body of the answer."""
    asked = json.dumps({"s3": {"bucket": BUCKET, "key": key}}).encode()
    return call(caller, "POST", "/v1/documents", asked, **headers)


def call(caller: str, method: str, path: str, body: bytes = b"", /, key: str = "", **headers: str) -> tuple[int, Any]:
    told = event(
        method,
        path,
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
        multiValueQueryStringParameters={"key": [key]} if key else None,
        multiValueHeaders={"content-type": ["application/json"], **{name: [value] for name, value in headers.items()}},
    )
    told["requestContext"]["identity"] = {"apiKeyId": caller}
    answer = api.handler(told, LocalContext())  # type: ignore[arg-type] # all a handler may ask of it
    is_json = answer["multiValueHeaders"]["Content-Type"][0].endswith("json")
    return answer["statusCode"], json.loads(answer["body"]) if is_json else answer["body"]


@pytest.fixture(autouse=True)
def documents(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FOLIO_BUCKET", BUCKET)
    monkeypatch.setenv("FOLIO_CALLER_PREFIXES", "key-a=team/a/,key-b=team/b/,*=shared/")
    forget()
    api._settings.cache_clear()
    api._context.cache_clear()
    for prefix in ("", "team/", *BOUND.values()):
        inbox.put(f"{prefix}x.pdf", DOCUMENT)
    yield
    forget()
    api._settings.cache_clear()
    api._context.cache_clear()


@pytest.mark.parametrize("caller", BOUND)
def test_a_caller_reads_what_lies_below_its_prefix(caller: str, inbox: Inbox) -> None:
    key = f"{BOUND[caller]}x.pdf"
    assert read(caller, key)[0] == 200
    assert keys.result_key(key) in list(inbox.keys())


@pytest.mark.parametrize("caller", BOUND)
def test_and_does_not_learn_whether_there_is_anything_else(caller: str, inbox: Inbox) -> None:
    before = inbox.keys()
    for prefix in {"", "team/", "team/a", *BOUND.values()} - {BOUND[caller]}:
        there, missing = (read(caller, f"{prefix}{name}.pdf") for name in ("x", "nothing"))
        assert there[0] == missing[0] == 404
        assert {**there[1], "request_id": ""} == {**missing[1], "request_id": ""}
        assert read(caller, f"{prefix}x.pdf", prefer="respond-async")[0] == 404
    assert inbox.keys() == before, "nothing is written for them either"


def test_jobs_pages_and_sources_of_jobs_are_those_of_their_caller(inbox: Inbox) -> None:
    status, job = read("key-a", "team/a/x.pdf", prefer="respond-async")
    assert status == 202
    (source,) = [key for key in list(inbox.keys()) if key.startswith(keys.JOBS) and key.endswith("x.pdf")]
    for path in (f"/v1/jobs/{job['id']}", f"/v1/jobs/{job['id']}/pages/1"):
        assert call("key-b", "GET", path)[0] == 404
    assert call("key-a", "GET", f"/v1/jobs/{job['id']}")[0] == 200
    assert read("key-b", source)[0] == 404
    assert read("key-a", source)[0] == 200


def test_without_the_setting_every_caller_reads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOLIO_CALLER_PREFIXES")
    api._settings.cache_clear()
    api._context.cache_clear()
    forget()
    assert read("key-a", "team/b/x.pdf")[0] == 200


def test_a_document_that_comes_after_its_job_was_deleted_is_deleted_too(inbox: Inbox) -> None:
    key = keys.job_key("o" * 24, "A" * 32, "late.pdf")
    before = inbox.keys()
    assert inbox.read(key, DOCUMENT) == before


def test_a_document_is_corrected_only_below_the_callers_prefix(inbox: Inbox) -> None:
    key, path, at = "team/a/x.pdf", "/v1/documents/review", {"if-match": '"0"'}
    assert call("key-a", "GET", path, key=key)[0] == 404, "it has not been read"
    assert read("key-a", key)[0] == 200
    found, review = call("key-a", "GET", path, key=key)
    assert (found, review["revision"]) == (200, 0)
    edit = {"page": 1, "location": "lines/0/words/1", "read": "page", "text": "sheet"}
    body = json.dumps({"edits": [edit]}).encode()
    for caller in ("key-b", "stranger"):
        assert call(caller, "GET", path, key=key)[0] == 404
        assert call(caller, "PATCH", path, body, key=key, **at)[0] == 404
    assert keys.review_key(key) not in list(inbox.keys())
    assert call("key-a", "PATCH", path, body, key=key, **at)[0] == 200
    assert keys.review_key(key) in list(inbox.keys())
    assert read("key-a", key, accept="text/markdown")[1].startswith("A sheet with a text of its own")
    assert inbox.result(key).pages[0].text.startswith("A page with"), "the reading stays"
