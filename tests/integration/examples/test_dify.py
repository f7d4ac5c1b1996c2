"""The plugin for Dify, run by Dify's own SDK: this test is the daemon that starts it and speaks to it."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.paths import ROOT
from tests.support.processes.running import environment
from tests.support.processes.serving import KEY, Api, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("a server and a plugin, both started")]

SECRET = "Marigold"
PLUGIN = ROOT / "examples" / "dify"
MANY = 30  # pages, which is more than a call answers with

type Json = dict[str, Any]


class Daemon:
    """What Dify starts a plugin with and how it calls it: a JSON object a line, both ways."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._calls = process, 0

    def next(self) -> Json:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.strip():
                message: Json = json.loads(line)
                if message.get("event") not in ("heartbeat", "log"):
                    return message
        raise AssertionError("the plugin has ended")

    def call(self, action: str, **request: Any) -> list[Json]:
        """All that the plugin answers to a call with, until it says that this is the end."""
        assert self._process.stdin
        self._calls += 1
        session = str(self._calls)
        data = {"type": "tool", "action": action, "user_id": "ann", "provider": "folio", **request}
        self._process.stdin.write(json.dumps({"session_id": session, "event": "request", "data": data}) + "\n")
        self._process.stdin.flush()
        answers: list[Json] = []
        while (message := self.next())["data"]["type"] != "end":
            assert message["session_id"] == session
            answers.append(message["data"])
        return answers

    def read(self, url: str, credentials: Json, **parameters: str) -> list[Json]:
        file = {"dify_model_identity": "__dify__file__", "url": url, "type": "document", "filename": "letter.pdf"}
        return self.call(
            "invoke_tool", tool="read_document", credentials=credentials, tool_parameters={"file": file, **parameters}
        )


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as api:
        yield api


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    log = tmp_path_factory.mktemp("dify") / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "main.py"],
            cwd=PLUGIN,
            env=environment(PYTHONDONTWRITEBYTECODE="1", NO_PROXY="127.0.0.1"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            daemon = Daemon(process)
            assert daemon.next()["name"] == "folio"  # the manifest
            yield daemon
        finally:
            process.kill()
            process.communicate(timeout=30)
    assert SECRET not in log.read_text()
    assert KEY not in log.read_text()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where Dify keeps the files of its users."""
    folder = tmp_path_factory.mktemp("files")
    pages = [PdfPage(content=text(f"{SECRET} Lane 7", "Total: 42.50")), PdfPage(content=text("Second page"))]
    (folder / "letter.pdf").write_bytes(make_pdf(*pages))
    (folder / "long.pdf").write_bytes(make_pdf(*(PdfPage(content=text(f"Page {n} of many")) for n in range(MANY))))
    (folder / "large.pdf").write_bytes(make_pdf(PdfPage(content=text("Large"))) + b"%" + b"x" * 11_000_000 + b"\n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing that can be read")
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


def shown(answers: list[Json]) -> tuple[str, Json]:
    """The text and the JSON of a tool's answers."""
    kinds = [answer["data"]["type"] for answer in answers]
    assert kinds == ["text", "json"], answers
    message: Json = answers[1]["data"]["message"]["json_object"]
    return answers[0]["data"]["message"]["text"], message


def refused(answers: list[Json]) -> Json:
    (answer,) = answers
    assert answer["type"] == "error"
    error: Json = answer["data"]
    return error


def test_a_document_is_read_with_its_lines_and_boxes(daemon: Daemon, api: Api, files: str) -> None:
    told, result = shown(daemon.read(files + "letter.pdf", {"url": api.url, "key": KEY}))
    assert f"{SECRET} Lane 7" in told
    assert result["status"] == "complete"
    first, second = result["pages"]
    assert [line["text"] for line in first["lines"]] == [f"{SECRET} Lane 7", "Total: 42.50"]
    for left, top, right, bottom in (line["box"] for line in first["lines"]):
        assert 0 < left < right < first["width"]
        assert 0 < top < bottom < first["height"]
    assert second["text"] == "Second page"


def test_options_go_with_it(daemon: Daemon, api: Api, files: str) -> None:
    _, result = shown(daemon.read(files + "letter.pdf", {"url": api.url, "key": KEY}, pages="2", mode="auto"))
    assert [page["number"] for page in result["pages"]] == [2]


@pytest.mark.parametrize(("name", "pages"), [("long.pdf", MANY), ("large.pdf", 1)])
def test_long_and_large_documents_become_jobs_which_are_waited_for_and_deleted(
    daemon: Daemon, api: Api, files: str, name: str, pages: int
) -> None:
    _, result = shown(daemon.read(files + name, {"url": api.url, "key": KEY}))
    assert len(result["pages"]) == pages


def test_errors_are_sentences_that_say_what_to_do(daemon: Daemon, api: Api, files: str) -> None:
    broken = refused(daemon.read(files + "broken.pdf", {"url": api.url, "key": KEY}))
    assert broken["error_type"] == "FolioApiError"
    assert "damaged" in broken["message"].lower()
    options = refused(daemon.read(files + "letter.pdf", {"url": api.url, "key": KEY}, pages="x"))
    assert "pages" in options["message"]
    for credentials in ({"url": api.url, "key": "wrong"}, {"url": api.url}):
        assert "key" in refused(daemon.read(files + "letter.pdf", credentials))["message"].lower()
    assert KEY not in str([broken, options])


def test_settings_are_checked_before_they_are_kept(daemon: Daemon, api: Api) -> None:
    def check(**credentials: str) -> list[Json]:
        return daemon.call("validate_tool_credentials", credentials=credentials)

    (accepted,) = check(url=api.url, key=KEY)
    assert (accepted["type"], accepted["data"]) == ("stream", {"result": True})
    wrong = refused(check(url=api.url, key="wrong"))
    elsewhere = [refused(check(url=url, key=KEY)) for url in ("http://127.0.0.1:9/", "nonsense", "ftp://host/", "")]
    assert {error["error_type"] for error in (wrong, *elsewhere)} == {"ToolProviderCredentialValidationError"}
    assert "key" in wrong["message"].lower()
    assert all("cannot be reached" in error["message"] for error in elsewhere)
