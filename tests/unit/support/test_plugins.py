"""What a run of the tests says of itself: who took too long, and what was skipped for want of what."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.plugins import skips, times
from tests.support.plugins.times import LIMIT, Taken


def item(*marks: pytest.MarkDecorator) -> Any:
    found = [mark.mark for mark in marks]
    return SimpleNamespace(nodeid="test_it", get_closest_marker=lambda _name: found[0] if found else None)


def test_a_slow_test_without_a_reason_is_refused() -> None:
    assert times.reason_of(item()) is None
    assert times.reason_of(item(pytest.mark.slow("it sleeps"))) == "it sleeps"
    for wrong in (pytest.mark.slow(), pytest.mark.slow(" "), pytest.mark.slow("one", "two")):
        with pytest.raises(pytest.UsageError, match=r"test_it: .* wants its reason"):
            times.reason_of(item(wrong))


def test_who_took_longer_than_the_limit_and_does_not_say_why_is_named() -> None:
    found = [
        Taken("quick", LIMIT, 60.0, None),  # it waited for others on a busy machine
        Taken("reasoned", LIMIT + 9, 60.0, "it draws"),
        Taken("slow", LIMIT + 0.1, 3.0, None),
    ]
    assert [one.test for one in times.unexplained(found)] == ["slow"]


def test_what_was_skipped_stands_in_a_line_for_each_reason() -> None:
    lines: list[str] = []
    reports = [
        SimpleNamespace(longrepr=("a.py", 1, f"Skipped: {why}")) for why in ("no x: make x", "no x: make x", "no y")
    ]
    reporter: Any = SimpleNamespace(stats={"skipped": reports}, write_line=lambda text, **_: lines.append(text))
    skips.pytest_terminal_summary(reporter)
    assert lines == ["2 skipped: no x: make x", "1 skipped: no y"]
