"""Pauses between attempts, request rates, and providers whose quota is used up."""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from folio.errors import FolioError, Throttled

_BEIJING = timezone(timedelta(hours=8))  # where the providers' quotas reset at midnight


def backoff(attempt: int, base: float = 0.5, max_seconds: float = 20.0) -> float:
    """Seconds to wait after attempt 1, 2, …: anything up to an exponentially growing bound ("full jitter").

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    return random.uniform(0, min(max_seconds, base * 2**attempt))  # noqa: S311 (no secret)


class TokenBucket:
    """At most `rate` starts a second; unused ones are not saved up, because providers count every single second."""

    # Requests sent evenly do not arrive evenly: a fifth of the rate is left for that.
    SLACK = 1.2

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = self.SLACK / rate
        self._clock = clock
        self._next = 0.0
        self._last = -self._interval
        self._lock = threading.Lock()

    def take(self, max_seconds: float) -> float:
        """Seconds until the start that is now ours. Throttled, and nothing taken, if they are more than `most`."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            if start - now > max_seconds:
                raise Throttled("More pages wait for the provider than its rate allows in the time there is.")
            self._next = start + self._interval
            return start - now

    def late(self) -> float:
        """When ours has come: seconds it must wait still, because the one before woke up late; 0: it is now."""
        with self._lock:
            now = self._clock()
            remaining = self._last + self._interval - now
            if remaining > 0.001:
                return remaining
            self._last = now
            return 0.0

    def hold(self, seconds: float) -> None:
        """No start for so long: the provider said it is too much."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)


class Breaker:
    """Remembers whose quota is used up, until it resets, so that nobody asks in vain meanwhile."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._open: dict[str, tuple[float, FolioError]] = {}

    def open(self, key: str, error: FolioError) -> None:
        self._open[key] = _midnight(self._clock()), error

    def check(self, key: str) -> None:
        """Raise the error again that opened it, while it is open."""
        if opened := self._open.get(key):
            until, error = opened
            if self._clock() < until:
                raise type(error)(f"{error.message} It is not asked again before {_hour(until)}.")
            self._open.pop(key, None)  # another page may have been quicker


def _midnight(now: float) -> float:
    day = datetime.fromtimestamp(now, _BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()


def _hour(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
