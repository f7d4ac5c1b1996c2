"""Events that say what became of a document, on Folio's event bus: with keys and never with text.

Sent at least once: for a document whose function was stopped after it had written the result, when the upload is
delivered again; and for one that was delivered twice.
"""

from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from folio.config.settings import Settings
from folio.keys import ERROR
from folio.reading.pipeline import Outcome
from folio.stores.placement import placement
from handlers.aws import client_config, reason_of
from handlers.telemetry import emit, logger

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "folio"
READ, FAILED = "Document Read", "Document Failed"
# Other statuses say nothing of the document that is in the bucket now.
NEWS = ("complete", "partial", "failed", "already-read")


class Notice(Struct, frozen=True, kw_only=True):
    """The detail of an event; `outcome` is the key of the result or error, None if the dead-letter queue has it, or if
    nothing was written because a result of the same document says more.

    It lies in `outcome_bucket`, as a rule the document's. `status` is one of NEWS; `error` is the name of the error's
    class.
    """

    bucket: str
    key: str
    status: str
    outcome: str | None
    outcome_bucket: str | None
    pages: int
    failed_pages: int
    error: str | None


def announce(outcome: Outcome, bucket: str, settings: Settings) -> None:
    """Send an event, if it is news and there is a bus. A failure is logged and counted: the document is done."""
    if not settings.event_bus or outcome.status not in NEWS:
        return
    written = outcome.written
    outcome_bucket, key = placement(bucket, settings.results).locate(written) if written else (None, None)
    notice = Notice(
        bucket=bucket,
        key=outcome.key,
        status=outcome.status,
        outcome=key,
        outcome_bucket=outcome_bucket,
        pages=outcome.pages,
        failed_pages=outcome.failed_pages,
        error=type(outcome.error).__name__ if outcome.error else None,
    )
    failed = written is None or written.endswith(ERROR)
    if reason := _send(FAILED if failed else READ, notice, settings.event_bus):
        logger.error("The document is done, but its event could not be sent.", error=reason)
        emit({"LostEvents": 1})


def _send(kind: str, notice: Notice, bus: str) -> str | None:
    """Return the reason if it failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    detail = msgspec.json.encode(notice).decode()
    try:
        response = _client().put_events(
            Entries=[{"EventBusName": bus, "Source": SOURCE, "DetailType": kind, "Detail": detail}]
        )
    except (BotoCoreError, ClientError) as error:
        return reason_of(error)
    return response["Entries"][0].get("ErrorCode")


@cache
def _client() -> "EventBridgeClient":
    import boto3

    return boto3.client("events", config=client_config(attempts=4))
