"""A folder whose files are read as they come."""

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys
from folio.deadline import Deadline
from folio.desk.arrivals import Arrivals, Version
from folio.desk.local import LocalFile, ReadOptions, file_reader
from folio.errors import Busy, SourceGone
from folio.models import Result, ResultHead, decode, encode
from folio.reading.pipeline import Outcome
from folio.reading.request import LocalServices
from folio.reading.threads import reader_threads
from folio.stores.base import Conflict
from folio.stores.folder import FolderStore
from folio.stores.put import put_bytes

_ATTEMPTS = 3  # of a file whose reading fails for a reason that may pass
_SCAN_SHARE = 5  # a look at a large folder takes its time; between two there is so many times that


class WatchConfig(Struct, frozen=True, kw_only=True):
    """`stable`: seconds for which a file must not change before it is read; `poll`: seconds between two looks."""

    folder: Path
    stable: float = 2.0
    poll: float = 1.0


def watch(
    config: WatchConfig,
    run: ReadOptions,
    local: LocalServices,
    deadline: Deadline,
    on_file: Callable[[LocalFile, Outcome], None],
) -> None:
    """Read the files of a folder, and those that come or are replaced, until a KeyboardInterrupt.

    A file that was read under another name before, as it is after it was renamed, gets the same result without being
    read. Raises BadOption for options, SourceGone where there is no folder, Busy where it is watched already.
    """
    if not config.folder.is_dir():
        raise SourceGone(f"There is no folder {str(config.folder)!r}.")
    with _alone(config.folder):
        _Watcher(config, run, local, deadline, on_file).run()


class _Watcher:
    def __init__(
        self,
        config: WatchConfig,
        run: ReadOptions,
        local: LocalServices,
        deadline: Deadline,
        on_file: Callable[[LocalFile, Outcome], None],
    ) -> None:
        self._config, self._run, self._deadline, self._on_file = config, run, deadline, on_file
        self._arrivals = Arrivals(config.folder, config.stable)
        self._read = file_reader(run, local, deadline)
        self._threads = local.services.settings.cores()
        self._attempts: dict[tuple[LocalFile, Version], int] = {}
        self._known = KnownResults(run.results or config.folder.parent, config.folder)

    def run(self) -> None:
        running: dict[Future[Outcome], tuple[LocalFile, Version]] = {}
        with reader_threads(self._threads, "document") as pool:
            try:
                while True:
                    began = time.monotonic()
                    busy = {file for file, _ in running.values()}
                    for file, version in self._arrivals.stable_files():
                        if file in busy:  # replaced while it is read; its turn comes
                            self._arrivals.take_again(file)
                        else:
                            running[pool.submit(self._read_or_adopt, file)] = file, version
                    pause = max(self._config.poll, _SCAN_SHARE * (time.monotonic() - began))
                    for future in _finished(running, pause):
                        self._conclude(*running.pop(future), future.result())
            finally:
                for future in running:
                    future.cancel()
                self._deadline.stop()  # what runs ends at its next step

    def _read_or_adopt(self, file: LocalFile) -> Outcome:
        with suppress(OSError, msgspec.DecodeError):  # whatever it is, it is read
            self._known.adopt(file)
        return self._read(file)

    def _conclude(self, file: LocalFile, version: Version, outcome: Outcome) -> None:
        if outcome.status == "superseded":  # it is gone, or comes again as another
            self._arrivals.take_again(file)
            return
        attempts = self._attempts.pop((file, version), 0) + 1
        if outcome.status == "failed" and outcome.error and outcome.error.retryable and attempts < _ATTEMPTS:
            self._attempts[file, version] = attempts
            self._arrivals.take_again(file)
            return
        self._on_file(file, outcome)


def _finished(running: Collection[Future[Outcome]], pause: float) -> set[Future[Outcome]]:
    """Return the readings that are done, after a pause if there is none."""
    if not running:
        time.sleep(pause)
        return set()
    return wait(running, pause, FIRST_COMPLETED).done


class KnownResults:
    """The results below a folder whose document is not there under that name any more."""

    def __init__(self, results: Path, folder: Path) -> None:
        self._results, self._folder = results, folder
        self._store = FolderStore(folder.parent, results)
        self._heads: dict[Path, tuple[int, ResultHead | None]] = {}  # and the time of change, in nanoseconds

    def adopt(self, file: LocalFile) -> None:
        """Copy the result of the same content under another name, if the file has none of its own.

        The other one stays: somebody may have deleted that document, and not its result. Outputs are made of the copy.
        """
        target, path = keys.result_key(file.key), file.root / file.key
        if self._store.etag(target):
            return
        alike = [one for one in self._orphans() if one[1].source.bytes == path.stat().st_size]
        if not alike:
            return
        with path.open("rb") as opened:
            etag = hashlib.file_digest(opened, "sha256").hexdigest()
        for orphan, head in alike:
            if head.source.etag == etag:
                result = decode(orphan.read_bytes(), Result)
                source = msgspec.structs.replace(result.source, key=file.key)
                copy = msgspec.structs.replace(result, source=source, outputs={})
                with suppress(Conflict):
                    put_bytes(self._store, target, encode(copy), None)
                return

    def _orphans(self) -> Iterator[tuple[Path, ResultHead]]:
        for path in (self._results / self._folder.name).rglob(f"*{keys.RESULT}"):
            source = path.relative_to(self._results).as_posix().removesuffix(keys.RESULT)
            if (self._folder.parent / source).exists():
                continue
            changed = path.stat().st_mtime_ns
            if self._heads.get(path, (0, None))[0] != changed:
                self._heads[path] = changed, _head(path)
            if head := self._heads[path][1]:
                yield path, head


def _head(path: Path) -> ResultHead | None:
    try:
        return decode(path.read_bytes(), ResultHead)
    except msgspec.DecodeError:
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder against other watchers on this machine. Raises Busy."""
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    lock = Path(tempfile.gettempdir(), f"folio-watch-{os.getuid()}-{digest}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Busy(f"The folder {folder.name!r} is being watched already.") from error
    finally:
        os.close(descriptor)
