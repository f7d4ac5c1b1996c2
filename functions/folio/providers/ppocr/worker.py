"""A process that reads pages by PP-OCR, one after the other, until whoever started it closes the connection or ends.

A network at work cannot be stopped from within its process, so it has one that can be killed. Messages are msgpack,
each after its length in four bytes.
"""

import os
import signal
import socket
import struct
import threading
from queue import Empty, SimpleQueue

import msgspec
from msgspec import Struct

from folio.config.environment import limit_threads
from folio.errors import FolioError, ToolMissing
from folio.models import PageText

_LENGTH = struct.Struct(">I")
_IDLE_SECONDS = 2.0  # without a page, after which the memory kept for the next one is given back


class Job(Struct, frozen=True):
    """One page image of a file, and the languages it is read in."""

    path: str
    languages: tuple[str, ...]


class Response(Struct, frozen=True):
    """What was read, or the name of the error and what it says."""

    read: PageText | None
    error: str = ""
    message: str = ""


def send(connection: socket.socket, message: Job | Response) -> None:
    data = msgspec.msgpack.encode(message)
    connection.sendall(_LENGTH.pack(len(data)) + data)


def receive[T](connection: socket.socket, kind: type[T]) -> T | None:
    """Return the next message; None when the other side has closed the connection or ended."""
    length = _exactly(connection, _LENGTH.size)
    data = length and _exactly(connection, _LENGTH.unpack(length)[0])
    return msgspec.msgpack.decode(data, type=kind) if data else None


def _exactly(connection: socket.socket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        part = connection.recv(min(size - len(received), 1 << 16))
        if not part:
            return b""
        received += part
    return bytes(received)


def serve(descriptor: int) -> None:
    """Response the jobs of a connection that this process has inherited."""
    for number in (signal.SIGINT, signal.SIGTERM):  # which reach all processes of a terminal or service; who started
        signal.signal(number, signal.SIG_IGN)  # this one stops in order, and it with that
    limit_threads()
    connection = socket.socket(fileno=descriptor)
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, jobs), daemon=True).start()
    while True:
        send(connection, _respond(_next(jobs)))


def _listen(connection: socket.socket, jobs: SimpleQueue[Job]) -> None:
    """Hear of the end of the other side in the middle of a page too."""
    while job := receive(connection, Job):
        jobs.put(job)
    os._exit(0)


def _next(jobs: SimpleQueue[Job]) -> Job:
    try:
        return jobs.get(timeout=_IDLE_SECONDS)
    except Empty:
        from folio.providers.ppocr.networks import release_memory

        release_memory()
        return jobs.get()


def _respond(job: Job) -> Response:
    from pathlib import Path

    try:
        from folio.providers.ppocr.reader import read_page

        return Response(read_page(Path(job.path), job.languages))
    except ImportError:
        return Response(None, ToolMissing.__name__, "PP-OCR's runtime cannot be loaded here.")
    except FolioError as error:
        return Response(None, type(error).__name__, error.message)
    except MemoryError:
        return Response(None, "EngineFailed", "PP-OCR did not get the memory it needs for this page.")
    except Exception as error:  # noqa: BLE001 (the runtime raises what it likes, and may quote anything in it)
        return Response(None, "EngineFailed", f"PP-OCR failed on this page ({type(error).__name__}).")
