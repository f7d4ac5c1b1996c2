"""What was skipped, one line for each part that is missing, with the command that brings it."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(reason_of(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, many in sorted(reasons.items()):
        terminalreporter.write_line(f"{many} skipped: {reason}", yellow=True)


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    told = report.longrepr
    reason = str(told[2]) if isinstance(told, tuple) else str(told)
    return reason.removeprefix("Skipped: ")
