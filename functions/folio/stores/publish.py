"""Leaving exactly one result or error beside a source, whatever else happens at the same time.

Without a database: a stored result says which source (etag) under which settings it is about. It is written on
condition that nobody wrote since it was looked at, and looked at before the source is compared with what was read:
so an older document's result never replaces a newer one's.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from folio import naming
from folio.errors import SourceChanged, StoreUnavailable
from folio.models import decode
from folio.stores.base import Conflict, SourceObject, Store, Stored

_ATTEMPTS = 5


class _SourceMark(Struct):
    etag: str


class _EngineMark(Struct):
    settings: str


class _Mark(Struct):
    """What tells a result (settings in its engine) and an error (settings at the top) which reading they are of."""

    source: _SourceMark
    engine: _EngineMark | None = None
    settings: str | None = None


class Publication:
    """The place beside one source, for one reading of it."""

    def __init__(self, store: Store, source: SourceObject, settings: str) -> None:
        self._store = store
        self._source = source
        self._settings = settings
        self.result_key = naming.result_key(source.key)
        self.error_key = naming.error_key(source.key)

    def done(self) -> str | None:
        """The key that already holds the outcome of this very reading, or None."""
        for key in (self.result_key, self.error_key):
            if self._is_ours(self._store.read(key)):
                self._clear(self._other(key))
                return key
        return None

    def publish(self, key: str, content: Path) -> None:
        """Put the outcome under `key`, one of the two, and clear the other one away. Raises SourceChanged."""
        for attempt in range(_ATTEMPTS):
            stored = self._store.read(key)
            if attempt and self._is_ours(stored):  # somebody else has just finished the same reading
                break
            self._require_same_source()
            try:
                self._store.write(key, content, stored.etag if stored else None)
                break
            except Conflict:
                continue
        else:
            raise StoreUnavailable("Others kept writing to the place of this result.")
        self._clear(self._other(key))

    def _other(self, key: str) -> str:
        return self.error_key if key == self.result_key else self.result_key

    def _clear(self, key: str) -> None:
        if (stored := self._store.read(key)) is None:
            return
        self._require_same_source()
        try:
            self._store.delete(key, stored.etag)
        except Conflict:
            # Written since: by the reading of a newer document, which will clear our outcome away.
            return

    def _require_same_source(self) -> None:
        if self._store.head(self._source.key).etag != self._source.etag:
            raise SourceChanged("The document was replaced while it was being read.")

    def _is_ours(self, stored: Stored | None) -> bool:
        if stored is None:
            return False
        try:
            mark = decode(stored.data, _Mark)
        except msgspec.DecodeError:  # a file of somebody else's, or a damaged one: to be replaced
            return False
        settings = mark.engine.settings if mark.engine else mark.settings
        return (mark.source.etag, settings) == (self._source.etag, self._settings)
