"""What Folio needs of a store for documents and results. Every store passes tests/contract/stores/test_stores.py."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class SourceObject(Struct, frozen=True, kw_only=True):
    """A document as it is in the store now. `etag` changes when its content does."""

    bucket: str | None
    key: str
    etag: str
    bytes: int
    version: str | None = None
    metadata: Mapping[str, str] = {}  # what the uploader set, names in lower case


class Stored(Struct, frozen=True):
    """A file of Folio's own, read back; with `etag` exactly this one can be replaced."""

    data: bytes
    etag: str


class Conflict(Exception):
    """A conditional write or delete found another content than the expected one."""


class Store(Protocol):
    """Documents, and Folio's own files beside them.

    Every method raises StoreUnavailable for failures that may pass, and AccessDenied where a permission is missing.
    """

    def head(self, key: str) -> SourceObject:
        """Describe the document under `key` as it is now. Raises SourceGone."""
        ...

    def fetch(self, source: SourceObject, target: Path) -> None:
        """Copy exactly that document into a local file. Raises SourceChanged, SourceGone."""
        ...

    def read(self, key: str) -> Stored | None:
        """Return a file of Folio's own, or None."""
        ...

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        """Return `length` bytes of a file from byte `start` on, fewer if it ends before; None if there is no file."""
        ...

    def etag(self, key: str) -> str | None:
        """Return the etag of a file without reading it, or None if there is no file."""
        ...

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        """Write a file under `key`, atomically, if the etag there is still `replaces` (None: there is no file).

        Return the new etag. Raises Conflict.
        """
        ...

    def delete(self, key: str, etag: str) -> None:
        """Delete the file under `key` if its etag is still `etag`; do nothing if there is none. Raises Conflict."""
        ...

    def list(self, prefix: str) -> list[str]:
        """Return the keys of files of Folio's own that start with `prefix`, sorted."""
        ...

    def locate(self, key: str) -> tuple[str | None, str]:
        """Return bucket and key under which others find a file of Folio's own: as a rule, `key` itself."""
        ...

    def discard(self, keys: Iterable[str]) -> None:
        """Delete files of Folio's own, whatever they hold; those that do not exist are skipped."""
        ...
