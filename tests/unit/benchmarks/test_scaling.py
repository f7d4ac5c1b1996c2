"""The arithmetic behind docs/scaling.md, and that the page is what the script writes."""

import re
from collections import Counter
from datetime import date

import pytest

from tests.benchmarks.scaling import (
    LOADS,
    PAGE,
    PRICES,
    Load,
    Measured,
    dollars_a_page,
    long_row,
    report,
    shown,
    transitions,
    wall,
    workers_needed,
)

CALLS = Counter({"head": 3, "read": 5, "fetch": 1, "list": 1, "write": 1})


@pytest.mark.parametrize(("pages", "workers", "seconds"), [(1, 10, 3), (10, 10, 3), (11, 10, 6), (10_000, 1000, 30)])
def test_pages_are_read_in_rounds(pages: int, workers: int, seconds: float) -> None:
    assert wall(Load("some", pages), 3, workers) == seconds


def test_a_million_a_day_needs_as_many_functions_as_their_seconds_fill_the_day() -> None:
    assert workers_needed(Load("many", 86_400), 2.5) == 3


def test_a_page_costs_its_seconds_and_its_share_of_the_document() -> None:
    free = dollars_a_page(0, CALLS, "x86_64", 1)
    assert dollars_a_page(0, CALLS, "x86_64", 10) == pytest.approx(free / 10)
    compute = dollars_a_page(1, CALLS, "x86_64", 1) - free
    assert compute == pytest.approx(1769 / 1024 * PRICES["lambda_gb_second"]["x86_64"])
    assert 3 * PRICES["s3_put"] < free < 3 * PRICES["s3_put"] + 1e-5


@pytest.mark.parametrize(("pages", "chunks"), [(8, 1), (9, 2), (5000, 625)])
def test_a_long_document_costs_its_transitions_besides(pages: int, chunks: int) -> None:
    assert transitions(pages) == 4 + 2 * chunks, "start, Split, Chunks, Merge; start and Recognize of each chunk"
    free = long_row(pages, Measured(0, 0), 0)
    own = (4 + 2 * chunks) * PRICES["step_functions_transition"] + (2 + chunks) * PRICES["lambda_request"]
    assert free.endswith(f"| ${own:,.4f} | ${own:,.4f} |")


@pytest.mark.parametrize(("seconds", "text"), [(3.41, "3.4 s"), (34, "34 s"), (3400, "57 min"), (9000, "2.5 h")])
def test_times_are_shown_as_people_say_them(seconds: float, text: str) -> None:
    assert shown(seconds) == text


def test_prices_have_a_date_and_a_source() -> None:
    assert date.fromisoformat(PRICES["date"])
    assert PRICES["source"].endswith(".")


def test_the_page_follows_from_its_own_measurements() -> None:
    text = PAGE.read_text("utf-8")
    ocr, classical, layer = (Measured(float(s), float(mb)) for s, mb in re.findall(r"\| ([\d.]+) \| (\d+) MB \|", text))
    (told,) = re.findall(r"calls \(([^)]+)\)", text)
    calls = Counter({name: int(number) for number, name in (part.split() for part in told.split(", "))})
    again = report(ocr, classical, layer, calls).splitlines()
    # Seconds are rounded on the page: what follows from them may differ in the last digits, and nothing else.
    assert [re.sub(r"[\d.,]+", "0", line) for line in text.splitlines()] == [
        re.sub(r"[\d.,]+", "0", line) for line in again
    ]
    assert all(load.title in text for load in LOADS)
