"""A process that works on documents for another one, call after call, until that closes the connection or ends.

What decodes strangers' pictures may be broken into by one, and a network at work cannot be stopped from within its
process. So both happen in a process that has no keys and can be killed. Messages are msgpack, each after its length in
four bytes; what comes back is checked against the function's annotations, so that it can be nothing but values.
"""

import ctypes
import importlib
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, get_type_hints

import msgspec
from msgspec import Raw, Struct

from folio.config.environment import limit_threads
from folio.errors import FolioError

_LENGTH = struct.Struct(">I")
_IDLE_SECONDS = 2.0  # without a task, after which memory kept for the next one is given back
_when_idle: set[Callable[[], None]] = set()
_allowed = {"cores": 1}


class Task(Struct, frozen=True):
    """A function by its module and name, and its arguments."""

    module: str
    name: str
    arguments: tuple[Raw, ...]


class Message(Struct, frozen=True):
    """What a process is sent: a task, or how many cores it may use from now on, 0 if that stays as it is."""

    task: Task | None = None
    cores: int = 0


class Response(Struct, frozen=True):
    """What the function returned, or the name of the error and what it says."""

    value: Raw = Raw(b"\xc0")  # nil
    error: str = ""
    message: str = ""


def encode(value: object) -> Raw:
    return Raw(msgspec.msgpack.encode(value, enc_hook=str))  # a path


def decode(data: Raw, kind: Any) -> Any:
    """Raises msgspec.ValidationError."""
    return msgspec.msgpack.decode(data, type=kind, dec_hook=lambda requested, value: requested(value))


@cache
def hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)


def cores() -> int:
    """Return how many cores this process may use now: more than one while no other page needs them."""
    return _allowed["cores"]


def send(connection: socket.socket, message: Message | Response) -> None:
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


def serve(descriptor: int, module: str = "", name: str = "") -> None:
    """Answer the calls of a connection that this process has inherited.

    A function of `module` by `name` is called before, if there is one: what goes wrong with it, a call will tell.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # which reach all processes of a terminal or service; who started
        signal.signal(number, signal.SIG_IGN)  # this one stops in order, and it with that
    limit_threads()
    connection = socket.socket(fileno=descriptor)
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
    if module:
        _respond(Task(module, name, ()))
    while True:
        send(connection, _respond(_next(tasks)))


def _listen(connection: socket.socket, tasks: SimpleQueue[Task]) -> None:
    """Hear of free cores and of the end of the other side in the middle of a page too."""
    try:
        while message := receive(connection, Message):
            _allowed["cores"] = message.cores or _allowed["cores"]
            if message.task:
                tasks.put(message.task)
    finally:
        os._exit(0)


def give_back_when_idle(release: Callable[[], None]) -> None:
    """Have memory given back in this process where no task comes for a while."""
    _when_idle.add(release)


def _next(tasks: SimpleQueue[Task]) -> Task:
    try:
        return tasks.get(timeout=_IDLE_SECONDS)
    except Empty:
        for release in _when_idle:
            release()
        _trim_heap()
        return tasks.get()


def _trim_heap() -> None:
    """Give the system back what was freed between pieces that are in use; the C library of Linux alone can."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _respond(task: Task) -> Response:
    try:
        function = getattr(importlib.import_module(task.module), task.name)
        kinds = [kind for name, kind in hints(function).items() if name != "return"]
        arguments = (decode(value, kind) for value, kind in zip(task.arguments, kinds, strict=False))
        return Response(encode(function(*arguments)))
    except FolioError as error:
        return Response(error=type(error).__name__, message=error.message)
    except MemoryError:
        return Response(error="TooLarge", message="The page needs more memory than it may have.")
    except ImportError:
        return Response(error="ToolMissing", message="What is needed to read this page cannot be loaded here.")
    except Exception as error:  # noqa: BLE001 (libraries raise what they like, and may quote anything in it)
        return Response(error="EngineFailed", message=f"A step on this page failed ({type(error).__name__}).")
