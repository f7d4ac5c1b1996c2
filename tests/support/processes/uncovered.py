"""Measure time without the tracing of coverage, which slows our own code alone and no engine."""

from collections.abc import Iterator
from contextlib import contextmanager

import coverage
import pytest


@contextmanager
def without_coverage() -> Iterator[None]:
    """Neither this process nor those it starts are traced until the end of the block."""
    running = coverage.Coverage.current()
    if running is None:
        yield
        return
    running.stop()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
            yield
    finally:
        running.start()
