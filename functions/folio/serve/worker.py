"""`folio worker`: reads documents of a queue or a bucket until it is told to stop, beside any number of others."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from tempfile import TemporaryDirectory

from msgspec import Struct

from folio.config.environment import use_environment
from folio.errors import EngineFailed, EngineTimeout, FolioError
from folio.process_pool import hide_keys
from folio.serve.lambda_processes import HandlerProcess
from folio.serve.run import UPLOAD, one_interrupt
from folio.serve.tasks import Task, TaskSource

_IDLE_SECONDS = 0.5
_OUTAGE_SECONDS = 5.0  # until a source that could not be reached is asked again


class WorkerConfig(Struct, frozen=True, kw_only=True):
    """Options of `folio worker`.

    `jobs` documents are read at once, each in at most `seconds`. When the worker is stopped, they have `grace` seconds
    to end, and are put back otherwise. A document stays with a worker that is gone for `lease` seconds. A worker with
    `until_done` ends by itself when nothing waits or is being read anywhere.
    """

    jobs: int = 1
    seconds: float = 3600.0
    grace: float = 8.0
    lease: float = 60.0
    until_done: bool = False


def run_worker(config: WorkerConfig, source: TaskSource, report: Callable[[str], None]) -> int:
    """Work until SIGINT or SIGTERM, or until all is done; return how many documents were given up.

    `report` is told what goes wrong, in sentences. Raises KeyboardInterrupt when it was stopped and all is put back.
    """
    hide_keys()
    with one_interrupt(), ExitStack() as stack:
        # Processes that are killed leave temporary files, which must not stay.
        folder = stack.enter_context(TemporaryDirectory(prefix="folio-worker-", ignore_cleanup_errors=True))
        # The worker itself sees to messages; and metrics of a machine are not those of a function.
        long_documents = {"FOLIO_LONG_DOCUMENTS_LOCK": f"{folder}/long", "FOLIO_QUEUE": "", "FOLIO_WORKFLOW": ""}
        use_environment({"TMPDIR": folder, "POWERTOOLS_METRICS_DISABLED": "true", **long_documents})
        worker = Worker(config, source, [HandlerProcess(UPLOAD) for _ in range(config.jobs)], report)
        stack.callback(worker.stop)
        worker.run()
        return worker.given_up


class Worker:
    """Threads that each read one document after the other in a process, and one that keeps what they hold."""

    def __init__(
        self,
        config: WorkerConfig,
        source: TaskSource,
        processes: Sequence[HandlerProcess],
        report: Callable[[str], None],
    ) -> None:
        self._config, self._source, self._processes, self._report = config, source, processes, report
        self._stopping, self._killed = threading.Event(), threading.Event()
        self._holding: dict[HandlerProcess, Task] = {}
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._serve, args=(process,)) for process in processes]
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self.given_up = 0

    def run(self) -> None:
        for thread in (*self._threads, self._keeper):
            thread.start()
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Take nothing new, let what is being read end within its grace, put back what does not."""
        self._stopping.set()
        end = time.monotonic() + self._config.grace
        for thread in self._threads:
            with suppress(RuntimeError):  # it has not been started
                thread.join(max(0.0, end - time.monotonic()))
        self._killed.set()
        for process in self._processes:
            process.stop()
        for thread in self._threads:
            with suppress(RuntimeError):
                thread.join()

    def _serve(self, process: HandlerProcess) -> None:
        while not self._stopping.is_set():
            try:
                task = self._source.take()
                if task is None and self._config.until_done and self._source.is_finished():
                    return
            except FolioError as error:
                self._report(f"{error.message} {error.hint}")
                self._stopping.wait(_OUTAGE_SECONDS)
                continue
            if task is None:
                self._stopping.wait(_IDLE_SECONDS)
            else:
                self._read(process, task)

    def _read(self, process: HandlerProcess, task: Task) -> None:
        with self._lock:
            self._holding[process] = task
        try:
            answer = process.invoke(task.event, self._config.seconds, task.event["Records"][0]["messageId"])
            failed = bool(answer["batchItemFailures"])
        except (EngineFailed, EngineTimeout) as error:
            failed = True
            if not self._killed.is_set():
                self._report(f"{task.name}: {error.message}")
        with self._lock:  # the keeper may have renewed it meanwhile
            task = self._holding.pop(process)
        try:
            self._finish(task, failed=failed)
        except FolioError as error:  # what is held is free by itself after a minute
            self._report(f"{task.name}: {error.message}")

    def _finish(self, task: Task, *, failed: bool) -> None:
        if not failed:
            self._source.done(task)
        elif self._killed.is_set():
            self._source.put_back(task)
        elif self._source.failed(task):
            self.given_up += 1
            self._report(f"{task.name} is given up; the log says why each attempt failed.")

    def _keep(self) -> None:
        while not self._killed.wait(self._config.lease / 4):
            with self._lock:
                for process, task in self._holding.items():
                    try:
                        self._holding[process] = self._source.renew(task)
                    except FolioError as error:
                        self._report(f"{task.name}: {error.message}")
