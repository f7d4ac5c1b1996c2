"""The steps of a long document on this machine: chunks are recognized side by side in processes.

One long document at a time: its chunks are enough for all cores, and several would take as many processes each.
"""

import fcntl
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from folio.errors import EngineFailed
from folio.fanout import Chunk
from folio.request import Outcome, Request, Tools
from folio.retry import Deadline
from folio.steps import merge, recognize, split

_LOOK = 0.25  # seconds between two looks at the deadline
_GRACE = 3.0  # seconds in which a process that was told to end may end its page
_turn = threading.Lock()


def share(request: Request, tools: Tools, build: Callable[[], Tools], deadline: Deadline) -> Outcome:
    """Read a document by its steps. `build` makes tools of the same kind in another process, so it must pickle.

    Raises what the steps do, EngineFailed if a process was stopped, DeadlineExceeded. What was read is kept.
    """
    with _turn:
        chunks = split(request, tools, deadline, anew=True)
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may never wake up
        # Closing ours stops them. An Event would wait for all who wait for it, also for one that was killed.
        theirs, ours = context.Pipe(duplex=False)
        with (
            TemporaryDirectory(prefix="folio-", ignore_cleanup_errors=True) as scratch,
            theirs,
            ProcessPoolExecutor(tools.settings.cores(), context, _begin, (theirs, scratch)) as pool,
        ):
            running = [pool.submit(_recognize, build, request, chunk) for chunk in chunks]
            try:
                _await(running, deadline)
            except BrokenProcessPool as error:
                raise EngineFailed("A process that read pages was stopped; the memory may be used up.") from error
            finally:
                ours.close()
                pool.shutdown(cancel_futures=True)
        return merge(request, tools, deadline)


@contextmanager
def in_turn(lock: Path) -> Iterator[bool]:
    """Whether this process may have all cores until the end of the block: one at a time, and none that has died."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _await(running: list[Future[int]], deadline: Deadline) -> None:
    left = set(running)
    while left:
        done, left = wait(left, deadline.timeout(_LOOK), FIRST_EXCEPTION)
        for future in done:
            future.result()


# --- In the processes ---

_deadline = Deadline()


def _begin(told: Connection, scratch: str) -> None:
    """Signals reach all processes of a terminal or a service; ours end in order, with what they have read."""
    tempfile.tempdir = scratch  # one that is killed leaves pages there
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_follow, args=(told,), daemon=True).start()


def _leave(*_: object) -> None:
    """The executor sends it too, when another process was killed, and waits for our end."""
    _deadline.stop()
    end = threading.Timer(_GRACE, os._exit, (1,))
    end.daemon = True
    end.start()


def _follow(told: Connection) -> None:
    """Stop when the parent says so or has ended: it closes what it never writes to."""
    with suppress(EOFError, OSError):
        told.recv()
    _deadline.stop()
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)  # it was killed; nobody would end this process any more


def _recognize(build: Callable[[], Tools], request: Request, chunk: Chunk) -> int:
    return recognize(request, chunk, build(), _deadline)
