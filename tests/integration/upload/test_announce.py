"""Events for others to build on, through EventBridge (moto) to a queue, as a rule of theirs would take them."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from msgspec import Struct

from folio import keys
from folio.models import Result, decode
from folio.serve.local_lambda import LocalContext
from handlers import announce, merge
from tests.support.aws.deployed import forget
from tests.support.aws.inbox import BUCKET, Inbox, remove_bucket
from tests.support.aws.metrics import points, total
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

BUS = "folio-test"
KEY = "a.pdf"
GOOD = make_pdf(PdfPage(picture=words("Larkfield")))


class Listener(Struct):
    """A queue behind a rule on the bus."""

    queue: Any
    url: str

    def heard(self) -> list[dict[str, Any]]:
        """The events so far, taken off the queue."""
        found = []
        while messages := self.queue.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.queue.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture
def listener(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setenv("FOLIO_EVENT_BUS", BUS)
    announce._client.cache_clear()
    events, sqs = boto3.client("events"), boto3.client("sqs")
    events.create_event_bus(Name=BUS)
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": [announce.SOURCE]}))
    events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    yield Listener(sqs, url)
    events.remove_targets(Rule="all", EventBusName=BUS, Ids=["queue"])
    events.delete_rule(Name="all", EventBusName=BUS)
    events.delete_event_bus(Name=BUS)
    sqs.delete_queue(QueueUrl=url)
    announce._client.cache_clear()


def test_a_result_is_told_with_keys_and_no_text(inbox: Inbox, listener: Listener) -> None:
    inbox.read(KEY, GOOD)
    (event,) = listener.heard()
    assert (event["source"], event["detail-type"]) == ("folio", "Document Read")
    assert event["detail"] == {
        "bucket": BUCKET,
        "key": KEY,
        "status": "complete",
        "outcome": keys.result_key(KEY),
        "outcome_bucket": BUCKET,
        "pages": 1,
        "failed_pages": 0,
        "error": None,
    }


def test_an_error_is_told_with_its_class_alone(inbox: Inbox, listener: Listener) -> None:
    inbox.read(KEY, b"Larkfield, but no document\x00\x01\xff")
    (event,) = listener.heard()
    assert event["detail-type"] == "Document Failed"
    assert (event["detail"]["outcome"], event["detail"]["error"]) == (keys.error_key(KEY), "UnsupportedType")
    assert "Larkfield" not in json.dumps(event)


def test_a_document_that_is_given_up_is_told_once_and_its_earlier_attempts_are_not(
    inbox: Inbox, listener: Listener
) -> None:
    etag = inbox.put(KEY, GOOD)
    for attempt in range(1, 6):
        assert not inbox.deliver(KEY, etag, attempt, seconds=5)  # of which 10 are kept to stop in order
    (event,) = listener.heard()
    assert event["detail-type"] == "Document Failed"
    assert (event["detail"]["outcome"], event["detail"]["error"]) == (None, "DeadlineExceeded")


def test_what_the_workflow_gives_up_is_told_and_counted_as_what_the_queue_gives_up(
    inbox: Inbox, listener: Listener, capfd: pytest.CaptureFixture[str]
) -> None:
    job = {"bucket": BUCKET, "key": KEY, "etag": inbox.put(KEY, GOOD)}
    failure = {"Error": "CredentialsMissing", "Cause": "{}"}
    told = {"job": job, "failure": failure}
    assert merge.handler(told, LocalContext())["status"] == "failed"  # type: ignore[arg-type] # all it may ask of it
    (event,) = listener.heard()
    assert (event["detail"]["outcome"], event["detail"]["error"]) == (None, "CredentialsMissing")
    found = points(capfd.readouterr().out)
    assert total(found, "Documents", status="dead-letter") == total(found, "Documents") == 1
    assert (inbox.log()[-1]["error"], inbox.log()[-1]["last"]) == ("CredentialsMissing", True)


def test_what_was_read_before_is_told_again(inbox: Inbox, listener: Listener) -> None:
    """The function may have been stopped before it told."""
    etag = inbox.put(KEY, GOOD)
    for attempt in (1, 2):
        assert inbox.deliver(KEY, etag, attempt)
    assert [event["detail"]["status"] for event in listener.heard()] == ["complete", "already-read"]


def test_what_is_no_news_is_not_told(inbox: Inbox, listener: Listener) -> None:
    older = inbox.put(KEY, b"older")
    inbox.put(KEY, GOOD)
    inbox.deliver(KEY, older)
    inbox.deliver(keys.result_key(KEY), "0" * 32)
    assert listener.heard() == []


def test_an_event_that_cannot_be_sent_costs_no_document(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOLIO_EVENT_BUS", "nowhere")
    announce._client.cache_clear()
    assert inbox.read(KEY, GOOD) == [KEY, keys.result_key(KEY)]
    assert inbox.log()[-1]["error"] == "ResourceNotFoundException"
    assert total(points(capfd.readouterr().out), "LostEvents") == 1
    announce._client.cache_clear()


def test_of_a_result_that_lies_elsewhere_the_place_is_told(
    inbox: Inbox, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.client.create_bucket(Bucket="elsewhere")
    monkeypatch.setenv("FOLIO_RESULTS", "s3://elsewhere/read/")
    forget()
    assert inbox.read(KEY, GOOD, outputs="text") == [KEY], "nothing lies beside the document"
    (event,) = listener.heard()
    place = f"read/{BUCKET}/{keys.result_key(KEY)}"
    assert (event["detail"]["outcome_bucket"], event["detail"]["outcome"]) == ("elsewhere", place)
    result = decode(inbox.client.get_object(Bucket="elsewhere", Key=place)["Body"].read(), Result)
    assert inbox.client.get_object(Bucket="elsewhere", Key=result.outputs["text"])["Body"].read() == b"Larkfield\n"
    assert inbox.deliver(KEY, result.source.etag)
    assert [event["detail"]["status"] for event in listener.heard()] == ["already-read"]
    remove_bucket(inbox.client, "elsewhere")
    forget()
