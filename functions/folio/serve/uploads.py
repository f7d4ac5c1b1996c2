"""The way from the bucket to the upload function: what the rule, the queue and Lambda's trigger do in AWS."""

import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote_plus

from folio.errors import EngineFailed, EngineTimeout
from folio.jobs import records
from folio.keys import is_held_back
from folio.serve.local_aws import REGION
from folio.serve.tasks import sqs_event
from folio.stores.base import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

FUNCTION_SECONDS = 900  # for one document, as in the template
MAX_QUEUED = 200  # documents
_RETRY_SECONDS = 5  # until a document that failed is tried again
_JOIN_SECONDS = 5
_QUEUE_NAME = "folio-uploads"

type Message = dict[str, Any]


class UploadFunction(Protocol):
    """What reads documents: a process (`lambda_processes.HandlerProcess`), or a container (scripts/start_api.py)."""

    def invoke(self, event: Message, seconds: float, request_id: str) -> Any:
        """Return the handler's answer. Raises EngineFailed, EngineTimeout."""
        ...

    def stop(self) -> None: ...


class Uploads:
    """The queue of uploaded documents, and the functions that read them, each one document at a time."""

    def __init__(
        self,
        s3: "S3Client",
        sqs: "SQSClient",
        functions: Sequence[UploadFunction],
        bucket: str,
        store: Store,
        attempts: int,
    ) -> None:
        self._attempts, self._store, self._sqs = attempts, store, sqs
        timeout = str(FUNCTION_SECONDS + 60)
        queue = self._sqs.create_queue(QueueName=_QUEUE_NAME, Attributes={"VisibilityTimeout": timeout})
        self._queue = queue["QueueUrl"]
        rule = {"QueueArn": f"arn:aws:sqs:{REGION}:123456789012:{_QUEUE_NAME}", "Events": ["s3:ObjectCreated:*"]}
        s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": [rule]},  # type: ignore[list-item] # names of events
        )
        self._stopped = threading.Event()
        self._functions = functions
        self._threads = [threading.Thread(target=self._serve, args=(function,)) for function in functions]
        for thread in self._threads:
            thread.start()

    def queue_is_full(self) -> bool:
        """Whether MAX_QUEUED documents or more wait to be read."""
        name = "ApproximateNumberOfMessages"
        queue = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=[name])  # type: ignore[list-item]
        return int(queue["Attributes"][name]) >= MAX_QUEUED  # type: ignore[index]

    def _serve(self, function: UploadFunction) -> None:
        while not self._stopped.is_set():
            received = self._sqs.receive_message(
                QueueUrl=self._queue,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=1,
                AttributeNames=["ApproximateReceiveCount"],
            )
            for message in received.get("Messages", []):
                if keys := _documents(message["Body"]):
                    self._invoke(function, message, keys)  # type: ignore[arg-type] # a message is a dictionary
                else:
                    self._delete(message["ReceiptHandle"])

    def _invoke(self, function: UploadFunction, message: Message, keys: list[str]) -> None:
        attempt = int(message["Attributes"]["ApproximateReceiveCount"])
        event = sqs_event(message["MessageId"], message["Body"], attempt)
        try:
            failed = function.invoke(event, FUNCTION_SECONDS, message["MessageId"])["batchItemFailures"]
        except (EngineFailed, EngineTimeout) as error:
            failed = True
            if attempt >= self._attempts and not self._stopped.is_set():
                for key in keys:  # the function itself cannot say it any more
                    records.give_up(self._store, key, error)
        if self._stopped.is_set():
            return
        if failed and attempt < self._attempts:
            self._sqs.change_message_visibility(
                QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=_RETRY_SECONDS
            )
        else:
            self._delete(message["ReceiptHandle"])

    def _delete(self, receipt: str) -> None:
        self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=receipt)

    def stop(self) -> None:
        """Stop the functions in the middle of their work; the bucket with the documents is gone next."""
        self._stopped.set()
        for function in self._functions:
            function.stop()
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)


def _documents(body: str) -> list[str]:
    """Return the keys in a notification: what the template's rule lets through."""
    records = json.loads(body).get("Records", [])
    keys = [unquote_plus(record["s3"]["object"]["key"]) for record in records]
    return [key for key in keys if not is_held_back(key)]
