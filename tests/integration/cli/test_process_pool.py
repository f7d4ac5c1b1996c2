"""Processes that share work, and the signals that end them. Nothing is read here."""

import gc
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from folio.errors import EngineFailed
from folio.process_pool import blocking_stop_signals, processes, start_resource_tracker
from folio.serve.lambda_processes import HandlerProcess
from tests.support.processes.running import environment, running, wait_until

BOTH = {signal.SIGINT, signal.SIGTERM}
SHOW_MASK = "import signal; print(*sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())))"


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def test_when_one_is_killed_the_others_end_though_the_thread_that_started_them_blocks_signals() -> None:
    """As the threads of `folio read` do. It takes the three seconds that a process has to end in order."""
    outcome: list[str] = []

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, BOTH)
        try:
            with processes(2, gc.enable) as pool:  # something that does not end them
                sleeping = [pool.submit(time.sleep, 60) for _ in range(2)]
                wait_until(lambda: all(future.running() for future in sleeping))
                running("spawn_main")[0].kill()
                sleeping[0].result()
        except EngineFailed as error:
            outcome.append(error.message)

    start_resource_tracker()  # or some versions of Python unblock them in that thread
    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(30)
    for process in children() if worker.is_alive() else ():
        process.kill()  # or the run of all tests would wait for it
    assert outcome == ["A process that read pages was stopped; the memory may be used up."]


def test_a_process_starts_with_signals_blocked_and_the_thread_that_starts_it_keeps_its_own() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with blocking_stop_signals():
        shown = subprocess.run([sys.executable, "-c", SHOW_MASK], capture_output=True, text=True, check=True)
    assert set(map(int, shown.stdout.split())) >= BOTH
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


def test_the_first_pool_of_a_program_leaves_its_signals_blocked() -> None:
    """In a program of its own: what some versions of Python unblock is done once."""
    program = f"""
import os, signal
from folio.process_pool import processes
signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGINT, signal.SIGTERM}})
with processes(1, os.abort):
    {SHOW_MASK}
"""
    shown = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    assert set(map(int, shown.stdout.split())) >= BOTH


@pytest.fixture
def without_fork_server() -> Iterator[None]:
    """It would stay until the end of all tests, with today's environment."""
    yield
    for process in running("forkserver"):
        with suppress(psutil.Error):  # it has ended meanwhile
            process.kill()


@pytest.mark.usefixtures("without_fork_server")
def test_signals_to_all_processes_of_handlers_end_none_of_them() -> None:
    """They end when their parent says so, and the server they come from knows whether they have.

    Over 2 seconds on a busy machine: the server imports the handlers first.
    """
    handler = HandlerProcess("operator.is_")  # of the event and the context, which are not the same
    try:
        server = running("forkserver")
        for number in range(20):
            for process in children():
                process.send_signal(signal.SIGTERM if number % 2 else signal.SIGINT)
            assert handler.invoke({}, 5, "request") is False
            assert [process for process in children() if process in server] == server
    finally:
        handler.stop()
