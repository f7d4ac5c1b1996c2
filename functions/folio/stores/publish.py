"""Leaving exactly one result or error beside a source, whatever else happens at the same time.

Without a database: a stored result says which source (etag) under which settings it is about. It is written on
condition that nobody wrote since it was looked at, and looked at before the source is compared with what was read:
so an older document's result never replaces a newer one's.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import naming
from folio.errors import SourceChanged, StoreUnavailable, Superseded
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
        self.settings = settings
        self.result_key = naming.result_key(source.key)
        self.error_key = naming.error_key(source.key)

    def done(self) -> str | None:
        """The key that already holds the outcome of this very reading, or None."""
        for key in (self.result_key, self.error_key):
            if self._is_ours(self._store.read(key)):
                self._settle()
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
        try:
            # Both names are two conditions: a newer document may have been read from its upload to its end since.
            self._require_same_source()
            self._settle()
        except Superseded:
            self._withdraw(key)
            raise

    def tidy(self) -> None:
        """Of a result and an error side by side, remove what is about an older document.

        That is what a reading leaves that lost to a newer one and was killed before it could withdraw.
        """
        result, error = self._store.read(self.result_key), self._store.read(self.error_key)
        if result and error:
            for key, stored in ((self.result_key, result), (self.error_key, error)):
                if _mark(stored)[0] != self._source.etag:
                    self._delete(key, stored)

    def _settle(self) -> None:
        """Leave one of the two: what is of this reading, and of two such (one of them forced) the result."""
        result, error = self._store.read(self.result_key), self._store.read(self.error_key)
        if result and error:
            self._require_same_source()
            loser = (self.error_key, error) if self._is_ours(result) else (self.result_key, result)
            self._delete(*loser)

    def _withdraw(self, key: str) -> None:
        stored = self._store.read(key)
        if stored and self._is_ours(stored):
            self._delete(key, stored)

    def _delete(self, key: str, stored: Stored) -> None:
        with suppress(Conflict):  # written since: by the reading of a newer document, which sees to the rest
            self._store.delete(key, stored.etag)

    def _require_same_source(self) -> None:
        there = self._store.head(self._source.key)
        if (there.etag, there.metadata) != (self._source.etag, self._source.metadata):
            raise SourceChanged("The document was replaced while it was being read.")

    def _is_ours(self, stored: Stored | None) -> bool:
        return stored is not None and _mark(stored) == (self._source.etag, self.settings)


def _mark(stored: Stored) -> tuple[str | None, str | None]:
    """The source's etag and the settings a result or an error is about."""
    try:
        mark = decode(stored.data, _Mark)
    except msgspec.DecodeError:  # a file of somebody else's, or a damaged one: to be replaced
        return None, None
    return mark.source.etag, mark.engine.settings if mark.engine else mark.settings
