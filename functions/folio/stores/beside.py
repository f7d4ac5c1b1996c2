"""The outputs of one reading in the folder beside its source (`<key>.ocr/…`), written and deleted with the result.

The rule of `stores.publish` holds for each of them: it is looked at, the source is compared with what was read, and it
is written or deleted on condition that it has not changed since. So an older document's text never replaces a newer
one's. (One gap remains, since a text says nothing of its source: identical outputs of two versions count as one.)
"""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from folio import keys
from folio.stores.base import Conflict, Store

type Etags = dict[str, str | None]  # kind -> etag of the existing file


class Beside:
    """The output files that one reading writes and deletes."""

    def __init__(self, store: Store, key: str, files: Mapping[str, Path], scope: str = "") -> None:
        """`files` are those to write, by kind; `scope` is the part whose outputs they are."""
        self._store = store
        self._key = key
        self._scope = scope
        self._files = files
        self._written: dict[str, str] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the files to write."""
        return tuple(self._files)

    def etags(self, kinds: Iterable[str]) -> Etags:
        """Return the etags of the files of some kinds as they are now."""
        return {kind: self._store.etag(self._output(kind)) for kind in kinds}

    def write(self, existing: Etags) -> None:
        """Write every file that was not written yet, in place of the existing one. Raises Conflict."""
        for kind, file in self._files.items():
            if kind not in self._written or existing[kind] != self._written[kind]:
                self._written[kind] = self._store.write(self._output(kind), file, existing[kind])

    def rollback(self, keep: Container[str] = ()) -> None:
        """Delete what was written, but for some kinds, unless it was replaced since."""
        self.clear({kind: etag for kind, etag in self._written.items() if kind not in keep})
        self._written = {}

    def clear(self, existing: Etags) -> None:
        """Delete these files, unless they were replaced since."""
        for kind, etag in existing.items():
            if etag:
                with suppress(Conflict):
                    self._store.delete(self._output(kind), etag)

    def _output(self, kind: str) -> str:
        return keys.output_key(self._key, kind, self._scope)
