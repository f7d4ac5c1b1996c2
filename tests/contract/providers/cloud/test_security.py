"""What the paid providers never give away, and whom they never talk to.

One exception: Baidu takes its token in the query of a request and nowhere else ("必须在URL中带上参数",
ai.baidu.com/ai-doc/REFERENCE/Ck3dwjhhu), so the server sees it there; nothing of ours may ever show it, and the secret
it is bought with is never in a query at all.
"""

import json
import logging
import shutil
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import FolioError, Misconfigured, ProviderDenied
from folio.models import PageImage
from folio.options.resolve import parse_options
from folio.providers.base import Provider
from folio.providers.cloud.credentials import CredentialsSource
from folio.providers.cost import Ledger
from folio.providers.registry import declarations
from tests.fakes.cloud.faults import Fault, Kind
from tests.fakes.cloud.server import CloudServer
from tests.fakes.cloud.wire import Reply, TlsFiles, make_certificate
from tests.support.clouds import CLOUDS, KEYS, SERVERS, cloud_servers, make_provider, pointed, set_keys
from tests.support.documents.drawings import draw
from tests.support.tools import NO_TOOLS

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason=NO_TOOLS)
WORDS = ("Larkfield", "Penrose")
SESSION = {name: f"{name}-session-token" for name in ("tencent", "aliyun")}  # temporary keys come with one
FAULTS: list[Kind | Fault] = [
    *("throttle", "retry_after", "server_error", "reset", "garbage", "quota", "internal", "hang", "drip"),
    Fault("code", "9999999"),
    Fault("server_error", "502"),
]


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    drawing = draw(" ".join(WORDS), size=(700, 160))
    path = tmp_path / "page1.pgm"
    drawing.image.save(path)
    return PageImage(number=1, path=path, width=700, height=160, dpi=None)


def read(provider: Provider, page: PageImage, mode: str = "accurate", seconds: float = 60) -> str:
    """The text."""
    options = parse_options({"provider": provider.name, "mode": mode})
    return provider.recognize(page, options, Deadline(seconds), Ledger()).text


class Overheard:
    """Everything that could be written down somewhere."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def failing(self, provider: Provider, page: PageImage, mode: str = "accurate") -> None:
        with pytest.raises(FolioError) as caught:
            read(provider, page, mode, seconds=2)
        self.told += traceback.format_exception(caught.value)
        error: BaseException | None = caught.value
        while error:
            self.told += [repr(error), str(error), *map(str, getattr(error, "__notes__", []))]
            error = error.__cause__ or error.__context__  # also what `from None` hides
        self.told += [caught.value.message, caught.value.hint]

    def things(self, provider: Provider, settings: Settings) -> None:
        """The names of what is asked for may be shown, never its value."""
        source = CredentialsSource(declarations()[provider.name], settings)
        self.told += [repr(thing) for thing in (provider, vars(provider), settings, source, vars(source))]
        self.told += [repr(source.get()), str(source.get()), f"{source.get()}", repr(provider.status())]


def quoting(server: CloudServer, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """A service that quotes the document, and the keys, in the message of every error."""
    refuse = server.refuse

    def quote(code: str, message: str = "") -> Reply:
        return refuse(code, f"{message} {words}")

    monkeypatch.setattr(server, "refuse", quote)


@needs_tesseract
@pytest.mark.parametrize("name", CLOUDS)
def test_nothing_that_could_be_written_down_holds_a_secret_a_token_or_text(
    name: str,
    page: PageImage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").debug("debug lines are heard")
    set_keys(monkeypatch)
    secrets = [*KEYS[name].values(), *SESSION.values()]
    overheard = Overheard()
    with SERVERS[name](qps=1000, hang_seconds=3, drip_seconds=0.02) as server:
        quoting(server, monkeypatch, " ".join((*WORDS, *secrets)))
        settings = pointed({name: server}, call_attempts=1, call_timeout=1.0)
        # A provider of its own for each: one that knows of a used-up quota asks no more.
        provider = make_provider(name, pointed({name: server}, call_attempts=1))  # a good answer may take its time
        assert all(word in read(provider, page) for word in WORDS)
        overheard.things(provider, settings)
        for kind in FAULTS:
            server.storm(1, [kind])
            overheard.failing(make_provider(name, settings), page)
        server.storm(0, [])
        overheard.failing(provider, page, mode="id_card")
        overheard.failing(make_provider(name, pointed({name: server}, call_attempts=3)), _cut(page))
        monkeypatch.setenv(list(KEYS[name])[1], f"wrong-{list(KEYS[name].values())[1]}")
        overheard.failing(make_provider(name, settings), page)
        urls = list(server.urls)
    tokens = [token for url in urls for token in parse_qs(urlsplit(url).query).get("access_token", [])]
    assert bool(tokens) == (name == "baidu")
    assert not found((*secrets, *WORDS), urls)
    assert "debug lines are heard" in caplog.messages
    written = [*caplog.messages, caplog.text, *capfd.readouterr()]
    assert not found((*secrets, *tokens, *WORDS, "Signature="), [*overheard.told, *written])


def _cut(page: PageImage) -> PageImage:
    path = page.path.with_name("cut.pgm")
    path.write_bytes(page.path.read_bytes()[:500])
    return PageImage(number=1, path=path, width=page.width, height=page.height, dpi=None)


def found(secrets: tuple[str, ...], told: list[str]) -> set[str]:
    """Those that occur, whatever a URL, JSON or a `repr` makes of them."""
    everything = "\n".join(told)
    return {secret for secret in secrets if secret in everything or json.dumps(secret)[1:-1] in everything}


def test_the_search_finds_what_is_there() -> None:
    assert found(("a-secret", "another"), ["nothing", "access_token=a-secret&x=1"]) == {"a-secret"}


@needs_tesseract
@pytest.mark.parametrize("name", ["tencent", "aliyun"])
def test_temporary_keys_work_and_are_as_secret(
    name: str, page: PageImage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    set_keys(monkeypatch)
    (variable,) = declarations()[name].temporary_keys
    monkeypatch.setenv(variable, SESSION[name])
    given = {"tencent": "token", "aliyun": "security_token"}[name]
    overheard = Overheard()
    make_server: Callable[..., CloudServer] = SERVERS[name]
    with make_server(**{given: SESSION[name]}) as server:
        settings = pointed({name: server}, call_attempts=1)
        provider = make_provider(name, settings)
        assert read(provider, page)
        overheard.things(provider, settings)
        monkeypatch.setenv(variable, f"old-{SESSION[name]}")
        overheard.failing(provider, page)
        assert not found((SESSION[name],), [*overheard.told, *server.urls, caplog.text])


# --- Certificates and addresses ---


def at(name: str, address: str) -> Settings:
    """One provider at this address."""
    return Settings(endpoints=((name, address),))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """For 127.0.0.1, by nobody that anybody trusts."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls_servers(certificate: TlsFiles, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, CloudServer]]:
    set_keys(monkeypatch)
    for variable in ("HTTPS_PROXY", "https_proxy"):  # the machine's own
        monkeypatch.delenv(variable, raising=False)
    with cloud_servers(tls=certificate) as servers:
        yield servers


@pytest.mark.parametrize("name", CLOUDS)
def test_a_certificate_that_nobody_vouches_for_is_refused(
    name: str, tls_servers: dict[str, CloudServer], page: PageImage
) -> None:
    with pytest.raises(ProviderDenied, match="certificate"):
        read(make_provider(name, pointed(tls_servers)), page)
    assert not told(tls_servers[name])
    assert tls_servers[name].connections == 1, "nor is it asked again"


@needs_tesseract
@pytest.mark.parametrize("name", CLOUDS)
def test_the_same_certificate_will_do_once_it_is_trusted(
    name: str,
    tls_servers: dict[str, CloudServer],
    certificate: TlsFiles,
    page: PageImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    assert all(word in read(make_provider(name, pointed(tls_servers)), page) for word in WORDS)


@pytest.mark.parametrize("name", CLOUDS)
def test_a_certificate_for_another_host_is_refused(
    name: str,
    tls_servers: dict[str, CloudServer],
    certificate: TlsFiles,
    page: PageImage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])
    elsewhere = tls_servers[name].url.replace("127.0.0.1", "localhost")
    with pytest.raises(ProviderDenied, match="certificate"):
        read(make_provider(name, at(name, elsewhere)), page)
    assert not told(tls_servers[name])


def told(server: CloudServer) -> list[str]:
    """What reached a server of any request."""
    return [*server.urls, *(call.operation for call in server.calls)]


ADDRESSES = [
    "http://ocr.example.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1@ocr.example.com",
    "http://10.0.0.1:8080",
    "ftp://127.0.0.1",
    "//127.0.0.1",
    "127.0.0.1:8080",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", CLOUDS)
def test_keys_are_sent_nowhere_unencrypted(
    name: str, address: str, page: PageImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_keys(monkeypatch)
    provider = make_provider(name, at(name, address))
    with pytest.raises(Misconfigured, match="https://"):
        read(provider, page)


@pytest.mark.parametrize("name", CLOUDS)
def test_a_wrong_address_is_told_beforehand_and_counts_no_call(
    name: str, page: PageImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_keys(monkeypatch)
    ledger = Ledger()
    options = parse_options({"provider": name})
    provider = make_provider(name, at(name, ADDRESSES[0]))
    with pytest.raises(Misconfigured, match="https://"):
        provider.recognize(page, options, Deadline(5), ledger)
    assert ledger.cost().calls == 0, "none was made"
    assert not provider.status().usable
    with pytest.raises(Misconfigured, match="https://"):
        provider.check(options)
