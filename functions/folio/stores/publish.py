"""Leave a result or an error beside a source, whatever else happens at the same time, without a database.

There is one result of the whole document, and one of each part of it that was asked for (a range of pages, an attached
document); or else one error report.
A stored outcome says of which source (etag) and which settings (fingerprint) it is. It is written on condition that it
has not changed since it was looked at, which happens before the source is compared with what was read: so an older
document's result never replaces a newer one's. Its outputs (`stores.beside`) are written before it and deleted after
it.

While the source is the same, an error replaces no result, and a result only one whose pages it all has (or `force`);
when the source is another, every outcome of the older one goes.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from folio import keys
from folio.errors import SourceChanged, SourceGone, StoreUnavailable, Superseded
from folio.stores.base import Conflict, SourceObject, Store
from folio.stores.beside import Beside, Etags
from folio.stores.outcomes import StoredOutcome, find, find_parts, good_pages

_WRITE_ATTEMPTS = 5

# `existing`: somebody else has just left the outcome of the same reading; `preserved`: what is there says more.
type Published = Literal["written", "existing", "preserved"]


class Publication:
    """The result of one reading, of the whole document or of a part of it (`scope`), and the error beside one source.

    `fingerprint` is that of the reading's settings. With `force`, any outcome of the same source is replaced.
    """

    def __init__(
        self, store: Store, source: SourceObject, fingerprint: str, *, scope: str = "", force: bool = False
    ) -> None:
        self._force = force
        self._scope = scope
        self._written: tuple[str, tuple[str, ...]] | None = None  # etag of the result written here, kinds of outputs
        self._store = store
        self._source = source
        self.fingerprint = fingerprint
        self.result_key = keys.result_key(source.key, scope)
        self.error_key = keys.error_key(source.key)

    def existing(self) -> StoredOutcome | None:
        """Return the outcome of this very reading, or None."""
        for key in (self.result_key, self.error_key):
            if self._is_ours(outcome := self._find(key)):
                self._remove_others(key)
                return outcome
        return None

    def earlier(self) -> StoredOutcome | None:
        """Return the result of this source that is there, whatever its settings."""
        earlier = self._find(self.result_key)
        return earlier if earlier and earlier.etag == self._source.etag else None

    def publish(self, content: Path, outputs: Mapping[str, Path] | None = None) -> Published:
        """Write a result, and delete what it replaces: outcomes of an older source, and an error of this one.

        `outputs` (kind -> file) are written first: whoever sees a result finds them. Raises SourceChanged, SourceGone,
        StoreUnavailable.
        """
        beside = self._beside(outputs)
        try:
            return self._finish(self.result_key, self._write(self.result_key, content, beside), beside)
        except Superseded:
            self._roll_back(self.result_key, beside)
            raise

    def publish_error(self, content: Path) -> Published:
        """Write an error report, and delete the outcomes of an older source; a result of this one is kept.

        Raises what `publish` does.
        """
        beside = self._beside()
        try:
            has_result = any(result.etag == self._source.etag for result in self._results())
            replaced = "preserved" if has_result else self._write(self.error_key, content, beside)
            return self._finish(self.error_key, replaced, beside)
        except Superseded:
            self._roll_back(self.error_key, beside)
            raise

    def output_etags(self, kinds: Iterable[str]) -> Etags:
        """Return the etags of the outputs of some kinds as they are now."""
        return self._beside().etags(kinds)

    def extend(self, existing: StoredOutcome, content: Path, outputs: Mapping[str, Path], etags: Etags) -> None:
        """Write outputs of a result that is there, in place of those with these etags, and it anew with their names.

        Raises Conflict if others replaced one of them meanwhile, and what `publish` does.
        """
        beside = self._beside(outputs)
        try:
            self._require_same_source()
            beside.write(etags)
            self._store.write(existing.key, content, existing.stored.etag)
        except (Superseded, Conflict):
            beside.rollback(keep=existing.outputs)
            raise

    def remove_stale(self) -> None:
        """If there is an outcome of the source as it is, delete those that are of an older document.

        A reading leaves them that lost to a newer one and was killed before its rollback.
        """
        self._remove_others(None)

    def _write(self, key: str, content: Path, beside: Beside) -> Etags | Published:
        """Write, and return the outputs of the result that was replaced, but for those that were replaced too."""
        for attempt in range(_WRITE_ATTEMPTS):
            etags = beside.etags(beside.kinds)
            earlier = self._find(key)
            # Somebody else has just finished the same reading: SQS may deliver an upload twice at the same time.
            replaces = self._force or key == self.error_key
            if (attempt or not replaces) and self._is_ours(earlier):
                return "existing"
            if key == self.result_key and self._takes_away(earlier, content):
                return "preserved"
            others = beside.etags(kind for kind in (earlier.outputs if earlier else ()) if kind not in beside.kinds)
            self._require_same_source()
            try:
                beside.write(etags)
                etag = self._store.write(key, content, earlier.stored.etag if earlier else None)
            except Conflict:
                continue
            self._written = (etag, beside.kinds) if key == self.result_key else None
            return others
        raise StoreUnavailable("Others kept writing the result of this document.")

    def _takes_away(self, earlier: StoredOutcome | None, content: Path) -> bool:
        """Whether a result that is there has a page that the new one lacks."""
        if self._force or earlier is None or earlier.etag != self._source.etag:
            return False
        return not good_pages(earlier.stored.data) <= good_pages(content.read_bytes())

    def _finish(self, key: str, replaced: Etags | Published, beside: Beside) -> Published:
        """Delete what the outcome that was written leaves behind."""
        if isinstance(replaced, str):
            self._remove_others(None)  # which a reading that was killed may have left
            return replaced
        # At once: a newer reading that comes next clears what our result names, and no more.
        beside.clear(replaced)
        # Several names are several conditions: a newer document may have been read from its upload to its end since.
        self._require_same_source()
        self._remove_others(key)
        if beside.kinds or key == self.error_key:  # a reading that was killed may have left more than any result names
            self._clear_unnamed(beside)
        return "written"

    def _clear_unnamed(self, beside: Beside) -> None:
        """Delete outputs of other readings: those that the existing result does not name."""
        existing = beside.etags(keys.OUTPUTS)
        if not any(existing.values()):
            return
        if self._written and self._written[0] == self._store.etag(self.result_key):
            named = self._written[1]
        else:
            result = self._find(self.result_key)
            named = result.outputs if result else ()
        self._require_same_source()
        beside.clear({kind: etag for kind, etag in existing.items() if kind not in named})

    def _results(self) -> Iterator[StoredOutcome]:
        """Yield the results that are there, of the whole document and of parts, whatever they are of."""
        if whole := self._find(keys.result_key(self._source.key)):
            yield whole
        yield from find_parts(self._store, self._source.key)

    def _remove_others(self, known: str | None, *, options_too: bool = True) -> None:
        """If there is an outcome of this source, delete those of older ones, and an error beside a result.

        The one under the key `known` is of this source, and not read again: it may be large.
        """
        error = None if known == self.error_key else self._find(self.error_key)
        parts = [result for result in find_parts(self._store, self._source.key) if result.key != known]
        whole_key = keys.result_key(self._source.key)
        whole = None if known == whole_key else self._find(whole_key)
        others = [outcome for outcome in (error, whole, *parts) if outcome]
        current = {known, *(outcome.key for outcome in others if outcome.etag == self._source.etag)} - {None}
        results = current - {self.error_key}
        losers = [one for one in others if one.key not in (results or current) and not self._is_foreign(one)]
        if known == self.error_key and results:
            losers += filter(None, [self._find(self.error_key)])
        if not current or not losers:
            return
        outputs = [self._beside(scope=one.scope).etags(one.outputs) for one in losers]
        self._require_same_source(options_too=options_too)
        for loser, etags in zip(losers, outputs, strict=True):
            self._beside(scope=loser.scope).clear(etags)
            self._delete(loser)

    def _is_foreign(self, outcome: StoredOutcome) -> bool:
        """Whether a file is somebody else's and not in the way: what is damaged of a whole document is ours."""
        return outcome.etag is None and bool(self._scope)

    def _roll_back(self, key: str, beside: Beside) -> None:
        """Delete what was written here, unless it was replaced since.

        A result stays if only the options of the document changed: that is the newest result of its content.
        """
        outcome = self._find(key)
        if key == self.result_key and outcome and self._is_current(outcome):
            if self._is_ours(outcome):
                self._remove_others(key, options_too=False)
            beside.rollback(keep=outcome.outputs)
            return
        if outcome and self._is_ours(outcome):
            self._delete(outcome)
        beside.rollback()

    def _is_current(self, outcome: StoredOutcome) -> bool:
        """Whether an outcome is of the document that is there now."""
        try:
            return outcome.etag == self._store.head(self._source.key).etag
        except SourceGone:
            return False

    def _beside(self, files: Mapping[str, Path] | None = None, *, scope: str | None = None) -> Beside:
        return Beside(self._store, self._source.key, files or {}, self._scope if scope is None else scope)

    def _find(self, key: str) -> StoredOutcome | None:
        return find(self._store, key, self._scope if key == self.result_key else "")

    def _delete(self, outcome: StoredOutcome) -> None:
        with suppress(Conflict):  # written since: by the reading of a newer document, which sees to the rest
            self._store.delete(outcome.key, outcome.stored.etag)

    def _require_same_source(self, *, options_too: bool = True) -> None:
        now = self._store.head(self._source.key)
        if now.etag != self._source.etag or (options_too and now.metadata != self._source.metadata):
            raise SourceChanged("The document was replaced while it was being read.")

    def _is_ours(self, outcome: StoredOutcome | None) -> bool:
        return outcome is not None and (outcome.etag, outcome.settings) == (self._source.etag, self.fingerprint)
