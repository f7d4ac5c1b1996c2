"""What is sent, by mode and switch, and signed as the vendors' own SDKs sign."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import msgspec
import pytest
from alibabacloud_tea_openapi.utils import Utils
from hypothesis import given
from hypothesis import strategies as st
from tencentcloud.common.abstract_client import AbstractClient

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.options.resolve import parse_options
from folio.options.table import switches
from folio.providers.cloud import aliyun, tencent
from folio.providers.cloud.aliyun import Aliyun
from folio.providers.cloud.baidu import Baidu
from folio.providers.cloud.base import Cloud, PageCall
from folio.providers.cloud.credentials import Credentials
from folio.providers.cloud.faults import CallFailed
from folio.providers.cloud.http import Reply
from folio.providers.cloud.tencent import Tencent
from folio.providers.cost import Ledger
from folio.providers.registry import declarations
from folio.providers.tiling import Limits, Tile, encode_tiles
from tests.fakes.paid_provider import MODES, page_of, paper

KEYS = {
    name: Credentials({key: f"{key}-VALUE" for key in (*declared.keys, *declared.temporary_keys)})
    for name, declared in declarations().items()
    if declared.paid
}
PLAIN = {name: Credentials({key: f"{key}-VALUE" for key in declarations()[name].keys}) for name in KEYS}
CLOUDS: dict[str, type[Cloud]] = {"baidu": Baidu, "tencent": Tencent, "aliyun": Aliyun}
IDS = (*declarations()["tencent"].keys, *declarations()["aliyun"].keys)


class Wire:
    """Takes down what is posted; gives a token, and to anything else no answer."""

    host = "ocr.example.com:8443"

    def __init__(self) -> None:
        self.posts: list[tuple[str, bytes, dict[str, str]]] = []

    def post(self, target: str, body: bytes, headers: dict[str, str], timeout: float) -> Reply:  # noqa: ARG002 (the protocol names them)
        self.posts.append((target, body, headers))
        if target == "/oauth/2.0/token":
            return Reply(200, {}, b'{"access_token": "TOKEN", "expires_in": 2592000}')
        return Reply(500, {}, b"no answer")


class Sent(msgspec.Struct):
    piece: Tile
    posts: list[tuple[str, bytes, dict[str, str]]]
    given: dict[str, Any]


@pytest.fixture
def send(tmp_path: Path) -> Callable[..., Sent]:
    page = page_of(paper(40, 30), tmp_path)

    def sent(provider: str, keys: Credentials | None = None, **wanted: str) -> Sent:
        service, wire = CLOUDS[provider](Settings()), Wire()
        service.__dict__["endpoint"] = wire  # what is cached there is not made
        options = parse_options({"provider": provider, **wanted})
        (piece,) = encode_tiles(page.path, Limits(size=10**6, counted="raw"), may_cut=False)
        work = PageCall(page, service.declaration.operations[options.mode], options, Deadline(), Ledger())
        with pytest.raises(CallFailed):
            service.send(work, piece, keys or PLAIN[provider], 5)
        return Sent(piece, wire.posts, parameters(provider, wire.posts[-1]))

    return sent


def parameters(provider: str, post: tuple[str, bytes, dict[str, str]]) -> dict[str, Any]:
    """What the service is given besides the image."""
    target, body, _ = post
    match provider:
        case "baidu":
            found: dict[str, Any] = dict(parse_qsl(body.decode()))
            found.pop("image")
        case "tencent":
            found = json.loads(body)
            found.pop("ImageBase64")
        case _:
            found = dict(parse_qsl(urlsplit(target).query))
    return found


PLACES = {"recognize_granularity": "small", "vertexes_location": "true", "probability": "true"}


@pytest.mark.parametrize(
    ("provider", "mode", "given"),
    [
        ("baidu", "general", PLACES | {"language_type": "ENG"}),
        ("baidu", "accurate", PLACES | {"language_type": "ENG", "char_probability": "true"}),
        ("baidu", "handwriting", PLACES),
        ("baidu", "id_card", {"id_card_side": "front"}),
        ("tencent", "general", {"IsWords": True, "LanguageType": "zh"}),
        ("tencent", "accurate", {"IsWords": True}),
        ("tencent", "handwriting", {"EnableWordPolygon": True}),
        *(("tencent", mode, {}) for mode in ("table", "id_card", "bank_card", "invoice")),
        ("aliyun", "accurate", {"OutputCharInfo": "true"}),
        ("aliyun", "handwriting", {"OutputCharInfo": "true"}),
        *(("aliyun", mode, {}) for mode in ("general", "table", "id_card", "bank_card", "invoice")),
    ],
)
def test_every_mode_asks_for_the_places_of_words(
    provider: str, mode: str, given: dict[str, Any], send: Callable[..., Sent]
) -> None:
    assert send(provider, mode=mode).given == given


@pytest.mark.parametrize("mode", MODES)
def test_the_image_is_sent_as_the_service_takes_it(mode: str, send: Callable[..., Sent]) -> None:
    sent = send("baidu", mode=mode)
    assert base64.b64decode(parse_qs(sent.posts[-1][1].decode())["image"][0]) == sent.piece.data
    sent = send("tencent", mode=mode)
    assert base64.b64decode(json.loads(sent.posts[-1][1])["ImageBase64"]) == sent.piece.data
    sent = send("aliyun", mode=mode)
    assert sent.posts[-1][1] == sent.piece.data


@pytest.mark.parametrize("provider", CLOUDS)
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_is_an_operation_of_its_own(provider: str, mode: str, send: Callable[..., Sent]) -> None:
    def named(mode: str) -> str:
        target, _, headers = send(provider, mode=mode).posts[-1]
        return headers.get("X-TC-Action") or headers.get("x-acs-action") or urlsplit(target).path

    assert [other for other in MODES if named(other) == named(mode)] == [mode]


@pytest.mark.parametrize(
    ("provider", "side", "given"),
    [
        ("baidu", "auto", {"id_card_side": "front"}),
        ("baidu", "front", {"id_card_side": "front"}),
        ("baidu", "back", {"id_card_side": "back"}),
        ("tencent", "auto", {}),
        ("tencent", "front", {"CardSide": "FRONT"}),
        ("tencent", "back", {"CardSide": "BACK"}),
    ],
)
def test_the_side_of_a_card_is_told(provider: str, side: str, given: dict[str, str], send: Callable[..., Sent]) -> None:
    assert send(provider, mode="id_card", id_card_side=side).given == given


@pytest.mark.parametrize(
    ("provider", "languages", "given"),
    [
        ("baidu", "eng", "ENG"), ("baidu", "eng+chi_sim", "CHN_ENG"), ("baidu", "jpn", "JAP"),
        ("tencent", "eng", "zh"), ("tencent", "eng+chi_sim", "zh"), ("tencent", "eng+jpn", "jap"),
    ],
)  # fmt: skip
def test_languages_have_the_services_names(
    provider: str, languages: str, given: str, send: Callable[..., Sent]
) -> None:
    found = send(provider, mode="general", languages=languages).given
    assert found.get("language_type") or found.get("LanguageType") == given


def test_a_switch_goes_over_the_language(send: Callable[..., Sent]) -> None:
    assert send("baidu", language_type="auto_detect", languages="jpn").given["language_type"] == "auto_detect"
    assert send("tencent", language_type="mix", languages="jpn").given["LanguageType"] == "mix"


@pytest.mark.parametrize("value", [0, -1], ids=["first", "last"])
@pytest.mark.parametrize(
    ("name", "provider"), [(name, provider) for name, switch in switches().items() for provider in switch]
)
def test_every_switch_is_sent_as_the_service_writes_it(
    name: str, provider: str, value: int, send: Callable[..., Sent]
) -> None:
    reach = switches()[name][provider]
    own, written = reach.name, reach.values[value]
    for mode in reach.modes:
        given = send(provider, mode=mode, **{name: written}).given
        group, _, member = own.rpartition(".")
        found = json.loads(given[group])[member] if group else given[own]
        typed = written == "true" if provider == "tencent" and written in ("true", "false") else written
        assert found == typed
        assert type(found) is type(typed)


def test_switches_of_a_config_stand_in_one_json_string(send: Callable[..., Sent]) -> None:
    given = send(
        "tencent", mode="id_card", config_copy_warn="true", config_quality="false", card_warn_type="Basic"
    ).given
    assert json.loads(given.pop("Config")) == {"CopyWarn": True, "Quality": False}
    assert given == {"CardWarnType": "Basic"}


def test_baidus_secrets_are_not_in_an_address(send: Callable[..., Sent]) -> None:
    token, call = send("baidu").posts
    assert token[0] == "/oauth/2.0/token"
    asked = dict(parse_qsl(token[1].decode()))
    id_, secret = declarations()["baidu"].keys
    assert asked == {
        "grant_type": "client_credentials",
        "client_id": f"{id_}-VALUE",
        "client_secret": f"{secret}-VALUE",
    }
    target = urlsplit(call[0])
    assert (target.path, parse_qs(target.query)["access_token"]) == ("/rest/2.0/ocr/v1/general", ["TOKEN"])
    assert secret not in call[0]


@given(host=st.sampled_from(["ocr.tencentcloudapi.com", "127.0.0.1:8080"]), body=st.binary(max_size=60),
       moment=st.integers(0, 2**32))  # fmt: skip
def test_tencents_signature_is_that_of_its_sdk(host: str, body: bytes, moment: int) -> None:
    keys = PLAIN["tencent"]
    headers = tencent.sign(host, "GeneralBasicOCR", body, keys, moment)
    request = SimpleNamespace(uri="/", method="POST", data=body, header=headers)
    date = headers["Authorization"].split("/")[1]
    secret = keys["TENCENTCLOUD_SECRET_KEY"]
    expected = AbstractClient._get_tc3_signature(SimpleNamespace(), {}, request, date, "ocr", secret)
    assert headers["Authorization"] == (
        f"TC3-HMAC-SHA256 Credential={keys['TENCENTCLOUD_SECRET_ID']}/{date}/ocr/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={expected}"
    )
    assert (headers["X-TC-Timestamp"], headers["X-TC-Version"]) == (str(moment), "2018-11-19")


@given(host=st.sampled_from(["ocr-api.cn-hangzhou.aliyuncs.com", "127.0.0.1:8080"]), body=st.binary(max_size=60),
       query=st.dictionaries(st.text("AbYz", min_size=1), st.text(max_size=8), max_size=4))  # fmt: skip
def test_alibaba_clouds_signature_is_that_of_its_sdk(host: str, body: bytes, query: dict[str, str]) -> None:
    keys = KEYS["aliyun"]
    headers = aliyun.sign(host, "RecognizeAdvanced", query, body, keys, 1_700_000_000)
    signed = {name: value for name, value in headers.items() if name not in ("accept", "authorization")}
    request = SimpleNamespace(pathname="/", query=query, headers=signed, method="POST")
    id_, secret = declarations()["aliyun"].keys
    expected = Utils.get_authorization(
        request, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], keys[id_], keys[secret]
    )
    assert headers["authorization"] == expected
    assert headers["x-acs-content-sha256"] == Utils.hex_encode(Utils.hash(body, "ACS3-HMAC-SHA256"))


def test_temporary_keys_come_with_their_token(send: Callable[..., Sent]) -> None:
    assert send("tencent", KEYS["tencent"]).posts[-1][2]["X-TC-Token"].endswith("TOKEN-VALUE")
    assert "X-TC-Token" not in send("tencent").posts[-1][2]
    headers = send("aliyun", KEYS["aliyun"]).posts[-1][2]
    assert headers["x-acs-security-token"].endswith("TOKEN-VALUE")
    assert "x-acs-security-token" in headers["authorization"]
    assert "x-acs-security-token" not in send("aliyun").posts[-1][2]


def test_no_request_of_alibaba_cloud_is_like_another(send: Callable[..., Sent]) -> None:
    nonces = {send("aliyun").posts[-1][2]["x-acs-signature-nonce"] for _ in range(5)}
    assert len(nonces) == 5


@pytest.mark.parametrize("provider", CLOUDS)
def test_no_secret_is_sent_but_to_get_a_token(provider: str, send: Callable[..., Sent]) -> None:
    target, body, headers = send(provider).posts[-1]
    assert "KEY-VALUE" not in target + str(body) + str(headers).replace("ACCESS_KEY_ID-VALUE", "")
    assert "SECRET-VALUE" not in target + str(body) + str(headers)


def test_every_option_that_decides_what_is_sent_is_one() -> None:
    assert {"mode", "languages", "id_card_side", "switches"} <= set(Options.__struct_fields__)
