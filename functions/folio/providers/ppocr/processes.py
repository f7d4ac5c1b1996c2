"""The processes in which PP-OCR reads: started when they are needed, kept for the next page, killed when time is up."""

import atexit
import selectors
import socket
import subprocess
import sys
import threading
from pathlib import Path

from folio.config.environment import bare_environment
from folio.deadline import Deadline
from folio.errors import DeadlineExceeded, EngineFailed, EngineTimeout, FolioError, ToolMissing, UnreadableScript
from folio.models import PageText
from folio.providers.ppocr.worker import Job, Response, receive, send

_POLL_SECONDS = 0.2  # between two looks at the deadline


class EngineProcesses:
    """At most `count` of them at once; for several threads."""

    def __init__(self, count: int) -> None:
        self._turns = threading.BoundedSemaphore(count)
        self._idle: list[_Process] = []
        atexit.register(self.close)

    def read(self, path: Path, languages: tuple[str, ...], deadline: Deadline) -> PageText:
        """Read one page image. Raises EngineTimeout when the deadline passes, EngineFailed, ToolMissing."""
        try:
            while not self._turns.acquire(timeout=deadline.timeout(_POLL_SECONDS)):
                pass
            try:
                return self._read(Job(str(path), languages), deadline)
            finally:
                self._turns.release()
        except DeadlineExceeded as error:
            raise EngineTimeout("PP-OCR took longer than the page timeout.") from error

    def _read(self, job: Job, deadline: Deadline) -> PageText:
        try:
            process = self._idle.pop()
        except IndexError:
            process = _Process()
        try:
            response = process.request(job, deadline)
        except BaseException:
            process.kill()
            raise
        self._idle.append(process)
        if response.read is None:
            raise _error(response)
        return response.read

    def close(self) -> None:
        """End those that wait for a page."""
        while self._idle:
            self._idle.pop().kill()


class _Process:
    def __init__(self) -> None:
        self._connection, theirs = socket.socketpair()
        path = f"import sys; sys.path[:] = {sys.path!r}"
        code = f"{path}; from folio.providers.ppocr.worker import serve; serve({theirs.fileno()})"
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", code],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=bare_environment(),
                )
            except OSError as error:
                self._connection.close()
                raise EngineFailed("PP-OCR's process could not be started.") from error

    def request(self, job: Job, deadline: Deadline) -> Response:
        """Raises DeadlineExceeded, EngineFailed."""
        try:
            send(self._connection, job)
            with selectors.DefaultSelector() as selector:
                selector.register(self._connection, selectors.EVENT_READ)
                while not selector.select(deadline.timeout(_POLL_SECONDS)):
                    pass
            response = receive(self._connection, Response)
        except OSError as error:
            raise _stopped() from error
        if response is None:
            raise _stopped()
        return response

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()


def _stopped() -> EngineFailed:
    return EngineFailed("PP-OCR's process was stopped; the memory may be used up.")


def _error(response: Response) -> FolioError:
    kinds: dict[str, type[FolioError]] = {"ToolMissing": ToolMissing, "UnreadableScript": UnreadableScript}
    return kinds.get(response.error, EngineFailed)(response.message)
