"""Answers in no form of the service's: a gateway's, broken ones, ones that are none. Never a crash or a blank page."""

from contextlib import suppress
from typing import Any, cast

import pytest

from folio.config.options import Options
from folio.providers.cloud import aliyun_responses, baidu, baidu_responses, tencent_responses
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.http import Endpoint, Reply
from tests.unit.providers.cloud.test_faults import MODULES, failure, reply

HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
GARBAGE = {
    "empty": b"",
    "html": HTML,
    "cut off": b'{"words_result": [{"words": "a"',
    "a list": b"[1, 2]",
    "null": b"null",
    "a number": b"12",
    "text": b'"fine"',
    "no utf-8": b'{"words_result": "\xff\xfe"}',
    "half a character": b'{"error_code": "\\ud800", "Code": "\\ud800"}',
    "zeros": b"\0" * 4096,
    "a deep one": b'{"a": ' + b"[" * 100_000,
}
PROVIDERS = list(MODULES)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
@pytest.mark.parametrize("status", [200, 500, 502, 503])
def test_garbage_may_pass(provider: str, body: bytes, status: int) -> None:
    with pytest.raises(CallFailed) as raised:
        _read(provider, "general", MODULES[provider]._checked(Reply(status, {}, body)))
    assert raised.value.kind in (ErrorKind.TRANSIENT, ErrorKind.TRANSIENT_ONCE)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", [b"", HTML, b"{}", b'{"message": "slow down"}'], ids=["empty", "html", "{}", "json"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, ErrorKind.THROTTLED), (413, ErrorKind.IMAGE_FIXABLE), (401, ErrorKind.CONFIG), (403, ErrorKind.CONFIG),
     (404, ErrorKind.CONFIG), (500, ErrorKind.TRANSIENT), (502, ErrorKind.TRANSIENT), (503, ErrorKind.TRANSIENT)],
)  # fmt: skip
def test_without_a_code_of_the_service_the_status_decides(
    provider: str, body: bytes, status: int, kind: ErrorKind
) -> None:
    assert failure(provider, Reply(status, {}, body)).kind is kind


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("0", 0.0), ("", None), ("soon", None), ("-3", None),
                                               ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("²", None)])  # fmt: skip
def test_a_gateway_says_how_long_to_wait(provider: str, told: str, seconds: float | None) -> None:
    failed = failure(provider, Reply(429, {"retry-after": told}, HTML))
    assert (failed.kind, failed.retry_after) == (ErrorKind.THROTTLED, seconds)


@pytest.mark.parametrize(("provider", "code"), [("baidu", "18"), ("tencent", "RequestLimitExceeded"),
                                                ("aliyun", "Throttling.User")])  # fmt: skip
def test_a_service_says_how_long_to_wait(provider: str, code: str) -> None:
    assert failure(provider, reply(provider, code, 429, {"retry-after": "3"})).retry_after == 3


@pytest.mark.parametrize(("told", "seconds"), [("1500", 1.5), ("0", 0.0), ("", None), ("x", None), ("-5", None)])
def test_alibaba_cloud_counts_milliseconds(told: str, seconds: float | None) -> None:
    assert failure("aliyun", reply("aliyun", "Throttling", 429, {"x-acs-retry-after": told})).retry_after == seconds


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("digits", [400, 5000])
def test_a_senseless_time_to_wait_is_no_crash(provider: str, digits: int) -> None:
    headers = {"retry-after": "9" * digits, "x-acs-retry-after": "9" * digits}
    code = {"baidu": "18", "tencent": "RequestLimitExceeded", "aliyun": "Throttling"}[provider]
    assert failure(provider, reply(provider, code, 429, headers)).kind is ErrorKind.THROTTLED


@pytest.mark.parametrize("mode", ["general", "accurate", "handwriting", "table", "id_card", "bank_card", "invoice"])
@pytest.mark.parametrize(
    ("provider", "body"),
    [("baidu", b'{"log_id": 1}'), ("tencent", b'{"Response": {"RequestId": "r"}}'), ("aliyun", b'{"RequestId": "r"}')],
)
def test_an_answer_that_says_nothing_of_a_text_is_not_a_blank_page(provider: str, body: bytes, mode: Any) -> None:
    with pytest.raises(CallFailed) as raised:
        _read(provider, mode, MODULES[provider]._checked(Reply(200, {}, body)))
    assert raised.value.kind is not ErrorKind.EMPTY


@pytest.mark.parametrize(
    ("provider", "mode", "body"),
    [
        ("baidu", "general", b'{"words_result": {"a": 1}}'),
        ("baidu", "general", b'{"words_result": [{"words": "a"}]}'),
        ("baidu", "table", b'{"tables_result": [{"body": [{"cell_location": 3}]}]}'),
        ("baidu", "bank_card", b'{"result": {"bank_card_number": "1", "bank_card_number_location": 3}}'),
        ("baidu", "invoice", b'{"words_result": {"InvoiceNum": "1", "CommodityName": [{"row": "x", "word": "a"}]}}'),
        ("baidu", "invoice", b'{"words_result": {"InvoiceNum": "1", "CommodityName": "a"}}'),
        ("tencent", "general", b'{"Response": {"TextDetections": [{"DetectedText": "a", "Polygon": []}]}}'),
        ("tencent", "general", b'{"Response": {"TextDetections": 3}}'),
        ("tencent", "id_card", b'{"Response": {"Name": "a", "AdvancedInfo": {"Quality": 3}}}'),
        ("tencent", "id_card", b'{"Response": {"Name": "a", "AdvancedInfo": "{\\"WarnInfos\\": 3}"}}'),
        ("tencent", "bank_card", b'{"Response": {"CardNo": "1", "WarningCode": -9110}}'),
        ("tencent", "invoice", b'{"Response": {"VatInvoiceInfos": [{"Value": "a"}]}}'),
        ("aliyun", "general", b'{"prism_wordsInfo": [{"word": "a", "pos": [{"x": 1, "y": 1}]}]}'),
        ("aliyun", "general", b""),
        ("aliyun", "id_card", b'{"data": {"face": {"data": []}}}'),
        ("aliyun", "invoice", b'{"data": {"invoiceCode": "1", "invoiceDetails": [3]}}'),
        ("aliyun", "invoice", b'{"data": {"invoiceCode": "1", "invoiceDetails": 3}}'),
    ],
)
def test_an_answer_of_another_form_is_no_crash(provider: str, mode: Any, body: bytes) -> None:
    with suppress(CallFailed):
        _read(provider, mode, body)


def test_a_null_of_baidus_is_no_value() -> None:
    body = b'{"result": {"bank_card_number": "62 22", "bank_card_type": 0, "valid_date": null, "holder_name": null}}'
    read = baidu_responses.read(Options(mode="bank_card"), body)
    assert {field.name: field.value for field in read.fields} == {"card_number": "6222", "card_type": "unknown"}


class Tokens:
    """The token endpoint, with one answer."""

    def __init__(self, answer: Reply) -> None:
        self._answer = answer

    def post(self, target: str, body: bytes, headers: dict[str, str], timeout: float) -> Reply:  # noqa: ARG002 (the protocol names them)
        assert b"SECRET" not in target.encode()
        return self._answer


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b'{"error": "invalid_client", "error_description": "unknown client id"}', ErrorKind.CONFIG),
        (200, b'{"error": "invalid_client"}', ErrorKind.CONFIG),
        (200, b'{"error_code": 18, "error_msg": "Open api qps request limit reached"}', ErrorKind.THROTTLED),
        (200, b'{"error_code": 4, "error_msg": "Open api request limit reached"}', ErrorKind.TRANSIENT),
        (429, b'{"message": "slow down"}', ErrorKind.THROTTLED),
        (503, b'{"message": "no upstream"}', ErrorKind.TRANSIENT),
        (503, b'{"error": "temporarily_unavailable"}', ErrorKind.TRANSIENT),
        (502, HTML, ErrorKind.TRANSIENT),
        (200, b'{"access_token": 5}', ErrorKind.TRANSIENT),
    ],
)
def test_without_a_token_the_reason_decides(status: int, body: bytes, kind: ErrorKind) -> None:
    keys = Credentials(dict.fromkeys(baidu.DECLARATION.keys, "SECRET"))
    endpoint = cast("Endpoint", Tokens(Reply(status, {}, body)))
    with pytest.raises(CallFailed) as raised:
        baidu._Tokens().get(endpoint, keys, 5)
    assert raised.value.kind is kind


def _read(provider: str, mode: Any, body: bytes) -> object:
    answers = {"baidu": baidu_responses, "tencent": tencent_responses, "aliyun": aliyun_responses}
    return answers[provider].read(Options(mode=mode), body)
