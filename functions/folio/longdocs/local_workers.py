"""The steps of a long document on this machine: chunks are recognized side by side in processes.

One long document at a time: its chunks are enough for all cores, and several would take as many processes each.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import contextmanager
from pathlib import Path

from folio.deadline import Deadline
from folio.longdocs.chunks import Chunk
from folio.longdocs.steps import merge, recognize, split
from folio.process_pool import processes
from folio.reading.request import Outcome, Request, Services

_POLL_SECONDS = 0.25  # between two looks at the deadline
_turn = threading.Lock()


def hand_over(request: Request, services: Services, build: Callable[[], Services], deadline: Deadline) -> Outcome:
    """Read a document by its steps. `build` makes services of the same kind in another process, so it must pickle.

    Raises what the steps do, EngineFailed if a process was stopped, DeadlineExceeded. What was read is saved.
    """
    with _turn:
        chunks = split(request, services, deadline, anew=True)
        with processes(services.settings.cores(), _stop) as pool:
            _await([pool.submit(_recognize, build, request, chunk) for chunk in chunks], deadline)
        return merge(request, services, deadline)


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
    remaining = set(running)
    while remaining:
        done, remaining = wait(remaining, deadline.timeout(_POLL_SECONDS), FIRST_EXCEPTION)
        for future in done:
            future.result()


# --- In the processes ---

_deadline = Deadline()


def _stop() -> None:
    """Stop what this process is reading; a bound method would arrive here with another deadline."""
    _deadline.stop()


def _recognize(build: Callable[[], Services], request: Request, chunk: Chunk) -> int:
    return recognize(request, chunk, build(), _deadline)
