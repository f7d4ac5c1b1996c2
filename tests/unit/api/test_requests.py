"""Every form in which a document comes, taken apart; and every form of an answer, chosen."""

import base64
import json
from email.generator import _make_boundary  # type: ignore[attr-defined] # what clients of ours use
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys
from folio.api.http import HttpRequest
from folio.api.multipart import Part, parse_form
from folio.api.negotiation import FORMS, negotiate
from folio.api.requests import MAX_NAME, parse_request, safe_name
from folio.config.settings import Settings
from folio.errors import BadOption, BadRequest, NotAcceptable

SETTINGS = Settings()


def call(body: bytes, kind: str = "application/pdf", **query: str) -> HttpRequest:
    return HttpRequest(method="POST", path="/v1/documents", headers={"content-type": kind}, query=query, body=body)


def form(*parts: tuple[str, bytes]) -> tuple[str, bytes]:
    """Content-Type and body of parts of headers and content."""
    edge = _make_boundary()
    body = b"".join(b"--%s\r\n%s\r\n\r\n%s\r\n" % (edge.encode(), head.encode(), content) for head, content in parts)
    return f'multipart/form-data; boundary="{edge}"', body + b"--%s--\r\n" % edge.encode()


def posted(*parts: tuple[str, bytes]) -> HttpRequest:
    kind, body = form(*parts)
    return call(body, kind)


def named(name: str, more: str = "") -> str:
    return f'Content-Disposition: form-data; name="{name}"{more}'


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_a_form_gives_back_every_byte(contents: list[bytes]) -> None:
    kind, body = form(*((named(f"p{number}"), content) for number, content in enumerate(contents)))
    assert parse_form(kind, body) == [Part(f"p{number}", content) for number, content in enumerate(contents)]


@pytest.mark.parametrize(
    "content", [b"\r", b"\n", b"\r\n", b"\n\r\n", b"\r\r\n\x00\xff\x80", b"--", b"\x0b\x0c\x1c\x85"]
)
def test_line_ends_inside_a_file_stay(content: bytes) -> None:
    kind, body = form((named("file", '; filename="扫描.pdf"') + "\r\nContent-Type: application/pdf", content))
    assert parse_form(kind, body) == [Part("file", content, "扫描.pdf", "application/pdf")]


@given(st.binary(max_size=400), st.text(max_size=40))
def test_no_body_breaks_the_parser(body: bytes, boundary: str) -> None:
    try:
        parse_form(f"multipart/form-data; boundary={boundary}", body)
    except BadRequest:
        return


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: text/plain",
        'Content-Disposition: attachment; name="file"',
        named("file") + "\r\nContent-Transfer-Encoding: base64",
    ],
)
def test_a_part_that_is_no_field_is_refused(head: str) -> None:
    with pytest.raises(BadRequest):
        parse_form(*form((head, b"abc")))


def test_three_forms_of_one_request_are_one() -> None:
    told = {
        "content": base64.b64encode(b"%PDF").decode(),
        "filename": "a.pdf",
        "options": {"dpi": 150, "ocr": "always"},
    }
    kind, body = form((named("file", '; filename="a.pdf"'), b"%PDF"), (named("dpi"), b"150"), (named("ocr"), b"always"))
    asks = [
        parse_request(call(b"%PDF", filename="a.pdf", dpi="150", ocr="always"), SETTINGS),
        parse_request(call(body, kind), SETTINGS),
        parse_request(call(json.dumps(told).encode(), "application/json; charset=utf-8"), SETTINGS),
    ]
    assert {(ask.content, ask.filename, tuple(sorted(ask.options.items()))) for ask, _ in asks} == {
        (b"%PDF", "a.pdf", (("dpi", "150"), ("ocr", "always")))
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (call(b""), ""),
        (call(b"%PDF", dpi="12"), "dpi"),
        (call(b"%PDF", languages="eng", row="maybe"), "row"),
        (call(b"%PDF", languages="eng\n"), "languages"),
        (call(b"%PDF", languages="\u82f1"), "languages"),
        (call(b"%PDF", **{"x y": "1"}), "x y"),
        (call(b"%PDF", filename="a.ocr.json"), "filename"),
        (call(b"{", "application/json"), ""),
        (call(b'"\xff"', "application/json"), ""),
        (call(b'{"content": "AAAA", "options": {"dpi": "12"}}', "application/json"), "dpi"),
        (call(b'{"content": "AAAA", "options": {"dpi": "150"}}', "application/json", dpi="150"), "dpi"),
        (call(b'{"s3": {"bucket": "b", "key": "k"}}', "application/json"), "s3.bucket"),
        (posted((named("dpi"), b"150")), "file"),
        (posted((named("file"), b"a"), (named("dpi"), b"150"), (named("dpi"), b"150")), "dpi"),
    ],
)
def test_what_is_wrong_is_named(asked: HttpRequest, field: str) -> None:
    with pytest.raises((BadRequest, BadOption)) as raised:
        parse_request(asked, SETTINGS)
    assert raised.value.field == field
    assert raised.value.http_status == 400


@given(
    st.binary(max_size=200), st.sampled_from(["application/json", "multipart/form-data; boundary=a", "image/png", ""])
)
def test_any_body_is_an_ask_or_a_refusal(body: bytes, kind: str) -> None:
    try:
        ask, _ = parse_request(call(body, kind), SETTINGS)
    except (BadRequest, BadOption):
        return
    assert ask.content or ask.s3


@given(st.text(max_size=300))
def test_any_name_is_one_part_of_a_key(name: str) -> None:
    try:
        safe = safe_name(name)
    except BadRequest:
        return
    assert safe.isprintable()
    assert not {"/", "\\"} & set(safe)
    assert safe not in ("", ".", "..")
    assert len(safe.encode()) <= MAX_NAME
    key = keys.job_key("o" * 24, "j" * 32, safe)
    assert keys.fits(key)
    assert not keys.is_ours(key)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("é" * 300 + ".tiff", "é" * 97 + ".tiff"),
        ("e\u0301.pdf", "\u00e9.pdf"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/plain"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "text/html"),
        ("application/json;q=0.1, application/pdf;q=0.2", "application/pdf"),
        ("application/*;q=0.1, text/csv;q=0.2, text/*;q=0.9", "text/plain"),
        ("*/*, application/json;q=0", "text/plain"),
        ("image/png, text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        (", ,", "application/json"),
        (", text/csv", "text/csv"),  # an empty element of a list counts for nothing (RFC 9110, 5.6.1)
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept: str, chosen: str) -> None:
    assert negotiate(accept, FORMS) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "nonsense", "application/json;q=0"])
def test_no_form_is_refused_with_those_there_are(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="application/json, text/plain"):
        negotiate(accept, FORMS)


@given(st.text(max_size=60))
def test_any_header_is_understood_or_refused(accept: str) -> None:
    chosen: Any
    try:
        chosen = negotiate(accept, FORMS)
    except NotAcceptable:
        return
    assert chosen in FORMS
