import pytest

from folio.errors import DeadlineExceeded
from folio.retry import Deadline


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_step_gets_its_own_time_while_the_deadline_is_far() -> None:
    assert Deadline(60, Clock()).timeout(5) == 5


def test_a_step_gets_what_is_left_when_the_deadline_is_near() -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    clock.now += 58
    assert deadline.timeout(5) == 2
    assert not deadline.passed()


@pytest.mark.parametrize("late", [60, 61])
def test_after_the_deadline_no_step_begins(late: int) -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    clock.now += late
    assert deadline.passed()
    with pytest.raises(DeadlineExceeded):
        deadline.timeout(5)


def test_a_deadline_that_was_over_before_it_began_lets_nothing_begin() -> None:
    with pytest.raises(DeadlineExceeded):
        Deadline(-3, Clock()).timeout(5)


def test_at_a_desk_there_is_no_deadline() -> None:
    clock = Clock()
    deadline = Deadline(clock=clock)
    clock.now += 1e9
    assert not deadline.passed()
    assert deadline.timeout(120) == 120


def test_stopping_ends_also_what_had_no_deadline() -> None:
    deadline = Deadline(clock=Clock())
    deadline.stop()
    assert deadline.passed()
    with pytest.raises(DeadlineExceeded):
        deadline.timeout(120)
