from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.deadline import Deadline
from folio.errors import DeadlineExceeded, QuotaExhausted, Throttled
from folio.providers.cloud.pacing import Breaker, TokenBucket, backoff
from tests.fakes.paid_provider import Clock


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


def test_a_step_ends_in_its_own_time_or_with_the_whole() -> None:
    clock = Clock()
    deadline = Deadline(60, clock)
    assert deadline.within(10).timeout(100) == 10
    assert deadline.within(100).timeout(100) == 60
    step = deadline.within(10)
    clock.now += 10
    assert step.passed()
    assert not deadline.passed()
    clock.now += 50
    with pytest.raises(DeadlineExceeded):
        deadline.within(10)


def test_at_a_desk_a_step_has_its_own_time_still() -> None:
    clock = Clock()
    step = Deadline(clock=clock).within(10)
    clock.now += 11
    assert step.passed()


def test_stopping_the_whole_stops_its_steps_and_not_the_other_way_round() -> None:
    whole = Deadline(60, Clock())
    step = whole.within(10).within(5)
    another = whole.within(10)
    another.stop()
    assert (another.passed(), whole.passed(), step.passed()) == (True, False, False)
    whole.stop()
    assert step.passed()
    assert not step.has(0)


@pytest.mark.parametrize(("seconds", "has"), [(0, True), (59.9, True), (60, False), (61, False), (float("inf"), False)])
def test_a_deadline_has_what_is_left(seconds: float, has: bool) -> None:
    assert Deadline(60, Clock()).has(seconds) is has


def test_without_a_deadline_there_is_any_time_until_it_is_stopped() -> None:
    deadline = Deadline(clock=Clock())
    assert deadline.has(1e9)
    deadline.stop()
    assert not deadline.has(0)


@pytest.mark.parametrize("seconds", [0, -1, 0.1, 0.25, 7.3])
def test_waiting_takes_its_time_and_no_more(seconds: float, clock: Clock) -> None:
    Deadline(60, clock).wait(seconds)
    assert clock.now == pytest.approx(1000 + max(0, seconds))


def test_waiting_ends_when_the_deadline_passes_or_is_stopped(clock: Clock) -> None:
    with pytest.raises(DeadlineExceeded):
        Deadline(5, clock).wait(10)
    assert clock.now == pytest.approx(1005)
    whole = Deadline(clock=clock)
    clock.meanwhile = whole.stop
    with pytest.raises(DeadlineExceeded):
        whole.within(60).wait(10)
    assert clock.now <= 1005.5


def test_a_step_is_never_given_no_time_at_all() -> None:
    """Sockets and sleeps do not take it: the clock goes on between one look and the next."""

    class Ticking(Clock):
        def __call__(self) -> float:
            self.now += 0.4
            return self.now

    clock = Ticking()
    deadline = Deadline(10, clock)
    given = []
    with suppress(DeadlineExceeded):
        while True:
            given.append(deadline.timeout(5))
    assert deadline.passed()
    assert [seconds for seconds in given if seconds <= 0] == []


@given(st.integers(1, 60))
def test_pauses_lie_anywhere_below_a_bound_that_doubles_up_to_a_limit(attempt: int) -> None:
    pauses = [backoff(attempt) for _ in range(60)]
    bound = min(20.0, 0.5 * 2**attempt)
    assert 0 <= min(pauses) <= bound / 2
    assert bound / 2 <= max(pauses) <= bound


def test_one_that_starts_late_takes_the_next_with_it() -> None:
    clock = Clock()
    bucket = TokenBucket(4, clock)
    assert bucket.take(9) == 0
    assert bucket.take(9) == pytest.approx(0.3)
    clock.now += 0.25  # the first is kept from starting until now
    assert bucket.late() == 0
    clock.now += 0.05  # and now is the second's turn
    assert bucket.late() == pytest.approx(0.25)
    clock.now += 0.25
    assert bucket.late() == 0


def test_starts_are_spaced_evenly_and_never_above_the_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(2, clock)
    starts = [bucket.take(100) for _ in range(6)]
    assert starts == pytest.approx([0, 0.6, 1.2, 1.8, 2.4, 3.0])


def test_what_was_not_used_is_not_saved_up() -> None:
    clock = Clock()
    bucket = TokenBucket(2, clock)
    clock.now += 3600
    assert [bucket.take(100) for _ in range(2)] == pytest.approx([0, 0.6])


def test_a_start_too_far_off_is_refused_and_not_taken() -> None:
    clock = Clock()
    bucket = TokenBucket(1, clock)
    assert [bucket.take(100) for _ in range(3)] == pytest.approx([0, 1.2, 2.4])
    for _ in range(5):
        with pytest.raises(Throttled):
            bucket.take(3.5)
    assert bucket.take(3.7) == pytest.approx(3.6)


def test_nobody_starts_while_the_service_wants_a_rest() -> None:
    clock = Clock()
    bucket = TokenBucket(10, clock)
    bucket.hold(30)
    bucket.hold(5)
    assert bucket.take(100) == pytest.approx(30)
    with pytest.raises(Throttled):
        bucket.take(20)
    clock.now += 60
    assert bucket.take(0) == 0


@pytest.mark.parametrize("rate", [0.5, 1, 2, 5, 10, 20, 33.3])
def test_many_threads_never_start_more_in_any_second_than_the_rate(rate: float) -> None:
    bucket = TokenBucket(rate, Clock())
    with ThreadPoolExecutor(8) as pool:
        starts = sorted(pool.map(lambda _: bucket.take(1e9), range(200)))
    most = max(1, rate)
    assert max(sum(first <= start < first + 1 for start in starts) for first in starts) <= most


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("spent", "again", "told"),
    [
        ("2026-11-22T10:00:00+08:00", "2026-11-23T00:00:00+08:00", "2026-11-22 16:00 UTC"),
        ("2026-11-22T23:59:59+08:00", "2026-11-23T00:00:00+08:00", "2026-11-22 16:00 UTC"),
        ("2026-11-23T00:00:00+08:00", "2026-11-24T00:00:00+08:00", "2026-11-23 16:00 UTC"),
        ("2026-12-31T17:00:00+00:00", "2027-01-02T00:00:00+08:00", "2027-01-01 16:00 UTC"),
    ],
)
def test_a_spent_quota_is_not_asked_before_midnight_in_beijing(spent: str, again: str, told: str) -> None:
    clock = Clock()
    breaker = Breaker(clock)
    clock.now = moment(spent)
    breaker.open("general", QuotaExhausted("It is used up."))
    clock.now = moment(again) - 1
    for _ in range(2):
        with pytest.raises(QuotaExhausted, match=rf"^It is used up\. It is not asked again before {told}\.$"):
            breaker.check("general")
    breaker.check("another")
    clock.now += 1
    breaker.check("general")
    clock.now -= 1  # and it stays closed
    breaker.check("general")


def test_two_pages_may_find_the_quota_renewed_at_once() -> None:
    clock = Clock()
    clock.now = moment("2026-11-22T23:00:00+08:00")
    inside: list[int] = []

    def during() -> float:
        """The other page's look falls between this one's look and what it does then."""
        if clock.now > moment("2026-11-23T00:00:00+08:00") and not inside:
            inside.append(1)
            breaker.check("general")
        return clock.now

    breaker = Breaker(during)
    breaker.open("general", QuotaExhausted("It is used up."))
    clock.now += 3601
    breaker.check("general")
