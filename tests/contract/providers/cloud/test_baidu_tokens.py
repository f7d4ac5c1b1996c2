"""Baidu's tokens: one for all pages until it expires or is refused, then one more; and never another way to sign.

What baidu-aip does wrong here stands in test_baidu_sdk.py: it keeps an expired token, and after any error of the token
endpoint, or without a certain scope, it signs with bce-auth-v1 for ever.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from folio.deadline import Deadline
from folio.errors import FolioError, ProviderDenied
from folio.models import PageImage
from folio.options.resolve import parse_options
from folio.providers.base import Provider
from folio.providers.cost import Ledger
from tests.fakes.cloud.baidu import BaiduServer
from tests.fakes.cloud.faults import Fault, Kind, code
from tests.support.clouds import KEYS, make_provider, pointed, set_keys
from tests.support.tools import NO_TOOLS

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS)

_, SECRET = KEYS["baidu"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaiduServer]:
    set_keys(monkeypatch)
    with BaiduServer(qps=1000, hang_seconds=3, drip_seconds=0.3) as server:
        yield server


@pytest.fixture
def provider(server: BaiduServer) -> Provider:
    return make_provider("baidu", pointed({"baidu": server}, call_timeout=10.0))


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    path = tmp_path / "page1.pgm"
    Image.new("L", (300, 100), 255).save(path)
    return PageImage(number=1, path=path, width=300, height=100, dpi=None)


def ask(provider: Provider, page: PageImage) -> None:
    provider.recognize(page, parse_options({"provider": "baidu"}), Deadline(60), Ledger())


def tokens_sent(server: BaiduServer) -> list[str]:
    """With each call of an operation; empty for one that came without."""
    queries = [parse_qs(urlsplit(url).query) for url in server.urls if "/ocr/" in url]
    return [query.get("access_token", [""])[0] for query in queries]


def test_one_token_serves_all_pages_and_threads(server: BaiduServer, provider: Provider, page: PageImage) -> None:
    server.script_token(Fault("drip", "0.002"))  # so that all of them find none
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: ask(provider, page), range(12)))
    assert len(server.token_calls) == 1
    assert len(set(tokens_sent(server))) == 1


@pytest.mark.parametrize("refused", ["110", "111", "100"])
def test_a_refused_token_is_replaced_at_once(
    refused: str, server: BaiduServer, provider: Provider, page: PageImage
) -> None:
    ask(provider, page)
    match refused:
        case "110":
            server.forget_tokens()
        case "111":
            server.expire_tokens()
        case _:
            server.script(code(refused))
    ask(provider, page)
    assert server.outcomes() == ["ok", refused, "ok"]
    first, second, third = tokens_sent(server)
    assert first == second != third
    assert len(server.token_calls) == 2


def test_a_token_that_expires_in_flight_is_replaced(server: BaiduServer, provider: Provider, page: PageImage) -> None:
    server.script("token_expired")
    ask(provider, page)
    assert server.outcomes() == ["token_expired", "ok"]


def test_threads_refused_together_get_one_new_token(server: BaiduServer, provider: Provider, page: PageImage) -> None:
    ask(provider, page)
    server.expire_tokens()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: ask(provider, page), range(6)))
    assert server.outcomes().count("ok") == 7
    assert len(set(tokens_sent(server))) == 2
    assert len(server.token_calls) == 2


def test_a_new_token_that_is_refused_too_is_the_end_of_it(
    server: BaiduServer, provider: Provider, page: PageImage
) -> None:
    server.script(code("110"), code("111"))
    with pytest.raises(ProviderDenied):
        ask(provider, page)
    assert server.outcomes() == ["110", "111"]


def test_a_token_is_not_used_in_its_last_minute(server: BaiduServer, provider: Provider, page: PageImage) -> None:
    server.says_expires_in = 59
    ask(provider, page)
    ask(provider, page)
    assert len(set(tokens_sent(server))) == 2


@pytest.mark.parametrize("kind", ["server_error", "garbage", "reset"])
def test_trouble_on_the_way_to_a_token_passes(
    kind: Kind, server: BaiduServer, provider: Provider, page: PageImage
) -> None:
    server.script_token(kind)
    ask(provider, page)
    assert server.outcomes() == ["ok"]


def test_a_wrong_secret_is_told_and_a_right_one_works_again(
    server: BaiduServer, provider: Provider, page: PageImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, "wrong")
    for _ in range(2):
        with pytest.raises(ProviderDenied, match="invalid_client"):
            ask(provider, page)
    assert server.calls == [], "no operation is called without a token, signed another way or not at all"
    set_keys(monkeypatch)
    ask(provider, page)
    assert tokens_sent(server) != [""]


def test_a_token_of_another_scope_is_a_token(server: BaiduServer, provider: Provider, page: PageImage) -> None:
    server.scope = "public wise_adapt"
    ask(provider, page)
    assert all(tokens_sent(server))
    assert server.outcomes() == ["ok"]


def test_other_keys_get_a_token_of_their_own(
    server: BaiduServer, provider: Provider, page: PageImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(provider, page)
    monkeypatch.setenv(SECRET, "rotated")
    with pytest.raises(FolioError):
        ask(provider, page)
    server.secret_key = "rotated"
    ask(provider, page)
    assert len(set(tokens_sent(server))) == 2
