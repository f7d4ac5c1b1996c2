"""Pages that are done, kept beside the source while a document is read (`<key>.ocr/pages/<mark>/…`).

Whoever reads the document next, after a stop or as one of several functions that share it, takes them from there and
reads none a second time. The mark is of content and settings, so nothing of another document or reading is taken.
Places in a reading are counted from 1 along its chosen pages (with `pages=3-`, page 7 is at place 5). A file holds
places that follow each other and is named by the first and the last: who wants to know how far a reading is needs only
names. Files of pages that failed for a reason that may pass, or whose reader was stopped at the last attempt, say so
in their names; they count for the last step of a reading alone, and if it is begun anew at a desk, only those whose
reader was stopped twice. All of it goes when the result is there; what a reading leaves that was never finished, the
store's lifecycle removes.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys as naming
from folio.errors import StoreUnavailable, Unavailable
from folio.models import Cost, decode, encode
from folio.providers.cost import Ledger
from folio.reading.page_outcome import PageOutcome
from folio.stores.base import Conflict, Store

MAX_BYTES = 8_000_000  # of pages that wait for their file

_FILE = re.compile(r"([0-9]{7})-([0-9]{7})(|\.failed|\.doubt)\.json")
_SHARED = "shared.json"
_PLAN = re.compile(r"plan-([0-9]{7})\.json")


class _File(Struct):
    """One file: the pages at its places, and what was spent since the file before it."""

    spent: Cost
    pages: list[PageOutcome]


class _RawFile(Struct):
    spent: Cost
    pages: list[msgspec.Raw]


class Checkpoint:
    """What is kept of one reading: the document under `key`, with that content, under those settings.

    `total` is how many pages the reading has; `folder` is for scratch. With `closing`, pages that failed for a reason
    that may pass are kept and taken like any others. Not for several threads at once.
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
    ) -> None:
        self.mark = f"{sha256[:16]}-{settings}"
        self._store, self._all = store, naming.checkpoints(key)
        self._prefix = f"{self._all}{self.mark}/"
        self._total, self._folder, self._ledger = total, folder, ledger
        self._every, self._closing = every, closing
        self._there = store.list(self._all)
        self._file_of = self._index()
        self._open: tuple[str, dict[int, PageOutcome]] = ("", {})
        self._waiting: list[tuple[int, bool, bytes]] = []  # place, whether it may be read yet, the page
        self._flushed = time.monotonic()

    def _index(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for kind in ("", ".failed", ".doubt") if self._closing else ("",):
            for name, first, last in _files(self._there, self._prefix, kind):
                for place in range(first, last + 1):
                    found.setdefault(place, name)
        return found

    def __contains__(self, place: int) -> bool:
        return place in self._file_of

    def take(self, place: int) -> PageOutcome:
        """The page that is kept for a place; one file at a time is held. Raises StoreUnavailable if it has gone."""
        name = self._file_of[place]
        if name != self._open[0]:
            self._open = name, self._load(name)
        return self._open[1][place]

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

    def restore(self, places: Iterable[int]) -> None:
        """Count what was spent for the pages that are kept of some places."""
        for name in dict.fromkeys(self._file_of[place] for place in places if place in self):
            self._load(name)

    def keep(self, place: int, outcome: PageOutcome) -> None:
        """Remember a page that was just read; from time to time what is remembered is written.

        A store that is not there for a while only means that these pages would be read again.
        """
        failed = isinstance(outcome.error, Unavailable)
        if failed and not self._closing:
            return
        self._waiting.append((place, failed, encode(outcome)))
        if not self._is_young() or sum(len(page) for _, _, page in self._waiting) > MAX_BYTES:
            with suppress(StoreUnavailable):
                self.flush()

    def _is_young(self) -> bool:
        return time.monotonic() - self._flushed < self._every

    def flush_on_failure(self) -> None:
        """Write what is remembered, unless the reading was so short that nothing is lost with it."""
        if self._there or not self._is_young():
            self.flush()

    def flush(self) -> None:
        """Write what is remembered."""
        self._flushed = time.monotonic()
        waiting, self._waiting = self._waiting, []
        plan = f"plan-{self._total:07}.json"
        if waiting and self._prefix + plan not in self._there:
            self._write(plan, encode({"pages": self._total}))
        for some in _runs(sorted(waiting)):
            name = f"{some[0][0]:07}-{some[-1][0]:07}{'.failed' if some[0][1] else ''}.json"
            self._write(name, encode(_RawFile(self._ledger.delta(), [msgspec.Raw(page) for _, _, page in some])))

    @contextmanager
    def marking_in_progress(self, place: int, failed: PageOutcome) -> Iterator[None]:
        """While a page is read that may stop whoever reads it: then it is kept as failed, for the last step."""
        name = f"{place:07}-{place:07}.doubt.json"
        self._write(name, encode(_RawFile(Cost(), [msgspec.Raw(encode(failed))])))
        try:
            yield
        except Exception:
            self._store.discard([self._prefix + name])
            raise

    def retry_crashed(self) -> None:
        """Have a page read once more whose reader was stopped; it may not have been the page. Not a second time."""
        for name, place, _ in list(_files(self._there, self._prefix, ".doubt")):
            second = name.replace(".doubt.", ".second.")
            if place not in self and self._prefix + second not in self._there:
                self._write(second, b"{}")
                self._store.discard([self._prefix + name])
                self._there.remove(self._prefix + name)

    @property
    def shared(self) -> bool:
        """Whether several read the document, each some of its pages."""
        return self._prefix + _SHARED in self._there

    def hand_over(self) -> None:
        """Leave to others what was read here. Raises StoreUnavailable."""
        self.flush()
        self._write(_SHARED, b"{}")

    def _write(self, name: str, content: bytes) -> None:
        scratch = self._folder / "checkpoint.json"
        scratch.write_bytes(content)
        with suppress(Conflict):  # somebody who reads the same was quicker
            self._store.write(self._prefix + name, scratch, None)
        self._there.append(self._prefix + name)

    def clear(self) -> None:
        """Remove all there is, of earlier readings too. Only for who has just put the result there."""
        if self._there:
            self._store.discard(sorted({*self._there, *self._store.list(self._prefix)}))
            self._there = []


def progress(store: Store, key: str) -> tuple[int, int] | None:
    """How many pages of how many are done of the reading of `key` that is furthest; null if none is under way."""
    prefix = naming.checkpoints(key)
    keys = store.list(prefix)
    found = []
    for mark in {name.removeprefix(prefix).partition("/")[0] for name in keys}:
        here = f"{prefix}{mark}/"
        plans = [match for name in keys if (match := _PLAN.fullmatch(name.removeprefix(here)))]
        spans = [(first, last) for kind in ("", ".failed") for _, first, last in _files(keys, here, kind)]
        found += [(_covered(spans), int(plan[1])) for plan in plans]
    return max(found, default=None)


def clear(store: Store, key: str, settings: str = "") -> None:
    """Remove what readings left, all of them or those under these settings. Only for who knows the outcome there."""
    prefix = naming.checkpoints(key)
    marks = {name: name.removeprefix(prefix).partition("/")[0] for name in store.list(prefix)}
    store.discard(name for name, mark in marks.items() if mark.endswith(settings))


def _files(keys: Iterable[str], prefix: str, kind: str) -> Iterator[tuple[str, int, int]]:
    """Name, first and last place of each."""
    for key in keys:
        match = _FILE.fullmatch(key.removeprefix(prefix)) if key.startswith(prefix) else None
        if match and match[3] == kind:
            yield match[0], int(match[1]), int(match[2])


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """How many places lie in any of the spans."""
    count = end = 0
    for first, last in sorted(spans):
        count += max(0, last - max(first - 1, end))
        end = max(end, last)
    return count


def _runs(pages: list[tuple[int, bool, bytes]]) -> Iterator[list[tuple[int, bool, bytes]]]:
    """Neighbours that go into one file: places that follow each other, of one kind."""
    run: list[tuple[int, bool, bytes]] = []
    for page in pages:
        if run and (page[0] != run[-1][0] + 1 or page[1] != run[-1][1]):
            yield run
            run = []
        run.append(page)
    if run:
        yield run
