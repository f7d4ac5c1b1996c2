"""The API as its callers see it: `folio serve` in a process of its own, and a client for that or for any other."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from msgspec import Struct

from tests.support.processes.running import FOLIO, environment, leaving_nothing

KEY, OTHER_KEY = "a-key-for-tests", "another-key-for-tests"
FINISHED = ("complete", "partial", "failed")

type Json = dict[str, Any]


class Api(Struct, frozen=True):
    """An API at an address. `reach` makes an address of its bucket one that can be reached from here, `deliver` sees to
    it that a document that was put there is read.
    """

    url: str
    key: str = KEY
    reach: Callable[[str], str] = lambda url: url
    deliver: Callable[[str], None] = lambda _job: None
    pid: int = 0

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"X-Api-Key": self.key} | more.pop("headers", {})
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=120, **more)

    def get(self, path: str, accept: str = "application/json") -> requests.Response:
        return self.call("GET", path, headers={"Accept": accept})

    def read(self, body: bytes, accept: str = "application/json", **more: Any) -> requests.Response:
        """POST v1/documents with the document as it is; options are parameters."""
        headers = {"Content-Type": "application/octet-stream", "Accept": accept} | more.pop("headers", {})
        return self.call("POST", "v1/documents", data=body, headers=headers, params=more)

    def upload(self, body: bytes, **asked: Any) -> str:
        """Through the bucket; the job."""
        told = self.call("POST", "v1/uploads", json=asked)
        assert told.status_code == 201, told.text
        form = told.json()
        put = requests.post(self.reach(form["url"]), data=form["fields"], files={"file": body}, timeout=300)
        assert put.ok, put.text
        return str(form["job"])

    def job(self, job: str) -> Json:
        answer = self.get(f"v1/jobs/{job}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def finished(self, job: str, seconds: float = 120) -> list[Json]:
        """What was told of a job until it was finished, the last last."""
        self.deliver(job)
        end = time.monotonic() + seconds
        told = [self.job(job)]
        while told[-1]["state"] not in FINISHED:
            assert time.monotonic() < end, told[-1]
            time.sleep(0.3)
            told.append(self.job(job))
        return told

    def fetch(self, url: str) -> bytes:
        answer = requests.get(self.reach(url), timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.content


@contextmanager
def serving(
    *arguments: str,
    keys: tuple[str, ...] = (KEY, OTHER_KEY),
    settings: Mapping[str, str] | None = None,
    end: signal.Signals = signal.SIGINT,
    command: Sequence[str] = FOLIO,
) -> Iterator[Api]:
    """`folio serve` on a port of its own, until the end of the block; then it must stop in order, with all it started,
    whatever it is doing, and leave no file.
    """
    with TemporaryDirectory() as folder:
        log, scratch = Path(folder) / "log", Path(folder) / "scratch"
        scratch.mkdir()
        asked = [part for key in keys for part in ("--api-key", key)]
        with log.open("wb") as file:
            process = subprocess.Popen(
                [*command, "serve", "--port", "0", *asked, *arguments],
                env=environment(TMPDIR=str(scratch), **(settings or {})),
                stdout=subprocess.PIPE,
                stderr=file,
                start_new_session=True,
            )
            try:
                yield Api(_address(process, log), pid=process.pid)
            finally:
                with leaving_nothing(process):
                    process.send_signal(end)
                    assert process.wait(30) == 0, log.read_text()
        assert list(scratch.iterdir()) == []
        assert "Traceback" not in log.read_text(), log.read_text()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """What it says once it can be called."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()  # empty if it ended
    assert "http://" in line, log.read_text()
    return next(word for word in line.split() if word.startswith("http://"))
