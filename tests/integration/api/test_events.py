"""Server-sent events of a job at `folio serve`, and a key where a network is served."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.api.conformance import ONE, problem
from tests.support.api.twin import MANY
from tests.support.processes.running import FOLIO, environment
from tests.support.processes.serving import OTHER_KEY, Api, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("a server, and a document of many pages")]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(settings={"FOLIO_JOBS": "1", "FOLIO_KEEP_SECONDS": "0.2"}) as api:
        yield api


def events(api: Api, job: str) -> list[dict[str, Any]]:
    """All events of a job, until the server ends them."""
    headers = {"X-Api-Key": api.key, "Accept": "text/event-stream"}
    with requests.get(f"{api.url}v1/jobs/{job}", headers=headers, stream=True, timeout=120) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = [line.decode() for line in answer.iter_lines() if line and not line.startswith(b":")]
    assert {*lines[::2]} == {"event: job"}
    return [json.loads(line.removeprefix("data: ")) for line in lines[1::2]]


def test_a_job_is_told_as_it_changes_and_once_as_it_is(api: Api) -> None:
    job = api.read(MANY, headers={"Prefer": "respond-async"}).json()
    told = events(api, job["id"])
    assert (told[-1]["state"], told[-1]["pages"]) == ("complete", {"done": 12, "total": 12, "ready": "", "chosen": ""})
    done = [one["pages"]["done"] for one in told]
    assert done == sorted(done)
    seen = [(one["state"], one["pages"]["done"], one["pages"]["total"]) for one in told]
    assert len(seen) == len({*seen}) >= 2
    assert api.fetch(told[-1]["links"]["result"])
    assert [one["state"] for one in events(api, job["id"])] == ["complete"], "a finished job is told at once"


def test_events_are_for_those_who_may_see_the_job(api: Api) -> None:
    job = api.read(ONE, headers={"Prefer": "respond-async"}).json()["id"]
    other = Api(api.url, OTHER_KEY)
    problem(other.get(f"v1/jobs/{job}", "text/event-stream"), 404)
    problem(Api(api.url, "wrong").get(f"v1/jobs/{job}", "text/event-stream"), 401)


def test_a_client_that_leaves_leaves_nothing(api: Api) -> None:
    """More clients come and go than streams are allowed at once."""
    job = api.read(MANY, headers={"Prefer": "respond-async"}).json()["id"]
    host, port = api.url.removeprefix("http://").rstrip("/").split(":")
    headers = (f"Host: {host}:{port}", f"X-Api-Key: {api.key}", "Accept: text/event-stream", "", "")
    request = "\r\n".join((f"GET /v1/jobs/{job} HTTP/1.1", *headers))
    for _ in range(80):
        with socket.create_connection((host, int(port)), timeout=60) as caller:
            caller.sendall(request.encode())
            assert caller.recv(64).startswith(b"HTTP/1.1 200")
    assert events(api, job)[-1]["state"] == "complete"


def test_a_network_is_served_to_those_with_a_key_alone() -> None:
    import subprocess

    refused = subprocess.run(
        [*FOLIO, "serve", "--host", "0.0.0.0", "--port", "0"],
        env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (refused.returncode, "ask for a key (--api-key)" in refused.stderr) == (2, True)
    with serving("--host", "0.0.0.0") as api:
        local = Api(api.url.replace("0.0.0.0", "127.0.0.1"))
        assert local.read(ONE, "text/plain").text == "Larkfield\n"
        assert requests.get(f"{local.url}v1/health", timeout=60).status_code == 401
        hostname = Api(local.url.replace("127.0.0.1", "localhost"))
        assert hostname.get("v1/health").status_code == 200
