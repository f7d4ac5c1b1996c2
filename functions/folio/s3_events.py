"""Uploads in the events of S3, which have three shapes.

Keys are URL-encoded with + for a space in S3 notifications, and plain in EventBridge events. Sources: Amazon S3 user
guide, "Event message structure" and "EventBridge event message structure".
"""

from typing import Any
from urllib.parse import unquote_plus

import msgspec
from msgspec import Struct, field

FINGERPRINTS = (
    "folio.fingerprints"  # the source of an event that is none: `folio backfill` asks what results would be of
)


class Upload(Struct, frozen=True):
    """An object that was created. Events have no version of it: the etag says whether it is still the same.

    `request` is the ID by which logs distinguish this upload: that of S3's request.
    """

    bucket: str
    key: str
    etag: str | None = None
    request: str | None = None


class UnknownEvent(ValueError):
    """The event has none of the shapes: its message stays in the queue and ends in the dead-letter queue."""


class _Bucket(Struct):
    name: str


class _Object(Struct):
    key: str
    e_tag: str | None = field(default=None, name="eTag")
    etag: str | None = None


class _S3(Struct):
    bucket: _Bucket
    object: _Object
    request_id: str | None = field(default=None, name="request-id")


class _Response(Struct):
    request_id: str | None = field(default=None, name="x-amz-request-id")


class _Record(Struct):
    s3: _S3
    event_name: str = field(name="eventName")
    response: _Response = field(default_factory=_Response, name="responseElements")


class _Notification(Struct):
    records: list[_Record] = field(name="Records")


class _EventBridge(Struct):
    detail: _S3
    detail_type: str = field(name="detail-type")


def uploads(event: Any) -> list[Upload]:
    """Return the uploads in an S3 notification or an EventBridge event; none for test events and deletions.

    Raises UnknownEvent.
    """
    try:
        if not isinstance(event, dict):
            raise UnknownEvent("The event is not an object.")
        if event.get("Event") == "s3:TestEvent":
            return []
        if "detail" in event:
            message = msgspec.convert(event, _EventBridge)
            created = message.detail.object
            upload = Upload(message.detail.bucket.name, created.key, created.etag, message.detail.request_id)
            return [upload] if message.detail_type == "Object Created" else []
        return [
            Upload(
                record.s3.bucket.name,
                unquote_plus(record.s3.object.key),
                record.s3.object.e_tag,
                record.response.request_id,
            )
            for record in msgspec.convert(event, _Notification).records
            if record.event_name.startswith("ObjectCreated:")
        ]
    except msgspec.ValidationError as error:
        raise UnknownEvent("The event is not an S3 notification, an EventBridge event or a test event.") from error
