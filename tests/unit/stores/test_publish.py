"""One outcome beside a source, whoever else writes there at the same time."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from folio import keys
from folio.errors import SourceChanged, SourceGone, StoreUnavailable
from folio.stores.base import Conflict, SourceObject
from folio.stores.publish import Publication
from tests.fakes.memory_store import InterruptedStore, MemoryStore

KEY = "票/a.pdf"
RESULT = f"{KEY}.ocr.json"
ERROR = f"{KEY}.ocr.error.json"
KINDS = ["result", "error"]
# More calls than one publication makes, so that every moment of it is interrupted once.
MOMENTS = range(1, 16)


def outcome(kind: str, etag: str, settings: str) -> bytes:
    mark = f'{{"settings":"{settings}"}}'
    if kind == "result":
        return f'{{"source":{{"etag":"{etag}","key":"a"}},"engine":{mark},"text":"t"}}'.encode()
    return f'{{"source":{{"etag":"{etag}","key":"a"}},"settings":"{settings}","error":null}}'.encode()


def publish(store: MemoryStore, source: SourceObject, kind: str, folder: Path, settings: str = "s") -> None:
    """What a reading does in the end."""
    publication = Publication(store, source, settings)
    content = folder / f"{source.etag}-{kind}.json"
    content.write_bytes(outcome(kind, source.etag, settings))
    (publication.publish if kind == "result" else publication.publish_error)(content)


def found(store: MemoryStore, source: SourceObject) -> str | None:
    """The key of the outcome of a reading that is there."""
    outcome = Publication(store, source, "s").existing()
    return outcome.key if outcome else None


def beside(store: MemoryStore) -> dict[str, bytes]:
    return {key: data for key, data in store.objects.items() if key != KEY}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put(KEY, b"version 1")
    return store


@pytest.mark.parametrize("kind", KINDS)
def test_an_outcome_lies_beside_its_source_and_is_found_again(kind: str, store: MemoryStore, tmp_path: Path) -> None:
    source = store.head(KEY)
    assert Publication(store, source, "s").existing() is None
    publish(store, source, kind, tmp_path)
    key = RESULT if kind == "result" else ERROR
    assert beside(store) == {key: outcome(kind, source.etag, "s")}
    assert found(store, source) == key


@pytest.mark.parametrize("kind", KINDS)
def test_another_version_or_other_settings_are_not_done(kind: str, store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), kind, tmp_path)
    assert Publication(store, store.head(KEY), "other").existing() is None
    store.put(KEY, b"version 2")
    assert Publication(store, store.head(KEY), "s").existing() is None


@pytest.mark.parametrize("foreign", [b"", b"{", b"[]", b'{"source":7}', b"\xff\xfe", b'{"source":{"etag":"x"}}'])
def test_a_file_of_somebody_else_is_replaced(foreign: bytes, store: MemoryStore, tmp_path: Path) -> None:
    store.objects[RESULT] = foreign
    source = store.head(KEY)
    assert Publication(store, source, "s").existing() is None
    publish(store, source, "result", tmp_path)
    assert beside(store) == {RESULT: outcome("result", source.etag, "s")}


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
def test_the_outcome_of_a_newer_version_replaces_the_older(
    first: str, second: str, store: MemoryStore, tmp_path: Path
) -> None:
    publish(store, store.head(KEY), first, tmp_path)
    store.put(KEY, b"version 2")
    source = store.head(KEY)
    publish(store, source, second, tmp_path)
    assert beside(store) == {RESULT if second == "result" else ERROR: outcome(second, source.etag, "s")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_crash_left_over_is_cleared_when_the_outcome_is_found(kind: str, store: MemoryStore) -> None:
    source = store.head(KEY)
    ours, other = (RESULT, ERROR) if kind == "result" else (ERROR, RESULT)
    store.objects[ours] = outcome(kind, source.etag, "s")
    store.objects[other] = b"of an older version"
    assert found(store, source) == ours
    assert list(beside(store)) == [ours]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_about_a_source_that_changed_or_is_gone(
    kind: str, store: MemoryStore, tmp_path: Path
) -> None:
    source = store.head(KEY)
    store.put(KEY, b"version 2")
    with pytest.raises(SourceChanged):
        publish(store, source, kind, tmp_path)
    del store.objects[KEY]
    with pytest.raises(SourceGone):
        publish(store, source, kind, tmp_path)
    assert beside(store) == {}


def run_interrupted(
    store: MemoryStore, moment: int, others: Callable[[], object], kind: str, folder: Path
) -> InterruptedStore:
    """An older reading publishes, and others act at one moment of it."""
    source = store.head(KEY)
    interrupted = InterruptedStore(store, moment, others)
    with suppress(SourceChanged):
        publish(interrupted, source, kind, folder)
    if not interrupted.reached:
        others()  # it was done before
    return interrupted


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("older", KINDS)
@pytest.mark.parametrize("newer", KINDS)
@pytest.mark.parametrize("there", [*KINDS, "nothing"])
def test_a_newer_writer_always_wins(
    there: str, newer: str, older: str, moment: int, store: MemoryStore, tmp_path: Path
) -> None:
    if there != "nothing":
        store.objects[RESULT if there == "result" else ERROR] = outcome(there, "even older", "s")

    def replace() -> None:
        store.put(KEY, b"version 2")
        publish(store, store.head(KEY), newer, tmp_path)

    run_interrupted(store, moment, replace, older, tmp_path)
    expected = outcome(newer, store.head(KEY).etag, "s")
    assert beside(store) == {RESULT if newer == "result" else ERROR: expected}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("older", KINDS)
@pytest.mark.parametrize("newer", KINDS)
def test_a_newer_writer_wins_also_if_it_comes_later_than_its_document(
    newer: str, older: str, moment: int, store: MemoryStore, tmp_path: Path
) -> None:
    run_interrupted(store, moment, lambda: store.put(KEY, b"version 2"), older, tmp_path)
    source = store.head(KEY)
    publish(store, source, newer, tmp_path)
    assert beside(store) == {RESULT if newer == "result" else ERROR: outcome(newer, source.etag, "s")}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("one", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_two_readings_of_one_version_leave_exactly_one_outcome(
    one: str, other: str, moment: int, store: MemoryStore, tmp_path: Path
) -> None:
    source = store.head(KEY)
    run_interrupted(store, moment, lambda: publish(store, source, other, tmp_path), one, tmp_path)
    assert len(beside(store)) == 1


def test_a_place_that_others_keep_writing_to_is_given_up_for_now(store: MemoryStore, tmp_path: Path) -> None:
    class Contested(MemoryStore):
        def write(self, _key: str, _content: Path, _replaces: str | None) -> str:
            raise Conflict

    contested = Contested()
    contested.put(KEY, b"version 1")
    with pytest.raises(StoreUnavailable):
        publish(contested, contested.head(KEY), "result", tmp_path)


@pytest.mark.parametrize("force", [False, True])
def test_of_two_equal_readings_at_once_only_a_forced_one_writes_again(
    force: bool, store: MemoryStore, tmp_path: Path
) -> None:
    source = store.head(KEY)
    publish(store, source, "result", tmp_path)  # the other one's, after this one found nothing
    ours = tmp_path / "ours.json"
    ours.write_bytes(outcome("result", source.etag, "s") + b" ")
    Publication(store, source, "s", force=force).publish(ours)
    assert beside(store)[RESULT].endswith(b" ") is force


def read_pages(store: MemoryStore, folder: Path, settings: str, failed: set[int], *, pages: str = "") -> str:
    """A reading of two pages under some settings, of which some fail."""
    source = store.head(KEY)
    listed = [{"number": number, "status": "failed" if number in failed else "ok"} for number in (1, 2)]
    content = folder / "content.json"
    head = outcome("result", source.etag, settings)[:-1]
    content.write_bytes(head + b',"pages":' + json.dumps(listed).encode() + b"}")
    return Publication(store, source, settings, scope=pages).publish(content)


def test_a_result_with_fewer_pages_replaces_none_of_the_same_source(store: MemoryStore, tmp_path: Path) -> None:
    assert read_pages(store, tmp_path, "s", {2}) == "written"
    assert read_pages(store, tmp_path, "t", {1}) == "preserved"
    assert read_pages(store, tmp_path, "t", set()) == "written"
    before = beside(store)
    assert read_pages(store, tmp_path, "u", {2}) == "preserved"
    assert beside(store) == before
    store.put(KEY, b"version 2")
    assert read_pages(store, tmp_path, "u", {2}) == "written"


@pytest.mark.parametrize("pages", ["", "2"])
def test_an_error_replaces_no_result_of_the_same_source(pages: str, store: MemoryStore, tmp_path: Path) -> None:
    read_pages(store, tmp_path, "s", set(), pages=pages)
    before = beside(store)
    publish(store, store.head(KEY), "error", tmp_path, "t")
    assert beside(store) == before
    store.put(KEY, b"version 2")
    publish(store, store.head(KEY), "error", tmp_path, "t")
    assert list(beside(store)) == [ERROR]


def test_results_of_ranges_lie_side_by_side_and_go_with_their_source(store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), "error", tmp_path)
    attached = keys.scope_of("", "minutes.pdf")
    for pages in ("2", "1", attached, ""):
        read_pages(store, tmp_path, "s", set(), pages=pages)
    ranges = [f"{KEY}.ocr/pages-1.json", f"{KEY}.ocr/pages-2.json"]
    assert sorted(beside(store)) == [RESULT, *ranges, keys.result_key(KEY, attached)]
    store.put(KEY, b"version 2")
    read_pages(store, tmp_path, "s", set(), pages="2")
    assert list(beside(store)) == [f"{KEY}.ocr/pages-2.json"]


def test_what_somebody_else_put_where_a_range_would_lie_stays(store: MemoryStore, tmp_path: Path) -> None:
    store.objects[f"{KEY}.ocr/pages-7.json"] = b"mine"
    read_pages(store, tmp_path, "s", set())
    assert store.objects[f"{KEY}.ocr/pages-7.json"] == b"mine"
