"""What several unit tests share."""

import pytest

from tests.fakes.paid_provider import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """For tests with one thread: whoever sleeps, sleeps in this time."""
    clock = Clock()
    monkeypatch.setattr("folio.deadline.time.sleep", clock.sleep)
    return clock
