"""Time: the one deadline that goes through everything."""

import time
from collections.abc import Callable

from folio.errors import DeadlineExceeded


class Deadline:
    """The moment by which the work must have stopped; none at a desk."""

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds

    def stop(self) -> None:
        """Let it pass now: whoever looks next stops in order."""
        self._end = self._clock()

    def passed(self) -> bool:
        return self._end is not None and self._clock() >= self._end

    def timeout(self, most: float) -> float:
        """Seconds the next step may take: `most`, or less if the deadline is nearer. DeadlineExceeded if none."""
        if self._end is None:
            return most
        if self.passed():
            raise DeadlineExceeded("The time for this document ran out before it was read.")
        return min(most, self._end - self._clock())
