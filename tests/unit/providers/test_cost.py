import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from folio.errors import CallBudgetExceeded
from folio.models import Cost
from folio.providers.cost import CURRENCY, PRICES_DATE, PRICES_SOURCE, Ledger, Usage
from folio.providers.registry import declarations


def test_every_operation_that_has_a_price_has_a_sensible_one() -> None:
    operations = [one for declared in declarations().values() for one in declared.operations.values()]
    assert operations
    assert all(one.price is None or 0 < one.price < 10 for one in operations)


def test_the_prices_say_when_and_whence_they_are() -> None:
    assert date.fromisoformat(PRICES_DATE)
    assert re.fullmatch("[A-Z]{3}", CURRENCY)
    assert PRICES_SOURCE.endswith(".")


def test_who_calls_nobody_pays_nothing() -> None:
    assert Ledger().cost() == Cost()


def test_calls_are_counted_and_answers_priced() -> None:
    ledger = Ledger()
    for _ in range(3):
        ledger.spend("baidu", "general")
    ledger.charge("baidu", "general", 0.005)
    ledger.charge("aliyun", "accurate", 0.225)
    cost = ledger.cost()
    assert (cost.calls, cost.estimate, cost.unpriced) == (3, 0.23, 0)
    assert (cost.currency, cost.prices) == (CURRENCY, PRICES_DATE)


def test_who_was_asked_what_is_told_by_provider_and_mode() -> None:
    ledger = Ledger(2)
    ledger.count("tesseract", "general")
    ledger.fail("tesseract", "general")
    for mode in ("general", "accurate"):
        ledger.spend("baidu", mode)
    ledger.charge("baidu", "general", 0.005)
    assert ledger.usage() == (
        Usage("tesseract", "general", calls=1, errors=1),
        Usage("baidu", "general", calls=1, estimate=0.005),
        Usage("baidu", "accurate", calls=1),
    )
    assert ledger.cost().calls == 2, "of those that are paid"


def test_an_answer_without_a_known_price_is_told_apart() -> None:
    ledger = Ledger()
    ledger.spend("baidu", "table")
    ledger.charge("baidu", "table", declarations()["baidu"].price("table"))
    assert (ledger.cost().estimate, ledger.cost().unpriced) == (0, 1)


def test_a_document_that_needs_more_calls_than_it_may_is_refused_before_the_first() -> None:
    ledger = Ledger(10)
    ledger.require(10)
    with pytest.raises(CallBudgetExceeded, match=r"11 more paid calls; max_calls=10, 0 of them made"):
        ledger.require(11)
    assert ledger.cost().calls == 0


@pytest.mark.parametrize("most", [0, 1, 50])
def test_threads_together_make_no_call_too_many(most: int) -> None:
    ledger = Ledger(most)

    def spend(_: int) -> bool:
        try:
            ledger.spend("baidu", "general")
        except CallBudgetExceeded:
            return False
        ledger.charge("baidu", "general", 0.005)
        return True

    with ThreadPoolExecutor(8) as pool:
        made = sum(pool.map(spend, range(200)))
    assert (made, ledger.cost().calls) == (most, most)
    assert ledger.cost().estimate == pytest.approx(0.005 * most)


def test_without_a_limit_there_may_be_any_number() -> None:
    Ledger().require(10**9)
