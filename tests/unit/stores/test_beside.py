"""Outputs come before their result, go with it, and are always those of the result that is there."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from folio import keys
from folio.errors import SourceChanged
from folio.stores.base import SourceObject
from folio.stores.publish import Publication
from tests.fakes.memory_store import InterruptedStore, MemoryStore
from tests.unit.stores.test_publish import ERROR, KEY, RESULT, beside, found, outcome

# More calls than one publication with two outputs makes.
MOMENTS = range(1, 28)
BOTH = ("text", "pdf")


def publish(
    store: MemoryStore, source: SourceObject, kinds: tuple[str, ...], folder: Path, settings: str = "s"
) -> None:
    """A reading's result with its outputs, each of which says whose it is."""
    files = {kind: folder / f"{source.etag}-{kind}" for kind in kinds}
    for file in files.values():
        file.write_text(f"{file.name}-{settings}")
    publication = Publication(store, source, settings)
    content = folder / f"{source.etag}.json"
    named = ",".join(f'"{kind}":"{keys.output_key(KEY, kind)}"' for kind in kinds)
    content.write_bytes(outcome("result", source.etag, settings)[:-1] + b',"outputs":{' + named.encode() + b"}}")
    publication.publish(content, files)


def refuse(store: MemoryStore, source: SourceObject, folder: Path) -> None:
    content = folder / "error.json"
    content.write_bytes(outcome("error", source.etag, "s"))
    publication = Publication(store, source, "s")
    publication.publish_error(content)


def outputs(store: MemoryStore) -> dict[str, bytes]:
    return {key: data for key, data in store.objects.items() if keys.FOLDER in key}


def expected(store: MemoryStore, kinds: tuple[str, ...], settings: str = "s") -> dict[str, bytes]:
    etag = store.head(KEY).etag
    return {keys.output_key(KEY, kind): f"{etag}-{kind}-{settings}".encode() for kind in kinds}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.put(KEY, b"version 1")
    return store


def test_outputs_are_there_before_the_result(store: MemoryStore, tmp_path: Path) -> None:
    seen: list[list[str]] = []
    for moment in MOMENTS:
        fresh = MemoryStore()
        fresh.put(KEY, b"version 1")
        watched = InterruptedStore(fresh, moment, lambda fresh=fresh: seen.append(list(beside(fresh))))  # type: ignore[misc]
        publish(watched, fresh.head(KEY), BOTH, tmp_path)
    assert any(len(keys) == 1 for keys in seen)
    assert all(len(keys) == 3 for keys in seen if RESULT in keys)


def test_what_the_next_reading_does_not_write_is_cleared(store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), BOTH, tmp_path)
    assert outputs(store) == expected(store, BOTH)
    publish(store, store.head(KEY), ("pdf",), tmp_path, "t")
    assert outputs(store) == expected(store, ("pdf",), "t")
    publish(store, store.head(KEY), (), tmp_path, "u")
    assert outputs(store) == {}


def test_a_refused_document_leaves_none(store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), BOTH, tmp_path)
    store.put(KEY, b"version 2")
    refuse(store, store.head(KEY), tmp_path)
    assert list(beside(store)) == [ERROR]


def test_outputs_of_a_crashed_reading_are_cleared_with_its_result(store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), BOTH, tmp_path)
    store.put(KEY, b"version 2")
    etag = store.head(KEY).etag
    store.objects[ERROR] = outcome("error", etag, "s")
    assert found(store, store.head(KEY)) == ERROR
    assert list(beside(store)) == [ERROR]


def test_tidying_takes_the_outputs_of_an_older_result(store: MemoryStore, tmp_path: Path) -> None:
    publish(store, store.head(KEY), BOTH, tmp_path)
    store.put(KEY, b"version 2")
    store.objects[ERROR] = outcome("error", store.head(KEY).etag, "s")
    Publication(store, store.head(KEY), fingerprint="").remove_stale()
    assert list(beside(store)) == [ERROR]


def interrupted(store: MemoryStore, moment: int, others: Callable[[], object], folder: Path) -> None:
    """An older reading with outputs publishes, and others act at one moment of it."""
    shared = InterruptedStore(store, moment, others)
    with suppress(SourceChanged):
        publish(shared, store.head(KEY), BOTH, folder)
    if not shared.reached:
        others()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("newer", [(), ("text",), BOTH, ("csv", "text")])
@pytest.mark.parametrize("there", [True, False])
def test_a_newer_readings_outputs_always_win(
    there: bool, newer: tuple[str, ...], moment: int, store: MemoryStore, tmp_path: Path
) -> None:
    if there:
        publish(store, store.head(KEY), ("text", "hocr"), tmp_path, "even older")

    def replace() -> None:
        store.put(KEY, b"version 2")
        publish(store, store.head(KEY), newer, tmp_path)

    interrupted(store, moment, replace, tmp_path)
    assert outputs(store) == expected(store, newer)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_newer_refusal_leaves_no_outputs(moment: int, store: MemoryStore, tmp_path: Path) -> None:
    def replace() -> None:
        store.put(KEY, b"version 2")
        refuse(store, store.head(KEY), tmp_path)

    interrupted(store, moment, replace, tmp_path)
    assert list(beside(store)) == [ERROR]


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_left_of_a_document_that_changed(moment: int, store: MemoryStore, tmp_path: Path) -> None:
    shared = InterruptedStore(store, moment, lambda: store.put(KEY, b"version 2"))
    try:
        publish(shared, store.head(KEY), BOTH, tmp_path)
    except SourceChanged:
        assert beside(store) == {}
    else:  # it changed after the last look: the result is about what was there then, and whole
        assert len(beside(store)) == 3


@pytest.mark.parametrize("moment", MOMENTS)
def test_two_readings_of_one_version_leave_one_whole_result(moment: int, store: MemoryStore, tmp_path: Path) -> None:
    interrupted(store, moment, lambda: publish(store, store.head(KEY), BOTH, tmp_path), tmp_path)
    assert outputs(store) == expected(store, BOTH)
    assert RESULT in store.objects
