"""`Idempotency-Key`: a request that is repeated gets the response of the first time, without a database.

What is saved lies in the bucket, below the owner's folder: who began, and then the response. Conditional writes let one
of several begin. (After draft-ietf-httpapi-idempotency-key-header.)
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable

import msgspec
from msgspec import Struct

from folio import keys
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.problems import problem_response
from folio.errors import BadRequest, IdempotencyKeyReused, Refused, StillRunning, at_field
from folio.models import decode, encode
from folio.stores.base import Conflict
from folio.stores.put import put_bytes

HEADER = "idempotency-key"
ABANDONED_SECONDS = 60.0  # no request lasts so long, so whoever began is gone
_DECIDING_HEADERS = ("accept", "content-type", "prefer")


class StoredResponse(Struct, frozen=True, kw_only=True):
    """What is saved for one idempotency key: the fingerprint of its request, when that began (seconds since 1970), and
    the response, whose body lies under the key `body`."""

    request: str
    began: float
    body: str
    status: int | None = None
    media_type: str = ""
    headers: dict[str, str] = {}


class ResponseStore:
    """The response to the request with one idempotency key, in the bucket."""

    def __init__(self, request: HttpRequest, context: ApiContext) -> None:
        key = request.header(HEADER)
        if not re.fullmatch(r"[!-~]{1,255}", key):
            error = BadRequest("An Idempotency-Key has 1 to 255 visible characters of ASCII.")
            raise at_field(error, "Idempotency-Key")
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        self._state = keys.idempotency_file(request.owner, digest, "request.json")
        self._store = context.bucket
        # For this request alone: whoever lost the claim to another must not overwrite that one's response.
        body = keys.idempotency_file(request.owner, digest, f"answer-{secrets.token_hex(8)}")
        self._claimed = StoredResponse(request=_fingerprint(request), began=time.time(), body=body)

    def begin(self) -> HttpResponse | str:
        """Return the saved response, or the etag of our claim. Raises IdempotencyKeyReused, StillRunning."""
        stored = self._store.read(self._state)
        if stored is None:
            return self._claim(None)
        saved = decode(stored.data, StoredResponse)
        if saved.request != self._claimed.request:
            raise IdempotencyKeyReused("This Idempotency-Key was sent with another request before.")
        if saved.status is None:
            remaining = saved.began + ABANDONED_SECONDS - time.time()
            if remaining > 0:
                message = "The first request with this Idempotency-Key is still being answered."
                raise StillRunning(message, min(remaining, 5))
            return self._claim(stored.etag)
        return self._response(saved) or self._claim(stored.etag)

    def _claim(self, replaces: str | None) -> str:
        try:
            return put_bytes(self._store, self._state, encode(self._claimed), replaces)
        except Conflict as error:
            raise StillRunning("Another request with this Idempotency-Key is being answered.", 2) from error

    def _response(self, saved: StoredResponse) -> HttpResponse | None:
        stored = self._store.read(saved.body)
        if stored is None or saved.status is None:
            return None
        return HttpResponse(status=saved.status, body=stored.data, media_type=saved.media_type, headers=saved.headers)

    def save(self, response: HttpResponse, etag: str) -> None:
        """Save a response; whoever took over meanwhile has the last word."""
        saved = msgspec.structs.replace(
            self._claimed, status=response.status, media_type=response.media_type, headers=dict(response.headers)
        )
        try:
            put_bytes(self._store, self._claimed.body, response.body, None)
            put_bytes(self._store, self._state, encode(saved), etag)
        except Conflict:
            return

    def forget(self, etag: str) -> None:
        """It failed for a reason that may pass: the next request begins anew."""
        try:
            self._store.delete(self._state, etag)
        except Conflict:
            return


def _fingerprint(request: HttpRequest) -> str:
    headers = [request.header(name) for name in _DECIDING_HEADERS]
    head = encode([request.method, request.path, sorted(request.query.items()), headers])
    return hashlib.sha256(head + b"\n" + request.body).hexdigest()


def once_only(request: HttpRequest, context: ApiContext, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the response of `work`, or that to an equal request before; what was refused is refused again."""
    if not request.header(HEADER):
        return respond()
    responses = ResponseStore(request, context)
    begun = responses.begin()
    if isinstance(begun, HttpResponse):
        return begun
    try:
        response = respond()
    except Refused as error:
        responses.save(problem_response(error, request.request_id), begun)
        raise
    except BaseException:
        responses.forget(begun)
        raise
    responses.save(response, begun)
    return response
