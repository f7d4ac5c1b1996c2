"""Leaving exactly one result or error beside a source, whatever else happens at the same time.

Without a database: a stored result says which source (etag) under which settings it is about. It is written on
condition that nobody wrote since it was looked at, and looked at before the source is compared with what was read:
so an older document's result never replaces a newer one's. Its outputs (`stores.beside`) are there before it is, and
go after it.
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
from folio.stores.beside import Beside, Seen

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
    outputs: dict[str, str] = {}


class Publication:
    """The place beside one source, for one reading of it; `force` replaces the outcome of the same reading too."""

    def __init__(self, store: Store, source: SourceObject, settings: str, *, force: bool = False) -> None:
        self._force = force
        self._put: tuple[str, list[str]] | None = None  # of the result we wrote: its etag, and the kinds of its outputs
        self._store = store
        self._source = source
        self.settings = settings
        self.result_key = keys.result_key(source.key)
        self.error_key = keys.error_key(source.key)

    def done(self) -> str | None:
        """The key that already holds the outcome of this very reading, or None."""
        for key in (self.result_key, self.error_key):
            if self._is_ours(self._store.read(key)):
                self._clear_outputs(self._beside(), self._resolve_conflict())
                return key
        return None

    def publish(self, key: str, content: Path, outputs: Mapping[str, Path] | None = None) -> None:
        """Put the outcome under `key`, one of the two, and clear the other one away. Raises SourceChanged.

        `outputs` (kind -> file) of a result are put beside it first: whoever sees a result finds them.
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

    def _write(self, key: str, content: Path, beside: Beside, files: Mapping[str, Path]) -> Seen:
        """The outputs of the result that was replaced, but for those that were replaced too."""
        for attempt in range(_ATTEMPTS):
            seen = beside.look(files)
            stored = self._store.read(key)
            # Somebody else has just finished the same reading: SQS may deliver an upload twice at the same time.
            if (attempt or not self._force) and self._is_ours(stored):
                return {}
            others = beside.look(kind for kind in _outputs(stored) if kind not in files)
            self._require_same_source()
            try:
                beside.write(seen)
                etag = self._store.write(key, content, stored.etag if stored else None)
            except Conflict:
                continue
            self._put = (etag, list(files)) if key == self.result_key else None
            return others
        raise StoreUnavailable("Others kept writing to the place of this result.")

    def _beside(self, files: Mapping[str, Path] | None = None) -> Beside:
        return Beside(self._store, self._source.key, files or {})

    def _clear_outputs(self, beside: Beside, kinds: Iterable[str]) -> None:
        """Delete what is left of other readings' outputs: what the result that is there does not name."""
        seen = beside.look(kinds)
        if not any(seen.values()):
            return
        if self._put and self._put[0] == self._store.etag(self.result_key):
            named = self._put[1]
        else:
            named = _outputs(self._store.read(self.result_key))
        self._require_same_source()
        beside.clear({kind: etag for kind, etag in seen.items() if kind not in named})

    def remove_stale(self) -> None:
        """Of a result and an error side by side, remove what is about an older document.

        That is what a reading leaves that lost to a newer one and was killed before it could withdraw.
        """
        result, error = self._store.read(self.result_key), self._store.read(self.error_key)
        if result and error:
            for key, stored in ((self.result_key, result), (self.error_key, error)):
                if _mark(stored)[0] != self._source.etag:
                    self._delete(key, stored)
            if _mark(result)[0] != self._source.etag:
                self._clear_outputs(self._beside(), _outputs(result))

    def _resolve_conflict(self) -> list[str]:
        """Leave one of the two: what is of this reading, and of two such (one of them forced) the result.

        The kinds of output of a result that was removed.
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
        there = self._store.head(self._source.key)
        if (there.etag, there.metadata) != (self._source.etag, self._source.metadata):
            raise SourceChanged("The document was replaced while it was being read.")

    def _is_ours(self, stored: Stored | None) -> bool:
        return stored is not None and _mark(stored) == (self._source.etag, self.settings)


def _outputs(stored: Stored | None) -> list[str]:
    """The kinds of output a result names."""
    try:
        return [kind for kind in decode(stored.data, _Mark).outputs if kind in keys.OUTPUTS] if stored else []
    except msgspec.DecodeError:
        return []


def _mark(stored: Stored) -> tuple[str | None, str | None]:
    """The source's etag and the settings a result or an error is about."""
    try:
        mark = decode(stored.data, _Mark)
    except msgspec.DecodeError:  # a file of somebody else's, or a damaged one: to be replaced
        return None, None
    return mark.source.etag, mark.engine.settings if mark.engine else mark.settings
