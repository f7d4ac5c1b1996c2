"""What a listing says of documents, told as it goes by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys
from folio.ops.backfill import Choice, Listed, with_states

PIECES = ["a", "b", "-", ".", "/", "a.ocr", "扫", ".ocr.json", ".ocr.error.json", ".ocr/", ".pdf", "~", "\U0001f4c4"]
KEYS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)


def listing(names: set[str]) -> list[Listed]:
    """As S3 lists: in the order of the names' bytes."""
    return [Listed(key, f"etag of {key}", 1) for key in sorted(names, key=str.encode)]


@given(st.sets(KEYS, max_size=12))
def test_every_document_is_told_with_its_state_in_the_order_of_keys(names: set[str]) -> None:
    told = list(with_states(listing(names)))
    assert [item.key for item in told] == [item.key for item in listing(names) if not keys.is_ours(item.key)]
    for item in told:
        assert item.etag == f"etag of {item.key}"
        if item.state in ("new", "read", "failed"):
            there = {keys.result_key(item.key): "read", keys.error_key(item.key): "failed"}
            states = {state for key, state in there.items() if key in names} or {"new"}
            assert item.state in states


def test_documents_wait_only_for_their_own_results() -> None:
    """A listing of millions is not held in memory: each document is told as soon as the listing is past its results."""
    passed: list[str] = []

    def slowly() -> list[Listed]:
        return listing({f"{number:04}.pdf" for number in range(1000)})

    source = iter(slowly())

    def counted() -> object:
        for item in source:
            passed.append(item.key)
            yield item

    for number, _ in enumerate(with_states(counted())):  # type: ignore[arg-type] # a generator of them
        assert len(passed) <= number + 2


@pytest.mark.parametrize(
    ("choice", "takes"),
    [
        (Choice(), {"new"}),
        (Choice(failed=True), {"new", "failed"}),
        (Choice(everything=True), {"new", "failed", "read"}),
    ],
)
def test_what_is_chosen(choice: Choice, takes: set[str]) -> None:
    states = ("new", "read", "failed", "empty folder", "name too long")
    assert {state for state in states if choice.takes(Listed("a", "e", 1, state))} == takes
