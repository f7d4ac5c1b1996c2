"""Lines looked at before their turn, on a core that no other page needs: the last page of a document would use one.

One thread does, besides the one that reads the page: of the largest page the process takes 631 MB alone, 665 with one
and 760 with three, and 700 are counted on.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from folio.documents.child import cores


def with_look_ahead[T](lines: Sequence[T], look: Callable[[T], object]) -> Iterator[T]:
    """Yield lines in order; while more cores than one may be used, another thread has a `look` at the last of them.

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
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def pass_by(self, index: int) -> None:
        """Have no line up to this one begun any more; wait for it if it is."""
        with self._lock:
            self._first = max(self._first, index + 1)
            looking = self._looking.get(index)
        if looking:
            looking.wait()
        is_at_work = self._thread is not None and self._thread.is_alive()
        if not is_at_work and cores() > 1 and self._first < self._end:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        with self._lock:
            self._first = len(self._lines)
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while cores() > 1 and (begun := self._begin()):
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
