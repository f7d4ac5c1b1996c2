"""The workflow for long documents: its definition in moto's interpreter, the real handlers behind its Lambda calls."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from folio import keys
from tests.fakes.aws.lambdas import Fault, Storm
from tests.support.aws.region import CHUNK, SPLIT_PAGES, Region, history, largest_state, messages, region, scan
from tests.support.sizes import size
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [needs_tools, pytest.mark.timeout(600), pytest.mark.slow("functions in processes of their own")]

KEY = "扫描/long 1+1.pdf"
RESULT = [KEY, keys.result_key(KEY), keys.output_key(KEY, "index")]
PAGES = 26
MANY = size(96, full=500)


@pytest.fixture
def here(moto_s3: "S3Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    with region(moto_s3.meta.endpoint_url, tmp_path, monkeypatch) as here:
        yield here


def chunk_pages(event: dict[str, Any]) -> set[int]:
    first, last, _ = event["chunk"]
    return set(range(first, last + 1))


@pytest.mark.soak
@pytest.mark.slow("functions in processes of their own, killed and started again, then the same pages by one of them")
@pytest.mark.timeout(1500)
def test_many_pages_with_functions_killed_throttled_and_called_twice(here: Region, tell: Callable[[str], None]) -> None:
    body = scan(MANY)
    here.lambdas.faults = Storm("recognize", 0.3, 2.0)
    here.deliver(KEY, here.put(KEY, body))
    ended = here.ended(1200)
    assert ended["status"] == "SUCCEEDED", ended
    assert here.files() == sorted(RESULT)
    result = here.result(KEY)
    assert result.status == "complete"
    assert [page.number for page in result.pages] == list(range(1, MANY + 1))

    struck = [call for call in here.lambdas.invocations if call.function == "recognize" and call.fault.kind != "none"]
    assert {call.fault.kind for call in struck} == {"kill", "throttle", "twice"}
    again = {page for call in struck if call.fault.kind in ("kill", "twice") for page in chunk_pages(call.event)}
    reads = here.reads()
    assert set(reads) == set(range(1, MANY + 1))
    assert {page for page, times in reads.items() if times > 1} <= again
    assert len({page for page, times in reads.items() if times > 1}) < len(again)  # what was kept is not read again
    largest = largest_state(history(here, here.executions()[0]))
    tell(
        f"workflow of {MANY} pages: {len(struck)} calls struck, {sum(reads.values())} pages read, states of {largest} B"
    )
    assert largest <= 32 * 1024

    # The same document where nobody shares the work.
    whole = "whole.pdf"
    here.lambdas.stop_functions(FOLIO_WORKFLOW="")
    here.deliver(whole, here.put(whole, body))
    unsplit = here.result(whole)
    assert result.text == unsplit.text
    assert result.pages == unsplit.pages
    assert result.confidence == unsplit.confidence


def test_a_long_document_is_read_as_a_short_one_would_be(here: Region) -> None:
    here.deliver(KEY, here.put(KEY, scan(PAGES), outputs="text,pdf", pages="2-"))
    assert here.ended()["status"] == "SUCCEEDED"
    result = here.result(KEY, "2-")
    assert [page.number for page in result.pages] == list(range(2, PAGES + 1))
    assert set(here.reads().values()) == {1}
    assert here.handled("recognize") == -(-(PAGES - 1 - result_of_upload(here)) // CHUNK)
    kinds = ("index", "pdf", "text")
    outputs = [keys.output_key(KEY, kind, "2-") for kind in kinds]
    assert here.files() == sorted([KEY, keys.result_key(KEY, "2-"), *outputs])
    assert here.body(keys.output_key(KEY, "text", "2-")).decode().count("Parcel") == PAGES - 1


def result_of_upload(here: Region) -> int:
    """Pages that the first function had read before it knew that the document is long."""
    chunks = [call.event for call in here.lambdas.invocations if call.function == "recognize"]
    return min(min(chunk_pages(event)) for event in chunks) - 1


def test_a_document_with_few_pages_to_recognize_starts_nothing(here: Region) -> None:
    here.deliver(KEY, here.put(KEY, scan(SPLIT_PAGES)))
    assert here.executions() == []
    assert here.files() == sorted(RESULT[:2])


def test_the_same_event_again_starts_nothing_more(here: Region) -> None:
    etag = here.put(KEY, scan(PAGES))
    again = random.Random(1)

    def deliver_again(function: str, _event: dict[str, Any]) -> Fault:
        if function == "recognize" and again.random() < 0.5:
            here.deliver(KEY, etag)
        return Fault()

    here.lambdas.faults = deliver_again
    here.deliver(KEY, etag)
    assert here.ended()["status"] == "SUCCEEDED"
    assert len(here.executions()) == 1
    assert here.handled("upload") > 1
    assert set(here.reads().values()) == {1}


def test_a_document_that_is_replaced_midway_stops_for_the_newer_one(here: Region) -> None:
    newer: list[str] = []

    def replace(function: str, _event: dict[str, Any]) -> Fault:
        if function == "recognize" and here.handled("recognize") == 1 and not newer:
            newer.append(here.put(KEY, scan(2)))
        return Fault()

    here.lambdas.faults = replace
    here.deliver(KEY, here.put(KEY, scan(PAGES)))
    ended = here.ended()
    assert (ended["status"], '"superseded"' in ended["output"]) == ("SUCCEEDED", True)
    assert len(here.reads()) < PAGES - CHUNK  # in whatever order the chunks came
    assert keys.result_key(KEY) not in here.files()
    here.deliver(KEY, newer[0])
    assert [page.number for page in here.result(KEY).pages] == [1, 2]
    assert here.files() == sorted(RESULT[:2])  # nothing is left of the older one


def test_a_page_that_stops_every_function_is_a_failed_page(here: Region, tmp_path: Path) -> None:
    (tmp_path / "poison").write_text("15")
    here.deliver(KEY, here.put(KEY, scan(PAGES)))
    assert here.ended()["status"] == "SUCCEEDED"
    result = here.result(KEY)
    assert result.status == "partial"
    assert [page.number for page in result.pages if page.status == "failed"] == [15]
    assert "given up" in (result.pages[14].error.message if result.pages[14].error else "")
    assert here.files() == sorted(RESULT)


def test_what_an_operator_must_mend_is_redriven_from_the_dead_letter_queue(here: Region) -> None:
    def denied(function: str, event: dict[str, Any]) -> Fault:
        return Fault("CredentialsMissing" if function == "recognize" and event["chunk"][0] > CHUNK else "none")

    here.lambdas.faults = denied
    etag = here.put(KEY, scan(PAGES))
    here.deliver(KEY, etag)
    assert here.ended()["status"] == "FAILED"
    ((event, reason),) = messages(here)
    assert reason == "CredentialsMissing"
    assert event["detail"] == {"bucket": {"name": here.name}, "object": {"key": KEY, "etag": etag}}
    assert keys.result_key(KEY) not in here.files()

    here.lambdas.faults = lambda _function, _event: Fault()
    here.lambdas.invoke("upload", event)
    assert here.ended()["status"] == "SUCCEEDED"
    assert len(here.executions()) == 2
    assert here.result(KEY).status == "complete"
    assert set(here.reads().values()) == {1}
