"""Lines looked at before their turn, on cores that no other page needs: the last page of a document would use one."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from folio.documents.child import cores

_MAX_THREADS = 3  # besides the one that reads the page; each holds the memory of one line


def with_look_ahead[T](lines: Sequence[T], look: Callable[[T], object]) -> Iterator[T]:
    """Yield lines in order; while more cores than one may be used, other threads `look` at the last of them.

    `look` is to keep what takes time, and to change nothing else, so that lines are read as without it. One that is
    being looked at is yielded after that. An error in it is left to who reads the line.
    """
    ahead = _Ahead(lines, look)
    try:
        for index, line in enumerate(lines):
            ahead.pass_by(index)
            yield line
    finally:
        ahead.stop()


class _Ahead[T]:
    def __init__(self, lines: Sequence[T], look: Callable[[T], object]) -> None:
        self._lines = lines
        self._look = look
        self._first, self._end = 0, len(lines)  # of the lines that nobody has begun
        self._looking: dict[int, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def pass_by(self, index: int) -> None:
        """Have no line up to this one begun any more; wait for it if it is."""
        with self._lock:
            self._first = max(self._first, index + 1)
            looking = self._looking.get(index)
        if looking:
            looking.wait()
        self._threads = [one for one in self._threads if one.is_alive()]
        if len(self._threads) < min(cores() - 1, _MAX_THREADS) and self._first < self._end:
            thread = threading.Thread(target=self._run, args=(len(self._threads) + 1,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        with self._lock:
            self._first = len(self._lines)
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        while cores() > number and (begun := self._begin()):
            line, looking = begun
            with suppress(Exception):
                self._look(line)
            looking.set()

    def _begin(self) -> tuple[T, threading.Event] | None:
        with self._lock:
            if self._first >= self._end:
                return None
            self._end -= 1
            looking = self._looking[self._end] = threading.Event()
            return self._lines[self._end], looking
