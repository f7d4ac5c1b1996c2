"""What a place for documents and results is to Folio. Every store passes tests/contract/stores/test_stores.py."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class SourceObject(Struct, frozen=True, kw_only=True):
    """A document as it lies in the store now. `etag` changes when its content does."""

    bucket: str | None
    key: str
    etag: str
    bytes: int
    version: str | None = None
    metadata: Mapping[str, str] = {}  # what the uploader set, names in lower case


class Stored(Struct, frozen=True):
    """Something of ours, read back; `etag` is for replacing exactly this."""

    data: bytes
    etag: str


class Conflict(Exception):
    """A conditional write or delete found something else than it was told to expect."""


class Store(Protocol):
    """Documents, and our results beside them.

    Every method raises StoreUnavailable for what may pass and AccessDenied for what the operator must grant.
    """

    def head(self, key: str) -> SourceObject:
        """The document under `key` as it is now. Raises SourceGone."""
        ...

    def fetch(self, source: SourceObject, target: Path) -> None:
        """Copy exactly that document into a local file. Raises SourceChanged, SourceGone."""
        ...

    def read(self, key: str) -> Stored | None:
        """A result or error of ours, or None."""
        ...

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        """So many bytes of a file of ours from a place on, or fewer where it ends before; None if there is no file."""
        ...

    def etag(self, key: str) -> str | None:
        """Of a file of ours, without reading it, or None if there is none."""
        ...

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        """Put a whole file under `key`, at once or not at all, if it still holds `replaces` (None: nothing).

        The etag it has now. Raises Conflict.
        """
        ...

    def delete(self, key: str, etag: str) -> None:
        """Remove what lies under `key` if it is still `etag`; nothing there is well too. Raises Conflict."""
        ...

    def list(self, prefix: str) -> list[str]:
        """The keys of files of ours that start with `prefix`, sorted."""
        ...

    def discard(self, keys: Iterable[str]) -> None:
        """Remove files of ours, whatever they hold; those that are not there are well too."""
        ...
