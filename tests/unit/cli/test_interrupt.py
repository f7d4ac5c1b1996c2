"""Ctrl-C is not lost where Python ignores exceptions."""

import signal
import sys
import time

import pytest

from folio.cli.main import interrupt_again


class Interrupted:
    """Ctrl-C comes while it is being cleaned up."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)
        time.sleep(0)  # where it is raised


def clean_up() -> None:
    Interrupted()
    time.sleep(5)


def test_an_interrupt_in_a_finalizer_is_raised_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "unraisablehook", interrupt_again)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            clean_up()
    finally:
        signal.signal(signal.SIGINT, before)
