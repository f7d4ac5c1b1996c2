import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from folio.config.options import MODES
from folio.errors import CallBudgetExceeded
from folio.models import Cost
from folio.providers.base import PAID
from folio.providers.cost import Ledger, Usage, load_prices


def test_the_price_table_has_a_place_for_whatever_costs() -> None:
    table = load_prices()
    assert {name: tuple(modes) for name, modes in table.prices.items()} == dict.fromkeys(PAID, MODES)
    assert all(price is None or 0 < price < 10 for modes in table.prices.values() for price in modes.values())


def test_the_price_table_says_when_and_whence_it_is() -> None:
    table = load_prices()
    assert date.fromisoformat(table.date)
    assert re.fullmatch("[A-Z]{3}", table.currency)
    assert table.source.endswith(".")


def test_who_calls_nobody_pays_nothing() -> None:
    assert Ledger().cost() == Cost()


def test_calls_are_counted_and_answers_priced() -> None:
    ledger = Ledger()
    for _ in range(3):
        ledger.spend("baidu", "general")
    ledger.charge("baidu", "general")
    ledger.charge("aliyun", "accurate")
    cost = ledger.cost()
    assert (cost.calls, cost.estimate, cost.unpriced) == (3, 0.23, 0)
    assert (cost.currency, cost.prices) == (load_prices().currency, load_prices().date)


def test_who_was_asked_what_is_told_by_provider_and_mode() -> None:
    ledger = Ledger(2)
    ledger.count("tesseract", "general")
    ledger.fail("tesseract", "general")
    for mode in ("general", "accurate"):
        ledger.spend("baidu", mode)
    ledger.charge("baidu", "general")
    assert ledger.usage() == (
        Usage("tesseract", "general", calls=1, errors=1),
        Usage("baidu", "general", calls=1, estimate=0.005),
        Usage("baidu", "accurate", calls=1),
    )
    assert ledger.cost().calls == 2, "of those that are paid"


@pytest.mark.parametrize(("provider", "mode"), [("baidu", "table"), ("baidu", "new"), ("newcomer", "general")])
def test_an_answer_without_a_known_price_is_told_apart(provider: str, mode: str) -> None:
    ledger = Ledger()
    ledger.spend(provider, mode)
    ledger.charge(provider, mode)
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
        ledger.charge("baidu", "general")
        return True

    with ThreadPoolExecutor(8) as pool:
        made = sum(pool.map(spend, range(200)))
    assert (made, ledger.cost().calls) == (most, most)
    assert ledger.cost().estimate == pytest.approx(0.005 * most)


def test_without_a_limit_there_may_be_any_number() -> None:
    Ledger().require(10**9)
