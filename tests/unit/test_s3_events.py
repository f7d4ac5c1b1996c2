from typing import Any

import pytest

from folio.s3_events import UnknownEvent, Upload, uploads


def record(key: str, name: str = "ObjectCreated:Put", **of_object: Any) -> dict[str, Any]:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": name,
        "s3": {"bucket": {"name": "inbox"}, "object": {"key": key, "size": 5, **of_object}},
    }


def bridge(key: str, kind: str = "Object Created") -> dict[str, Any]:
    return {
        "version": "0",
        "source": "aws.s3",
        "detail-type": kind,
        "detail": {"version": "0", "bucket": {"name": "inbox"}, "object": {"key": key, "size": 5, "etag": "e1"}},
    }


def test_a_notification_tells_of_every_record() -> None:
    event = {"Records": [record("a.pdf", eTag="e1"), record("b.pdf", eTag="e2")]}
    assert uploads(event) == [Upload("inbox", "a.pdf", "e1"), Upload("inbox", "b.pdf", "e2")]


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("my+scan.pdf", "my scan.pdf"),
        ("1%2B1.pdf", "1+1.pdf"),
        ("%E5%8F%91%E7%A5%A8/a.pdf", "发票/a.pdf"),
        ("100%2525.pdf", "100%25.pdf"),
    ],
)
def test_keys_of_a_notification_are_decoded_once(told: str, key: str) -> None:
    assert uploads({"Records": [record(told)]}) == [Upload("inbox", key)]


@pytest.mark.parametrize("key", ["my+scan.pdf", "1%2B1.pdf", "发票/a b.pdf"])
def test_keys_of_eventbridge_are_taken_as_they_are(key: str) -> None:
    assert uploads(bridge(key)) == [Upload("inbox", key, "e1")]


@pytest.mark.parametrize("name", ["ObjectCreated:Post", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload"])
def test_every_way_to_create_an_object_is_an_upload(name: str) -> None:
    assert uploads({"Records": [record("a.pdf", name)]}) == [Upload("inbox", "a.pdf")]


@pytest.mark.parametrize(
    "event",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox", "RequestId": "1", "HostId": "2"},
        {"Records": []},
        {"Records": [record("a.pdf", "ObjectRemoved:Delete")]},
        {"Records": [record("a.pdf", "ObjectTagging:Put")]},
        bridge("a.pdf", "Object Deleted"),
    ],
)
def test_what_creates_nothing_is_no_upload(event: dict[str, Any]) -> None:
    assert uploads(event) == []


def test_the_request_that_uploaded_it_is_told() -> None:
    answer = {"responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"}}
    assert uploads({"Records": [record("a.pdf") | answer]}) == [Upload("inbox", "a.pdf", request="C3D13FE58DE4C810")]
    event = bridge("a.pdf")
    event["detail"]["request-id"] = "N4N7GDK58NMKJ12R"
    assert uploads(event) == [Upload("inbox", "a.pdf", "e1", "N4N7GDK58NMKJ12R")]


def test_an_upload_beside_a_removal_is_found() -> None:
    event = {"Records": [record("a.pdf", "ObjectRemoved:Delete"), record("b.pdf")]}
    assert uploads(event) == [Upload("inbox", "b.pdf")]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"hello": "world"},
        {"Records": "none"},
        {"Records": [{}]},
        {"Records": [{"eventSource": "aws:ses", "ses": {}}]},
        {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "inbox"}}}]},
        {"Records": [record("a.pdf", eTag=7)]},
        {"detail": {"state": "running"}, "detail-type": "EC2 Instance State-change Notification"},
        {"detail": None, "detail-type": "Object Created"},
    ],
)
def test_another_event_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(UnknownEvent):
        uploads(event)


@pytest.mark.parametrize("event", [[], "text", 7, None])
def test_a_message_that_is_no_object_is_refused_too(event: Any) -> None:
    # The body of an SQS message is any JSON: an exception of another kind would fail its whole batch.
    with pytest.raises(UnknownEvent):
        uploads(event)
