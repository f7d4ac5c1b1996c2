"""What several kinds of tests share."""

import os
import signal
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from hypothesis import settings
from jsonschema import Draft202012Validator

from folio.models import ErrorReport, Result, json_schema
from tests.support.browser.chromium import chromium
from tests.support.defaults import ENVIRONMENT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from playwright.sync_api import Browser

pytest_plugins = ("tests.support.plugins.engine", "tests.support.plugins.skips", "tests.support.plugins.times")

# Its tests are imported by the modules that run them somewhere.
pytest.register_assert_rewrite("tests.support.api.conformance", "tests.support.api.twin")

# In processes too that a test starts with this one's environment.
os.environ.update(ENVIRONMENT)

# The same examples in every run, and no time limit for one: on a busy machine either would fail at random.
settings.register_profile("folio", deadline=None, derandomize=True, database=None)
settings.load_profile("folio")

# A shell that starts tests in the background has them ignore Ctrl-C, and with them all that they start and end by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Has a figure that was measured stand at the end of the run, whichever process measured it."""
    return lambda figure: record_property("figure", figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    told = [
        text for report in reports if report.when == "call" for name, text in report.user_properties if name == "figure"
    ]
    if told:
        terminalreporter.section("figures")
    for text in told:
        terminalreporter.write_line(str(text))


@pytest.fixture(scope="session")
def moto_s3() -> Iterator["S3Client"]:
    """A client of an S3 on loopback, told everything: it looks for nothing in the environment."""
    from moto.server import ThreadedMotoServer  # of several seconds, and only some need it

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield boto3.client(
            "s3",
            endpoint_url=f"http://{host}:{port}",
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
    finally:
        server.stop()


@pytest.fixture
def own_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults of an installation that says nothing."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name)


@pytest.fixture
def bucket(moto_s3: "S3Client") -> str:
    """A bucket of this test alone."""
    name = f"test-{uuid4().hex}"
    moto_s3.create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="session")
def schema_result() -> Draft202012Validator:
    return Draft202012Validator(json_schema(Result))


@pytest.fixture(scope="session")
def schema_error() -> Draft202012Validator:
    return Draft202012Validator(json_schema(ErrorReport))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A headless Chromium; see tests/support/browser/chromium.py."""
    with chromium() as opened:
        yield opened
