"""Whatever is asked of one document, in whatever order: no good result is lost to one that says less.

Made-up sequences of calls (options, page ranges, outputs, refusals, pages that fail, crashes in the middle, a replaced
document, --force), at a desk, over S3 and over HTTP.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from folio import keys
from folio.errors import FolioError
from folio.models import Result, decode
from folio.stores.base import Store
from tests.integration.reading.test_attachments import portfolio
from tests.integration.reading.test_interrupted import Interrupted, Killed, sheets
from tests.support.places import Bucket, Desk, Elsewhere, Http, Place, Step
from tests.support.sizes import size
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.timeout(size(600, full=7200))  # alone the longest takes minutes; the machine may be shared

DOCUMENT = sheets(3)
PORTFOLIO = portfolio(**{"sheets.tif": sheets(3), "notes.txt": b"\x00not a document"})

OPTIONS = {
    "recipe": st.sampled_from(["none", "classic"]),
    # None of the pages 9; a range that no document has; all pages in another way of writing.
    "pages": st.sampled_from(["2", "1-2", "3,2", "9", "2-", "1-"]),
    "outputs": st.sampled_from(["text", "pdf", "none", "hocr,text"]),
}
# The same document by its name and by its number; one that nobody reads, and one that is not there.
ATTACHED = {"attachment": st.sampled_from(["sheets.tif", "sheets.tif", "#2", "notes.txt", "none.pdf"])}


def steps(options: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        options=st.fixed_dictionaries({}, optional=options),
        failing=st.sampled_from([frozenset[int](), frozenset[int](), frozenset({2}), frozenset({1, 2, 3})]),
        force=st.sampled_from([False, False, False, True]),
        kill_at=st.one_of(st.none(), st.none(), st.integers(1, 30)),
        replaced=st.sampled_from([False, False, False, True]),
    )


STEPS, PORTFOLIO_STEPS = steps(OPTIONS), steps(OPTIONS | ATTACHED)


class Kept(Struct, frozen=True):
    """A good result: its content, and those of the outputs that it names; None of one that is not there."""

    result: Result
    data: bytes
    outputs: dict[str, bytes | None]

    @property
    def good_pages(self) -> set[int]:
        return {page.number for page in self.result.pages if page.status == "ok"}


def good_results(place: Place, files: dict[str, bytes]) -> dict[str, Kept]:
    """The results of the document as it is now, by their keys."""
    etag = place.store.head(place.key).etag
    whole = keys.result_key(place.key)
    found: dict[str, Kept] = {}
    for name, data in files.items():
        if name != whole and not keys.part_of(place.key, name):
            continue
        result = decode(data, Result)
        if result.source.etag == etag:
            outputs = {kind: files.get(key.removeprefix(place.results)) for kind, key in result.outputs.items()}
            found[name] = Kept(result, data, outputs)
    return found


def take(place: Place, step: Step) -> None:
    """Do what a step says. Of an error nothing remains here; what it left there is looked at."""
    if step.replaced:
        place.replace()
    stop = partial(_stopped, step.kill_at) if step.kill_at else lambda store: store
    with suppress(FolioError, Killed):
        place.read(step, stop)


def _stopped(kill_at: int, store: Store) -> Any:
    def kill() -> None:
        raise Killed

    return Interrupted(store, kill_at, kill, after=kill_at % 2 == 0)


def check(place: Place, step: Step, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Nothing that was good has gone, or says less."""
    had, has = good_results(place, before), good_results(place, after)
    # What a forced reading of some pages takes the place of.
    whole = keys.result_key(place.key, keys.scope_of("", step.options.get("attachment", "")))
    for name, result in had.items():
        assert name in has, f"{name} has gone"
        now = has[name]
        if not (step.force and name == whole):
            assert now.good_pages >= result.good_pages, f"{name} says less"
        assert now.outputs.keys() >= result.outputs.keys(), f"{name} has fewer outputs"
        assert None not in now.outputs.values(), f"outputs of {name} are missing"
        if now.result.engine.settings == result.result.engine.settings and not step.force and not step.kill_at:
            assert now.result.pages == result.result.pages
            assert now.outputs.items() >= result.outputs.items()
    refused = step.options.get("pages") == "9" or step.options.get("attachment") in ("notes.txt", "none.pdf")
    if had and refused and keys.error_key(place.key) not in before:
        assert before == after, "a refused call wrote"
    if not step.kill_at:
        outcomes = len(has) + (keys.error_key(place.key) in after)
        assert not (has and keys.error_key(place.key) in after), "a result and an error"
        assert outcomes or place.may_refuse_at_once
        assert not step.replaced or outcomes <= 1, "a replaced document has one outcome"


def run(place: Place, steps: list[Step]) -> None:
    place.replace()
    for step in steps:
        before = place.files()
        if step.replaced:
            before = {}
        take(place, step)
        check(place, step, before, place.files())
    # Undisturbed and under settings of its own, a reading puts in order what was interrupted.
    place.read(Step({"dpi": "200"}, frozenset(), force=False, kill_at=None, replaced=False), lambda store: store)
    assert keys.error_key(place.key) not in place.files()
    assert keys.result_key(place.key) in good_results(place, place.files())


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def sequences(
    usual: int, full: int, of: st.SearchStrategy[Step] = STEPS
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        wrapped = given(st.lists(of, min_size=2, max_size=7))(test)
        quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        return settings(
            max_examples=size(usual, full=full),
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # an S3 is too slow to look for the shortest sequence
            suppress_health_check=quiet,
        )(wrapped)

    return decorate


@pytest.mark.soak
@pytest.mark.slow("sixty sequences of calls")
@sequences(60, 400)
def test_at_a_desk(pool: Executor, tmp_path: Path, steps: list[Step]) -> None:
    run(Desk(pool, DOCUMENT, tmp_path), steps)


@pytest.mark.soak
@pytest.mark.slow("some sequences of calls, each of which is a hundred to S3")
@sequences(8, 100)
def test_over_s3(pool: Executor, moto_s3: "S3Client", bucket: str, steps: list[Step]) -> None:
    run(Bucket(pool, DOCUMENT, moto_s3, bucket), steps)


@pytest.mark.soak
@pytest.mark.slow("some sequences of calls, each of which is a hundred to S3")
@sequences(5, 40)
def test_over_s3_with_results_in_another_bucket(
    pool: Executor, moto_s3: "S3Client", bucket: str, steps: list[Step]
) -> None:
    run(Elsewhere(pool, DOCUMENT, moto_s3, bucket), steps)


@pytest.mark.soak
@pytest.mark.slow("some sequences of calls, each of which is a hundred to S3")
@sequences(8, 40)
def test_over_http(pool: Executor, moto_s3: "S3Client", bucket: str, steps: list[Step]) -> None:
    run(Http(pool, DOCUMENT, moto_s3, bucket), steps)


@needs_tools
@pytest.mark.soak
@pytest.mark.slow("some sequences of calls for a PDF and what is attached to it")
@sequences(5, 60, PORTFOLIO_STEPS)
def test_of_what_is_attached_at_a_desk(pool: Executor, tmp_path: Path, steps: list[Step]) -> None:
    run(Desk(pool, PORTFOLIO, tmp_path), steps)


@needs_tools
@pytest.mark.soak
@pytest.mark.slow("some sequences of calls, each of which is a hundred to S3")
@pytest.mark.parametrize("place", [Bucket, Http])
@sequences(2, 15, PORTFOLIO_STEPS)
def test_of_what_is_attached_over_s3(
    place: type[Bucket], pool: Executor, moto_s3: "S3Client", bucket: str, steps: list[Step]
) -> None:
    run(place(pool, PORTFOLIO, moto_s3, bucket), steps)
