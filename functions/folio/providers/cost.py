"""What calls of providers cost: the count for one document. The prices stand with the providers' operations."""

import threading

from msgspec import Struct

from folio.errors import CallBudgetExceeded
from folio.models import Cost

# Of all prices that providers declare: list prices of one call in the first tier.
CURRENCY = "CNY"
PRICES_DATE = "2026-11-25"
PRICES_SOURCE = (
    "First pay-as-you-go tier per call, from a digest of the vendors' price pages, Baidu's invoice from"
    " ai.baidu.com/ai-doc/OCR/ik3h7xv2x."
)


class Usage(Struct):
    """What one provider was asked for one document in one mode: calls, those that failed, and the estimated cost.

    Tesseract's calls are the pages it was given. `estimate` is in CURRENCY.
    """

    provider: str
    mode: str
    calls: int = 0
    errors: int = 0
    estimate: float = 0.0


class Ledger:
    """The calls made for one document, and how many paid ones there may be (null: any number)."""

    def __init__(self, max_calls: int | None = None) -> None:
        self._max = max_calls
        self._calls = 0  # paid ones
        self._unpriced = 0
        self._usage: dict[tuple[str, str], Usage] = {}
        self._restored = self._reported = Cost()
        self._lock = threading.Lock()

    def limit(self, max_calls: int) -> None:
        """Allow no more calls than that: a part of the document's."""
        self._max = max_calls

    def require(self, calls: int) -> None:
        """Refuse work that needs more calls than there may be, before the first of them."""
        made = self._restored.calls + self._calls
        if self._max is not None and made + calls > self._max:
            raise CallBudgetExceeded(f"This needs {calls} more paid calls; max_calls={self._max}, {made} of them made.")

    def spend(self, provider: str, mode: str) -> None:
        """Count a paid call that is about to be made. Raises CallBudgetExceeded, and then it must not be made."""
        with self._lock:
            self.require(1)
            self._calls += 1
            self._of(provider, mode).calls += 1

    def count(self, provider: str, mode: str) -> None:
        """Count a call that costs nothing."""
        with self._lock:
            self._of(provider, mode).calls += 1

    def fail(self, provider: str, mode: str) -> None:
        """Count that the call just made was refused or not answered."""
        with self._lock:
            self._of(provider, mode).errors += 1

    def charge(self, provider: str, mode: str, price: float | None) -> None:
        """Count the price of a call that was answered (None: not known); refused ones are free everywhere."""
        with self._lock:
            self._of(provider, mode).estimate += price or 0.0
            self._unpriced += price is None

    def restore(self, cost: Cost) -> None:
        """Count what an earlier attempt at the document spent."""
        with self._lock:
            self._restored = _sum(self._restored, cost)

    def delta(self) -> Cost:
        """What was spent here since this was last asked, for a later attempt to restore."""
        with self._lock:
            reported, self._reported = self._reported, self._own()
            return _sum(self._reported, reported, -1)

    def cost(self) -> Cost:
        return _sum(self._restored, self._own())

    def usage(self) -> tuple[Usage, ...]:
        """What was asked here, by provider and mode, in the order in which they were first asked."""
        with self._lock:
            return tuple(self._usage.values())

    def _own(self) -> Cost:
        if not self._calls:
            return Cost()
        estimate = sum(usage.estimate for usage in self._usage.values())
        return Cost(self._calls, round(estimate, 4), CURRENCY, PRICES_DATE, self._unpriced)

    def _of(self, provider: str, mode: str) -> Usage:
        return self._usage.setdefault((provider, mode), Usage(provider, mode))


def _sum(one: Cost, other: Cost, sign: int = 1) -> Cost:
    """Both together, or one less the other; dated by the newer table."""
    estimate = round(one.estimate + sign * other.estimate, 4)
    calls, unpriced = one.calls + sign * other.calls, one.unpriced + sign * other.unpriced
    newer = other if other.calls and sign > 0 else one
    return Cost(calls, estimate, newer.currency, newer.prices, unpriced) if calls else Cost()
