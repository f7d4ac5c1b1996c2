"""Leave exactly one result or error beside a source, whatever else happens at the same time, without a database.

A stored result says of which source (etag) and which settings (fingerprint) it is. It is written on condition that it
has not changed since it was looked at, which happens before the source is compared with what was read: so an older
document's result never replaces a newer one's. Its outputs (`stores.beside`) are written before it and
deleted after it.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys
from folio.errors import SourceChanged, StoreUnavailable, Superseded
from folio.models import decode
from folio.stores.base import Conflict, SourceObject, Store, Stored
from folio.stores.beside import Beside, Etags

_WRITE_ATTEMPTS = 5


class _Source(Struct):
    etag: str


class _Engine(Struct):
    settings: str


class _Outcome(Struct):
    """The part of a result or an error that says which reading it is of.

    `settings` is the fingerprint: a result has it in its engine, an error at the top.
    """

    source: _Source
    engine: _Engine | None = None
    settings: str | None = None
    outputs: dict[str, str] = {}


class Publication:
    """The result and the error beside one source, for one reading of it.

    `fingerprint` is that of the reading's settings. With `force`, the outcome of the same reading is replaced too.
    """

    def __init__(self, store: Store, source: SourceObject, fingerprint: str, *, force: bool = False) -> None:
        self._force = force
        self._written: tuple[str, list[str]] | None = None  # etag of the result written here, kinds of its outputs
        self._store = store
        self._source = source
        self.fingerprint = fingerprint
        self.result_key = keys.result_key(source.key)
        self.error_key = keys.error_key(source.key)

    def done(self) -> str | None:
        """Return the key that already holds the outcome of this very reading, or None."""
        for key in (self.result_key, self.error_key):
            if self._is_ours(self._store.read(key)):
                self._clear_outputs(self._beside(), self._resolve_conflict())
                return key
        return None

    def publish(self, key: str, content: Path, outputs: Mapping[str, Path] | None = None) -> None:
        """Write the outcome under `key` (`result_key` or `error_key`), and delete the other one.

        `outputs` (kind -> file) of a result are written first: whoever sees a result finds them. Raises SourceChanged,
        SourceGone, StoreUnavailable.
        """
        files = outputs or {}
        beside = self._beside(files)
        try:
            # At once: a newer reading that comes next clears what our result names, and no more.
            beside.clear(self._write(key, content, beside, files))
            # Both names are two conditions: a newer document may have been read from its upload to its end since.
            self._require_same_source()
            self._resolve_conflict()
            if files or key == self.error_key:  # a reading that was killed may have left more than any result names
                self._clear_outputs(beside, keys.OUTPUTS)
        except Superseded:
            self._rollback(key)
            beside.rollback()
            raise

    def _write(self, key: str, content: Path, beside: Beside, files: Mapping[str, Path]) -> Etags:
        """Write, and return the outputs of the result that was replaced, but for those that were replaced too."""
        for attempt in range(_WRITE_ATTEMPTS):
            existing = beside.etags(files)
            stored = self._store.read(key)
            # Somebody else has just finished the same reading: SQS may deliver an upload twice at the same time.
            if (attempt or not self._force) and self._is_ours(stored):
                return {}
            others = beside.etags(kind for kind in _outputs(stored) if kind not in files)
            self._require_same_source()
            try:
                beside.write(existing)
                etag = self._store.write(key, content, stored.etag if stored else None)
            except Conflict:
                continue
            self._written = (etag, list(files)) if key == self.result_key else None
            return others
        raise StoreUnavailable("Others kept writing the result of this document.")

    def _beside(self, files: Mapping[str, Path] | None = None) -> Beside:
        return Beside(self._store, self._source.key, files or {})

    def _clear_outputs(self, beside: Beside, kinds: Iterable[str]) -> None:
        """Delete outputs of other readings: those that the existing result does not name."""
        existing = beside.etags(kinds)
        if not any(existing.values()):
            return
        if self._written and self._written[0] == self._store.etag(self.result_key):
            named = self._written[1]
        else:
            named = _outputs(self._store.read(self.result_key))
        self._require_same_source()
        beside.clear({kind: etag for kind, etag in existing.items() if kind not in named})

    def remove_stale(self) -> None:
        """If there are both a result and an error, delete those that are of an older document.

        A reading leaves them that lost to a newer one and was killed before its rollback.
        """
        result, error = self._store.read(self.result_key), self._store.read(self.error_key)
        if result and error:
            for key, stored in ((self.result_key, result), (self.error_key, error)):
                if _reading_of(stored)[0] != self._source.etag:
                    self._delete(key, stored)
            if _reading_of(result)[0] != self._source.etag:
                self._clear_outputs(self._beside(), _outputs(result))

    def _resolve_conflict(self) -> list[str]:
        """Keep one of result and error: that of this reading, and if both are (one of them forced), the result.

        Return the kinds of output of a result that was deleted.
        """
        error = self._store.read(self.error_key)
        # A result may be large, and most have no error beside them.
        result = self._store.read(self.result_key) if error else None
        if result and error:
            self._require_same_source()
            loser = (self.error_key, error) if self._is_ours(result) else (self.result_key, result)
            self._delete(*loser)
            return _outputs(result) if loser[1] is result else []
        return []

    def _rollback(self, key: str) -> None:
        stored = self._store.read(key)
        if stored and self._is_ours(stored):
            self._delete(key, stored)

    def _delete(self, key: str, stored: Stored) -> None:
        with suppress(Conflict):  # written since: by the reading of a newer document, which sees to the rest
            self._store.delete(key, stored.etag)

    def _require_same_source(self) -> None:
        current = self._store.head(self._source.key)
        if (current.etag, current.metadata) != (self._source.etag, self._source.metadata):
            raise SourceChanged("The document was replaced while it was being read.")

    def _is_ours(self, stored: Stored | None) -> bool:
        return stored is not None and _reading_of(stored) == (self._source.etag, self.fingerprint)


def _outputs(stored: Stored | None) -> list[str]:
    """Return the kinds of output that a result names."""
    try:
        return [kind for kind in decode(stored.data, _Outcome).outputs if kind in keys.OUTPUTS] if stored else []
    except msgspec.DecodeError:
        return []


def _reading_of(stored: Stored) -> tuple[str | None, str | None]:
    """Return the etag of the source and the fingerprint of the settings that a result or an error is of."""
    try:
        outcome = decode(stored.data, _Outcome)
    except msgspec.DecodeError:  # a file of somebody else's, or a damaged one: to be replaced
        return None, None
    return outcome.source.etag, outcome.engine.settings if outcome.engine else outcome.settings
