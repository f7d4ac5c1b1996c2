"""What S3 tells of an upload, in the three shapes it comes in.

Keys are URL-encoded with + for a space in S3 notifications, and plain in EventBridge events. Sources: Amazon S3 user
guide, "Event message structure" and "EventBridge event message structure".
"""

from typing import Any
from urllib.parse import unquote_plus

import msgspec
from msgspec import Struct, field


class Upload(Struct, frozen=True):
    """An object that was created. Its version is not told: the etag says whether it is still the one there.

    `request` is what tells this upload from others in logs: S3's request id, or that of the event.
    """

    bucket: str
    key: str
    etag: str | None = None
    request: str | None = None


class UnknownEvent(ValueError):
    """Not one of the shapes: it stays in the queue and ends in the dead-letter queue."""


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


class _Answer(Struct):
    request_id: str | None = field(default=None, name="x-amz-request-id")


class _Record(Struct):
    s3: _S3
    event_name: str = field(name="eventName")
    answer: _Answer = field(default_factory=_Answer, name="responseElements")


class _Notification(Struct):
    records: list[_Record] = field(name="Records")


class _EventBridge(Struct):
    detail: _S3
    detail_type: str = field(name="detail-type")


def uploads(event: Any) -> list[Upload]:
    """The uploads an S3 notification or an EventBridge event tells of; none for test events and removals.

    Raises UnknownEvent.
    """
    try:
        if not isinstance(event, dict):
            raise UnknownEvent("The event is no object.")
        if event.get("Event") == "s3:TestEvent":
            return []
        if "detail" in event:
            told = msgspec.convert(event, _EventBridge)
            found = told.detail.object
            upload = Upload(told.detail.bucket.name, found.key, found.etag, told.detail.request_id)
            return [upload] if told.detail_type == "Object Created" else []
        return [
            Upload(
                record.s3.bucket.name,
                unquote_plus(record.s3.object.key),
                record.s3.object.e_tag,
                record.answer.request_id,
            )
            for record in msgspec.convert(event, _Notification).records
            if record.event_name.startswith("ObjectCreated:")
        ]
    except msgspec.ValidationError as error:
        raise UnknownEvent("The event is none of an S3 notification, an EventBridge event or a test event.") from error
