"""The built function behind `sam local start-api` keeps what the API promises, as `folio serve` does."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts.start_api import free_port, start_api

from tests.support.api.conformance import ONE, Conformance
from tests.support.api.fuzzing import Fuzz
from tests.support.api.twin import Twin, client
from tests.support.paths import ROOT
from tests.support.processes.serving import Api

__all__ = ["client"]  # the fixture

# Of the made-up requests that `folio serve` gets: each takes ten times as long here. With 1 it is all 2,000.
SHARE = float(os.environ.get("FOLIO_SAM_SHARE", "0.2"))


@pytest.fixture(scope="module")
def api(built: Path, image: str) -> Iterator[Api]:
    port = free_port()
    with start_api(built, port) as s3:
        yield Api(f"http://127.0.0.1:{port}/", reach=lambda url: url.replace(s3.endpoint, s3.client.meta.endpoint_url))


@pytest.fixture(scope="module")
def openapi() -> Any:
    return json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


class TestConformance(Conformance):
    pass


class TestTwin(Twin):
    pass


def test_the_page_is_there(api: Api) -> None:
    page = api.call("GET", "")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert api.call("GET", "assets/app.js").headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_made_up_requests_are_answered_as_documented(api: Api, tell: Callable[[str], None]) -> None:
    *_, done = api.finished(api.upload(ONE, filename="a.pdf"))
    fuzz = Fuzz(api, [done["id"]], keys=False, share=SHARE)
    fuzz.run()
    tell(f"{sum(fuzz.answers.values())} requests: {dict(sorted(fuzz.answers.items()))}")
    assert fuzz.faults == {}
    assert not [answer for answer in fuzz.answers if answer[1] >= 500]
