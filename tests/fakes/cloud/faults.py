"""What can go wrong with a call to a cloud service, as a script or as a storm."""

import threading
from collections import deque
from collections.abc import Sequence
from random import Random
from typing import Literal

from msgspec import Struct

type Kind = Literal[
    "throttle",  # the service's own "too many calls"
    "retry_after",  # HTTP 429 with the time to wait, `value` seconds (default 1)
    "server_error",  # HTTP `value` (default 500) with a page of HTML
    "hang",  # the right answer, but not for `value` seconds (default: the server's `hang_seconds`)
    "reset",  # the connection is reset in the middle of the right answer
    "garbage",  # HTTP 200, and no JSON
    "drip",  # the right answer, one byte every `value` seconds (default: the server's `drip_seconds`)
    "quota",  # the service's "used up" or "in arrears"
    "token_expired",  # Baidu only: error 111, and every token handed out so far is of no use any more
    "internal",  # the service's "try again"
    "code",  # the error code `value`
]


class Fault(Struct, frozen=True):
    """One way to fail; the meaning of `value` is the kind's."""

    kind: Kind
    value: str = ""

    def seconds(self, otherwise: float) -> float:
        return float(self.value) if self.value else otherwise


def code(value: str) -> Fault:
    """Answer this error code, whichever it is."""
    return Fault("code", value)


class Plan:
    """Which of the coming calls fail and how: first what is scripted, in order, then the storm's share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._script: deque[Fault] = deque()
        self._rate = 0.0
        self._faults: tuple[Fault, ...] = ()
        self._random = Random(0)

    def script(self, faults: Sequence[Fault]) -> None:
        with self._lock:
            self._script.extend(faults)

    def storm(self, rate: float, faults: Sequence[Fault], seed: int) -> None:
        with self._lock:
            self._rate, self._faults, self._random = rate, tuple(faults), Random(seed)

    def next(self) -> Fault | None:
        with self._lock:
            if self._script:
                return self._script.popleft()
            if self._faults and self._random.random() < self._rate:
                return self._random.choice(self._faults)
            return None


def as_faults(faults: Sequence[Kind | Fault]) -> list[Fault]:
    return [fault if isinstance(fault, Fault) else Fault(fault) for fault in faults]
