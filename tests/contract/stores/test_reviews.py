"""Corrections in every store: of two people at once neither loses anything."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from folio import keys
from folio.errors import ReviewChanged, SourceGone, StoreUnavailable
from folio.models import Edit, Review, encode, now
from folio.review.stored import add, forget_made, load, mark_made
from folio.stores.base import Store
from folio.stores.folder import FolderStore
from folio.stores.put import put_bytes
from folio.stores.s3 import S3Store
from tests.fakes.memory_store import MemoryStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "letters/a.pdf"


@pytest.fixture(params=["memory", "folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    client: S3Client = request.getfixturevalue("moto_s3")
    return S3Store(client, request.getfixturevalue("bucket"))


def edit(word: int, text: str | None = "time", by: str = "") -> Edit:
    return Edit(page=1, location=f"lines/0/words/{word}", read="tlme", text=text, at=now(), by=by)


def test_there_is_an_empty_one_before_the_first_correction(store: Store) -> None:
    assert load(store, KEY, "", "e").review == Review(source="e")
    assert store.list(KEY) == []


def test_corrections_are_kept_in_their_order_beside_the_result(store: Store) -> None:
    assert add(store, KEY, "", "e", [edit(0), edit(1)], 0).revision == 1
    add(store, KEY, "", "e", [edit(0, None)], 1)
    review = load(store, KEY, "", "e").review
    assert [(each.location, each.text) for each in review.edits] == [
        ("lines/0/words/0", "time"), ("lines/0/words/1", "time"), ("lines/0/words/0", None),
    ]  # fmt: skip
    assert set(review.current()) == {(1, "lines/0/words/1")}
    assert store.list(KEY) == [f"{KEY}.ocr/reviewed.json"]
    assert keys.is_ours(f"{KEY}.ocr/reviewed.json")


def test_none_is_left_of_a_job_that_was_deleted_meanwhile(store: Store) -> None:
    job = f"{keys.JOBS}owner/job/a.pdf"
    with pytest.raises(SourceGone):
        add(store, job, "", "e", [edit(0)], 0)
    assert store.list(keys.JOBS) == []


def test_a_part_has_its_own(store: Store) -> None:
    add(store, KEY, "2-3", "e", [edit(0)], 0)
    assert load(store, KEY, "", "e").review.revision == 0
    (name,) = store.list(KEY)
    assert keys.reviewed_document(name) == (KEY, "2-3")
    assert keys.part_of(KEY, name) is None, "it is no result"


def test_who_comes_second_is_told_the_newer_version(store: Store) -> None:
    add(store, KEY, "", "e", [edit(0, by="Ann")], 0)
    with pytest.raises(ReviewChanged) as refused:
        add(store, KEY, "", "e", [edit(1, by="Bo")], 0)
    newer = refused.value.newer
    assert isinstance(newer, Review)
    assert [each.by for each in newer.edits] == ["Ann"]
    add(store, KEY, "", "e", [edit(1, by="Bo")], newer.revision)
    assert [each.by for each in load(store, KEY, "", "e").review.edits] == ["Ann", "Bo"]


def test_of_many_at_once_nothing_is_lost(store: Store) -> None:
    def correct(person: int) -> None:
        based_on = 0
        for word in range(3):
            while True:
                try:
                    based_on = add(store, KEY, "", "e", [edit(10 * person + word)], based_on).revision
                except ReviewChanged:
                    based_on = load(store, KEY, "", "e").review.revision
                else:
                    break

    people = [threading.Thread(target=correct, args=(person,)) for person in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    review = load(store, KEY, "", "e").review
    expected = {f"lines/0/words/{10 * person + word}" for person in range(4) for word in range(3)}
    assert ({each.location for each in review.edits}, review.revision) == (expected, 12)


def test_those_of_another_document_do_not_count_and_their_numbers_are_not_used_again(store: Store) -> None:
    add(store, KEY, "", "older", [edit(0)], 0)
    assert load(store, KEY, "", "newer").review == Review(source="newer", revision=1)
    assert add(store, KEY, "", "newer", [edit(1)], 1).revision == 2
    assert [each.location for each in load(store, KEY, "", "newer").review.edits] == ["lines/0/words/1"]


def test_outputs_say_of_which_revision_they_are(store: Store) -> None:
    made = add(store, KEY, "", "e", [edit(0)], 0)
    add(store, KEY, "", "e", [edit(1)], 1)
    mark_made(store, KEY, "", made, ["text", "pdf"])
    review = load(store, KEY, "", "e").review
    assert (review.outputs, len(review.edits), review.revision) == ({"text": 1, "pdf": 1}, 2, 2)
    forget_made(store, KEY, "", review)
    assert load(store, KEY, "", "e").review.outputs == {}


def test_a_file_that_is_no_review_is_not_overwritten(store: Store) -> None:
    put_bytes(store, keys.review_key(KEY), encode({"edits": 3}), None)
    with pytest.raises(StoreUnavailable, match="move the file away"):
        add(store, KEY, "", "e", [edit(0)], 0)
