"""Page ranges have one way of being written, by which their results are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.config.settings import Settings
from folio.options.resolve import page_numbers, parse_options, resolve_options

RANGE = st.builds(
    lambda first, more: f"{first}" if more is None else f"{first}-{first + more if more else ''}",
    st.integers(1, 12),
    st.one_of(st.none(), st.integers(0, 5)),
)


@given(st.lists(RANGE, min_size=1, max_size=5).map(", ".join))
def test_the_same_pages_are_written_alike(written: str) -> None:
    pages = parse_options({"pages": written}).pages
    chosen = [number for number in range(1, 31) if _named(number, written)]
    assert list(page_numbers(pages, 30)) == chosen
    assert parse_options({"pages": pages}).pages == pages if pages else chosen == list(range(1, 31))


def _named(number: int, written: str) -> bool:
    for part in written.split(", "):
        first, dash, last = part.partition("-")
        if int(first) <= number <= (int(last) if last else 99 if dash else int(first)):
            return True
    return False


@pytest.mark.parametrize(
    ("written", "pages"),
    [("2", "2"), ("3,2", "2-3"), ("2-2", "2"), ("1-3, 7", "1-3,7"), ("7-,9", "7-"), ("1-", ""), ("1,2-", "")],
)
def test_the_shortest_way(written: str, pages: str) -> None:
    assert parse_options({"pages": written}).pages == pages
    prints = {resolve_options(Settings(), {"pages": one}).fingerprint for one in (written, pages)}
    assert len(prints) == 1
