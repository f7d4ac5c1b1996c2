"""The three paid services on loopback, and Folio pointed to them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
import pytest

from folio.config.settings import Settings
from folio.providers.base import Provider
from folio.providers.cloud.aliyun import Aliyun
from folio.providers.cloud.baidu import Baidu
from folio.providers.cloud.tencent import Tencent
from folio.providers.registry import get_provider
from folio.providers.tesseract.engine import Tesseract
from tests.fakes.cloud import aliyun, baidu, tencent
from tests.fakes.cloud.aliyun import AliyunServer
from tests.fakes.cloud.baidu import BaiduServer
from tests.fakes.cloud.server import CloudServer
from tests.fakes.cloud.tencent import TencentServer
from tests.support.defaults import settings as english_settings

type Servers = Mapping[str, CloudServer]

CLOUDS = ("baidu", "tencent", "aliyun")
KEYS = {
    "baidu": {"BAIDU_API_KEY": baidu.API_KEY, "BAIDU_SECRET_KEY": baidu.SECRET_KEY},
    "tencent": {"TENCENTCLOUD_SECRET_ID": tencent.SECRET_ID, "TENCENTCLOUD_SECRET_KEY": tencent.SECRET_KEY},
    "aliyun": {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": aliyun.ACCESS_KEY_ID,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": aliyun.ACCESS_KEY_SECRET,
    },
}
SERVERS: dict[str, type[CloudServer]] = {"baidu": BaiduServer, "tencent": TencentServer, "aliyun": AliyunServer}
PROVIDERS: dict[str, type[Baidu | Tencent | Aliyun]] = {"baidu": Baidu, "tencent": Tencent, "aliyun": Aliyun}
FAST = "baidu=100,tencent=100,aliyun=100"


@contextmanager
def cloud_servers(**settings: Any) -> Iterator[dict[str, CloudServer]]:
    """All three, with a rate that nobody reaches unless another is given."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(SERVERS[name](**{"qps": 1000} | settings)) for name in CLOUDS}


def variables(servers: Servers) -> dict[str, str]:
    """Folio's environment, keys included, for the given servers, which documents' metadata may choose."""
    keys = {name: value for provider in servers for name, value in KEYS[provider].items()}
    endpoints = {f"FOLIO_{name.upper()}_ENDPOINT": server.url for name, server in servers.items()}
    return keys | endpoints | {"FOLIO_CALLER_PROVIDERS": ",".join(servers)}


def pointed(servers: Servers, **more: Any) -> Settings:
    """Settings for the given servers; the keys are the environment's."""
    endpoints = tuple((name, server.url) for name, server in servers.items())
    allowed = ",".join(servers)
    settings = english_settings(qps=FAST, call_timeout=120.0, endpoints=endpoints, caller_providers=allowed)
    return msgspec.structs.replace(settings, **more)


def set_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for keys in KEYS.values():
        for name, value in keys.items():
            monkeypatch.setenv(name, value)


def make_provider(name: str, settings: Settings) -> Provider:
    """A new one, which remembers nothing of another test; but of PP-OCR the one whose processes run already."""
    if name == "ppocr":
        return get_provider("ppocr", english_settings())
    return Tesseract() if name == "tesseract" else PROVIDERS[name](settings)
