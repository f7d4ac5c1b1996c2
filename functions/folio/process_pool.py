"""Processes beside this one that share some work. They end with who started them, however that ends, and so do the
files they leave in the temporary folder; and if one of them is killed, nobody waits for it.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory

from folio.config.environment import use_environment
from folio.errors import EngineFailed

_GRACE = 3.0  # seconds in which a process that was told to end may do so


@contextmanager
def processes(count: int, stop: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """At most `count`. When the block is left early, `stop` (it must pickle) is called in each, and their end awaited.

    Raises EngineFailed if one was killed.
    """
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may never wake up
    # Closing ours stops them. An Event would wait for all who wait for it, also for one that was killed.
    theirs, ours = context.Pipe(duplex=False)
    with (
        TemporaryDirectory(prefix="folio-", ignore_cleanup_errors=True) as scratch,
        theirs,
        ProcessPoolExecutor(count, context, _begin, (theirs, scratch, stop)) as pool,
    ):
        try:
            yield pool
            pool.shutdown()
        except BrokenProcessPool as error:
            raise EngineFailed("A process that read pages was stopped; the memory may be used up.") from error
        finally:
            ours.close()
            pool.shutdown(cancel_futures=True)


# --- In the processes ---


def _begin(told: Connection, scratch: str, stop: Callable[[], None]) -> None:
    """Signals reach all processes of a terminal or a service; ours end in order, when they are told to."""
    use_environment({"TMPDIR": scratch})  # one that is killed leaves files there, as do programs it has started

    def leave(*_: object) -> None:
        """The pool sends it too, when another process was killed, and waits for our end."""
        stop()
        end = threading.Timer(_GRACE, os._exit, (1,))
        end.daemon = True
        end.start()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave)
    threading.Thread(target=_follow, args=(told, stop), daemon=True).start()


def _follow(told: Connection, stop: Callable[[], None]) -> None:
    """Stop when the parent says so or has ended: it closes what it never writes to."""
    with suppress(EOFError, OSError):
        told.recv()
    stop()
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)  # it was killed; nobody would end this process any more
