"""A worker's documents from an SQS queue: what another worker has is hidden for the lease, and that is renewed."""

import json
from typing import TYPE_CHECKING

from folio.ops.stack import translated
from folio.s3_events import UnknownEvent, uploads
from folio.serve.tasks import Task, sqs_event

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_WAIT_SECONDS = 2  # for a message to come: a worker that is stopped ends that late
_RETRY_SECONDS = 60


class UploadQueue:
    """Messages of a queue. One that failed is seen again after a minute; the queue's own rule says how often."""

    def __init__(self, url: str, lease: float, sqs: "SQSClient | None" = None) -> None:
        import boto3

        self._url, self._lease = url, int(lease)
        region = {"region_name": _region(url)} if _region(url) else {}
        with translated():
            self._sqs = sqs or boto3.client("sqs", **region)  # type: ignore[call-overload] # a keyword or none
        self.is_finished()  # raises where there is no such queue

    def take(self) -> Task | None:
        with translated():
            received = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=_WAIT_SECONDS,
                VisibilityTimeout=self._lease,
                AttributeNames=["ApproximateReceiveCount"],
            )
        for message in received.get("Messages", []):
            attempt = int(message.get("Attributes", {}).get("ApproximateReceiveCount", "1"))
            event = sqs_event(message["MessageId"], message["Body"], attempt)
            return Task(_named(message["Body"]), event, message["ReceiptHandle"])
        return None

    def renew(self, task: Task) -> Task:
        self._hide(task, self._lease)
        return task

    def done(self, task: Task) -> None:
        with translated():
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=task.handle)

    def failed(self, task: Task) -> bool:
        """Delete nothing that failed: the queue moves it to its dead-letter queue, or forgets it in its own time."""
        self._hide(task, _RETRY_SECONDS)
        return False

    def put_back(self, task: Task) -> None:
        self._hide(task, 0)

    def is_finished(self) -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with translated():
            queue = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)  # type: ignore[arg-type]
        return not any(int(queue["Attributes"].get(name, "0")) for name in names)  # type: ignore[call-overload]

    def _hide(self, task: Task, seconds: int) -> None:
        with translated():
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=task.handle, VisibilityTimeout=seconds
            )


def _region(url: str) -> str:
    """Return the region in a queue's address in AWS, or nothing: https://sqs.REGION.amazonaws.com/ACCOUNT/NAME."""
    host = url.partition("://")[2].partition("/")[0].split(".")
    return host[1] if len(host) > 3 and host[0] == "sqs" and host[2] == "amazonaws" else ""


def _named(body: str) -> str:
    """Return the documents of a message, for the log."""
    try:
        return ", ".join(f"s3://{upload.bucket}/{upload.key}" for upload in uploads(json.loads(body))) or "no document"
    except (ValueError, UnknownEvent):
        return "a message that is no upload"
