"""A bucket as a deployed Folio has it, and the real handler reading from it."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from folio import keys
from folio.models import ErrorReport, Result, decode
from folio.serve.local_lambda import LocalContext
from folio.wiring import s3_services
from handlers.telemetry import logger
from handlers.upload import handler
from tests.clouds import cloud_servers
from tests.fakes.cloud import CloudServer
from tests.integration.deployed import Deployed, deploy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
EVENTS = ROOT / "events"
BUCKET = "folio-input-123456789012-us-east-1"  # the one the events tell of

needs_tools = pytest.mark.skipif(
    not (shutil.which("tesseract") and shutil.which("pdftoppm")),
    reason="tesseract or pdftoppm is not on PATH; `make setup` installs them",
)


def load(name: str) -> Any:
    return json.loads((EVENTS / name).read_text("utf-8"))


class Inbox:
    """The bucket, and the function behind it."""

    def __init__(self, client: "S3Client", log: io.StringIO) -> None:
        self.client = client
        self._log = log

    def put(self, key: str, body: bytes, **options: str) -> str:
        """Upload with options as metadata; the ETag."""
        metadata = {f"folio-{name}": value for name, value in options.items()}
        return self.client.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata=metadata)["ETag"].strip('"')

    def send(self, event: dict[str, Any], seconds: float = 300) -> list[str] | None:
        """Invoke the function; the messages it wants again, or None if the event was none of SQS's."""
        answer = handler(event, LocalContext(seconds))  # type: ignore[arg-type] # all a handler may ask of it
        return None if answer is None else [item["itemIdentifier"] for item in answer["batchItemFailures"]]

    def deliver(self, key: str, etag: str, attempt: int = 1, seconds: float = 300) -> bool:
        """One upload as the queue delivers it; whether it is done with (or else comes again)."""
        event = load("sqs-eventbridge.json")
        (message,) = event["Records"]
        body = json.loads(message["body"])
        body["detail"]["object"] |= {"key": key, "etag": etag}
        message["body"] = json.dumps(body)
        message["attributes"]["ApproximateReceiveCount"] = str(attempt)
        return not self.send(event, seconds)

    def read(self, key: str, body: bytes, **options: str) -> list[str]:
        """Upload and deliver; what lies in the bucket afterwards."""
        assert self.deliver(key, self.put(key, body, **options))
        return self.keys()

    def keys(self) -> list[str]:
        return sorted(item["Key"] for item in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", []))

    def body(self, key: str) -> bytes:
        return self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def result(self, key: str) -> Result:
        return decode(self.body(keys.result_key(key)), Result)

    def error(self, key: str) -> ErrorReport:
        return decode(self.body(keys.error_key(key)), ErrorReport)

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.getvalue().splitlines()]


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


def remove_bucket(client: "S3Client", bucket: str) -> None:
    """A bucket with all versions in it."""
    versions = client.list_object_versions(Bucket=bucket)
    for item in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
        client.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])
    client.delete_bucket(Bucket=bucket)
