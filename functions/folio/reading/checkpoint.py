"""Pages that are done, kept beside the source while a document is read (`<key>.ocr/pages/<fingerprint>/…`).

Whoever reads the document next, after a stop or as one of several functions that share it, takes them from there and
reads none a second time. The fingerprint is of content and settings, so nothing of another document or reading is
taken. Pages are counted by their index in a reading, from 1 along its chosen pages (with `pages=3-`, page 7 has index
5). A file holds pages of consecutive indexes and is named by the first and the last: who wants to know how far a
reading is needs only names. Files of pages that failed for a reason that may pass, or whose reader was stopped at the
last attempt, say so in their names; they count for the last step of a reading alone, and if it is begun anew on the
command line, only those whose reader was stopped twice. All of it goes when the result is there; what a reading leaves
that was never finished, the store's lifecycle removes.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.errors import StoreUnavailable, Unavailable
from folio.keys import checkpoints, is_checkpoint
from folio.models import Cost, Page, decode, encode
from folio.providers.cost import Ledger
from folio.reading.page_outcome import PageOutcome
from folio.stores.base import Conflict, Store
from folio.stores.put import require_job

MAX_BYTES = 8_000_000  # of pages that wait for their file

_FILE = re.compile(r"([0-9]{7})-([0-9]{7})(|\.failed|\.doubt)\.json")
_SHARED = "shared.json"
_PLAN = re.compile(r"plan-([0-9]{7})\.json")


class _File(Struct):
    """One file: pages of consecutive indexes, and what was spent since the file before it."""

    spent: Cost
    pages: list[PageOutcome]


class _RawFile(Struct):
    spent: Cost
    pages: list[msgspec.Raw]


class _PendingPage(Struct, frozen=True, order=True):
    """A page that waits for its file; `failed` for a reason that may pass."""

    index: int
    failed: bool
    content: bytes


class Checkpoint:
    """The saved pages of one reading: of the document under `key`, with that content, under those settings.

    `total` is how many pages the reading has; `folder` is for scratch; `every` are seconds between two files. With
    `closing`, pages that failed for a reason that may pass are saved and taken like any others; `ahead`: the document
    of a job comes after its pages. Not for several threads at once.
    """

    def __init__(
        self,
        store: Store,
        key: str,
        sha256: str,
        settings: str,
        *,
        total: int,
        folder: Path,
        ledger: Ledger,
        every: float = 5.0,
        closing: bool = False,
        ahead: bool = False,
    ) -> None:
        self.fingerprint = f"{sha256[:16]}-{settings}"
        self._store, self._key, self._root = store, key, checkpoints(key)
        self._prefix = f"{self._root}{self.fingerprint}/"
        self._total, self._folder, self._ledger = total, folder, ledger
        self._every, self._closing, self._ahead = every, closing, ahead
        self._existing = _saved(store, self._root)
        self._file_of = self._files_by_index()
        self._loaded: tuple[str, dict[int, PageOutcome]] = ("", {})
        self._pending: list[_PendingPage] = []
        self._flushed = time.monotonic()

    def _files_by_index(self) -> dict[int, str]:
        files: dict[int, str] = {}
        for kind in ("", ".failed", ".doubt") if self._closing else ("",):
            for name, first, last in _files(self._existing, self._prefix, kind):
                for index in range(first, last + 1):
                    files.setdefault(index, name)
        return files

    def __contains__(self, index: int) -> bool:
        return index in self._file_of

    def take(self, index: int) -> PageOutcome:
        """Return the saved page of an index; one file at a time is held. Raises StoreUnavailable if it has gone."""
        name = self._file_of[index]
        if name != self._loaded[0]:
            self._loaded = name, self._load(name)
        return self._loaded[1][index]

    def _load(self, name: str) -> dict[int, PageOutcome]:
        key = self._prefix + name
        stored = self._store.read(key)
        if stored is None:
            raise StoreUnavailable("Pages that were read before have gone from beside the document.")
        first = int(name.partition("-")[0])
        try:
            file = decode(stored.data, _File)
        except msgspec.DecodeError as error:  # of another version of Folio
            self._store.discard([key])
            raise StoreUnavailable("Pages that were read before cannot be used; they will be read again.") from error
        self._ledger.restore(file.spent)
        return dict(enumerate(file.pages, first))

    def restore(self, indexes: Iterable[int]) -> None:
        """Count in the ledger what was spent for those pages of some indexes that are saved."""
        for name in dict.fromkeys(self._file_of[index] for index in indexes if index in self):
            self._load(name)

    def keep(self, index: int, outcome: PageOutcome) -> None:
        """Remember a page that was just read; from time to time what is remembered is written.

        A store that is not there for a while only means that these pages would be read again.
        """
        failed = isinstance(outcome.error, Unavailable)
        if failed and not self._closing:
            return
        self._pending.append(_PendingPage(index, failed, encode(outcome)))
        if not self._is_young() or sum(len(page.content) for page in self._pending) > MAX_BYTES:
            with suppress(StoreUnavailable):
                self.flush()

    def _is_young(self) -> bool:
        return time.monotonic() - self._flushed < self._every

    def flush_on_failure(self) -> None:
        """Write what is remembered, unless the reading was so short that nothing is lost with it."""
        if self._existing or not self._is_young():
            self.flush()

    def flush(self) -> None:
        """Write what is remembered. Raises StoreUnavailable, and SourceGone once a job was deleted."""
        self._flushed = time.monotonic()
        pending, self._pending = self._pending, []
        plan = f"plan-{self._total:07}.json"
        if pending and self._prefix + plan not in self._existing:
            self._write(plan, encode({"pages": self._total}))
        for run in _runs(sorted(pending)):
            name = f"{run[0].index:07}-{run[-1].index:07}{'.failed' if run[0].failed else ''}.json"
            self._write(name, encode(_RawFile(self._ledger.delta(), [msgspec.Raw(page.content) for page in run])))

    @contextmanager
    def marking_in_progress(self, index: int, failed: PageOutcome) -> Iterator[None]:
        """While a page is read that may stop whoever reads it: then it is saved as failed, for the last step."""
        name = f"{index:07}-{index:07}.doubt.json"
        self._write(name, encode(_RawFile(Cost(), [msgspec.Raw(encode(failed))])))
        try:
            yield
        except Exception:
            self._store.discard([self._prefix + name])
            raise

    def retry_crashed(self) -> None:
        """Have a page read once more whose reader was stopped; it may not have been the page. Not a second time."""
        for name, index, _ in list(_files(self._existing, self._prefix, ".doubt")):
            second = name.replace(".doubt.", ".second.")
            if index not in self and self._prefix + second not in self._existing:
                self._write(second, b"{}")
                self._store.discard([self._prefix + name])
                self._existing.remove(self._prefix + name)

    @property
    def shared(self) -> bool:
        """Whether several read the document, each some of its pages."""
        return self._prefix + _SHARED in self._existing

    def hand_over(self) -> None:
        """Leave to others what was read here. Raises StoreUnavailable."""
        self.flush()
        self._write(_SHARED, b"{}")

    def _write(self, name: str, content: bytes) -> None:
        scratch = self._folder / "checkpoint.json"
        scratch.write_bytes(content)
        with suppress(Conflict):  # somebody who reads the same was quicker
            self._store.write(self._prefix + name, scratch, None)
        self._existing.append(self._prefix + name)
        if not self._ahead:
            require_job(self._store, self._key, self._existing)

    def clear(self, *, earlier: bool = True) -> None:
        """Remove every file, of `earlier` readings too. Only for who has just put the result there."""
        if not earlier:
            self._existing = [key for key in self._existing if key.startswith(self._prefix)]
        if self._existing:
            self._store.discard(sorted({*self._existing, *_saved(self._store, self._prefix)}))
            self._existing = []


class SavedPages(Struct, frozen=True, order=True):
    """Pages of one reading that are done: how many, of how many, and the indexes of those that can be had already, as
    first and last of each run.
    """

    done: int
    total: int
    runs: tuple[tuple[int, int], ...] = ()


def progress(store: Store, key: str) -> SavedPages | None:
    """Return what is done of the reading of `key` that is furthest; None if there is none."""
    root = checkpoints(key)
    names = _saved(store, root)
    readings = []
    for fingerprint in {name.removeprefix(root).partition("/")[0] for name in names}:
        prefix = f"{root}{fingerprint}/"
        plans = [match for name in names if (match := _PLAN.fullmatch(name.removeprefix(prefix)))]
        spans = [(first, last) for kind in ("", ".failed") for _, first, last in _files(names, prefix, kind)]
        runs = tuple(sorted((first, last) for _, first, last in _files(names, prefix, "")))
        readings += [SavedPages(_covered(spans), int(plan[1]), runs) for plan in plans]
    return max(readings, default=None)


def saved_page(store: Store, key: str, index: int) -> Page | None:
    """Return the page at an index of a reading of `key` that is under way; None if it is not saved yet."""
    root = checkpoints(key)
    for name in _saved(store, root):
        match = _FILE.fullmatch(name.rpartition("/")[2])
        if match and not match[3] and int(match[1]) <= index <= int(match[2]) and (stored := store.read(name)):
            with suppress(msgspec.DecodeError):  # of another version of Folio
                return decode(stored.data, _File).pages[index - int(match[1])].page
    return None


def clear(store: Store, key: str, settings: str = "") -> None:
    """Remove what readings left, all of them or those under these settings. Only for who knows the outcome there."""
    root = checkpoints(key)
    fingerprints = {name: name.removeprefix(root).partition("/")[0] for name in _saved(store, root)}
    store.discard(name for name, fingerprint in fingerprints.items() if fingerprint.endswith(settings))


def _saved(store: Store, prefix: str) -> list[str]:
    """Return the keys below a prefix that are checkpoints, not documents in a folder of that name."""
    return [key for key in store.list(prefix) if is_checkpoint(key)]


def _files(keys: Iterable[str], prefix: str, kind: str) -> Iterator[tuple[str, int, int]]:
    """Yield the name, first index and last index of each file of a kind."""
    for key in keys:
        match = _FILE.fullmatch(key.removeprefix(prefix)) if key.startswith(prefix) else None
        if match and match[3] == kind:
            yield match[0], int(match[1]), int(match[2])


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many indexes lie in any of the spans."""
    count = end = 0
    for first, last in sorted(spans):
        count += max(0, last - max(first - 1, end))
        end = max(end, last)
    return count


def _runs(pages: list[_PendingPage]) -> Iterator[list[_PendingPage]]:
    """Yield the pages that go into one file: of consecutive indexes, all failed or none."""
    run: list[_PendingPage] = []
    for page in pages:
        if run and (page.index != run[-1].index + 1 or page.failed != run[-1].failed):
            yield run
            run = []
        run.append(page)
    if run:
        yield run
