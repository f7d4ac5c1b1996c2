"""`folio serve` keeps what the API promises, and the promises of API Gateway that are its own."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.support.api.conformance import ONE, Conformance, problem
from tests.support.api.fuzzing import Fuzz
from tests.support.paths import ROOT
from tests.support.processes.serving import OTHER_KEY, Api, serving
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

REQUESTS = size(200, full=2000)


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as api:
        yield api


@pytest.fixture(scope="module")
def openapi() -> Any:
    return json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


class TestConformance(Conformance):
    pass


@pytest.mark.soak
@pytest.mark.slow("hundreds of requests, made up by schemathesis, which takes longer for that than we for the answers")
@pytest.mark.timeout(1200)
def test_made_up_requests_are_answered_as_documented(api: Api, tell: Callable[[str], None]) -> None:
    *_, done = api.finished(api.upload(ONE, filename="a.pdf"))
    fuzz = Fuzz(api, [done["id"]], keys=True, share=REQUESTS / 2000)
    fuzz.run()
    tell(f"{sum(fuzz.answers.values())} requests: {dict(sorted(fuzz.answers.items()))}")
    assert fuzz.faults == {}
    assert sum(fuzz.answers.values()) >= REQUESTS
    assert not [answer for answer in fuzz.answers if answer[1] >= 500]
    assert {status for name, status in fuzz.answers if name == "getPage"} >= {200, 404}, "some were about a job"


def test_a_job_of_somebody_else_is_not_there(api: Api) -> None:
    *_, done = api.finished(api.upload(ONE, filename="a.pdf"))
    other = Api(api.url, OTHER_KEY)
    for path in (f"v1/jobs/{done['id']}", f"v1/jobs/{done['id']}/pages/1"):
        assert api.get(path).status_code == 200
        told, unknown = (problem(other.get(one), 404) for one in (path, path.replace(done["id"], "A" * 32)))
        assert told.detail == unknown.detail, "it does not say that there is one"


def test_every_call_has_an_id_of_its_own(api: Api) -> None:
    assert len({api.get("v1/health").headers["X-Request-Id"] for _ in range(3)}) == 3


def test_nobody_gets_in_without_a_key_but_to_the_page(api: Api) -> None:
    for path in ("v1/health", "v1/providers", "v1/jobs/abc", "v1/nothing"):
        assert requests.get(api.url + path, timeout=60).status_code == 401
        assert requests.get(api.url + path, headers={"X-Api-Key": "wrong"}, timeout=60).status_code == 401
    assert requests.get(api.url, timeout=60).status_code == 200
    assert requests.get(f"{api.url}assets/app.js", timeout=60).status_code == 200
    assert requests.get(f"{api.url}assets/nothing.js", timeout=60).status_code == 404
