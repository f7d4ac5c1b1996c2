"""The dead-letter queue: list the documents it holds with the reasons, and put them back into the upload queue.

A message is put back by sending a copy and deleting the original afterwards. If that is interrupted the message exists
twice, which does no harm: a document that was read is not read again. (Amazon SQS's own task for this,
StartMessageMoveTask, moves all messages or none.)
"""

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from msgspec import Struct

from folio import keys
from folio.ops.stack import Stack, translated
from folio.problems import error_class
from folio.s3_events import Upload, uploads

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_HIDDEN_SECONDS = 300  # how long a message is invisible to other readers, unless `show_again` ends it earlier
_BATCH_SIZE = 10  # messages in a request: Amazon SQS's limit


class DeadLetter(Struct, frozen=True, kw_only=True):
    """A message of the dead-letter queue. `upload` is None if its body is not an event that Folio knows."""

    id: str
    receipt: str
    body: str
    upload: Upload | None
    sent: int  # milliseconds since 1970
    reason: str


def list_dead_letters(stack: Stack, limit: int) -> list[DeadLetter]:
    """Return at most `limit` messages with their reasons, and leave them in the queue.

    Raises AccessDenied, StoreUnavailable.
    """
    with translated():
        return [_dead_letter(message, stack) for message in _receive(stack, limit)]


def _receive(stack: Stack, limit: int) -> Iterator["MessageTypeDef"]:
    received: set[str] = set()
    while len(received) < limit:
        messages = stack.sqs.receive_message(
            QueueUrl=stack.dead_letters,
            MaxNumberOfMessages=min(_BATCH_SIZE, limit - len(received)),
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=1,  # asks all of the queue's servers, and not just some
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        new = [message for message in messages if message["MessageId"] not in received]
        if not new:
            return
        received.update(message["MessageId"] for message in new)
        yield from new


def _dead_letter(message: "MessageTypeDef", stack: Stack) -> DeadLetter:
    upload = _upload(message["Body"])
    sent = int(message["Attributes"]["SentTimestamp"])
    return DeadLetter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        upload=upload,
        sent=sent,
        reason=_reason(message, upload, sent, stack),
    )


def _upload(body: str) -> Upload | None:
    """Return the first upload in a message's body, or None."""
    try:
        return next(iter(uploads(json.loads(body))), None)
    except ValueError:
        return None


def _reason(message: "MessageTypeDef", upload: Upload | None, sent: int, stack: Stack) -> str:
    attributes = message.get("MessageAttributes", {})
    if "ERROR_CODE" in attributes:  # EventBridge's, of an event that never reached the queue
        names = [name for name in ("ERROR_CODE", "ERROR_MESSAGE") if name in attributes]
        details = " ".join(attributes[name].get("StringValue", "") for name in names)
        return f"EventBridge could not deliver it: {details}"
    if upload is None:
        return "It is not an event Folio knows."
    if outcome := _outcome_meanwhile(upload, stack):
        return outcome
    if "reason" in attributes:  # from the workflow for long documents: the class of the error that ended it
        name = attributes["reason"].get("StringValue", "")
        return " ".join(filter(None, (f"The workflow for long documents ended: {name}.", error_class(name).hint)))
    return _logged(message["MessageId"], sent, stack)


def _outcome_meanwhile(upload: Upload, stack: Stack) -> str | None:
    """Return what has become of the document since the message was sent, or None if it is still to be read."""
    result, error = keys.result_key(upload.key), keys.error_key(upload.key)
    location = stack.sources.placement(upload.bucket)
    existing = {key for key in (result, error) if _exists(*location.locate(key), stack)}
    if not _exists(upload.bucket, upload.key, stack):
        return "The document is gone by now."
    if result in existing or _has_range(upload, stack):
        return "There is a result by now."
    return "There is an error report by now." if error in existing else None


def _exists(bucket: str, key: str, stack: Stack) -> bool:
    # Of all keys that start with this one it would be listed first.
    page = stack.s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1)
    return any(item["Key"] == key for item in page.get("Contents", []))


def _has_range(upload: Upload, stack: Stack) -> bool:
    bucket, prefix = stack.sources.placement(upload.bucket).locate(keys.parts(upload.key))
    page = stack.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
    before = prefix.removesuffix(keys.parts(upload.key))
    return any(keys.part_of(upload.key, item["Key"].removeprefix(before)) for item in page.get("Contents", []))


def _logged(message: str, since: int, stack: Stack) -> str:
    """Return the last error that was logged for a message ID; `since` is in milliseconds since 1970."""
    pages = stack.logs.get_paginator("filter_log_events").paginate(
        logGroupName=stack.log_group, startTime=since, filterPattern=f'"{message}"'
    )
    lines = [json.loads(event["message"]) for page in pages for event in page["events"] if "{" in event["message"]]
    errors = [line for line in lines if line.get("level") == "ERROR" and line.get("message_id") == message]
    if not errors:
        return "The log has no reason: the function was stopped (out of time or memory), or the log is gone."
    last = errors[-1]
    return " ".join(filter(None, (f"{last.get('error', 'Error')}: {last['message']}", last.get("hint"))))


def matching(dead_letters: Iterable[DeadLetter], pattern: str) -> list[DeadLetter]:
    """Return those about documents whose key matches the pattern (`*`, `?`)."""
    return [each for each in dead_letters if each.upload and fnmatch(each.upload.key, pattern)]


def send_back(dead_letters: list[DeadLetter], stack: Stack) -> Iterator[list[DeadLetter]]:
    """Put messages about documents back into the upload queue, and yield those that were, batch by batch.

    Other messages stay where they are. Raises AccessDenied, StoreUnavailable.
    """
    known = [each for each in dead_letters if each.upload]
    for start in range(0, len(known), _BATCH_SIZE):
        batch = {str(number): each for number, each in enumerate(known[start : start + _BATCH_SIZE])}
        with translated():
            sent = stack.sqs.send_message_batch(
                QueueUrl=stack.queue,
                Entries=[{"Id": name, "MessageBody": each.body} for name, each in batch.items()],
            )
            accepted = [entry["Id"] for entry in sent.get("Successful", [])]
            if accepted:
                stack.sqs.delete_message_batch(
                    QueueUrl=stack.dead_letters,
                    Entries=[{"Id": name, "ReceiptHandle": batch[name].receipt} for name in accepted],
                )
        yield [batch[name] for name in accepted]


def show_again(dead_letters: Iterable[DeadLetter], stack: Stack) -> None:
    """Make the messages visible to other readers of the queue at once."""
    with translated():
        for dead_letter in dead_letters:
            stack.sqs.change_message_visibility(
                QueueUrl=stack.dead_letters, ReceiptHandle=dead_letter.receipt, VisibilityTimeout=0
            )
