"""What Lambda calls execution environments: processes that run a handler, one invocation at a time.

Powertools' resolver keeps the call that it answers in a class variable, so two calls at once in one process would mix;
and a process can be stopped with whatever it has started.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from folio.errors import Busy, EngineFailed, EngineTimeout
from folio.serve.local_lambda import LocalContext, enter_task_root, load_handler

HANDLERS = ("handlers.api.handler", "handlers.upload.handler")
GRACE = 0.5  # seconds over an invocation's time before its process is stopped
_START = 120.0

type Event = dict[str, Any]


def context() -> multiprocessing.context.ForkServerContext:
    """Processes come from a server that has imported the handlers once: they share its memory and start in no time.

    It is started with the first of them, and keeps the environment of that moment.
    """
    enter_task_root()
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([name.rpartition(".")[0] for name in HANDLERS])
    return found


def _live(connection: Connection, name: str) -> None:
    """The process: until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which lets us finish
    signal.signal(signal.SIGTERM, lambda *_: None)  # so is this; not ignored, as tools that are started would ignore it
    os.setsid()  # to be stopped with all that was started
    handler = load_handler(name)
    connection.send(None)
    while True:
        try:
            event, seconds, request_id = connection.recv()
        except (EOFError, OSError):
            return
        told = LocalContext(seconds)
        told.aws_request_id = request_id
        try:
            answer = handler(event, told)
        except Exception as error:  # noqa: BLE001 (Lambda's answer to whatever it is would be an error too)
            where = "".join(traceback.format_tb(error.__traceback__))
            sys.stderr.write(f"{name} failed: {type(error).__name__}\n{where}")
            connection.send((False, None))
        else:
            connection.send((True, answer))


class Environment:
    """One process; a new one takes its place when it had to be stopped or died. `stop` may come from another thread
    than `invoke`, which is for one at once.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._ended = False
        self._changing = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        # Not a daemon, which may have no children: a long document is read by several processes.
        self._process = context().Process(target=_live, args=(theirs, self._name))
        self._process.start()
        theirs.close()
        self._connection = ours
        if not ours.poll(_START):
            self._kill()
            raise EngineFailed("A process for the handlers did not start.")
        ours.recv()

    def invoke(self, event: Event, seconds: float, request_id: str) -> Any:
        """What the handler answers. Raises EngineFailed where it raised or died, EngineTimeout where it had no end."""
        try:
            self._connection.send((event, seconds, request_id))
            if not self._connection.poll(seconds + GRACE):
                self._renew()
                raise EngineTimeout("The function did not end in its time and was stopped.")
            well, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self._renew()
            raise EngineFailed("The function was stopped in the middle; it may have used up the memory.") from error
        if not well:
            raise EngineFailed("The function failed; the log says why.")
        return answer

    def _renew(self) -> None:
        with self._changing:
            self._kill()
            if not self._ended:  # one that nobody would stop any more would keep this process from its end
                self._start()

    def stop(self) -> None:
        """For good, also in the middle of an invocation, which then fails."""
        self._ended = True
        with self._changing:
            self._kill()

    def _kill(self) -> None:
        if self._process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join(5)
        self._connection.close()  # not before: who waits at it learns by the process's end


class Environments:
    """As many of one handler as may run at once; callers wait in line for the next that is free."""

    def __init__(self, name: str, count: int) -> None:
        self._all = [Environment(name) for _ in range(count)]
        self._threads = ThreadPoolExecutor(count, "environment")
        self._free: asyncio.Queue[Environment] = asyncio.Queue()
        for environment in self._all:
            self._free.put_nowait(environment)
        self._waiting = 0
        self._most_waiting = 8 * count

    async def invoke(self, event: Event, seconds: float, request_id: str, patience: float) -> Any:
        """The answer of the handler; the time in line is taken from the time it has. Raises Busy."""
        if self._waiting >= self._most_waiting:
            raise Busy("Too many documents are being read.", 2)
        self._waiting += 1
        begin = asyncio.get_running_loop().time()
        try:
            environment = await asyncio.wait_for(self._free.get(), patience)
        except TimeoutError as error:
            raise Busy("Too many documents are being read.", 2) from error
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        left = seconds - (loop.time() - begin)
        work = loop.run_in_executor(self._threads, environment.invoke, event, left, request_id)
        # Not before it is done, even if nobody waits for it any more.
        work.add_done_callback(lambda _: self._free.put_nowait(environment))
        return await asyncio.shield(work)

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for environment in self._all:
            environment.stop()
