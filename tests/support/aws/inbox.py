"""A bucket as a deployed Folio has it, and the real handler reading from it."""

import io
import json
from typing import TYPE_CHECKING, Any

from folio import keys
from folio.models import ErrorReport, Result, decode
from folio.serve.local_lambda import LocalContext
from handlers.upload import handler
from tests.support.paths import EVENTS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "folio-input-123456789012-us-east-1"  # the one the events tell of


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

    def result(self, key: str, pages: str = "") -> Result:
        return decode(self.body(keys.result_key(key, pages)), Result)

    def error(self, key: str) -> ErrorReport:
        return decode(self.body(keys.error_key(key)), ErrorReport)

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.getvalue().splitlines()]


def remove_bucket(client: "S3Client", bucket: str) -> None:
    """A bucket with all versions in it."""
    versions = client.list_object_versions(Bucket=bucket)
    for item in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
        client.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])
    client.delete_bucket(Bucket=bucket)
