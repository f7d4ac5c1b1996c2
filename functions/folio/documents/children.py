"""The processes in which strangers' pictures are decoded and pages are prepared and read by networks.

Started when they are needed, without keys and within limits, kept for the next call, killed when its time is up.
"""

import atexit
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import cast

import msgspec

from folio.config.environment import bare_environment, child_memory_mb
from folio.deadline import Deadline
from folio.documents.child import Message, Response, Task, decode, encode, hints, receive, send
from folio.documents.programs import limit
from folio.errors import DeadlineExceeded, EngineFailed, EngineTimeout
from folio.problems import error_class

_POLL_SECONDS = 0.2  # between two looks at the deadline
_MAX_OPEN_FILES = 256

_idle: "list[_Child]" = []


class _AtWork:
    """The children that are called now, and how many cores all of them may use together."""

    def __init__(self) -> None:
        self._children: set[_Child] = set()
        self._cores = 1
        self._lock = threading.Lock()

    def use(self, cores: int) -> None:
        self._cores = cores

    @contextmanager
    def with_(self, child: "_Child") -> Iterator[None]:
        self._change(child, self._children.add)
        try:
            yield
        finally:
            self._change(child, self._children.discard)

    def _change(self, child: "_Child", change: "Callable[[_Child], None]") -> None:
        with self._lock:
            change(child)
            for one in self._children:
                one.allow(max(1, self._cores // len(self._children)))


_at_work = _AtWork()


def use_cores(count: int) -> None:
    """Have those at work use so many cores together, where they can use more than one."""
    _at_work.use(count)


def call[*A, R](step: str, deadline: Deadline, function: Callable[[*A], R], *arguments: *A) -> R:
    """Call a function of a module in a child, with values that msgspec knows or paths; all of them annotated.

    `step` names it in errors. Raises what the function raises of FolioError, EngineTimeout when the deadline passes,
    EngineFailed where the child ends or anything else is wrong.
    """
    request = Task(function.__module__, function.__name__, tuple(encode(argument) for argument in arguments))
    try:
        child = _idle.pop()
    except IndexError:
        child = _Child()
    try:
        with _at_work.with_(child):
            response = child.request(request, deadline)
        returned = None if response.error else decode(response.value, hints(function)["return"])
    except DeadlineExceeded as error:
        child.kill()
        raise EngineTimeout(f"{step} took longer than the page timeout.") from error
    except (OSError, msgspec.MsgspecError) as error:
        child.kill()
        raise EngineFailed(f"The process for this was stopped: {step}. The memory may be used up.") from error
    except BaseException:
        child.kill()
        raise
    _idle.append(child)
    if response.error:
        raise error_class(response.error)(response.message)
    return cast("R", returned)


def start(module: str, name: str) -> None:
    """Start a child for the next call that calls a function of a module first, which takes no arguments."""
    with suppress(EngineFailed):
        _idle.append(_Child(module, name))


def close() -> None:
    """End those that wait for a call, all at once: what each held takes the system a moment to take back."""
    ended = []
    while _idle:
        ended.append(_idle.pop())
        ended[-1].end()
    for child in ended:
        child.kill()


@cache
def _close_at_exit() -> None:
    atexit.register(close)


class _Child:
    def __init__(self, *first: str) -> None:
        """`first` are the module and the name of a function that it calls before it is asked for anything."""
        _close_at_exit()
        self._sending = threading.Lock()
        self._cores = 1
        self._connection, theirs = socket.socketpair()
        path = f"import sys; sys.path[:] = {sys.path!r}"
        code = f"{path}; from folio.documents.child import serve; serve({theirs.fileno()}, *{first!r})"
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-IS", "-c", code],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=bare_environment(),
                )
            except OSError as error:
                self._connection.close()
                raise EngineFailed("A process to read the page in could not be started.") from error
        limit(self._process.pid, memory_mb=child_memory_mb(), seconds=None, open_files=_MAX_OPEN_FILES)

    def request(self, task: Task, deadline: Deadline) -> Response:
        """Raises DeadlineExceeded, OSError where the child has ended, msgspec.MsgspecError."""
        self._send(Message(task))
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            while not selector.select(deadline.timeout(_POLL_SECONDS)):
                pass
        response = receive(self._connection, Response)
        if response is None:
            raise ConnectionError
        return response

    def allow(self, cores: int) -> None:
        """Tell it how many cores it may use; whether it has ended tells its next answer."""
        if cores != self._cores:
            self._cores = cores
            with suppress(OSError):
                self._send(Message(cores=cores))

    def _send(self, message: Message) -> None:
        with self._sending:
            send(self._connection, message)

    def end(self) -> None:
        """Have it end soon, without waiting for it."""
        self._process.kill()

    def kill(self) -> None:
        self.end()
        self._process.wait()
        self._connection.close()
