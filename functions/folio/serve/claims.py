"""Claims, by which one worker of several has a document for itself: a file beside it, written on condition.

Whoever creates it (If-None-Match) has the document, and writes it anew every few seconds. One that has not changed for
a minute (the lease) is that of a worker that is gone: another takes it over (If-Match). Each watches that by its own
clock, from the etags in its listings, so that no two clocks need agree.
"""

import tempfile
import time
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from folio import keys
from folio.errors import Superseded
from folio.stores.base import Conflict, Store

type State = Literal["reading", "waiting", "given-up"]


class Claim(Struct, frozen=True):
    """What stands in the file. `beat` makes each renewal another content, and so another etag.

    `waiting`: the reading failed for a reason that may pass; `given-up`: it did so too often, or stopped its process.
    `source` is the etag of the document: a claim on an earlier one means nothing.
    """

    owner: str
    source: str
    attempt: int = 1
    beat: int = 0
    state: State = "reading"


class Held(Struct, frozen=True):
    """A claim of ours as it lies in the store."""

    key: str
    claim: Claim
    etag: str


class Claims:
    """The claims of one worker in a store. `conditional` is False once a store was seen to ignore conditions."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store, self._owner = store, owner
        self._observed: dict[str, tuple[str, float]] = {}
        self.conditional: bool | None = None

    def watch(self, key: str, etag: str) -> float:
        """Return for how many seconds this worker has seen a claim unchanged."""
        known, since = self._observed.get(key, ("", 0.0))
        if known == etag:
            return time.monotonic() - since
        self._observed[key] = etag, time.monotonic()
        return 0.0

    def forget_unless(self, claimed: set[str]) -> None:
        """Drop what was seen of claims that are no longer there."""
        self._observed = {key: observation for key, observation in self._observed.items() if key in claimed}

    def create(self, key: str, source: str) -> Held | None:
        """Claim a document that nobody has; None if somebody was first."""
        held = self._write(key, Claim(self._owner, source), None)
        if held and self.conditional is None:
            # The first time, to know: where the second succeeds too, conditions are ignored.
            second = self._write(key, msgspec.structs.replace(held.claim, beat=1), None)
            self.conditional = second is None
            return second or held
        return held

    def read(self, key: str) -> Held | None:
        """Return the claim on a document, whoever's it is; None if there is none, or it is not one."""
        stored = self._store.read(keys.claim(key))
        if stored is None:
            return None
        try:
            return Held(key, msgspec.json.decode(stored.data, type=Claim), stored.etag)
        except msgspec.DecodeError:
            return Held(key, Claim("", ""), stored.etag)

    def take_over(self, other: Held, source: str) -> Held | None:
        """Claim a document whose worker is gone, or has put it back; None if somebody else was first."""
        same_document = other.claim.source == source
        return self._write(
            other.key, Claim(self._owner, source, other.claim.attempt + 1 if same_document else 1), other.etag
        )

    def renew(self, held: Held, state: State = "reading") -> Held | None:
        """Write a claim anew; None if it is no longer ours."""
        claim = msgspec.structs.replace(held.claim, beat=held.claim.beat + 1, state=state)
        return self._write(held.key, claim, held.etag)

    def release(self, held: Held) -> None:
        """Remove a claim of ours; its document is done, or anybody may have it at once."""
        try:
            self._store.delete(keys.claim(held.key), held.etag)
        except (Conflict, Superseded):
            return

    def _write(self, key: str, claim: Claim, replaces: str | None) -> Held | None:
        with tempfile.TemporaryDirectory(prefix="folio-claim-") as folder:
            file = Path(folder) / "claim.json"
            file.write_bytes(msgspec.json.encode(claim))
            try:
                return Held(key, claim, self._store.write(keys.claim(key), file, replaces))
            except Conflict:
                return None
