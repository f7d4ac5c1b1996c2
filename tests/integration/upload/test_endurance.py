"""Uploads of all kinds, with faults of the store, the engine and the clock, through the deployed stack.

Whatever happens to an upload, the newest version of its document ends in exactly one result or error object, or in the
dead-letter queue; and what went there is read when it is sent back.
"""

import io
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from click.testing import CliRunner
from moto import mock_aws
from msgspec import Struct, field
from PIL import Image

from folio import keys
from folio.cli.main import cli
from folio.models import ErrorReport, Result, decode
from folio.wiring import s3_services
from handlers import upload
from tests.fakes.flaky import Faults, FlakyEngine, FlakyStore, Killed
from tests.support.aws.deployed import Deployed, deploy
from tests.support.aws.metrics import points, total
from tests.support.sizes import size

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

UPLOADS = size(150, full=1000)
MANY = UPLOADS // 50  # faults of each kind, or more
THREADS = 4
NOT_ENOUGH = 10.05  # seconds, of which the function keeps ten to stop in order
NEVER = "in/never.tiff"  # whoever reads it is killed, so that there is a dead letter in every run


class Upload(Struct, frozen=True):
    """One version of a document: no other has the same bytes."""

    key: str
    body: bytes
    good: bool


class Post(Struct):
    """Everybody who uploads, and who they are in the end."""

    stack: Deployed
    newest: dict[str, Upload] = field(default_factory=dict)
    sent: int = 0

    def put(self, key: str, kind: str) -> None:
        """The next version of a document; no more of them than there are to be."""
        with self.stack.lock:
            if self.sent >= UPLOADS:
                return
            self.sent += 1
            made = Upload(key, content(kind, self.sent), kind in GOOD)
            self.stack.put(key, made.body)
            self.newest[key] = made

    def replace(self, key: str) -> None:
        """Somebody replaces the document while it is being read: `key` is it, or a result beside it."""
        document = re.sub(r"\.ocr(\.error)?(\.json|/.*)$", "", key)
        with self.stack.lock:
            if document in self.newest:
                self.put(document, (*GOOD, *BAD)[self.sent % 5])


GOOD, BAD = ("picture", "pages", "blank"), ("noise", "cut")


def content(kind: str, number: int) -> bytes:
    """A small document of a kind; the number makes its bytes its own."""
    if kind == "noise":
        return f"\x00no document, number {number}".encode()
    pages = [Image.new("L", (40, 30), 255) for _ in range(3 if kind == "pages" else 1)]
    for page in pages if kind != "blank" else []:
        page.paste(0, (5, 5, 20, 15))
    pages[0].putpixel((39, 29), 250)
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], description=f"number {number}")
    return file.getvalue()[:8] + f"cut {number}".encode() if kind == "cut" else file.getvalue()


class Endurance(Struct):
    """What there is to look at in the end."""

    post: Post
    faults: Faults
    deliveries: Counter[str] = field(default_factory=Counter)  # answered, killed
    lock: Any = field(default_factory=threading.Lock)

    def work(self) -> None:
        """One of Lambda's pollers, until there is nothing left in the queue."""
        while messages := self.post.stack.receive(1):
            self._invoke(messages)

    def _invoke(self, messages: list["MessageTypeDef"]) -> None:
        seconds = NOT_ENOUGH if self.faults.strike("clock") else 300
        try:
            self._deliver(messages, seconds)
            how = "answered"
        except Killed:
            self.post.stack.settle(messages, {message["MessageId"] for message in messages})
            how = "killed"
        with self.lock:
            self.deliveries[how] += 1

    def _deliver(self, messages: list["MessageTypeDef"], seconds: float) -> None:
        if self.faults.on and any(NEVER in message["Body"] for message in messages):
            raise Killed
        self.post.stack.deliver(messages, seconds)

    def settle(self) -> None:
        """Deliver to the end; what a reading uploads meanwhile too."""
        while self.post.stack.waiting():
            with ThreadPoolExecutor(THREADS) as pool:
                for running in [pool.submit(self.work) for _ in range(THREADS)]:
                    running.result()


@pytest.fixture
def endurance(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endurance]:
    with mock_aws(), deploy(None, monkeypatch) as stack:
        post, faults = Post(stack), Faults(seed=7)
        engine = FlakyEngine(faults)
        real = s3_services(stack.bucket)
        services = msgspec.structs.replace(
            real, store=FlakyStore(real.store, stack.lock, faults, post.replace), provider=lambda _name: engine
        )
        monkeypatch.setattr(upload, "s3_services", lambda _bucket: services)
        yield Endurance(post, faults)


@pytest.mark.soak
@pytest.mark.slow("every upload is delivered through moto's S3 and SQS, and some are delivered again")
@pytest.mark.timeout(900)  # a thousand take two minutes of one processor, which may be shared
def test_every_upload_ends_once(
    endurance: Endurance, capfd: pytest.CaptureFixture[str], tell: Callable[[str], None]
) -> None:
    post, kinds = endurance.post, (*GOOD, *BAD)
    number = 0
    post.put(NEVER, "picture")
    while post.sent < UPLOADS:
        number += 1
        key = f"in/{number:04} 扫描.tiff"
        post.put(key, kinds[number % len(kinds)])
        if number % 10 == 0:
            post.put(key, kinds[number // 10 % len(kinds)])  # replaced before anybody looked
        if number % 7 == 0:
            duplicate(endurance)
        if number % 50 == 0:
            endurance.settle()
    endurance.settle()
    assert post.sent == UPLOADS
    assert all(endurance.faults.count[what] >= MANY for what in ("store", "engine", "clock")), endurance.faults.count
    lost = dead_letters(endurance)
    check_outcomes(post, lost)
    check_none_twice(post)
    tell(check_metrics(endurance, lost, capfd.readouterr().out))
    check_log(post.stack)
    check_redrive(endurance, len(lost))


def duplicate(endurance: Endurance) -> None:
    """SQS delivers at least once: a message that is sent again says the same."""
    stack = endurance.post.stack
    (message,) = stack.receive(1)
    stack.sqs.send_message(QueueUrl=stack.outputs["QueueUrl"], MessageBody=message["Body"])
    stack.settle([message], {message["MessageId"]})


def dead_letters(endurance: Endurance) -> list[str]:
    """The bodies of what nobody could read."""
    stack = endurance.post.stack
    found = []
    while messages := stack.sqs.receive_message(
        QueueUrl=stack.outputs["DeadLetterQueueUrl"], MaxNumberOfMessages=10
    ).get("Messages"):
        found += messages
    for message in found:
        stack.sqs.change_message_visibility(
            QueueUrl=stack.outputs["DeadLetterQueueUrl"], ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    return [message["Body"] for message in found]


def check_outcomes(post: Post, lost: list[str]) -> None:
    """Exactly one outcome of the newest version, or its message in the dead-letter queue."""
    stored = set(post.stack.keys())
    for key, newest in post.newest.items():
        ends = {keys.result_key(key), keys.error_key(key)} & stored
        etag = post.stack.s3.head_object(Bucket=post.stack.bucket, Key=key)["ETag"].strip('"')
        about = [found for found in (outcome(post.stack, end) for end in ends) if found.source.etag == etag]
        if any(etag in body for body in lost):
            assert len(about) <= 1, key
            continue
        assert len(ends) == len(about) == 1, (key, ends)
        assert isinstance(about[0], Result) == newest.good, key
    assert not [key for key in stored if keys.FOLDER in key], "no pages are left behind"


def outcome(stack: Deployed, key: str) -> Result | ErrorReport:
    return told(key, stack.body(key))


def told(key: str, body: bytes) -> Result | ErrorReport:
    return decode(body, ErrorReport) if key.endswith(keys.ERROR) else decode(body, Result)


def check_none_twice(post: Post) -> None:
    """The bucket keeps every version: no outcome of one version of a document was written twice."""
    stack = post.stack
    written: Counter[str] = Counter()
    for page in stack.s3.get_paginator("list_object_versions").paginate(Bucket=stack.bucket):
        for item in page.get("Versions", []):
            if item["Key"].endswith((keys.RESULT, keys.ERROR)):
                body = stack.s3.get_object(Bucket=stack.bucket, Key=item["Key"], VersionId=item["VersionId"])["Body"]
                written[told(item["Key"], body.read()).source.etag] += 1
    assert len(written) > UPLOADS / 2
    assert [etag for etag, times in written.items() if times > 1] == []


def check_metrics(endurance: Endurance, lost: list[str], output: str) -> str:
    """Every delivery that was not killed is counted once, by what came of it; the figures, for a person."""
    found = points(output)
    assert total(found, "Documents") == endurance.deliveries["answered"]
    ended = sum(total(found, "Documents", status=status) for status in ("complete", "partial", "failed"))
    assert len(endurance.post.newest) - len(lost) <= ended + total(found, "Documents", status="already-read")
    assert total(found, "Documents", status="dead-letter") <= len(lost)
    assert len(lost) <= total(found, "Documents", status="dead-letter") + endurance.deliveries["killed"]
    assert total(found, "ProviderErrors", provider="tesseract") == endurance.faults.count["engine"]
    counts = Counter(dict(point.dimensions)["status"] for point in found if point.name == "Documents")
    return (
        f"{UPLOADS} uploads, {sum(endurance.deliveries.values())} deliveries, {len(lost)} dead letters: {dict(counts)}"
    )


def check_log(stack: Deployed) -> None:
    said = stack.log.getvalue()
    assert "Unexpected fault" not in said
    assert "Larkfield" not in said


def check_redrive(endurance: Endurance, lost: int) -> None:
    """The faults are over; what lies in the dead-letter queue is sent back and ends well."""
    assert lost, NEVER
    endurance.faults.on = False
    done = CliRunner(mix_stderr=False).invoke(
        cli, ["redrive", "--limit", "1000", "--yes"], standalone_mode=False, catch_exceptions=False
    )
    assert done.return_value == 0, done.stderr
    assert endurance.post.stack.waiting("DeadLetterQueueUrl") == 0
    endurance.settle()
    assert dead_letters(endurance) == []
    check_outcomes(endurance.post, [])
    check_none_twice(endurance.post)
