"""One HTTPS POST, for services that are told secrets: verified, bounded in time and size, and never logged.

The standard library's client: it writes no log line with the address, follows no redirect and repeats nothing by
itself. A connection serves one call, because a frozen function comes back to connections that are dead.
"""

import http.client
import re
import ssl
import threading
import time
import urllib.request
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import urlsplit

from msgspec import Struct

from folio.errors import Misconfigured
from folio.providers.cloud.faults import CallFailed, ErrorKind

CONNECT_SECONDS = 10.0
_MAX_RESPONSE_BYTES = 64_000_000  # bytes of an answer
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Reply(Struct, frozen=True):
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def failure(self) -> CallFailed:
        """What to make of an answer that is not in the service's own form: a gateway's, or a broken one."""
        if self.status == 429:
            return CallFailed(ErrorKind.THROTTLED, "HTTP 429", self.retry_after())
        if self.status == 413:
            return CallFailed(ErrorKind.IMAGE_FIXABLE, "HTTP 413")
        if self.status in (401, 403, 404):
            return CallFailed(ErrorKind.CONFIG, f"HTTP {self.status}")
        return CallFailed(ErrorKind.TRANSIENT, f"unexpected answer, HTTP {self.status}", self.retry_after())

    def retry_after(self) -> float | None:
        """Seconds from now, where the service names them or a date (RFC 9110, 10.2.3)."""
        value = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value, re.ASCII):
            return float(value)
        with suppress(ValueError):
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        return None


class Endpoint:
    """A service's address. Raises Misconfigured unless it is https, or http on this machine."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            self._name, self._port = parts.hostname or "", parts.port
        except ValueError:
            raise Misconfigured("The endpoint of a provider must be an https:// address.") from None
        secure = parts.scheme == "https" or (parts.scheme, parts.hostname) in _plain()
        if parts.username or not parts.hostname or not secure:
            raise Misconfigured("The endpoint of a provider must be an https:// address.")
        self.host = parts.netloc
        self._secure = parts.scheme == "https"

    def post(self, target: str, body: bytes, headers: dict[str, str], timeout: float) -> Reply:
        """Send, and read the whole answer, in `timeout` seconds altogether. Raises CallFailed."""
        connection = self._connection(min(timeout, CONNECT_SECONDS))
        # A peer that sends a byte now and then never runs into the socket's own timeout.
        late = threading.Event()
        guard = threading.Timer(timeout, _cut, [connection, late])
        guard.daemon = True
        guard.start()
        try:
            return _exchange(connection, target, body, headers, timeout, late)
        except ssl.SSLCertVerificationError:
            raise CallFailed(ErrorKind.CONFIG, "certificate not trusted") from None
        except TimeoutError:
            raise CallFailed(ErrorKind.TRANSIENT, "timeout") from None
        except UnicodeError:
            raise CallFailed(ErrorKind.CONFIG, "a key with characters that cannot be sent") from None
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            # What is left of a connection that was cut under it fails in many ways.
            raise CallFailed(ErrorKind.TRANSIENT, "timeout" if late.is_set() else "connection failed") from None
        finally:
            guard.cancel()
            connection.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Made once: to load the system's certificates takes some 20 ms."""
        return ssl.create_default_context()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._name, self._port, timeout=timeout)
        proxy = urlsplit(urllib.request.getproxies().get("https", ""))
        if not proxy.hostname or urllib.request.proxy_bypass(self._name):
            return http.client.HTTPSConnection(self._name, self._port, timeout=timeout, context=self._trust)
        connection = http.client.HTTPSConnection(
            proxy.hostname, proxy.port or 8080, timeout=timeout, context=self._trust
        )
        connection.set_tunnel(self._name, self._port or 443)
        return connection


def _exchange(
    connection: http.client.HTTPConnection,
    target: str,
    body: bytes,
    headers: dict[str, str],
    timeout: float,
    late: threading.Event,
) -> Reply:
    connection.connect()
    if late.is_set():  # too early for the guard to have cut anything
        raise TimeoutError
    connection.sock.settimeout(timeout)
    connection.request("POST", target, body, headers)
    answer = connection.getresponse()
    data = answer.read(_MAX_RESPONSE_BYTES)
    if answer.length:  # read(most) is content with less
        raise http.client.IncompleteRead(b"")
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, data)


def _plain() -> set[tuple[str, str]]:
    return {("http", host) for host in _LOOPBACK}


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(2)
