"""A document at an http:// or https:// address, from the public network alone, within a size and a time.

Whoever gives the address may not be who runs this: with it he must not reach what only this machine can. So a name is
looked up once, every address that it has must be public, and the connection goes to the address that was checked:
another answer of the name server later (DNS rebinding) changes nothing. The same holds after each redirect. No proxy is
used, which would look the name up anew, and neither cookies nor passwords are sent.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from msgspec import Struct

from folio.errors import BadOption, SourceGone, TooLarge
from folio.network import Unreachable
from folio.version import __version__

_MAX_REDIRECTS = 5
_CONNECT_SECONDS = 10.0
_STEP_BYTES = 1 << 16
_PORTS = {"http": 80, "https": 443}


class Limits(Struct, frozen=True):
    """`max_bytes` of a document, `seconds` for all of it; `exempt` addresses need not be public (tests on loopback)."""

    max_bytes: int
    seconds: float = 600.0
    exempt: frozenset[str] = frozenset()


def download(url: str, folder: Path, limits: Limits) -> Path:
    """Fetch a document into a folder, under the name that its address ends with.

    Raises BadOption for what may not be fetched, SourceGone where there is nothing, TooLarge, Unreachable.
    """
    end = time.monotonic() + limits.seconds
    for _ in range(_MAX_REDIRECTS + 1):
        parts = _parsed(url)
        with _opened(parts, _address(parts, limits), end) as answer:
            if answer.status not in (301, 302, 303, 307, 308):
                return _saved(answer, folder / _name(parts), limits, end)
            following = urljoin(url, answer.headers.get("Location", ""))
            if parts.scheme == "https" and urlsplit(following).scheme == "http":
                raise BadOption(f"{shown(parts)} leads to an address without encryption, and is not followed.")
            url = following
    raise Unreachable(f"{shown(parts)} leads on and on to other addresses.")


def shown(parts: SplitResult) -> str:
    """Return an address without what may be secret in it: a query often holds a signature."""
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadOption("This is not an address; write https://host/path.") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadOption("Documents are fetched from http:// and https:// addresses alone.")
    if parts.username or parts.password:
        raise BadOption("An address with a password in it is not fetched; download the document by other means.")
    if port == 0 or not (parts.hostname.isascii() and parts.path.isascii() and parts.query.isascii()):
        raise BadOption("This address has characters that must be written in ASCII (%E4 …, xn--…).")
    return parts


def _address(parts: SplitResult, limits: Limits) -> str:
    """Return the address to connect to. Every one that the name has must be public."""
    name = parts.hostname or ""
    try:
        answers = socket.getaddrinfo(name, parts.port or _PORTS[parts.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"There is no server {name!r}.") from error
    addresses = [str(one[4][0]) for one in answers]
    if not all(address in limits.exempt or is_public(address) for address in addresses):
        raise BadOption(f"{name!r} is no server of the public network, and such documents are not fetched.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network: not private, loopback, link-local, shared or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    embedded = (ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None,))[-1]) if ip.version == 6 else None
    if ip.version == 6 and ip in _NAT64:
        embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast and (embedded is None or is_public(str(embedded)))


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, for a server of some name."""

    def __init__(self, name: str, port: int, address: str, context: ssl.SSLContext | None, timeout: float) -> None:
        super().__init__(name, port, timeout=timeout)
        self._address, self._context = address, context

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


@contextmanager
def _opened(parts: SplitResult, address: str, end: float) -> Iterator[http.client.HTTPResponse]:
    """Ask for what lies at an address; the answer's body is not read yet. Raises Unreachable."""
    context = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or _PORTS[parts.scheme]
    connection = _Pinned(parts.hostname or "", port, address, context, _CONNECT_SECONDS)
    # A server that sends a byte now and then never runs into the socket's own timeout.
    guard = threading.Timer(max(0.0, end - time.monotonic()), _cut, [connection])
    guard.daemon = True
    guard.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", target, headers={"User-Agent": f"folio/{__version__}", "Accept-Encoding": "identity"})
        yield connection.getresponse()
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(f"The certificate of {parts.hostname!r} is not one that this machine trusts.") from error
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # What is left of a connection that was cut under it fails in many ways.
        raise Unreachable(f"{shown(parts)} could not be fetched, or not in time.") from error
    finally:
        guard.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _saved(answer: http.client.HTTPResponse, target: Path, limits: Limits, end: float) -> Path:
    if answer.status in (401, 403, 404, 410):
        raise SourceGone(f"The server has no such document for everybody ({answer.status}).")
    if answer.status != 200:
        raise Unreachable(f"The server answered with {answer.status}.")
    too_large = TooLarge(f"The document has more than the {limits.max_bytes} bytes allowed.")
    if (answer.length or 0) > limits.max_bytes:
        raise too_large
    size = 0
    with target.open("wb") as file:
        while part := answer.read(_STEP_BYTES):
            size += len(part)
            if size > limits.max_bytes:
                raise too_large
            file.write(part)
    if time.monotonic() >= end:  # what is there was cut by the guard
        raise TimeoutError
    if answer.length:  # less came than was announced
        raise http.client.IncompleteRead(b"")
    return target


def _name(parts: SplitResult) -> str:
    """Return the last part of a path as a file's name, without what a path or a control character could do."""
    name = unquote(PurePosixPath(parts.path).name)
    name = "".join(character for character in name if character.isprintable() and character not in "/\\")
    return name.lstrip(".").encode()[:150].decode("utf-8", "ignore") or "document"
