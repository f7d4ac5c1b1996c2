"""The workflow's definition against the code it calls."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import errors
from folio.errors import FolioError, Misconfigured, Superseded
from folio.longdocs.chunks import MAX_CHUNKS, Chunk, plan
from folio.longdocs.workflow import Job
from folio.models import encode
from tests.support.aws.template import RESOURCES
from tests.support.paths import ROOT

DEFINITION = ROOT / "workflows" / "long-document.asl.json"
MACHINE: dict[str, Any] = json.loads(DEFINITION.read_text())
STATE_BYTES = 32 * 1024
# What Lambda and Step Functions themselves say when a call failed for a reason that may pass.
SERVICES = {
    *("Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.AWSLambdaException"),
    *("Lambda.SdkClientException", "Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout"),
}
THROTTLED = "Lambda.TooManyRequestsException"
CLASSES = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FolioError)}


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


STEPS = {name: state for name, state in states(MACHINE) if state["Type"] == "Task" and "lambda" in state["Resource"]}


def named(rules: list[dict[str, Any]]) -> set[str]:
    return {name for rule in rules for name in rule["ErrorEquals"]} - {"States.ALL"}


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_step_is_tried_again_at_what_may_pass_and_nothing_else(name: str) -> None:
    retryable = {name for name, kind in CLASSES.items() if kind.retryable}
    assert named(STEPS[name]["Retry"]) == retryable | SERVICES


@pytest.mark.parametrize("name", ["Recognize", "LastAttempt", "GiveUp"])
def test_what_an_operator_must_mend_is_no_reason_to_give_pages_up(name: str) -> None:
    first = STEPS[name]["Catch"][0]
    assert first["Next"] == "Stop"
    assert set(first["ErrorEquals"]) == {name for name, kind in CLASSES.items() if issubclass(kind, Misconfigured)}


@pytest.mark.parametrize("name", sorted(STEPS))
def test_a_busy_account_is_waited_for_and_costs_a_step_none_of_its_attempts(name: str) -> None:
    first, *others = STEPS[name]["Retry"]
    assert first["ErrorEquals"] == [THROTTLED]
    assert THROTTLED not in named(others)
    mean_pause = first["MaxDelaySeconds"] / 2  # by full jitter
    assert first["MaxAttempts"] * mean_pause > 6 * 3600
    assert first["MaxAttempts"] * 5 < 25_000, "the events an execution may have"


@pytest.mark.parametrize("name", ["Recognize", "LastAttempt", "GiveUp"])
def test_pages_that_nobody_had_room_for_are_not_given_up(name: str) -> None:
    ways = [rule["Next"] for rule in STEPS[name]["Catch"] if THROTTLED in rule["ErrorEquals"]]
    assert ways == ["Stop"]


def test_every_error_that_is_named_is_a_class_or_a_services() -> None:
    rules = [rule for _, state in states(MACHINE) for part in ("Retry", "Catch") for rule in state.get(part, [])]
    assert named(rules) <= set(CLASSES) | SERVICES
    assert not named(rules) & {name for name, kind in CLASSES.items() if issubclass(kind, Superseded)}


def test_every_way_out_is_a_result_or_the_dead_letter_queue() -> None:
    top = MACHINE["States"]
    for name in ("Split", "Chunks", "Merge"):
        (caught,) = top[name]["Catch"]
        assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "DeadLetter")
    assert [name for name, state in top.items() if state.get("End")] == ["Merge"]


def test_what_the_definition_leaves_open_the_template_fills() -> None:
    machine = RESOURCES["LongDocuments"]["Properties"]
    open_ = set(re.findall(r"\$\{(\w+)\}", DEFINITION.read_text()))
    assert set(machine["DefinitionSubstitutions"]) == open_
    assert (DEFINITION.parents[1] / machine["DefinitionUri"]).samefile(DEFINITION)
    for name in ("Split", "Recognize", "Merge"):
        handler = RESOURCES[f"{name}Function"]["Properties"]["Handler"]
        assert handler == f"handlers.{name.lower()}.handler"


unread = st.lists(st.integers(1, 400), unique=True, max_size=200).map(sorted)


@given(unread, st.integers(1, 40), st.integers(0, 1000))
def test_a_plan_covers_what_is_unread_once_and_spends_no_more_than_there_is(
    places: list[int], size: int, calls: int
) -> None:
    chunks = plan(places, size, calls)
    covered = [place for chunk in chunks for place in places if chunk.first <= place <= chunk.last]
    assert covered == places
    assert all(sum(chunk.first <= place <= chunk.last for place in places) <= size for chunk in chunks)
    assert sum(chunk.calls for chunk in chunks) <= calls
    if calls >= len(places):  # what could be paid for whole can be paid for in parts
        assert all(chunk.calls >= sum(place in chunk.indexes() for place in places) for chunk in chunks)


def state_of(pages: int) -> bytes:
    """The largest input of a state: the job, and the plan of that many pages."""
    job = Job(
        bucket="b" * 63, key="文" * 300, etag="0" * 32, options={"languages": "eng+chi_sim", "outputs": "text,pdf"}
    )
    chunks = plan(range(1, pages + 1), 8, 999_999)
    return encode({"job": job, "plan": {"chunks": chunks, "at_once": 1000}})


def test_the_state_of_5000_pages_is_small_and_that_of_any_document_is_carried() -> None:
    assert len(state_of(5000)) <= STATE_BYTES
    assert len(plan(range(1, 100_000), 8, 1000)) <= MAX_CHUNKS
    assert len(state_of(99_999)) <= 256 * 1024, "Step Functions' limit"


def test_a_chunk_is_written_as_three_numbers() -> None:
    assert encode([Chunk(1, 8, 15)]) == b"[[1,8,15]]"
