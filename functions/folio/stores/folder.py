"""A folder on this machine: sources in one tree, results beside them or in another tree of the same shape."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from uuid import uuid4

from folio import keys
from folio.errors import AccessDenied, NameTooLong, SourceChanged, SourceGone, StoreUnavailable
from folio.stores.base import Conflict, SourceObject, Stored

_PART_SUFFIX = ".part"


class FolderStore:
    """Keys are paths relative to `sources`; an etag is the SHA-256 of the content."""

    def __init__(self, sources: Path, results: Path | None = None) -> None:
        self._sources = sources
        self._results = results or sources

    def _source(self, key: str) -> Path:
        return self._sources / key

    def _result(self, key: str) -> Path:
        return self._results / key

    def head(self, key: str) -> SourceObject:
        path = self._source(key)
        with _translated(key):
            if not path.is_file():
                raise SourceGone(f"There is no file {key!r}.")
            return SourceObject(bucket=None, key=key, etag=_etag(path), bytes=path.stat().st_size)

    def fetch(self, source: SourceObject, target: Path) -> None:
        with _translated(source.key):
            shutil.copyfile(self._source(source.key), target)
            if _etag(target) != source.etag:
                raise SourceChanged("The document was replaced while it was being read.")

    def read(self, key: str) -> Stored | None:
        with _translated(key):
            try:
                data = self._result(key).read_bytes()
            except FileNotFoundError:
                return None
        return Stored(data, hashlib.sha256(data).hexdigest())

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        with _translated(key):
            try:
                with self._result(key).open("rb") as file:
                    file.seek(start)
                    return file.read(length)
            except FileNotFoundError:
                return None

    def etag(self, key: str) -> str | None:
        path = self._result(key)
        with _translated(key):
            return _etag(path) if path.is_file() else None

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        path = self._result(key)
        part = path.parent / f".folio-{uuid4().hex}{_PART_SUFFIX}"
        with _translated(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Copied first and renamed last: whenever this stops, the name holds the old content or the new.
            try:
                shutil.copyfile(content, part)
                written = _etag(part)
                with _locked(path.parent):
                    _expect(path, replaces)
                    part.rename(path)
            finally:
                part.unlink(missing_ok=True)
        return written

    def delete(self, key: str, etag: str) -> None:
        path = self._result(key)
        with _translated(key):
            if not path.exists():
                return
            with _locked(path.parent):
                _expect(path, etag)
                path.unlink()
            self._prune(key)

    def list(self, prefix: str) -> list[str]:
        folder = self._result(prefix.rpartition("/")[0])
        with _translated(prefix):
            files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(_PART_SUFFIX))
            keys = (path.relative_to(self._results).as_posix() for path in files)
            return sorted(key for key in keys if key.startswith(prefix))

    def locate(self, key: str) -> tuple[str | None, str]:
        return None, key

    def discard(self, keys: Iterable[str]) -> None:
        for key in keys:
            with _translated(key):
                self._result(key).unlink(missing_ok=True)
                self._prune(key)

    def _prune(self, key: str) -> None:
        """Remove the folders that Folio made around a deleted file, if they are empty."""
        top = keys.own_folder(key)
        folder = PurePosixPath(key).parent
        while top and folder.is_relative_to(top):
            with suppress(OSError):  # it is not empty
                (self._results / folder).rmdir()
            folder = folder.parent


def _etag(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _expect(path: Path, etag: str | None) -> None:
    if (_etag(path) if path.exists() else None) != etag:
        raise Conflict


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time; the folder itself is the lock, so that no lock file is left behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceGone(f"There is no file {key!r}.") from error
    except PermissionError as error:
        raise AccessDenied(f"The file system denies access to {key!r} or the folder for its result.") from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise NameTooLong("The document's name is too long to put a result beside it.") from error
        raise StoreUnavailable(f"The file system failed: {os.strerror(error.errno or 0)}.") from error
