"""The steps of a long document on this machine: chunks are recognized side by side in processes.

One long document at a time: its chunks are enough for all cores, and several would take as many processes each.
"""

import fcntl
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from folio.errors import EngineFailed
from folio.fanout import Chunk
from folio.request import Outcome, Request, Tools
from folio.retry import Deadline
from folio.steps import merge, recognize, split

_LOOK = 0.25  # seconds between two looks at the deadline
_turn = threading.Lock()


def share(request: Request, tools: Tools, build: Callable[[], Tools], deadline: Deadline) -> Outcome:
    """Read a document by its steps. `build` makes tools of the same kind in another process, so it must pickle.

    Raises what the steps do, EngineFailed if a process was stopped, DeadlineExceeded. What was read is kept.
    """
    with _turn:
        chunks = split(request, tools, deadline)
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may never wake up
        stopped = context.Event()
        with ProcessPoolExecutor(tools.settings.cores(), context, _begin, (stopped,)) as pool:
            running = [pool.submit(_recognize, build, request, chunk) for chunk in chunks]
            try:
                _await(running, deadline)
            except BrokenProcessPool as error:
                raise EngineFailed("A process that read pages was stopped; the memory may be used up.") from error
            finally:
                stopped.set()
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


def _begin(stopped: Event) -> None:
    """Ctrl-C reaches all processes of a terminal; ours end when they are told to, with what they have read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def stop() -> None:
        stopped.wait()
        _deadline.stop()

    def follow() -> None:
        parent = multiprocessing.parent_process()
        if parent:
            parent.join()
            os._exit(1)  # it was killed; nobody would end this process any more

    for watch in (stop, follow):
        threading.Thread(target=watch, daemon=True).start()


def _recognize(build: Callable[[], Tools], request: Request, chunk: Chunk) -> int:
    return recognize(request, chunk, build(), _deadline)
