"""From the bucket to the function behind it: what the rule, the queue and Lambda's trigger do in AWS."""

import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote_plus

from folio import keys as naming
from folio.errors import EngineFailed, EngineTimeout
from folio.jobs import records
from folio.serve.local_aws import REGION
from folio.stores.base import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

SECONDS = 900  # for one document, as in the template
MOST_WAITING = 200  # documents in the queue
_AGAIN = 5  # seconds until a document that failed is tried again
_QUEUE = "folio-uploads"

type Message = dict[str, Any]


class Function(Protocol):
    """What reads documents: a process (`environments.Environment`), or a container (scripts/start_api.py)."""

    def invoke(self, event: Message, seconds: float, request_id: str) -> Any:
        """The handler's answer. Raises EngineFailed, EngineTimeout."""
        ...

    def stop(self) -> None: ...


class Uploads:
    """The queue of uploaded documents, and the functions that read them, one document at once each."""

    def __init__(
        self, s3: "S3Client", sqs: "SQSClient", functions: Sequence[Function], bucket: str, store: Store, attempts: int
    ) -> None:
        self._attempts, self._store, self._sqs = attempts, store, sqs
        made = self._sqs.create_queue(QueueName=_QUEUE, Attributes={"VisibilityTimeout": str(SECONDS + 60)})
        self._queue = made["QueueUrl"]
        wanted = {"QueueArn": f"arn:aws:sqs:{REGION}:123456789012:{_QUEUE}", "Events": ["s3:ObjectCreated:*"]}
        s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": [wanted]},  # type: ignore[list-item] # names of events
        )
        self._ended = threading.Event()
        self._functions = functions
        self._threads = [threading.Thread(target=self._serve, args=(one,)) for one in functions]
        for thread in self._threads:
            thread.start()

    def are_many(self) -> bool:
        """Whether more wait than there should."""
        name = "ApproximateNumberOfMessages"
        told = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=[name])  # type: ignore[list-item]
        return int(told["Attributes"][name]) >= MOST_WAITING  # type: ignore[index]

    def _serve(self, function: Function) -> None:
        while not self._ended.is_set():
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

    def _invoke(self, function: Function, message: Message, keys: list[str]) -> None:
        attempt = int(message["Attributes"]["ApproximateReceiveCount"])
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "eventSource": "aws:sqs",
        }
        try:
            again = function.invoke({"Records": [record]}, SECONDS, message["MessageId"])["batchItemFailures"]
        except (EngineFailed, EngineTimeout) as error:
            again = True
            if attempt >= self._attempts and not self._ended.is_set():
                for key in keys:  # the function itself cannot say it any more
                    records.give_up(self._store, key, error)
        if self._ended.is_set():
            return
        if again and attempt < self._attempts:
            self._sqs.change_message_visibility(
                QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=_AGAIN
            )
        else:
            self._delete(message["ReceiptHandle"])

    def _delete(self, receipt: str) -> None:
        self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=receipt)

    def stop(self) -> None:
        """What is being read is left: the bucket goes with it."""
        self._ended.set()
        for function in self._functions:
            function.stop()
        for thread in self._threads:
            thread.join(5)


def _documents(body: str) -> list[str]:
    """The keys a notification tells of, without ours: what the template's rule lets through."""
    records = json.loads(body).get("Records", [])
    keys = [unquote_plus(record["s3"]["object"]["key"]) for record in records]
    return [key for key in keys if not naming.is_ours(key)]
