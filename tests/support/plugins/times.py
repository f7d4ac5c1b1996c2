"""What tests take. One that takes over two seconds has its reason beside it: `@pytest.mark.slow("why")`.

Seconds are those of a processor, of the test's own process and of all that it started and waited for: they are the
same on a busy machine. Who takes more without a reason is named at the end of the run; with FOLIO_TEST_TIMES=1 the run
fails, and the twenty slowest tests are listed, with the time that passed.
"""

import os
import time
from collections.abc import Generator

import pytest
from msgspec import Struct

LIMIT = 2.0  # seconds of a processor
_LISTED = 20
_STRICT = os.environ.get("FOLIO_TEST_TIMES") == "1"
_TAKEN = "taken"


class Taken(Struct, frozen=True):
    """By the test alone: fixtures are shared."""

    test: str
    cpu: float
    elapsed: float
    reason: str | None


def reason_of(item: pytest.Item) -> str | None:
    """Why a test may take long; a marker without a reason is refused."""
    if (marker := item.get_closest_marker("slow")) is None:
        return None
    if len(marker.args) != 1 or not str(marker.args[0]).strip():
        raise pytest.UsageError(f"{item.nodeid}: @pytest.mark.slow wants its reason")
    return str(marker.args[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        reason_of(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    cpu, began = _cpu(), time.perf_counter()
    try:
        return (yield)
    finally:
        item.user_properties.append((_TAKEN, (_cpu() - cpu, time.perf_counter() - began, reason_of(item))))


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def taken(reporter: pytest.TerminalReporter) -> list[Taken]:
    """Every test that ran, the slowest first."""
    reports = [report for kind in ("passed", "failed") for report in reporter.stats.get(kind, ())]
    found = [
        Taken(report.nodeid, *value)
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == _TAKEN
    ]
    return sorted(found, key=lambda one: -one.cpu)


def unexplained(found: list[Taken]) -> list[Taken]:
    return [one for one in found if one.cpu > LIMIT and one.reason is None]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _STRICT and reporter and not session.testsfailed and unexplained(taken(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found = taken(terminalreporter)
    if _STRICT:
        terminalreporter.section("slowest tests: seconds of a processor, seconds that passed")
        for one in found[:_LISTED]:
            terminalreporter.write_line(f"{one.cpu:7.2f} {one.elapsed:7.2f}  {one.test}  ({one.reason})")
    for one in unexplained(found):
        terminalreporter.write_line(
            f"{one.test} took {one.cpu:.1f} s of a processor: make it shorter, or say why with pytest.mark.slow",
            red=_STRICT,
        )
