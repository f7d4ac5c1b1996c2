"""Processes that share the work of this one.

They end when the process that started them ends, however that ends, and their temporary files go with them. If one of
them is killed, nobody waits for it.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from tempfile import TemporaryDirectory

from folio.config.environment import hide_environment, use_environment, with_bare_environment
from folio.errors import EngineFailed

_GRACE_SECONDS = 3.0  # for a process to end in order after SIGTERM; then it ends in the middle of its work
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def processes(count: int, stop: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of at most `count` processes.

    When the block is left early, `stop` (it must pickle) is called in each process, and their end is awaited.
    Raises EngineFailed if one of them was killed.
    """
    start_resource_tracker()
    # Closing `stop_writer` stops them. An Event would wait for all who wait for it, also for one that was killed.
    stop_reader, stop_writer = multiprocessing.Pipe(duplex=False)
    with (
        TemporaryDirectory(prefix="folio-", ignore_cleanup_errors=True) as scratch,
        stop_reader,
        ProcessPoolExecutor(count, _Context(), _begin, (stop_reader, scratch, stop)) as pool,
    ):
        try:
            yield pool
            pool.shutdown()
        except BrokenProcessPool as error:
            raise EngineFailed("A process that read pages was stopped; the memory may be used up.") from error
        finally:
            stop_writer.close()
            pool.shutdown(cancel_futures=True)


# --- Signals ---
#
# A process inherits the signal mask of the thread that starts it. If that thread blocks the signals that stop a process
# (`wiring.shield_from_interrupt`), the new process never sees the SIGTERM by which a pool ends its processes when one
# of them was killed, and the pool waits for it for ever. If it does not, a signal that comes before the new process has
# its handlers kills it. So every process starts with both signals blocked, and unblocks them itself.


@contextmanager
def blocking_stop_signals() -> Iterator[None]:
    """Start processes in this block whose SIGINT and SIGTERM wait until they call `unblock_stop_signals`."""
    start_resource_tracker()
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def unblock_stop_signals() -> None:
    """Let SIGINT and SIGTERM through, also those that have come already; handlers must be in place."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)


def start_resource_tracker() -> None:
    """Start the tracker of multiprocessing, if it does not run yet, and leave this thread's signal mask as it is.

    Up to Python 3.13.1, starting it unblocks both signals in the thread that needs it first (CPython's issue 127586).
    """
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def hide_keys() -> None:
    """Keep programs that this process and its processes start from its keys; for servers, before they have threads.

    The tracker, which is beside them to the end and cannot be hidden, starts without any.
    """
    hide_environment()
    with with_bare_environment():
        start_resource_tracker()


class _Process(SpawnProcess):
    def start(self) -> None:
        with blocking_stop_signals():
            super().start()


class _Context(SpawnContext):
    """New interpreters: a fork of a process with threads may never wake up."""

    Process = _Process


# --- In the processes ---


def _begin(stop_reader: Connection, scratch: str, stop: Callable[[], None]) -> None:
    """Signals reach all processes of a terminal or a service; ours end in order, when their parent tells them to."""
    hide_environment()
    use_environment({"TMPDIR": scratch})  # one that is killed leaves files there, as do programs it has started

    def leave(*_: object) -> None:
        """The pool sends SIGTERM too, when another process was killed, and waits for the end of this one."""
        stop()
        end = threading.Timer(_GRACE_SECONDS, os._exit, (1,))
        end.daemon = True
        end.start()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=_follow_parent, args=(stop_reader, stop), daemon=True).start()
    unblock_stop_signals()  # in this thread alone, the only one that can run the handlers


def _follow_parent(stop_reader: Connection, stop: Callable[[], None]) -> None:
    """Stop when the parent says so or has ended: it closes the end of a pipe to which it never writes."""
    with suppress(EOFError, OSError):
        stop_reader.recv()
    stop()
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)  # the parent was killed; nobody would end this process any more
