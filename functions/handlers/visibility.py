"""When a message of the queue is seen again: sooner than by the queue's own time, which is made for busy accounts."""

from functools import cache
from typing import TYPE_CHECKING, Any

from handlers.aws import client_config, reason_of
from handlers.telemetry import logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# Seconds after the function's end, should it be killed; and after a failure that may pass.
_AFTER_END, _RETRY = 60, 60
_LONGEST = 43_200  # SQS's limit, counted from the message's receipt


def hide_while_read(message: dict[str, Any], queue: str, remaining: float) -> None:
    """Let a message be seen again shortly after a function with so many seconds left has ended."""
    _change(message, queue, int(remaining) + _AFTER_END)


def show_again(message: dict[str, Any], queue: str, attempt: int, *, passing: bool) -> None:
    """Let a message whose document failed be seen again: after a minute where the reason is one that passes.

    Else somebody has to do something, as for a grant that is missing while a stack is updated: after one, two, four
    and eight minutes, by the attempt (from 1).
    """
    _change(message, queue, _RETRY if passing else _RETRY * 2 ** (attempt - 1))


def _change(message: dict[str, Any], queue: str, seconds: int) -> None:
    """A failure is logged: the message then comes again by the queue's own time."""
    if not queue or "receiptHandle" not in message:
        return
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().change_message_visibility(
            QueueUrl=queue, ReceiptHandle=message["receiptHandle"], VisibilityTimeout=min(seconds, _LONGEST)
        )
    except (BotoCoreError, ClientError) as error:
        logger.warning("When the message is seen again could not be set.", error=reason_of(error))


@cache
def _client() -> "SQSClient":
    import boto3

    return boto3.client("sqs", config=client_config(attempts=3))
