"""A new account, which runs ten functions at a time: many long and short documents at once, and the API beside them.

The handlers and the workflow are the real ones; who calls a function when another is refused is played as AWS does it.
"""

import base64
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

from folio import keys
from tests.fakes.aws.lambdas import Account
from tests.fakes.engines import TEXT
from tests.support.aws.region import Region, messages, region, scan
from tests.support.aws.template import RESOURCES, TEMPLATE
from tests.support.documents.cards import png
from tests.support.documents.drawings import draw
from tests.support.processes.running import wait_until
from tests.support.sizes import SOAK, size
from tests.support.tools import needs_tools
from tests.unit.handlers.test_gateway import event

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [needs_tools, pytest.mark.soak, pytest.mark.slow("functions in processes of their own, ten of them")]

LONG, PAGES = size(2, full=20), size(24, full=200)
SHORT = size(12, full=200)
CALLS = size(6, full=100)
POLLERS = TEMPLATE["Parameters"]["MaxConcurrency"]["Default"]
# Of few documents and pages there are no ten functions at once for long enough that one more is refused for certain.
LIMIT = size(6, full=Account.limit)
CALLERS = LIMIT  # of the API, who may call at once
SECONDS = 2400.0
# What a caller of the API is told where Lambda refuses its function.
REFUSED = RESOURCES["RestApi"]["Properties"]["GatewayResponses"]["API_CONFIGURATION_ERROR"]
RETRY_AFTER = int(REFUSED["ResponseParameters"]["Headers"]["Retry-After"].strip("'"))


class FullAccount(Account):
    limit = LIMIT


class Answered(Struct, frozen=True):
    """Status of a call of the API in the end, and how often and how long it was refused before."""

    status: int
    refused: int
    seconds: float


class NewAccount:
    """The region, its queue of uploads with Lambda's pollers, and callers of the API."""

    def __init__(self, region: Region, account: Account, log: Path) -> None:
        self.region, self.account = region, account
        self._log = log
        self.queue = region.sqs.create_queue(
            QueueName=f"{region.name}-uploads", Attributes={"VisibilityTimeout": "5400"}
        )["QueueUrl"]
        account.stop_functions(FOLIO_QUEUE=self.queue)
        self._end = time.monotonic() + SECONDS
        self._done = threading.Event()

    def upload(self, key: str, body: bytes) -> None:
        etag = self.region.put(key, body)
        detail = {"bucket": {"name": self.region.name}, "object": {"key": key, "etag": etag}}
        body_ = {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}
        self.region.sqs.send_message(QueueUrl=self.queue, MessageBody=json.dumps(body_))

    def poll(self) -> None:
        """One of Lambda's pollers, which are as many as the queue may have functions."""
        sqs = self.region.sqs
        while not self._done.is_set():
            found = sqs.receive_message(QueueUrl=self.queue, AttributeNames=["All"], WaitTimeSeconds=1)
            for message in found.get("Messages", []):
                record = {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message["Attributes"],
                    "eventSource": "aws:sqs",
                }
                answer = self._deliver({"Records": [record]})
                assert answer == {"batchItemFailures": []}, "nothing here may fail but what is refused"
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])

    def _deliver(self, payload: dict[str, Any]) -> Any:
        """What is refused a poller tries again, later each time, until the message may be seen again, which the
        queue's time is made for."""
        pause = 0.25
        while (answer := self._invoke("upload", payload)) is None:
            time.sleep(pause)
            pause = min(2 * pause, 60.0)
        return answer

    def call(self, number: int, body: bytes) -> Answered:
        """Call the API at a moment when the account is full, and again whenever it says so: 503 with Retry-After."""
        wait_until(lambda: self.account.is_full() or self._done.is_set(), SECONDS)
        told = event(
            "POST",
            "/v1/documents",
            body=base64.b64encode(body).decode(),
            isBase64Encoded=True,
            multiValueHeaders={"content-type": ["image/png"], "idempotency-key": [f"call-{number}"]},
        )
        began = time.monotonic()
        refused = 0
        while (answer := self._invoke("api", told)) is None:
            refused += 1
            time.sleep(RETRY_AFTER)
        return Answered(answer["statusCode"], refused, time.monotonic() - began)

    def _invoke(self, function: str, payload: dict[str, Any]) -> Any:
        """Return what a function answers, None where it is refused."""
        assert time.monotonic() < self._end, function
        status, headers, body = self.account.invoke(function, payload)
        if status == 429:
            return None
        assert "X-Amz-Function-Error" not in headers, body
        return json.loads(body)

    def wait_for(self, results: set[str], pollers: list[Future[None]]) -> None:
        try:
            while missing := results - self.written():
                assert time.monotonic() < self._end, f"{len(missing)} of {len(results)} have no result"
                for poller in pollers:
                    assert not poller.done(), poller.result()
                assert not messages(self.region), "a document was given up"
                time.sleep(1)
        finally:
            self._done.set()

    def written(self) -> set[str]:
        found = self.region.s3.get_paginator("list_objects_v2").paginate(Bucket=self.region.name)
        return {item["Key"] for page in found for item in page.get("Contents", [])}

    def reads(self) -> Counter[int]:
        """How often a page with each number was read, of whichever document."""
        return Counter(map(int, self._log.read_text().split()))


@pytest.fixture
def account(moto_s3: "S3Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewAccount]:
    log = tmp_path / "read.log"
    settings = {"SPLIT_PAGES": "20", "SPLIT_CONCURRENCY": "4", "KEEP_SECONDS": "5"}
    variables = {f"FOLIO_{name}": value for name, value in settings.items()}
    variables |= {"READ_LOG": str(log)}
    # In the full size the workflow waits as long as in AWS.
    with region(
        moto_s3.meta.endpoint_url, tmp_path, monkeypatch, FullAccount, short_pauses=not SOAK, **variables
    ) as here:
        assert isinstance(here.lambdas, Account)
        yield NewAccount(here, here.lambdas, log)


@pytest.mark.timeout(SECONDS + 300)
def test_everything_is_read_once_where_ten_functions_run_at_a_time(
    account: NewAccount, tell: Callable[[str], None]
) -> None:
    long, short = scan(PAGES), png(draw("hazel parcel", size=(320, 160), at=(20, 20), step=2.0).image)
    longs = [f"long/{number}.pdf" for number in range(LONG)]
    shorts = [f"short/{number}.png" for number in range(SHORT)]
    began = time.monotonic()
    for key in longs:
        account.upload(key, long)
    for key in shorts:
        account.upload(key, short)
    with ThreadPoolExecutor(POLLERS + CALLERS) as pool:
        pollers = [pool.submit(account.poll) for _ in range(POLLERS)]
        answers = [pool.submit(account.call, number, short) for number in range(CALLS)]
        account.wait_for({keys.result_key(key) for key in longs + shorts}, pollers)
        answered = [answer.result() for answer in answers]
    seconds = time.monotonic() - began

    here = account.region
    assert all(here.steps.describe_execution(executionArn=one)["status"] == "SUCCEEDED" for one in here.executions())
    assert len(here.executions()) == LONG
    for key in longs:
        result = here.result(key)
        assert (result.status, [page.number for page in result.pages]) == ("complete", list(range(1, PAGES + 1)))
        assert {page.text for page in result.pages} == {TEXT}
    assert all(here.result(key).status == "complete" for key in shorts)
    assert [answer.status for answer in answered] == [200] * CALLS
    assert any(answer.refused for answer in answered), "or nothing is shown of how callers are refused"
    assert not messages(here)
    written = {keys.result_key(key) for key in longs + shorts} | {keys.output_key(key, "index") for key in longs}
    assert {key for key in account.written() if not key.startswith(keys.JOBS)} == {*longs, *shorts, *written}
    # None twice: the first pages are those of all documents, the others those of the long ones.
    assert account.reads() == {1: LONG + SHORT + CALLS} | dict.fromkeys(range(2, PAGES + 1), LONG)
    assert account.account.peak == LIMIT
    assert account.account.throttled.total()
    tell(figures(seconds, account.account.throttled, answered))


def figures(seconds: float, throttled: Counter[str], answered: Sequence[Answered]) -> str:
    return (
        f"account of {LIMIT}: {LONG} documents of {PAGES} pages, {SHORT} of one and {CALLS} calls in"
        f" {seconds:.0f} s; refused: {dict(throttled)};"
        f" calls of the API refused at first: {sum(answer.refused > 0 for answer in answered)},"
        f" at most {max(answer.refused for answer in answered)} times,"
        f" answered within {max(answer.seconds for answer in answered):.0f} s"
    )
