"""Documents from addresses: of the public network alone, whatever name servers and redirects say, within bounds."""

import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from folio.errors import BadOption, FolioError, SourceGone, TooLarge
from folio.network import Unreachable
from folio.network.download import Limits, download, is_public

LOOPBACK = frozenset({"127.0.0.1"})
LIMITS = Limits(max_bytes=1000, seconds=5, exempt=LOOPBACK)

type Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server on loopback whose every answer is written by a function."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as there:
        threading.Thread(target=there.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{there.server_port}"
        there.shutdown()


def sending(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(to: http.server.BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe",
        "64:ff9b::7f00:1", "2001:db8::1", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_what_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_what_is_public_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:1/x.pdf", "http://[::1]/x.pdf", "http://0/", "http://2130706433/",
        "http://0x7f.1/", "http://127.1/", "https://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/",
        "ftp://example.org/x.pdf", "file:///etc/passwd", "https:///x.pdf", "https://user:secret@example.org/x.pdf",
        "https://example.org:0/x.pdf", "https://example.org:99999/x.pdf", "https://exämple.org/x.pdf", "https://[::1",
    ],
)  # fmt: skip
def test_addresses_that_may_not_be_fetched_are_refused_in_a_sentence(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadOption) as refused:
        download(url, tmp_path, Limits(max_bytes=1000))
    assert "secret" not in refused.value.message
    assert refused.value.message.endswith(".")


def test_a_document_is_fetched_under_its_name(tmp_path: Path) -> None:
    with server(sending(b"%PDF-")) as url:
        saved = download(f"{url}/a/b/%E6%89%AB%E6%8F%8F%2F..%2Fx.pdf?signature=secret", tmp_path, LIMITS)
        assert (saved.parent, saved.read_bytes()) == (tmp_path, b"%PDF-")
        assert saved.name == "扫描..x.pdf"
        assert download(url, tmp_path, LIMITS).name == "document"


def test_a_redirect_is_checked_as_the_first_address_is(tmp_path: Path) -> None:
    with server(sending(b"", 302, Location="http://127.0.0.2/x.pdf")) as url, pytest.raises(BadOption, match="public"):
        download(url, tmp_path, LIMITS)
    with server(sending(b"", 307, Location="file:///etc/passwd")) as url, pytest.raises(BadOption):
        download(url, tmp_path, LIMITS)
    with server(sending(b"", 301, Location="/again")) as url, pytest.raises(Unreachable, match="on and on"):
        download(url, tmp_path, LIMITS)
    with server(sending(b"found")) as there, server(sending(b"", 303, Location=f"{there}/y.pdf")) as url:
        assert download(f"{url}/x.pdf", tmp_path, LIMITS).read_bytes() == b"found"
    assert [path.name for path in tmp_path.iterdir()] == ["y.pdf"]


def test_the_connection_goes_to_the_address_that_was_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says something else the second time is not asked a second time."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    connected: list[Any] = []

    def lookup(name: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(address: tuple[str, int], *_: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        download("https://rebinding.example/x.pdf", tmp_path, LIMITS)
    assert connected == [("93.184.216.34", 443)]


def test_a_name_with_one_private_address_among_its_addresses_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(BadOption, match="public network"):
        download("https://both.example/x.pdf", tmp_path, LIMITS)


def chunked(to: http.server.BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.end_headers()
    with suppress(ConnectionError):
        while True:  # until the connection is closed
            to.wfile.write(bytes(4096))


def cut_short(to: http.server.BaseHTTPRequestHandler) -> None:
    to.send_response(200)
    to.send_header("Content-Length", "900")
    to.end_headers()
    to.wfile.write(b"%PDF-")


def dripping(to: http.server.BaseHTTPRequestHandler) -> None:
    """A byte now and then, already in the headers, for ever."""
    to.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    with suppress(ConnectionError):
        for _ in range(400):
            to.wfile.write(b"x")
            to.wfile.flush()
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (sending(bytes(1001)), TooLarge),
        (chunked, TooLarge),
        (cut_short, Unreachable),
        (dripping, Unreachable),
        (sending(b"", 404), SourceGone),
        (sending(b"", 403), SourceGone),
        (sending(b"", 500), Unreachable),
        (sending(b"", 304), Unreachable),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence_and_in_time(
    answer: Answer, error: type[FolioError], tmp_path: Path
) -> None:
    began = time.monotonic()
    with server(answer) as url, pytest.raises(error) as told:
        download(f"{url}/x.pdf?signature=secret", tmp_path, Limits(max_bytes=1000, seconds=1, exempt=LOOPBACK))
    assert time.monotonic() - began < 5
    assert "secret" not in told.value.message


def test_a_certificate_that_is_not_trusted_is_refused(tmp_path: Path) -> None:
    import ssl

    from tests.fakes.cloud.wire import make_certificate

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*make_certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            with listening.accept()[0] as one:
                try:
                    context.wrap_socket(one, server_side=True)
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(Unreachable, match="certificate"):
            download(f"https://127.0.0.1:{port}/x.pdf", tmp_path, LIMITS)
