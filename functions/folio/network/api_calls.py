"""Calls to the HTTP API of a Folio elsewhere: repeated while it is busy, errors as those of our tree."""

import time
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

import msgspec

from folio.errors import BadOption, FolioError
from folio.network import Unreachable
from folio.problems import ProblemDocument, error_class
from folio.version import __version__

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_CALL_SECONDS = 120.0  # API Gateway answers in 29
_RETRY_SECONDS = 2.0  # where an answer names no other time
_MAX_RETRY_SECONDS = 60.0


class ApiCalls:
    """One API. Redirects are not followed: a key goes to nobody but the server that it is for."""

    def __init__(self, url: str, headers: Mapping[str, str], timeout: float) -> None:
        """`timeout` is in seconds, with all repetitions of a call. Raise BadOption for what is not an address."""
        import urllib3

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise BadOption(f"{url!r} is not the address of an API, such as https://host/prod/.")
        self._base = url.rstrip("/") + "/"
        self._headers = {"User-Agent": f"folio/{__version__}", **headers}
        self._timeout = timeout
        proxy = urllib.request.getproxies().get(parts.scheme, "")
        is_direct = not proxy or urllib.request.proxy_bypass(parts.hostname)
        self._pool = urllib3.PoolManager() if is_direct else urllib3.ProxyManager(proxy)

    def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> bytes:
        """Return the answer to a call, which is repeated as long as the API is busy or cannot be reached.

        Raise the error that the API answers with, and Unreachable.
        """
        address = self._base + path + (f"?{urlencode(query)}" if query else "")
        sent = {**self._headers, **headers}
        end = time.monotonic() + self._timeout
        while True:
            try:
                answer = self._send(method, address, sent, body)
                if answer.status < HTTPStatus.MULTIPLE_CHOICES:
                    return answer.data
                error, wait = _failure(answer), _retry_after(answer)
            except Unreachable as unreachable:
                error, wait = unreachable, _RETRY_SECONDS
            if wait is None or time.monotonic() + wait > end:
                raise error
            time.sleep(wait)

    def fetch(self, url: str) -> bytes:
        """Return what a link of a job leads to: it is signed, and asked for without our key. Raises Unreachable."""
        return _stored(self._send("GET", urljoin(self._base, url), {}, b""))  # `folio serve DIR` names paths of its own

    def send_form(self, url: str, fields: Mapping[str, Any]) -> None:
        """Send the form of an upload. Raises Unreachable."""
        from urllib3.filepost import encode_multipart_formdata

        body, content_type = encode_multipart_formdata(fields)
        _stored(self._send("POST", url, {"Content-Type": content_type}, body))

    def _send(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> "BaseHTTPResponse":
        from urllib3.exceptions import HTTPError

        timeout = min(self._timeout, _CALL_SECONDS)
        try:
            return self._pool.request(
                method, address, body=body or None, headers=headers, timeout=timeout, retries=False, redirect=False
            )
        except HTTPError as error:
            host = urlsplit(address).netloc
            raise Unreachable(f"{host} cannot be reached, or did not answer ({type(error).__name__}).") from error


def decoded[T](answer: bytes, kind: type[T]) -> T:
    """Return an answer as a model. Raises Unreachable for what Folio does not answer."""
    try:
        return msgspec.json.decode(answer, type=kind)
    except msgspec.DecodeError as error:
        raise Unreachable("The server did not answer as Folio does.") from error


def error_of(problem: ProblemDocument) -> FolioError:
    """Return the error of our tree that a problem document tells of."""
    kind = error_class(problem.type.rpartition(":")[2].title().replace("-", ""))
    try:
        error = kind(problem.detail)
    except TypeError:  # MethodNotAllowed wants more; we call no such method
        error = FolioError(problem.detail)
    error.field = problem.field or ""
    return error


def _failure(answer: "BaseHTTPResponse") -> FolioError:
    try:
        return error_of(msgspec.json.decode(answer.data, type=ProblemDocument))
    except msgspec.DecodeError:
        return Unreachable(f"The server answered with {answer.status}, and not as Folio does.")


def _retry_after(answer: "BaseHTTPResponse") -> float | None:
    """Return the seconds after which to call again; None if the answer would be the same."""
    seconds = answer.headers.get("Retry-After", "")
    if seconds.isdecimal():  # 409 has it where our own request of before is still being answered
        return min(float(seconds), _MAX_RETRY_SECONDS)
    is_busy = answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return _RETRY_SECONDS if is_busy else None


def _stored(answer: "BaseHTTPResponse") -> bytes:
    if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise Unreachable(f"The bucket of the API answered with {answer.status}.")
    return answer.data
