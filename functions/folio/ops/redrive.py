"""The dead-letter queue: which documents it holds and why, and back to work with them.

A message is sent back by sending it anew and deleting it then. Stopped in between it is there twice, which is well:
what was read once is not read again. (SQS has a task for this, StartMessageMoveTask, which takes all or nothing.)
"""

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from msgspec import Struct

from folio import keys
from folio.errors import error_class
from folio.ops.stack import Stack, translated
from folio.s3_events import Upload, uploads

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Seconds a message stays hidden while it is looked at; it is shown again afterwards.
_LOOK = 300
_BATCH = 10  # Amazon SQS's limit


class DeadLetter(Struct, frozen=True, kw_only=True):
    """A message of the queue; without an upload it is nothing Folio knows."""

    id: str
    receipt: str
    body: str
    upload: Upload | None
    sent: int  # milliseconds since 1970
    reason: str


def list_dead_letters(stack: Stack, most: int) -> list[DeadLetter]:
    """Up to `most` messages with the reasons, which stay where they are."""
    with translated():
        return [_dead_letter(message, stack) for message in _receive(stack, most)]


def _receive(stack: Stack, most: int) -> Iterator["MessageTypeDef"]:
    seen: set[str] = set()
    while len(seen) < most:
        found = stack.sqs.receive_message(
            QueueUrl=stack.dead_letters,
            MaxNumberOfMessages=min(_BATCH, most - len(seen)),
            VisibilityTimeout=_LOOK,
            WaitTimeSeconds=1,  # asks all of the queue's servers, and not just some
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        new = [message for message in found if message["MessageId"] not in seen]
        if not new:
            return
        seen.update(message["MessageId"] for message in new)
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
    """The first upload a message tells of."""
    try:
        return next(iter(uploads(json.loads(body))), None)
    except ValueError:
        return None


def _reason(message: "MessageTypeDef", upload: Upload | None, sent: int, stack: Stack) -> str:
    attributes = message.get("MessageAttributes", {})
    if "ERROR_CODE" in attributes:  # EventBridge's, of an event that never reached the queue
        said = [
            attributes[name].get("StringValue", "") for name in ("ERROR_CODE", "ERROR_MESSAGE") if name in attributes
        ]
        return f"EventBridge could not deliver it: {' '.join(said)}"
    if upload is None:
        return "It is no event Folio knows."
    if settled := _since(upload, stack):
        return settled
    if "reason" in attributes:  # from the workflow for long documents: the class of the error that ended it
        name = attributes["reason"].get("StringValue", "")
        return " ".join(filter(None, (f"The workflow for long documents ended: {name}.", error_class(name).hint)))
    return _logged(message["MessageId"], sent, stack)


def _since(upload: Upload, stack: Stack) -> str | None:
    """What happened to the document meanwhile, if that settles it."""
    there = {upload.key, keys.result_key(upload.key), keys.error_key(upload.key)} & _keys(upload, stack)
    if upload.key not in there:
        return "The document is gone by now."
    if keys.result_key(upload.key) in there:
        return "There is a result by now."
    return "There is an error report by now." if keys.error_key(upload.key) in there else None


def _keys(upload: Upload, stack: Stack) -> set[str]:
    found = stack.s3.list_objects_v2(Bucket=upload.bucket, Prefix=upload.key, MaxKeys=1)
    names = {item["Key"] for item in found.get("Contents", [])}
    for key in (keys.result_key(upload.key), keys.error_key(upload.key)):
        found = stack.s3.list_objects_v2(Bucket=upload.bucket, Prefix=key, MaxKeys=1)
        names |= {item["Key"] for item in found.get("Contents", [])}
    return names


def _logged(message: str, since: int, stack: Stack) -> str:
    """The last error that was logged for a message."""
    pages = stack.logs.get_paginator("filter_log_events").paginate(
        logGroupName=stack.log_group, startTime=since, filterPattern=f'"{message}"'
    )
    lines = [json.loads(event["message"]) for page in pages for event in page["events"] if "{" in event["message"]]
    errors = [line for line in lines if line.get("level") == "ERROR" and line.get("message_id") == message]
    if not errors:
        return "The log has no reason: the function was stopped (out of time or memory), or the log is gone."
    last = errors[-1]
    return " ".join(filter(None, (f"{last.get('error', 'Error')}: {last['message']}", last.get("hint"))))


def matching(letters: Iterable[DeadLetter], pattern: str) -> list[DeadLetter]:
    """Those about documents whose key is like the pattern (`*`, `?`)."""
    return [letter for letter in letters if letter.upload and fnmatch(letter.upload.key, pattern)]


def send_back(letters: list[DeadLetter], stack: Stack) -> Iterator[list[DeadLetter]]:
    """Put messages about documents into the upload queue again; which, batch by batch. Others stay."""
    known = [letter for letter in letters if letter.upload]
    for start in range(0, len(known), _BATCH):
        batch = {str(number): letter for number, letter in enumerate(known[start : start + _BATCH])}
        with translated():
            sent = stack.sqs.send_message_batch(
                QueueUrl=stack.queue,
                Entries=[{"Id": name, "MessageBody": letter.body} for name, letter in batch.items()],
            )
            done = [each["Id"] for each in sent.get("Successful", [])]
            if done:
                stack.sqs.delete_message_batch(
                    QueueUrl=stack.dead_letters,
                    Entries=[{"Id": name, "ReceiptHandle": batch[name].receipt} for name in done],
                )
        yield [batch[name] for name in done]


def show_again(letters: Iterable[DeadLetter], stack: Stack) -> None:
    """Let others see the messages at once."""
    with translated():
        for letter in letters:
            stack.sqs.change_message_visibility(
                QueueUrl=stack.dead_letters, ReceiptHandle=letter.receipt, VisibilityTimeout=0
            )
