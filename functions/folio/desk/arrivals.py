"""Files of a folder as they come: which of them are whole, and not yet done."""

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from folio.desk.local import LocalFile, is_own
from folio.documents.opening import is_document

# What browsers, scanners and copying programs call a file that they have not finished.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", "~")
_LEASE = getattr(fcntl, "F_SETLEASE", None)  # Linux


class Version(NamedTuple):
    """What changes whenever somebody writes to a file, or puts another in its place."""

    device: int
    inode: int
    size: int
    modified: int  # nanoseconds


class Arrivals:
    """The documents below a folder, looked at again and again by `stable_files`.

    A file counts as whole once it has not changed for `stable` seconds and nobody has it open to write. Hidden files,
    empty ones, those under a name of something unfinished, Folio's own and what is no document are passed over.
    """

    def __init__(self, folder: Path, stable: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._stable, self._clock = folder, stable, clock
        self._seen: dict[Path, tuple[Version, float]] = {}  # and since when
        self._taken: dict[Path, Version] = {}
        self._foreign: dict[Path, Version] = {}  # no documents

    def stable_files(self) -> list[tuple[LocalFile, Version]]:
        """Look once; return the files that are whole now, and were not returned as they are before."""
        now = self._clock()
        versions = dict(_versions(self._folder))
        for known in (self._seen, self._taken, self._foreign):
            for gone in known.keys() - versions.keys():
                del known[gone]
        return [
            (LocalFile(self._folder.parent, path.relative_to(self._folder.parent).as_posix()), version)
            for path, version in sorted(versions.items())
            if self._is_ready(path, version, now)
        ]

    def take_again(self, file: LocalFile) -> None:
        """Return a file once more, when it is whole: its reading failed for a reason that may pass."""
        self._taken.pop(file.root / file.key, None)

    def _is_ready(self, path: Path, version: Version, now: float) -> bool:
        if self._taken.get(path) == version or self._foreign.get(path) == version:
            return False
        known, since = self._seen.get(path, (None, now))
        if known != version:
            self._seen[path] = version, now
            return False
        if now - since < self._stable or is_being_written(path):
            return False
        del self._seen[path]
        if _is_foreign(path, self._folder):
            self._foreign[path] = version
            return False
        self._taken[path] = version
        return True


def _versions(folder: Path) -> Iterator[tuple[Path, Version]]:
    """Yield the files below a folder; what goes meanwhile is left out."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith(".") or name.casefold().endswith(_UNFINISHED):
                continue
            path = Path(root, name)
            if (version := version_of(path)) and version.size:
                yield path, version


def version_of(path: Path) -> Version | None:
    """Return the version of a regular file, or of that which a link leads to; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (
        Version(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if stat.S_ISREG(status.st_mode)
        else None
    )


def is_being_written(path: Path) -> bool:
    """Whether somebody has a file open to write, as far as the system says it: of a local file on Linux.

    A lease for reading is granted only where nobody has (fcntl(2), F_SETLEASE); it is given back at once.
    """
    if _LEASE is None:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, _LEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # somebody else's file, or a file system without leases
        return False
    finally:
        os.close(descriptor)
    return False


def _is_foreign(path: Path, folder: Path) -> bool:
    """Whether a file is Folio's own or no document; one that cannot be read is left to its reading, which says so."""
    try:
        return is_own(path, path.relative_to(folder.parent).as_posix()) or not is_document(path)
    except OSError:
        return False
