"""The one way to a service: over TLS only, or to this machine; whatever goes wrong is a failed call, in time."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate

import pytest

from folio.errors import Misconfigured
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.http import Endpoint, Reply


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://aip.baidubce.com", "aip.baidubce.com"),
        ("https://ocr.example.com:8443", "ocr.example.com:8443"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://localhost", "localhost"),
        ("http://[::1]:8080", "[::1]:8080"),
    ],
)
def test_an_address_over_tls_or_on_this_machine_is_taken(url: str, host: str) -> None:
    assert Endpoint(url).host == host


@pytest.mark.parametrize(
    "url",
    [
        "", "aip.baidubce.com", "http://aip.baidubce.com", "http://127.0.0.1.evil.com", "http://localhost@evil.com",
        "ftp://localhost", "https://", "https://:443", "https://[::1", "https://host:port", "https://host:99999",
        "file:///etc/passwd",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        Endpoint(url)


def test_a_password_in_an_address_is_not_shown() -> None:
    """The host is named by `folio providers`, and sent and signed as a header."""
    with suppress(Misconfigured):  # or it is not taken
        assert Endpoint("https://user:s3cr3t@ocr.example.com:8443").host == "ocr.example.com:8443"


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Takes one connection and does with it what it was told."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(10)


def says(text: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)

    return answer


def test_an_answer_is_its_status_headers_and_body() -> None:
    with listening(says(b"HTTP/1.1 418 Teapot\r\nRetry-After: 3\r\nX-A: b\r\nContent-Length: 2\r\n\r\nok")) as url:
        reply = Endpoint(url).post("/x?y=1", b"body", {"A": "b"}, 5)
    assert (reply.status, reply.body, reply.headers["x-a"], reply.retry_after()) == (418, b"ok", "b", 3)


def test_a_redirect_is_not_followed() -> None:
    with listening(says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as url:
        assert Endpoint(url).post("/", b"", {}, 5).status == 302


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000,
    ],
    ids=["nothing", "no http", "cut off", "a header without end"],
)
def test_what_breaks_off_may_pass(text: bytes) -> None:
    with listening(says(text)) as url, pytest.raises(CallFailed) as raised:
        Endpoint(url).post("/", b"", {}, 5)
    assert raised.value.kind is ErrorKind.TRANSIENT


def test_where_nobody_listens_may_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(CallFailed) as raised:
        Endpoint(f"http://127.0.0.1:{port}").post("/", b"", {}, 5)
    assert raised.value.kind is ErrorKind.TRANSIENT


def drips(connection: socket.socket) -> None:
    """A byte now and then, for ever: no single read ever takes too long."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    try:
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        return


def silent(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.settimeout(5)
    connection.recv(1)


@pytest.mark.parametrize("peer", [drips, silent])
def test_a_peer_too_slow_is_given_up_in_time(peer: Callable[[socket.socket], None]) -> None:
    with listening(peer) as url:
        start = time.monotonic()
        with pytest.raises(CallFailed, match="timeout") as raised:
            Endpoint(url).post("/", b"", {}, 0.3)
        assert time.monotonic() - start < 2
    assert raised.value.kind is ErrorKind.TRANSIENT


@pytest.mark.parametrize("value", ["line\r\nX-Evil: 1", "密钥"])
def test_keys_that_are_no_header_break_out_of_none(value: str) -> None:
    with listening(silent) as url, pytest.raises(CallFailed):
        Endpoint(url).post("/", b"", {"Authorization": value}, 0.3)


@pytest.mark.parametrize(
    ("told", "seconds"), [("12", 12.0), ("1.5", 1.5), ("", None), ("-1", None), ("x", None), ("1e9", None)]
)
def test_the_time_to_wait_is_told_in_seconds(told: str, seconds: float | None) -> None:
    assert Reply(429, {"retry-after": told}, b"").retry_after() == seconds
    assert Reply(429, {}, b"").retry_after() is None


@pytest.mark.parametrize(("ahead", "seconds"), [(3600, 3600), (-3600, 0)])
def test_or_as_a_date(ahead: float, seconds: float) -> None:
    told = Reply(503, {"retry-after": formatdate(time.time() + ahead, usegmt=True)}, b"").retry_after()
    assert told == pytest.approx(seconds, abs=30)


def test_the_certificates_of_the_system_are_loaded_once() -> None:
    endpoint = Endpoint("https://ocr.example.com")
    first, second = endpoint._connection(1), endpoint._connection(1)
    assert isinstance(first, http.client.HTTPSConnection)
    assert vars(first)["_context"] is vars(second)["_context"]
    assert vars(first)["_context"].verify_mode is ssl.CERT_REQUIRED
    assert vars(first)["_context"].check_hostname
