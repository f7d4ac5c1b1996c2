"""The outputs of one reading in the folder beside its source (`<key>.ocr/…`), which come and go with the result.

The rule of `stores.publish` holds for each of them: looked at first, then the source is compared with what was read,
then written or deleted on condition that nobody did since. So an older document's text never replaces a newer one's.
(One gap is left, for a text says nothing of its source: outputs of two versions that are equal to the byte are one.)
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from folio import keys
from folio.stores.base import Conflict, Store

type Seen = dict[str, str | None]  # kind -> etag of what lies there


class Beside:
    """What one reading writes there, and what it clears away."""

    def __init__(self, store: Store, key: str, files: Mapping[str, Path]) -> None:
        self._store = store
        self._key = key
        self._files = files
        self._written: dict[str, str] = {}

    def look(self, kinds: Iterable[str]) -> Seen:
        return {kind: self._store.etag(keys.output_key(self._key, kind)) for kind in kinds}

    def write(self, seen: Seen) -> None:
        """Put every file that is not there yet. Raises Conflict."""
        for kind, file in self._files.items():
            if kind not in self._written or seen[kind] != self._written[kind]:
                self._written[kind] = self._store.write(keys.output_key(self._key, kind), file, seen[kind])

    def rollback(self) -> None:
        """Take back what was written, where nobody replaced it."""
        self.clear(dict(self._written))
        self._written = {}

    def clear(self, seen: Seen) -> None:
        """Delete what was looked at, where it is still the same."""
        for kind, etag in seen.items():
            if etag:
                with suppress(Conflict):
                    self._store.delete(keys.output_key(self._key, kind), etag)
