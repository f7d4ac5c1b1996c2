"""Time: the one deadline, and seconds per step."""

import time
from collections.abc import Callable

from folio.errors import DeadlineExceeded


class Deadline:
    """The moment by which the work must have stopped; none at a desk."""

    def __init__(
        self,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent: "Deadline | None" = None,
    ) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds
        self._parent = parent

    def within(self, most: float) -> "Deadline":
        """The deadline of one step: in `most` seconds, or when this one passes. DeadlineExceeded if it has."""
        return Deadline(self.timeout(most), self._clock, self)

    def stop(self) -> None:
        """Let it pass now: whoever looks next stops in order."""
        self._end = self._clock()

    def passed(self) -> bool:
        if self._parent and self._parent.passed():
            return True
        return self._end is not None and self._clock() >= self._end

    def timeout(self, most: float) -> float:
        """Seconds the next step may take: `most`, or less if the deadline is nearer. DeadlineExceeded if none."""
        # One look at the clock: between two of them the last of the time may pass.
        left = None if self._end is None else self._end - self._clock()
        if (left is not None and left <= 0) or (self._parent and self._parent.passed()):
            raise DeadlineExceeded("The time for this document ran out before it was read.")
        return most if left is None else min(most, left)

    def has(self, seconds: float) -> bool:
        """Whether so many seconds are left."""
        return not self.passed() and (self._end is None or self._end - self._clock() > seconds)

    def wait(self, seconds: float) -> None:
        """Sleep, but look up often enough to notice a stop. DeadlineExceeded if it passes meanwhile."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            time.sleep(self.timeout(min(left, 0.25)))


class Stopwatch:
    """Seconds per step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self._last = now - self._last, now
