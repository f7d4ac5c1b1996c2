"""A store, an engine and a function that fail now and then, by chance and in every way they can."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from folio.config.options import Options
from folio.deadline import Deadline
from folio.errors import EngineFailed, EngineTimeout, StoreUnavailable, Throttled
from folio.models import PageImage, PageText
from folio.providers.cost import Ledger
from tests.fakes.engines import FixedText

EVERY = 20  # of as many calls of a store or an engine, and of as many deliveries' clocks, one fails


class Killed(BaseException):
    """The function is stopped: no `except Exception` sees this, and nobody tells the queue."""


class Faults:
    """Which call fails: one of every twenty of its kind, which one by chance. So how many fail does not depend on
    the order of the threads."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._struck: dict[str, int] = {}
        self.on = True
        self.count: Counter[str] = Counter()

    def strike(self, what: str) -> bool:
        with self._lock:
            place = self._calls[what] % EVERY
            self._calls[what] += 1
            if place == 0:
                self._struck[what] = self._random.randrange(EVERY)
            hit = self.on and place == self._struck[what]
            self.count[what] += hit
            return hit

    def pick[T](self, *choices: T) -> T:
        with self._lock:
            return self._random.choice(choices)


class FlakyStore:
    """A store whose calls fail before they are made, or after, or not at all but too late for the function."""

    def __init__(self, store: Any, lock: Any, faults: Faults, meddle: Callable[[str], None]) -> None:
        self._store = store
        self._lock = lock
        self._faults = faults
        self._meddle = meddle

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> Any:
        def method(*arguments: Any) -> Any:
            with self._lock:  # each call of S3 is one step to all others
                return getattr(self._store, name)(*arguments)

        if not self._faults.strike("store"):
            return method(*arguments)
        match self._faults.pick("before", "after", "killed", "replaced"):
            case "before":
                raise StoreUnavailable("The store is away.")
            case "after":
                method(*arguments)
                raise StoreUnavailable("The store's answer was lost.")
            case "killed":
                method(*arguments)
                raise Killed
            case _:
                self._meddle(arguments[0] if isinstance(arguments[0], str) else "")
                return method(*arguments)


class FlakyEngine(FixedText):
    """Reads the same word on every page, if it reads."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        ledger.count(self.name, options.mode)
        if self._faults.strike("engine"):
            ledger.fail(self.name, options.mode)
            raise self._faults.pick(EngineFailed, EngineTimeout, Throttled)("The engine is away.")
        return super().recognize(page, options, deadline, ledger)
