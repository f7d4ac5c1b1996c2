"""Lines looked at before their turn, in a process that may use more cores than one, or no other."""

from collections.abc import Iterator

import pytest

from folio.deadline import Deadline
from folio.documents import children
from tests.support import guest

LINES = 40


@pytest.fixture(autouse=True)
def _one_core_after_it() -> Iterator[None]:
    children.close()
    yield
    children.use_cores(1)


def looked_ahead(cores: int) -> tuple[list[int], list[int]]:
    children.use_cores(cores)
    return children.call("Test", Deadline(), guest.looked_ahead, LINES, cores)


def test_without_a_free_core_nothing_is_looked_at() -> None:
    assert looked_ahead(1) == ([], list(range(LINES)))


@pytest.mark.parametrize("cores", [2, 8])
def test_with_free_cores_the_last_lines_are_looked_at_and_all_given_in_order(cores: int) -> None:
    looked, given = looked_ahead(cores)
    assert given == list(range(LINES))
    assert len(looked) == len(set(looked))
    assert sorted(looked) == list(range(LINES - len(looked), LINES)), "from the last one up"
    assert LINES // 4 < len(looked) < LINES, "an error in one of them ends nothing"
