"""Deadlines, and seconds per step."""

import time
from collections.abc import Callable

from folio.errors import DeadlineExceeded

_POLL_SECONDS = 0.25  # between two looks at the deadline of who waits


class Deadline:
    """The moment by which the work must have stopped; without `seconds` there is none, as on the command line."""

    def __init__(
        self,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent: "Deadline | None" = None,
    ) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self._parent = parent

    def within(self, seconds: float) -> "Deadline":
        """Return the deadline of one step: in so many seconds, or when this one passes. Raises DeadlineExceeded."""
        return Deadline(self.timeout(seconds), self._clock, self)

    def stop(self) -> None:
        """Let it pass now: whoever checks it next stops in order."""
        self._end = self._clock()

    def passed(self) -> bool:
        if self._parent and self._parent.passed():
            return True
        return self._end is not None and self._clock() >= self._end

    def timeout(self, limit: float) -> float:
        """Return the seconds the next step may take: at most `limit`. Raises DeadlineExceeded if none are left."""
        # The clock is read once: between two readings the last of the time may pass.
        remaining = None if self._end is None else self._end - self._clock()
        if (remaining is not None and remaining <= 0) or (self._parent and self._parent.passed()):
            raise DeadlineExceeded("The time for this document ran out before it was read.")
        return limit if remaining is None else min(limit, remaining)

    def has(self, seconds: float) -> bool:
        """Whether more than so many seconds are left."""
        return not self.passed() and (self._end is None or self._end - self._clock() > seconds)

    def wait(self, seconds: float) -> None:
        """Sleep, but notice a stop within a quarter of a second. Raises DeadlineExceeded if it passes meanwhile."""
        end = self._clock() + seconds
        while (remaining := end - self._clock()) > 0:
            time.sleep(self.timeout(min(remaining, _POLL_SECONDS)))


class Stopwatch:
    """Seconds per step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self._last = self.laps.get(name, 0.0) + now - self._last, now
