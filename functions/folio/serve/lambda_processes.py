"""Processes that run a Lambda handler, one invocation at a time, as Lambda's execution environments do.

Powertools' resolver keeps the request that it answers in a class variable, so two at once in one process would mix; and
a process can be stopped together with everything it has started.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.util import get_temp_dir
from typing import Any

from folio.errors import BadOption, Busy, EngineFailed, EngineTimeout
from folio.process_pool import blocking_stop_signals, unblock_stop_signals
from folio.serve.local_lambda import LocalContext, enter_task_root, load_handler

HANDLERS = ("handlers.api.handler", "handlers.upload.handler")
_GRACE_SECONDS = 0.5  # over an invocation's time limit before its process is stopped
_START_SECONDS = 120.0  # for a process to import its handler
_JOIN_SECONDS = 5.0  # for a killed process to be gone
_MAX_TMPDIR_BYTES = 60  # of which macOS's has 49; multiprocessing adds 32
_WAITING_PER_PROCESS = 8  # callers in line; with more the pool is busy

type Event = dict[str, Any]


def _fork_server() -> multiprocessing.context.ForkServerContext:
    """Return a context whose processes are forked from a server that has imported the handlers once.

    They share its memory and start in milliseconds. The server starts with the first of them, keeps the environment of
    that moment, and ends when all of them and this process have ended.
    """
    enter_task_root()
    _keep_sockets_short()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([name.rpartition(".")[0] for name in HANDLERS])
    return context


def _keep_sockets_short() -> None:
    """Have the fork server listen where the name of its socket, in a folder of its own, fits into 107 bytes (unix(7)).

    Raises BadOption.
    """
    if len(os.fsencode(tempfile.gettempdir())) <= _MAX_TMPDIR_BYTES:
        return
    usual, tempfile.tempdir = tempfile.tempdir, "/tmp"  # noqa: S108 (mkdtemp makes the folder)
    try:
        get_temp_dir()  # which multiprocessing keeps, and removes at the end
    except OSError as error:
        raise BadOption("TMPDIR is too long for a socket's name, and /tmp cannot be written to.") from error
    finally:
        tempfile.tempdir = usual


def _run(connection: Connection, name: str) -> None:
    """Answer invocations in a new process until the other end of the connection is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent takes Ctrl-C, and lets this process finish
    signal.signal(signal.SIGTERM, lambda *_: None)  # the same; not SIG_IGN, which programs it starts would inherit
    unblock_stop_signals()
    os.setsid()  # to be killed with everything it starts
    handler = load_handler(name)
    connection.send(None)
    while True:
        try:
            event, seconds, request_id = connection.recv()
        except (EOFError, OSError):
            return
        lambda_context = LocalContext(seconds)
        lambda_context.aws_request_id = request_id
        try:
            answer = handler(event, lambda_context)
        except Exception as error:  # noqa: BLE001 (Lambda's answer to whatever it is would be an error too)
            where = "".join(traceback.format_tb(error.__traceback__))
            sys.stderr.write(f"{name} failed: {type(error).__name__}\n{where}")
            connection.send((False, None))
        else:
            connection.send((True, answer))


class HandlerProcess:
    """One process that runs a handler; it is replaced when it dies or has to be killed.

    `invoke` is for one thread at a time; `stop` may be called from any other.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._stopped = False
        self._replacing = threading.Lock()
        self._start()

    def _start(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        # Not a daemon, which may have no children: a long document is read by several processes.
        self._process = _fork_server().Process(target=_run, args=(theirs, self._name))
        # Nor does SIGTERM to all processes at once end the fork server, which says whether the others have ended.
        with blocking_stop_signals():
            self._process.start()
        theirs.close()
        self._connection = ours
        try:
            started = ours.poll(_START_SECONDS) and ours.recv() is None
        except EOFError:  # it died
            started = False
        if not started:
            self._kill()
            raise EngineFailed("A process for the handlers did not start.")

    def invoke(self, event: Event, seconds: float, request_id: str) -> Any:
        """Return the handler's answer. Raises EngineFailed if it raised or died, EngineTimeout if it took too long."""
        try:
            self._connection.send((event, seconds, request_id))
            if not self._connection.poll(seconds + _GRACE_SECONDS):
                self._replace()
                raise EngineTimeout("The function did not end in its time and was stopped.")
            succeeded, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self._replace()
            raise EngineFailed("The function was stopped in the middle; it may have used up the memory.") from error
        if not succeeded:
            raise EngineFailed("The function failed; the log says why.")
        return answer

    def _replace(self) -> None:
        with self._replacing:
            self._kill()
            if not self._stopped:  # nobody would stop the new one any more, and this process waits for its end
                self._start()

    def stop(self) -> None:
        """Kill the process for good; an invocation that is running fails."""
        self._stopped = True
        with self._replacing:
            self._kill()

    def _kill(self) -> None:
        if self._process.pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join(_JOIN_SECONDS)
        self._connection.close()  # only now: a thread that waits at it is woken by the end of the process


class HandlerPool:
    """Several processes of one handler; callers wait in line for the next that is free."""

    def __init__(self, name: str, count: int) -> None:
        self._all = [HandlerProcess(name) for _ in range(count)]
        self._threads = ThreadPoolExecutor(count, "handler")
        self._free: asyncio.Queue[HandlerProcess] = asyncio.Queue()
        for process in self._all:
            self._free.put_nowait(process)
        self._waiting = 0
        self._max_waiting = _WAITING_PER_PROCESS * count

    async def invoke(self, event: Event, seconds: float, request_id: str, patience: float) -> Any:
        """Return the handler's answer within `seconds`, of which at most `patience` are spent in line.

        Raises Busy, and what HandlerProcess.invoke raises.
        """
        if self._waiting >= self._max_waiting:
            raise Busy("Too many documents are being read.", 2)
        self._waiting += 1
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            process = await asyncio.wait_for(self._free.get(), patience)
        except TimeoutError as error:
            raise Busy("Too many documents are being read.", 2) from error
        finally:
            self._waiting -= 1
        remaining = seconds - (loop.time() - start)
        invocation = loop.run_in_executor(self._threads, process.invoke, event, remaining, request_id)
        # The process is free only when it is done, even if nobody waits for its answer any more.
        invocation.add_done_callback(lambda _: self._free.put_nowait(process))
        return await asyncio.shield(invocation)

    def stop(self) -> None:
        """Kill all processes; invocations that are running fail."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.stop()
