"""A worker's documents from the listing of a bucket, where there is no queue: those without a result, by claims."""

import json
import random
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from msgspec import Struct

from folio import keys
from folio.errors import BadOption, EngineFailed, FolioError
from folio.jobs import records
from folio.ops.backfill import Listed, list_with_results, with_states
from folio.ops.stack import translated
from folio.options.settings import load_settings
from folio.serve.claims import Claims, Held
from folio.serve.tasks import Task, sqs_event
from folio.stores.base import Store
from folio.stores.placement import placement
from folio.stores.s3 import make_client
from folio.wiring import s3_store

_BATCH = 500  # documents shuffled at once, so that workers do not all try the same ones


def bucket_documents(uri: str, attempts: int, times: "Times", report: Callable[[str], None]) -> "BucketDocuments":
    """Return the documents of s3://bucket/prefix. Raises BadOption, AccessDenied, StoreUnavailable."""
    scheme, _, path = uri.partition("://")
    bucket, _, prefix = path.partition("/")
    if scheme != "s3" or not bucket:
        raise BadOption(f"{uri!r} is not an address in S3; write s3://bucket/ or s3://bucket/prefix.")
    client, store = make_client(), s3_store(bucket)
    location = placement(bucket, load_settings().results)

    def listing() -> Iterator[Listed]:
        with translated():
            yield from list_with_results(client, location, prefix)

    return BucketDocuments(bucket, store, listing, attempts, times, report)


class Times(Struct, frozen=True):
    """Seconds after which the claim of a worker that is gone is taken over, and between two listings."""

    lease: float = 60.0
    poll: float = 5.0


class Watch(Struct):
    """What one listing has shown so far."""

    claimed: set[str]
    open: int = 0  # documents that wait or are being read


class BucketDocuments:
    """Documents of a bucket that have neither result nor error, or were replaced since.

    `listing` lists the bucket from its beginning, in the order of keys. A document is given up after `attempts`: its
    claim stays and says so, until the document is replaced or the claim removed.
    """

    def __init__(
        self,
        bucket: str,
        store: Store,
        listing: Callable[[], Iterable[Listed]],
        attempts: int,
        times: Times,
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._bucket, self._store, self._attempts = bucket, store, attempts
        self._listing, self._times, self._report = listing, times, report
        owner = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
        self.claims = Claims(store, owner)
        self._lock = threading.Lock()
        self._done: dict[str, str] = {}  # documents that are not to be looked at again, with their etags
        self._given_up: set[tuple[str, str]] = set()  # documents with the etags of the claims that say so
        self._mine: set[str] = set()
        self._candidates = self._all_candidates()
        self._finished = False
        next(iter(listing()), None)  # raises where there is no such bucket

    def take(self) -> Task | None:
        with self._lock:
            # One step at a time: a listing goes on where it was, and pauses by yielding nothing.
            try:
                candidate = next(self._candidates)
            except FolioError:  # which has ended the generator
                self._candidates = self._all_candidates()
                raise
            return self._claim(candidate) if candidate else None

    def renew(self, task: Task) -> Task:
        held = self.claims.renew(task.handle)
        return Task(task.name, task.event, held) if held else task

    def done(self, task: Task) -> None:
        held: Held = task.handle
        with self._lock:
            self._done[held.key] = held.claim.source
            self._mine.discard(held.key)
        self.claims.release(held)

    def failed(self, task: Task) -> bool:
        held: Held = task.handle
        last = held.claim.attempt >= self._attempts
        renewed = self.claims.renew(held, "given-up" if last else "waiting")
        if last and not self._store.etag(keys.given_up(held.key)):  # the function was stopped, and could not say it
            records.give_up(self._store, held.key, EngineFailed("Reading it failed, or was stopped, too often."))
        with self._lock:
            self._mine.discard(held.key)
            if last and renewed:
                self._given_up.add((held.key, renewed.etag))
        return last

    def put_back(self, task: Task) -> None:
        self.claims.release(task.handle)
        with self._lock:
            self._mine.discard(task.handle.key)

    def is_finished(self) -> bool:
        with self._lock:
            return self._finished and not self._mine

    def _all_candidates(self) -> Iterator[Listed | None]:
        """Yield documents that may be free, listing after listing; None where there is nothing to do for now."""
        while True:
            watch = Watch(set())
            for batch in batched(self._free(watch), _BATCH):
                shuffled = list(batch)
                random.shuffle(shuffled)
                yield from shuffled
            self.claims.forget_unless(watch.claimed)
            self._finished = not watch.open
            end = time.monotonic()
            while time.monotonic() < end + self._times.poll:
                yield None

    def _free(self, watch: Watch) -> Iterator[Listed]:
        for listed in with_states(self._listing()):
            if not self._is_open(listed):
                continue
            if listed.claim:
                watch.claimed.add(listed.key)
                if (listed.key, listed.claim) in self._given_up:
                    continue
            watch.open += 1
            if listed.key not in self._mine and (
                not listed.claim or self.claims.watch(listed.key, listed.claim) >= self._times.lease
            ):
                yield listed

    def _is_open(self, listed: Listed) -> bool:
        """Whether a document may need reading. Times of a listing are whole seconds, so equal ones tell nothing."""
        if self._done.get(listed.key) == listed.etag:
            return False
        if listed.state not in ("read", "failed"):
            return listed.state == "new"
        # A claim on what is done is that of a worker that was killed right at the end.
        return bool(listed.claim) or listed.modified >= listed.finished

    def _claim(self, listed: Listed) -> Task | None:
        """Claim a document that was free when it was listed."""
        if listed.state == "new" and self._store.etag(keys.result_key(listed.key)):
            return None  # another worker has read it since
        unknown = self.claims.conditional is None
        held = self._take_over(listed) if listed.claim else self.claims.create(listed.key, listed.etag)
        if unknown and self.claims.conditional is False:
            self._report("This S3 ignores conditional writes: run one worker only, or documents are read by several.")
        if held is None:
            return None
        self._mine.add(listed.key)
        detail = {"bucket": {"name": self._bucket}, "object": {"key": listed.key, "etag": listed.etag}}
        body = json.dumps({"source": "folio.worker", "detail-type": "Object Created", "detail": detail})
        return Task(f"s3://{self._bucket}/{listed.key}", sqs_event(held.etag, body, held.claim.attempt), held)

    def _take_over(self, listed: Listed) -> Held | None:
        other = self.claims.read(listed.key)
        if other is None or other.etag != listed.claim:
            return None
        same = other.claim.source == listed.etag
        if same and (other.claim.state == "given-up" or other.claim.attempt >= self._attempts):
            self._given_up.add((listed.key, other.etag))
            return None
        return self.claims.take_over(other, listed.etag)
