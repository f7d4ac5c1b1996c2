"""A store in memory that keeps the contract of the real ones, for tests of what works with a store."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from folio.errors import SourceChanged, SourceGone
from folio.stores.base import Conflict, SourceObject, Stored


class MemoryStore:
    """Sources and results under their keys; an etag is the SHA-256 of the content."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.metadata: dict[str, Mapping[str, str]] = {}

    def put(self, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """What an uploader does; the etag."""
        self.objects[key] = data
        self.metadata[key] = metadata or {}
        return _etag(data)

    def head(self, key: str) -> SourceObject:
        data = self._source(key)
        return SourceObject(
            bucket="memory", key=key, etag=_etag(data), bytes=len(data), metadata=self.metadata.get(key, {})
        )

    def fetch(self, source: SourceObject, target: Path) -> None:
        data = self._source(source.key)
        if _etag(data) != source.etag:
            raise SourceChanged("The document was replaced while it was being read.")
        target.write_bytes(data)

    def read(self, key: str) -> Stored | None:
        data = self.objects.get(key)
        return None if data is None else Stored(data, _etag(data))

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        data = self.objects.get(key)
        return None if data is None else data[start : start + length]

    def etag(self, key: str) -> str | None:
        return _etag(self.objects[key]) if key in self.objects else None

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        try:
            data = content.read_bytes()
        except FileNotFoundError as error:
            raise SourceGone(f"There is no file {content.name!r}.") from error
        self._expect(key, replaces)
        self.objects[key] = data
        return _etag(data)

    def delete(self, key: str, etag: str) -> None:
        if key in self.objects:
            self._expect(key, etag)
            del self.objects[key]

    def list(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

    def locate(self, key: str) -> tuple[str | None, str]:
        return "memory", key

    def discard(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.objects.pop(key, None)

    def _source(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError as error:
            raise SourceGone(f"There is no object {key!r}.") from error

    def _expect(self, key: str, etag: str | None) -> None:
        stored = self.read(key)
        if (stored.etag if stored else None) != etag:
            raise Conflict


class InterruptedStore(MemoryStore):
    """Others act on the same objects right before the nth call that goes through this one (from 1)."""

    def __init__(self, shared: MemoryStore, before_call: int, others: Callable[[], object]) -> None:
        super().__init__()
        self.objects, self.metadata = shared.objects, shared.metadata
        self.calls = 0
        self._before_call = before_call
        self._others = others

    @property
    def reached(self) -> bool:
        return self.calls >= self._before_call

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self._before_call:
            self._others()

    def head(self, key: str) -> SourceObject:
        self._count()
        return super().head(key)

    def read(self, key: str) -> Stored | None:
        self._count()
        return super().read(key)

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        self._count()
        return super().read_part(key, start, length)

    def etag(self, key: str) -> str | None:
        self._count()
        return super().etag(key)

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        self._count()
        return super().write(key, content, replaces)

    def delete(self, key: str, etag: str) -> None:
        self._count()
        super().delete(key, etag)

    def list(self, prefix: str) -> list[str]:
        self._count()
        return super().list(prefix)

    def discard(self, keys: Iterable[str]) -> None:
        self._count()
        super().discard(keys)

    def _expect(self, key: str, etag: str | None) -> None:
        # Looking and writing are one step: nobody comes between.
        if (_etag(self.objects[key]) if key in self.objects else None) != etag:
            raise Conflict


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
