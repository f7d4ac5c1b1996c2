"""Jobs and idempotency keys, on a store in memory."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from folio import keys
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.idempotency import ABANDONED_SECONDS, ResponseStore, once_only
from folio.errors import EngineFailed, EngineTimeout, IdempotencyKeyReused, NotFound, StillRunning, UnsupportedType
from folio.jobs import records
from folio.models import Engine, ErrorReport, Problem, ResultHead, Source, encode, now
from folio.stores.base import SourceObject, Stored
from tests.fakes.memory_store import MemoryStore

OWNER = "o" * 24


class MemoryBucket(MemoryStore):
    """With addresses, which nobody can fetch."""

    def put_source(self, key: str, content: Path, media_type: str, metadata: Mapping[str, str]) -> None:  # noqa: ARG002 (the protocol names them)
        self.put(key, content.read_bytes(), metadata)

    def delete_source(self, key: str) -> None:
        self.objects.pop(key, None)

    def copy_source(self, source: SourceObject, key: str, metadata: Mapping[str, str]) -> None:
        self.put(key, self.objects[source.key], metadata)

    def sign_upload(self, key: str, *_: object) -> tuple[str, dict[str, str]]:
        return "memory:", {"key": key}

    def sign_download(self, key: str, *_: object) -> str:
        return f"memory:{key}"


@pytest.fixture
def bucket() -> MemoryBucket:
    return MemoryBucket()


@pytest.fixture
def context(bucket: MemoryBucket) -> ApiContext:
    services: Any = None  # nothing here reads
    return ApiContext(
        bucket=bucket,
        services=services,
        services_on=lambda _: services,
        services_between=lambda *_: services,
        on_outcome=lambda _: None,
    )


@pytest.fixture
def record(context: ApiContext) -> records.Record:
    made = records.new_record("a.pdf", "application/pdf", {"dpi": "150"}, "a-call")
    records.remember(context.bucket, OWNER, made)
    return made


def result(status: Literal["complete", "partial"], pages: int, key: str = "a.pdf", text: str = "") -> bytes:
    """A result as it is written, but for what its pages hold."""
    head = ResultHead(
        status=status,
        created=now(),
        source=Source(bucket=None, key=key, etag="e", pages=pages),
        engine=Engine(provider="tesseract", version="5", languages=("eng",), mode="general", settings="s"),
        text=text,
        confidence=None,
        timings={},
    )
    return encode(head)[:-1] + b',"pages":[]}'


def state(context: ApiContext, record: records.Record) -> tuple[str, int, int | None]:
    job = records.look(records.document_of(context.bucket, OWNER, record))
    return job.state, job.pages.done, job.pages.total


def test_a_job_goes_through_its_states(context: ApiContext, bucket: MemoryBucket, record: records.Record) -> None:
    key = records.key_of(OWNER, record)
    assert state(context, record) == ("waiting", 0, None)
    bucket.put(key, b"%PDF")
    assert state(context, record) == ("queued", 0, None)
    kept = keys.checkpoints(key) + "0123456789abcdef-0123456789abcdef/"
    bucket.put(f"{kept}plan-0000003.json", b"{}")
    assert state(context, record) == ("reading", 0, 3)
    bucket.put(f"{kept}0000001-0000002.json", b"{}")
    assert state(context, record) == ("reading", 2, 3)
    bucket.put(keys.output_key(key, "text"), b"text")
    bucket.put(keys.result_key(key), result("partial", 3))
    assert state(context, record) == ("partial", 3, 3)
    links = records.look(records.document_of(context.bucket, OWNER, record)).links
    assert set(links) == {"result", "source", "text"}
    assert links["text"] == f"memory:{keys.output_key(key, 'text')}"


def test_pages_that_go_while_somebody_looks_do_not_go_back(context: ApiContext, record: records.Record) -> None:
    """The result comes between the two looks: what counts was looked at second."""
    key = records.key_of(OWNER, record)

    class Between(MemoryBucket):
        def list(self, prefix: str) -> list[str]:
            found = super().list(prefix)
            self.objects[keys.result_key(key)] = result("complete", 2)
            return found

    late = Between()
    late.put(key, b"%PDF")
    assert state(msgspec.structs.replace(context, bucket=late), record) == ("complete", 2, 2)


class Meter(MemoryBucket):
    """Counts what is asked, and the bytes that come back."""

    def __init__(self, shared: MemoryBucket) -> None:
        super().__init__()
        self.objects, self.metadata = shared.objects, shared.metadata
        self.calls, self.bytes = 0, 0

    def read(self, key: str) -> Stored | None:
        stored = super().read(key)
        self._count(stored.data if stored else b"")
        return stored

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        data = super().read_part(key, start, length)
        self._count(data or b"")
        return data

    def list(self, prefix: str) -> list[str]:
        names = super().list(prefix)
        self._count("".join(names).encode())
        return names

    def etag(self, key: str) -> str | None:
        self._count(b"")
        return super().etag(key)

    def _count(self, data: bytes) -> None:
        self.calls += 1
        self.bytes += len(data)


@pytest.mark.parametrize("key", ["a.pdf", "\u0001" * 1024, ',"engine":{' * 90])
def test_looking_at_a_job_does_not_fetch_its_result(
    key: str, context: ApiContext, bucket: MemoryBucket, record: records.Record
) -> None:
    """The text of 2,000 pages stands in the result before its pages."""
    document = records.key_of(OWNER, record)
    bucket.put(document, b"%PDF")
    bucket.put(keys.result_key(document), result("partial", 2000, key, "a line of text, and another\n" * 100_000))
    bucket.put(keys.output_key(document, "pdf"), b"%PDF")
    bucket.put(keys.output_key(document, "index"), b"{}")
    meter = Meter(bucket)
    job = records.look(records.document_of(meter, OWNER, record))
    assert (job.state, job.pages.done) == ("partial", 2000)
    assert set(job.links) == {"result", "source", "pdf", "index"}
    assert meter.calls <= 3
    assert meter.bytes < 20_000


def test_a_job_of_some_pages_counts_these(context: ApiContext, bucket: MemoryBucket) -> None:
    some = records.new_record("a.pdf", "application/pdf", {"pages": "2-3,5-"}, "a-call")
    key = records.key_of(OWNER, some)
    bucket.put(keys.result_key(key, keys.scope_of("2-3,5-")), result("complete", 9))
    bucket.put(keys.output_key(key, "text"), b"of the whole document")
    assert state(context, some) == ("complete", 7, 7)
    assert set(records.look(records.document_of(bucket, OWNER, some)).links) == {"result", "source"}


def test_a_result_that_is_written_otherwise_is_understood(context: ApiContext, bucket: MemoryBucket) -> None:
    other = records.new_record("a.pdf", "application/pdf", {}, "a-call")
    told = {"pages": [], "source": {"pages": 4}, "status": "complete"}
    bucket.put(keys.result_key(records.key_of(OWNER, other)), json.dumps(told).encode())
    assert state(context, other) == ("complete", 4, 4)


def test_a_job_that_failed_says_why(context: ApiContext, bucket: MemoryBucket, record: records.Record) -> None:
    key = records.key_of(OWNER, record)
    source = Source(bucket=None, key=key, etag="e")
    report = ErrorReport(
        created=now(), source=source, settings="s", error=Problem("PasswordProtected", "It is locked.", "Unlock it.")
    )
    bucket.put(key, b"%PDF")
    bucket.put(keys.error_key(key), encode(report))
    job = records.look(records.document_of(context.bucket, OWNER, record))
    assert job.state == "failed"
    assert job.error
    assert (job.error.title, job.error.status, job.error.hint) == ("Password protected", 422, "Unlock it.")


def test_a_job_that_nobody_tries_any_more_has_failed_until_somebody_does(
    context: ApiContext, bucket: MemoryBucket, record: records.Record
) -> None:
    key = records.key_of(OWNER, record)
    bucket.put(key, b"%PDF")
    records.give_up(bucket, key, EngineTimeout("poppler took longer than the page timeout."))
    records.give_up(bucket, "elsewhere/a.pdf", EngineTimeout("Not a job."))
    records.give_up(bucket, f"{key}.gone", EngineTimeout("Its document was deleted."))
    assert state(context, record)[0] == "failed"
    error = records.look(records.document_of(context.bucket, OWNER, record)).error
    assert error
    assert error.status == 504
    assert [name for name in bucket.objects if name.endswith("failed.json")] == [keys.given_up(key)]
    bucket.put(keys.result_key(key), result("complete", 1))
    assert state(context, record) == ("complete", 1, 1)


def test_a_job_of_which_nothing_is_heard_ends(
    context: ApiContext, bucket: MemoryBucket, record: records.Record
) -> None:
    old = msgspec.structs.replace(record, created=record.created.replace(year=2020))
    bucket.put(records.key_of(OWNER, old), b"%PDF")
    assert state(context, old)[0] == "failed"


@pytest.mark.parametrize("job", ["", "..", "A" * 32, "x" * 31 + "/", "../../other/job"])
def test_only_an_owners_own_jobs_are_found(context: ApiContext, record: records.Record, job: str) -> None:
    assert records.find(context.bucket, OWNER, record.id) == record
    with pytest.raises(NotFound):
        records.find(context.bucket, "p" * 24, record.id)
    with pytest.raises(NotFound):
        records.find(context.bucket, OWNER, job)


def test_the_call_a_job_came_with_is_known(bucket: MemoryBucket, record: records.Record) -> None:
    assert records.request_of(bucket, records.key_of(OWNER, record)) == "a-call"
    assert records.request_of(bucket, "letters/a.pdf") is None
    assert records.request_of(bucket, f"{keys.JOBS}someone/a/b.pdf") is None


def call(body: bytes = b"%PDF", key: str = "k") -> HttpRequest:
    headers = {"idempotency-key": key} if key else {}
    return HttpRequest(method="POST", path="/v1/documents", headers=headers, body=body, owner=OWNER)


class Work:
    """What a call does, counted."""

    def __init__(self, *errors: Exception) -> None:
        self.times = 0
        self._errors = list(errors)

    def __call__(self) -> HttpResponse:
        self.times += 1
        if self._errors:
            raise self._errors.pop(0)
        return HttpResponse(status=202, body=b"answer %d" % self.times, headers={"Location": "/x"})


def test_an_equal_request_is_done_once(context: ApiContext) -> None:
    work = Work()
    first, again = once_only(call(), context, work), once_only(call(), context, work)
    assert first == again
    assert work.times == 1
    with pytest.raises(IdempotencyKeyReused):
        once_only(call(b"other"), context, work)
    other = msgspec.structs.replace(call(), owner="p" * 24)
    assert once_only(other, context, work).body == b"answer 2"
    assert once_only(call(key=""), context, work) != once_only(call(key=""), context, work)


def test_while_it_is_done_an_equal_request_is_told_to_wait(context: ApiContext) -> None:
    def work() -> HttpResponse:
        with pytest.raises(StillRunning) as raised:
            once_only(call(), context, Work())
        assert 0 < raised.value.retry_after <= ABANDONED_SECONDS
        return HttpResponse(body=b"first")

    assert once_only(call(), context, work).body == b"first"


def test_what_may_pass_is_done_again_and_a_refusal_is_not(context: ApiContext) -> None:
    work = Work(EngineFailed("Killed."), UnsupportedType("No document."))
    with pytest.raises(EngineFailed):
        once_only(call(), context, work)
    with pytest.raises(UnsupportedType):
        once_only(call(), context, work)
    assert once_only(call(), context, work).status == 415
    assert work.times == 2


def test_what_was_left_in_the_middle_is_taken_over(context: ApiContext, monkeypatch: pytest.MonkeyPatch) -> None:
    responses = ResponseStore(call(), context)
    begun = responses.begin()
    assert isinstance(begun, str)
    late = time.time() + ABANDONED_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: late)
    work = Work()
    assert once_only(call(), context, work).body == b"answer 1"
    responses.save(HttpResponse(body=b"too late"), begun)
    assert once_only(call(), context, work).body == b"answer 1"
