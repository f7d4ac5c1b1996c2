"""The entry point for uploads: S3 notifications, EventBridge events, and either of them in SQS messages."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.config.filters import is_document
from folio.deadline import Deadline
from folio.errors import FolioError, Misconfigured
from folio.jobs import records
from folio.options.resolve import resolve_for
from folio.options.settings import load_settings
from folio.reading.pipeline import Outcome, Request, read_upload
from folio.s3_events import FINGERPRINTS, Upload, uploads
from folio.wiring import s3_services, s3_store, with_fan_out
from handlers.announce import announce
from handlers.scratch import clear_scratch
from handlers.telemetry import logger, metered, record, record_failure
from handlers.visibility import hide_while_read, show_again


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any] | None:
    """Read every document of the event. Return to SQS the messages to deliver again.

    Or answer `folio backfill` what results would be of (`folio.ops.outdated`), of which nothing is read or written.
    """
    if event.get("source") == FINGERPRINTS:
        return {"fingerprints": _fingerprints(event["metadata"])}
    clear_scratch()
    records = event.get("Records") or [{}]
    if records[0].get("eventSource") != "aws:sqs":
        if error := _read_all(event, context):
            raise error
        return None
    failed = [message["messageId"] for message in records if _read_message(message, context)]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def _fingerprints(metadata: list[dict[str, str]]) -> list[str]:
    """Return for each object's metadata the settings that a result of it would have here."""
    settings = load_settings()
    return [resolve_for(settings, each, {})[1] for each in metadata]


def _read_message(message: dict[str, Any], context: LambdaContext) -> Exception | None:
    """Return why a message must be delivered again, and see to it that it soon is."""
    logger.append_keys(message_id=message["messageId"])
    queue = _queue()
    hide_while_read(message, queue, context.get_remaining_time_in_millis() / 1000)
    attempt = int(message.get("attributes", {}).get("ApproximateReceiveCount", 1))
    error = _read_all(message["body"], context, attempt)
    if error:
        show_again(message, queue, attempt, passing=isinstance(error, FolioError) and error.retryable)
    return error


def _queue() -> str:
    try:
        return load_settings().queue
    except Misconfigured:  # which each document reports
        return ""


def _read_all(event: dict[str, Any] | str, context: LambdaContext, attempt: int = 1) -> Exception | None:
    """Every upload of one event gets its turn, also behind one that fails; the first failure comes back."""
    try:
        arrived = uploads(json.loads(event) if isinstance(event, str) else event)
    except ValueError as error:
        logger.error("The event is not one Folio knows; it goes to the dead-letter queue.")
        return error
    errors = [_read(upload, context, attempt) for upload in arrived]
    return next((error for error in errors if error), None)


def _read(upload: Upload, context: LambdaContext, attempt: int) -> Exception | None:
    with logger.append_context_keys(bucket=upload.bucket, key=upload.key, attempt=attempt):
        return _read_logged(upload, context, attempt)


def _read_logged(upload: Upload, context: LambdaContext, attempt: int) -> Exception | None:
    last = False
    logger.append_keys(correlation_id=upload.request)
    try:
        request = records.request_of(s3_store(upload.bucket), upload.key)
        logger.append_keys(correlation_id=request or upload.request)
        if request is None and records.is_job(upload.key):
            s3_store(upload.bucket).delete_source(upload.key)
            logger.info("The job of this document was deleted before it came.")
            return None
        services = metered(s3_services(upload.bucket))
        deadline = Deadline(context.get_remaining_time_in_millis() / 1000 - services.settings.margin)
        services = with_fan_out(services, upload.bucket, deadline)
        last = attempt >= services.settings.max_attempts
        outcome = Outcome(key=upload.key, status="ignored")
        if records.is_job(upload.key) or is_document(services.settings.source_filters, upload.bucket, upload.key):
            outcome = read_upload(Request(key=upload.key, etag=upload.etag, last_attempt=last), services, deadline)
        record(outcome)
        announce(outcome, upload.bucket, services.settings)
    except Exception as error:  # noqa: BLE001 (a fault of ours must not keep the next upload from its turn)
        record_failure(error, last=last)
        if last:
            records.give_up(s3_store(upload.bucket), upload.key, error)
            announce(_failed(upload, error), upload.bucket, services.settings)
        return error
    return None


def _failed(upload: Upload, error: Exception) -> Outcome:
    return Outcome(key=upload.key, status="failed", error=error if isinstance(error, FolioError) else None)
