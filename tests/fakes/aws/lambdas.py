"""The Lambda service on loopback: real handlers in processes of their own, which it kills, throttles and calls twice.

Requests to all other services go on to moto, so that Step Functions' interpreter there, which knows one address, finds
both.
"""

import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from tests.support.paths import ROOT
from tests.support.processes.running import environment, stop_tree

_INVOKE = re.compile(r"/2015-03-31/functions/(?:arn:[^/]*:function:|arn%3A.*function%3A)?([a-z]+)/invocations")
_ID = "x-amzn-RequestId"
THROTTLED = (
    429,
    {_ID: "1", "x-amzn-errortype": "TooManyRequestsException"},
    b'{"Type":"User","message":"Rate Exceeded."}',
)
_KILLED = {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited with error: signal: killed"}


class Fault(Struct, frozen=True):
    """What happens to one invocation: nothing, `kill` (after so many seconds), `throttle`, `twice`, or a class of error
    that the function raises."""

    kind: str = "none"
    seconds: float = 0.0


class Invocation(Struct):
    """One that reached a function, or was throttled; `error` is the class of what it raised."""

    function: str
    event: dict[str, Any]
    fault: Fault
    error: str | None = None


class Storm:
    """Faults by chance for one function; `share` of its invocations have one. The last ones of many have none."""

    def __init__(self, function: str, share: float, seconds: float, seed: int = 7) -> None:
        self._function, self._share, self._seconds = function, share, seconds
        self._random = random.Random(seed)

    def __call__(self, function: str, event: dict[str, Any]) -> Fault:
        if function != self._function or event.get("attempt") != "next" or self._random.random() >= self._share:
            return Fault()
        kind = self._random.choice(["kill", "throttle", "twice"])
        return Fault(kind, self._random.uniform(0, self._seconds))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # five, as usual, lose connections where many call at once


class Lambdas:
    """A region's functions, by the names of their modules in `handlers`."""

    def __init__(self, moto: str, folder: Path, path: str | None, **settings: str) -> None:
        """`path`: where their programs are looked for first."""
        self.invocations: list[Invocation] = []
        self.requests: list[tuple[str, str, int]] = []  # method, target and status of what went on to moto
        self.faults: Callable[[str, dict[str, Any]], Fault] = lambda _function, _event: Fault()
        self.seconds = 300.0
        self._moto = urlsplit(moto).netloc
        self._log = (folder / "functions.log").open("ab")
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        self._all: list[subprocess.Popen[bytes]] = []
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        first = {"PATH": f"{path}:{environment()['PATH']}"} if path else {}
        aws = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "POWERTOOLS_METRICS_DISABLED": "true",
        }
        path_of_tests = f"{ROOT / 'functions'}:{ROOT}"
        self._environment = environment(**{**aws, **first, **settings, "PYTHONPATH": path_of_tests})

    @contextmanager
    def running(self) -> Iterator["Lambdas"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            for process in self._all:
                stop_tree(process.pid)
                process.wait()
            self._log.close()

    def stop_functions(self, **settings: str) -> None:
        """Those that start from now on have these settings besides."""
        self._environment |= settings
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            stop_tree(process.pid)

    def wait_until_idle(self, seconds: float) -> None:
        """Those that were invoked by an execution that was stopped run to their end nevertheless."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self._lock:
                running = sum(process.poll() is None for process in self._all) - len(self._idle)
            if running <= 0:
                return
            time.sleep(0.1)
        raise TimeoutError(f"Functions still run after {seconds} seconds.")

    def invoke(self, function: str, event: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the service's answer."""
        done = Invocation(function, event, self.faults(function, event))
        self.invocations.append(done)
        fault = done.fault
        if fault.kind == "throttle":
            done.error = "TooManyRequestsException"
            return THROTTLED
        if fault.kind == "twice":
            other = threading.Thread(target=self._run, args=(function, event, Fault()))
            other.start()
            answer = self._run(function, event, Fault())
            other.join()
        elif fault.kind in ("none", "kill"):
            answer = self._run(function, event, fault)
        else:
            answer = {"error": {"errorType": fault.kind, "errorMessage": "As the test wants it."}}
        if error := answer.get("error"):
            done.error = error["errorType"]
            return 200, {_ID: "1", "X-Amz-Function-Error": "Unhandled"}, json.dumps(error).encode()
        return 200, {_ID: "1"}, json.dumps(answer["payload"]).encode()

    def _run(self, function: str, event: dict[str, Any], fault: Fault) -> dict[str, Any]:
        process = self._take()
        killer = threading.Timer(fault.seconds, stop_tree, [process.pid])
        if fault.kind == "kill":
            killer.start()
        try:
            assert process.stdin
            assert process.stdout
            call = {"function": function, "event": event, "seconds": self.seconds}
            process.stdin.write(json.dumps(call).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            killer.cancel()
        if not line:
            process.wait()
            return {"error": _KILLED}
        with self._lock:
            self._idle.append(process)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.poll() is None:
                    return process
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.aws.function"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        with self._lock:
            self._all.append(process)
        return process

    def forward(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self._moto, timeout=120)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        with self._lock:
            self.requests.append((method, target, answer.status))
        return answer.status, dict(answer.getheaders()), content


class Account(Lambdas):
    """A region's functions in an account that runs so many at a time: one more is refused, whoever calls it."""

    limit = 10  # what a new account has

    def __init__(self, moto: str, folder: Path, path: str | None, **settings: str) -> None:
        super().__init__(moto, folder, path, **settings)
        self.throttled: Counter[str] = Counter()
        self.peak = 0
        self._running = 0
        self._counting = threading.Lock()

    def invoke(self, function: str, event: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        with self._counting:
            if self._running == self.limit:
                self.throttled[function] += 1
                return THROTTLED
            self._running += 1
            self.peak = max(self.peak, self._running)
        try:
            return super().invoke(function, event)
        finally:
            with self._counting:
                self._running -= 1

    def is_full(self) -> bool:
        with self._counting:
            return self._running == self.limit


def _handler(lambdas: Lambdas) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if match := _INVOKE.fullmatch(urlsplit(self.path).path):
                status, headers, content = lambdas.invoke(match[1], json.loads(body))
            else:
                headers = {name: value for name, value in self.headers.items() if name.lower() != "transfer-encoding"}
                status, headers, content = lambdas.forward(self.command, self.path, headers, body)
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                    self.send_header(name, value)
            length = headers.get("Content-Length", str(len(content))) if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (the names http.server calls)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    return Handler


def wait_for(client: Any, execution: str, seconds: float) -> dict[str, Any]:
    """A Step Functions execution's description once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found: dict[str, Any] = client.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.2)
    raise TimeoutError(f"The execution did not end within {seconds} seconds.")
