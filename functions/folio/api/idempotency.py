"""`Idempotency-Key`: a request that is repeated gets the answer of the first time, without a database.

What is kept lies in the bucket, below the owner's folder: who began, and then the answer. Conditional writes let one of
several begin. (After draft-ietf-httpapi-idempotency-key-header.)
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable

import msgspec
from msgspec import Struct

from folio import keys
from folio.api.http import HttpRequest, HttpResponse
from folio.api.problems import problem_response
from folio.api.service import Service
from folio.errors import BadRequest, IdempotencyKeyReused, Refused, StillRunning, at_field
from folio.models import decode, encode
from folio.stores.base import Conflict
from folio.stores.put import put_bytes

HEADER = "idempotency-key"
ABANDONED = 60.0  # seconds; no call lasts so long, so whoever began is gone
_DECIDING = ("accept", "content-type", "prefer")


class StoredResponse(Struct, frozen=True, kw_only=True):
    """Of one key: the request it came with, since when it is answered, and the answer, whose body lies under `body`."""

    request: str
    began: float
    body: str
    status: int | None = None
    media_type: str = ""
    headers: dict[str, str] = {}


class ResponseStore:
    """The place of one key."""

    def __init__(self, call: HttpRequest, service: Service) -> None:
        key = call.header(HEADER)
        if not re.fullmatch(r"[!-~]{1,255}", key):
            error = BadRequest("An Idempotency-Key has 1 to 255 visible characters of ASCII.")
            raise at_field(error, "Idempotency-Key")
        mark = hashlib.sha256(key.encode()).hexdigest()[:32]
        self._state = keys.remembered(call.owner, mark, "request.json")
        self._store = service.bucket
        # Of this call alone: whoever lost the place to another must not write over what that one answered.
        body = keys.remembered(call.owner, mark, f"answer-{secrets.token_hex(8)}")
        self._ours = StoredResponse(request=_fingerprint(call), began=time.time(), body=body)

    def begin(self) -> HttpResponse | str:
        """The answer there is, or the etag of our beginning. Raises IdempotencyKeyReused, StillRunning."""
        stored = self._store.read(self._state)
        if stored is None:
            return self._claim(None)
        kept = decode(stored.data, StoredResponse)
        if kept.request != self._ours.request:
            raise IdempotencyKeyReused("This Idempotency-Key was sent with another request before.")
        if kept.status is None:
            left = kept.began + ABANDONED - time.time()
            if left > 0:
                raise StillRunning("The first request with this Idempotency-Key is still being answered.", min(left, 5))
            return self._claim(stored.etag)
        return self._answer(kept) or self._claim(stored.etag)

    def _claim(self, replaces: str | None) -> str:
        try:
            return put_bytes(self._store, self._state, encode(self._ours), replaces)
        except Conflict as error:
            raise StillRunning("Another request with this Idempotency-Key is being answered.", 2) from error

    def _answer(self, kept: StoredResponse) -> HttpResponse | None:
        stored = self._store.read(kept.body)
        if stored is None or kept.status is None:
            return None
        return HttpResponse(status=kept.status, body=stored.data, media_type=kept.media_type, headers=kept.headers)

    def keep(self, answer: HttpResponse, etag: str) -> None:
        """Remember an answer; whoever took over meanwhile has the last word."""
        kept = msgspec.structs.replace(
            self._ours, status=answer.status, media_type=answer.media_type, headers=dict(answer.headers)
        )
        try:
            put_bytes(self._store, self._ours.body, answer.body, None)
            put_bytes(self._store, self._state, encode(kept), etag)
        except Conflict:
            return

    def forget(self, etag: str) -> None:
        """It failed for a reason that may pass: the next request begins anew."""
        try:
            self._store.delete(self._state, etag)
        except Conflict:
            return


def _fingerprint(call: HttpRequest) -> str:
    headers = [call.header(name) for name in _DECIDING]
    told = encode([call.method, call.path, sorted(call.query.items()), headers])
    return hashlib.sha256(told + b"\n" + call.body).hexdigest()


def once_only(call: HttpRequest, service: Service, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `work`, or of an equal request before. What is refused is refused again without any work."""
    if not call.header(HEADER):
        return work()
    keeper = ResponseStore(call, service)
    begun = keeper.begin()
    if isinstance(begun, HttpResponse):
        return begun
    try:
        answer = work()
    except Refused as error:
        keeper.keep(problem_response(error, call.request_id), begun)
        raise
    except BaseException:
        keeper.forget(begun)
        raise
    keeper.keep(answer, begun)
    return answer
