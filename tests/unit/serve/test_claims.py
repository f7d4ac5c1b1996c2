"""Which worker has a document, told by claims beside it: two workers on one store, and a store without conditions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from folio import keys
from folio.ops.backfill import Listed
from folio.serve.bucket_documents import BucketDocuments, Times
from folio.serve.claims import Claims
from folio.serve.tasks import Task
from folio.stores.folder import FolderStore

KEY = "in/a.pdf"
ATTEMPTS = 3


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "in").mkdir()
    (tmp_path / KEY).write_bytes(b"%PDF-")
    return FolderStore(tmp_path)


class Forgetful(FolderStore):
    """Writes whatever is there, as servers do that know no conditions."""

    def write(self, key: str, content: Path, replaces: str | None) -> str:  # noqa: ARG002 (the store's)
        return super().write(key, content, self.etag(key))


def test_the_first_has_it(store: FolderStore) -> None:
    first, second = Claims(store, "first"), Claims(store, "second")
    assert first.create(KEY, "e")
    assert second.create(KEY, "e") is None
    assert first.conditional is True
    assert second.conditional is None, "it has written none yet"


def test_a_store_without_conditions_is_noticed_at_the_first_claim(store: FolderStore, tmp_path: Path) -> None:
    claims = Claims(Forgetful(tmp_path), "first")
    held = claims.create(KEY, "e")
    assert held is not None
    assert claims.conditional is False
    claims.release(held)
    assert store.read(keys.claim(KEY)) is None


def test_of_several_that_take_over_one_succeeds_and_the_earlier_owner_notices(store: FolderStore) -> None:
    first, second, third = (Claims(store, name) for name in ("first", "second", "third"))
    held = first.create(KEY, "e")
    seen, too = second.read(KEY), third.read(KEY)
    assert held
    assert seen
    assert too
    taken = second.take_over(seen, "e")
    assert taken
    assert taken.claim.attempt == 2
    assert third.take_over(too, "e") is None
    assert first.renew(held) is None
    first.release(held)
    assert store.read(keys.claim(KEY)) is not None, "it is not its own any more"


def test_a_renewed_claim_is_another_one_to_who_watches_it(store: FolderStore) -> None:
    first, second = Claims(store, "first"), Claims(store, "second")
    held = first.create(KEY, "e")
    assert held
    assert second.watch(KEY, held.etag) == 0
    assert second.watch(KEY, held.etag) > 0
    renewed = first.renew(held)
    assert renewed
    assert renewed.etag != held.etag
    assert second.watch(KEY, renewed.etag) == 0


def test_a_replaced_document_is_attempted_from_the_first_time_again(store: FolderStore) -> None:
    claims = Claims(store, "first")
    claims.create(KEY, "e")
    seen = claims.read(KEY)
    assert seen
    taken = claims.take_over(seen, "another")
    assert taken
    assert (taken.claim.attempt, taken.claim.source) == (1, "another")


def documents(store: FolderStore, lease: float = 0, told: list[str] | None = None) -> BucketDocuments:
    """Those of a folder, listed as S3 lists a bucket."""

    def listing() -> Iterator[Listed]:
        for key in sorted([KEY, *store.list(KEY + ".")], key=str.encode):
            yield Listed(key, str(store.etag(key)), 1, modified=0 if key == KEY else 1)

    report = (told if told is not None else []).append
    return BucketDocuments("bucket", store, listing, ATTEMPTS, Times(lease), report)


def taken(source: BucketDocuments) -> Task | None:
    """What it has after one whole listing."""
    source._candidates = source._all_candidates()
    return source.take()


def test_a_document_is_for_one_worker_until_that_is_gone_or_done(store: FolderStore) -> None:
    first, patient, other = documents(store), documents(store, lease=60), documents(store)
    task = taken(first)
    assert task is not None
    assert taken(first) is None
    assert taken(patient) is None
    assert not patient.is_finished()
    again = taken(other)  # its lease is over at once
    assert again is not None
    assert again.event["Records"][0]["attributes"] == {"ApproximateReceiveCount": "2"}
    other.done(again)
    first.done(task)  # it was slow; nothing comes of it
    assert store.list(KEY + ".") == []


def test_a_document_is_given_up_after_its_attempts_until_it_is_replaced(store: FolderStore, tmp_path: Path) -> None:
    source = documents(store)
    for attempt in range(1, ATTEMPTS + 1):
        task = taken(source)
        assert task is not None
        assert source.failed(task) is (attempt == ATTEMPTS)
    for one in (source, documents(store)):
        assert taken(one) is None
        assert taken(one) is None
        assert one.is_finished(), "it is not waited for"
    (tmp_path / KEY).write_bytes(b"%PDF-1.7")
    assert taken(documents(store)) is not None


def test_a_stopped_worker_leaves_its_document_to_others_at_once(store: FolderStore) -> None:
    first, second = documents(store, lease=60), documents(store, lease=60)
    task = taken(first)
    assert task is not None
    first.put_back(task)
    assert taken(second) is not None


def test_a_claim_left_beside_a_result_is_removed_in_the_end(store: FolderStore, tmp_path: Path) -> None:
    Claims(store, "killed right at the end").create(KEY, "e")
    (tmp_path / keys.result_key(KEY)).write_text("{}")
    source = documents(store)
    task = taken(source)
    assert task is not None
    source.done(task)
    assert store.list(KEY + ".") == [keys.result_key(KEY)]


def test_a_store_without_conditions_is_told_of(store: FolderStore, tmp_path: Path) -> None:
    told: list[str] = []
    assert taken(documents(Forgetful(tmp_path), told=told)) is not None
    assert told == ["This S3 ignores conditional writes: run one worker only, or documents are read by several."]
