"""A bucket as a deployed Folio has it, and the real handler reading from it."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from folio.wiring import s3_services
from handlers.telemetry import logger
from tests.fakes.cloud.server import CloudServer
from tests.support.aws.deployed import Deployed, deploy
from tests.support.aws.inbox import BUCKET, Inbox, remove_bucket
from tests.support.clouds import cloud_servers

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture
def inbox(moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """An empty bucket; the handler finds it through its environment, as it would find AWS."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto_s3.meta.endpoint_url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    log = io.StringIO()
    # It keeps the standard output of the moment it was imported, which is no test's.
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    s3_services.cache_clear()  # a warm function keeps its tools; another test's pointed elsewhere
    moto_s3.create_bucket(Bucket=BUCKET)
    yield Inbox(moto_s3, log)
    remove_bucket(moto_s3, BUCKET)
    s3_services.cache_clear()


@pytest.fixture
def deployed(moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """The whole stack, as far as moto knows it."""
    with deploy(moto_s3.meta.endpoint_url, monkeypatch) as stack:
        yield stack


@pytest.fixture
def servers() -> Iterator[dict[str, CloudServer]]:
    """The paid services."""
    with cloud_servers() as servers:
        yield servers
