"""What every store must do (folio/stores/base.py), asked of each and of the fake that stands for them elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from folio.errors import FolioError, SourceChanged, SourceGone
from folio.stores.base import Conflict, Store
from folio.stores.folder import FolderStore
from folio.stores.s3 import S3Store
from tests.contract.conftest import Content
from tests.fakes.memory_store import MemoryStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEYS = [
    "a.pdf",
    "my scan (1).pdf",
    "1+1=2.pdf",
    "100%25.pdf",
    "发票/第一页.pdf",
    "a/b/c.pdf",
    "'quoted\".png",
    "é#?&.jpg",
]


class Place:
    """A store, and what an uploader does with it behind Folio's back."""

    def __init__(self, store: Store, put: Callable[[str, bytes], object], remove: Callable[[str], object]) -> None:
        self.store, self.put, self.remove = store, put, remove


def folder_place(root: Path) -> Place:
    def put(key: str, data: bytes) -> None:
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)

    return Place(FolderStore(root), put, lambda key: (root / key).unlink())


def s3_place(client: "S3Client", bucket: str) -> Place:
    return Place(
        S3Store(client, bucket),
        lambda key, data: client.put_object(Bucket=bucket, Key=key, Body=data),
        lambda key: client.delete_object(Bucket=bucket, Key=key),
    )


@pytest.fixture(params=["memory", "folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "memory":
        memory = MemoryStore()
        return Place(memory, memory.put, memory.objects.pop)
    if request.param == "folder":
        return folder_place(tmp_path / "store")
    return s3_place(request.getfixturevalue("moto_s3"), request.getfixturevalue("bucket"))


class TestEveryStore:
    @pytest.mark.parametrize("key", KEYS)
    def test_a_document_is_found_and_fetched_under_its_key(self, key: str, place: Place, tmp_path: Path) -> None:
        place.put(key, b"%PDF-1.7")
        source = place.store.head(key)
        assert (source.key, source.bytes) == (key, 8)
        place.store.fetch(source, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == b"%PDF-1.7"

    @pytest.mark.parametrize("key", KEYS)
    def test_a_result_is_read_back_as_it_was_written(self, key: str, place: Place, content: Content) -> None:
        assert place.store.read(key) is None
        place.store.write(key, content(b'{"a":1}'), None)
        stored = place.store.read(key)
        assert stored is not None
        assert stored.data == b'{"a":1}'

    def test_a_part_of_a_result_is_read_by_its_place(self, place: Place, content: Content) -> None:
        assert place.store.read_part("r.json", 0, 4) is None
        place.store.write("r.json", content(b"0123456789"), None)
        assert place.store.read_part("r.json", 0, 4) == b"0123"
        assert place.store.read_part("r.json", 4, 4) == b"4567"
        assert place.store.read_part("r.json", 8, 4) == b"89"
        assert place.store.read_part("r.json", 10, 4) == b""

    def test_an_empty_document_is_a_document(self, place: Place) -> None:
        place.put("a.pdf", b"")
        assert place.store.head("a.pdf").bytes == 0

    def test_the_etag_changes_with_the_content_and_only_then(self, place: Place) -> None:
        place.put("a.pdf", b"one")
        first = place.store.head("a.pdf").etag
        assert place.store.head("a.pdf").etag == first
        place.put("a.pdf", b"two")
        assert place.store.head("a.pdf").etag != first

    def test_what_is_not_there_is_gone(self, place: Place) -> None:
        with pytest.raises(SourceGone):
            place.store.head("nothing.pdf")

    def test_a_prefix_of_keys_is_no_document(self, place: Place) -> None:
        place.put("folder/a.pdf", b"one")
        with pytest.raises(SourceGone):
            place.store.head("folder")

    def test_a_document_that_vanishes_before_it_is_fetched_is_gone(self, place: Place, tmp_path: Path) -> None:
        place.put("a.pdf", b"one")
        source = place.store.head("a.pdf")
        place.remove("a.pdf")
        with pytest.raises(SourceGone):
            place.store.fetch(source, tmp_path / "copy")

    def test_a_document_that_is_replaced_before_it_is_fetched_has_changed(self, place: Place, tmp_path: Path) -> None:
        place.put("a.pdf", b"one")
        source = place.store.head("a.pdf")
        place.put("a.pdf", b"two")
        with pytest.raises(SourceChanged):
            place.store.fetch(source, tmp_path / "copy")

    def test_a_result_replaces_exactly_what_was_read(self, place: Place, content: Content) -> None:
        place.store.write("r.json", content(b"one"), None)
        stored = place.store.read("r.json")
        assert stored is not None
        place.store.write("r.json", content(b"two"), stored.etag)
        with pytest.raises(Conflict):
            place.store.write("r.json", content(b"three"), stored.etag)
        replaced = place.store.read("r.json")
        assert replaced is not None
        assert replaced.data == b"two"

    def test_a_first_result_does_not_overwrite_another(self, place: Place, content: Content) -> None:
        place.store.write("r.json", content(b"one"), None)
        with pytest.raises(Conflict):
            place.store.write("r.json", content(b"two"), None)

    def test_what_is_gone_cannot_be_replaced(self, place: Place, content: Content) -> None:
        with pytest.raises(Conflict):
            place.store.write("r.json", content(b"one"), "0123456789abcdef0123456789abcdef")
        assert place.store.read("r.json") is None

    def test_only_what_was_read_is_deleted(self, place: Place, content: Content) -> None:
        place.store.write("r.json", content(b"one"), None)
        with pytest.raises(Conflict):
            place.store.delete("r.json", "0123456789abcdef0123456789abcdef")
        stored = place.store.read("r.json")
        assert stored is not None
        place.store.delete("r.json", stored.etag)
        assert place.store.read("r.json") is None

    def test_the_etag_of_a_result_is_told_without_reading_it(self, place: Place, content: Content) -> None:
        assert place.store.etag("a.pdf.ocr/text.txt") is None
        first = place.store.write("a.pdf.ocr/text.txt", content(b"one"), None)
        assert place.store.etag("a.pdf.ocr/text.txt") == first
        second = place.store.write("a.pdf.ocr/text.txt", content(b"two"), first)
        assert place.store.etag("a.pdf.ocr/text.txt") == second != first
        stored = place.store.read("a.pdf.ocr/text.txt")
        assert stored is not None
        assert stored.etag == second

    def test_deleting_nothing_is_well_too(self, place: Place) -> None:
        place.store.delete("nothing.json", "0123456789abcdef0123456789abcdef")

    def test_files_are_listed_by_the_start_of_their_keys(self, place: Place, content: Content) -> None:
        inside = ["发 票.pdf.ocr/pages/m/2.json", "发 票.pdf.ocr/pages/m/1.json", "发 票.pdf.ocr/pages/n/1.json"]
        for key in [*inside, "发 票.pdf.ocr/text.txt", "发 票.pdf.ocr.json"]:
            place.store.write(key, content(b"one"), None)
        assert place.store.list("发 票.pdf.ocr/pages/") == sorted(inside)
        assert place.store.list("发 票.pdf.ocr/pages/m") == sorted(inside[:2])
        assert place.store.list("b.pdf.ocr/pages/") == []

    @pytest.mark.slow("S3 lists a thousand keys at once, so there must be more")
    def test_more_files_than_one_request_takes_are_listed_and_discarded(self, place: Place, content: Content) -> None:
        keys = [f"a.pdf.ocr/pages/m/{number:07}.json" for number in range(1001)]
        for key in keys:
            place.store.write(key, content(b"one"), None)
        place.store.write("a.pdf.ocr/text.txt", content(b"one"), None)
        assert place.store.list("a.pdf.ocr/pages/") == keys
        place.store.discard(["nothing.ocr/1.json", *keys])
        assert place.store.list("a.pdf.ocr/") == ["a.pdf.ocr/text.txt"]
        place.store.discard([])

    def test_a_write_that_fails_leaves_what_was_there(self, place: Place, content: Content, tmp_path: Path) -> None:
        place.store.write("r.json", content(b"one"), None)
        stored = place.store.read("r.json")
        assert stored is not None
        with pytest.raises(FolioError):
            place.store.write("r.json", tmp_path / "missing.json", stored.etag)
        assert place.store.read("r.json") == stored

    def test_metadata_are_there_even_if_there_are_none(self, place: Place) -> None:
        place.put("a.pdf", b"one")
        assert place.store.head("a.pdf").metadata == {}
