"""Whatever stops a reading, or happens between any two of its steps: exactly one outcome of the newest document."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from msgspec import Struct
from PIL import Image

from folio import keys
from folio.deadline import Deadline
from folio.models import ErrorReport, Result, decode
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.stores.base import SourceObject, Store, Stored
from folio.stores.s3 import S3Store
from tests.fakes.engines import TEXT, FixedText
from tests.support.defaults import settings as english_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


WHY = "the document is read anew for every call to the store at which it can be interrupted"


def picture(grey: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (20, 10), grey).save(file, "PNG")
    return file.getvalue()


class Version(Struct, frozen=True):
    """A document as somebody uploads it."""

    body: bytes
    metadata: dict[str, str] = {}

    @property
    def good(self) -> bool:
        return self.body.startswith(b"\x89PNG")


GOOD, BETTER = Version(picture(10)), Version(picture(200))
BROKEN, WORSE = Version(b"\x00no document"), Version(b"\x00no document either")
SAME_WITH_OPTIONS = Version(GOOD.body, {"folio-recipe": "none"})


class Killed(BaseException):
    """The function is stopped: no `except Exception` sees this."""


class Interrupted:
    """A store at whose n-th call something happens, before it or after it."""

    def __init__(self, store: Store, call: int, happening: Callable[[], None], *, after: bool) -> None:
        self._store = store
        self._left = call
        self._happening = happening
        self._after = after

    @property
    def happened(self) -> bool:
        return self._left <= 0

    def _call[T](self, method: Callable[..., T], *arguments: Any) -> T:
        self._left -= 1
        now = self._left == 0
        if now and not self._after:
            self._happening()
        answer = method(*arguments)
        if now and self._after:
            self._happening()
        return answer

    def head(self, key: str) -> SourceObject:
        return self._call(self._store.head, key)

    def fetch(self, source: SourceObject, target: Path) -> None:
        self._call(self._store.fetch, source, target)

    def read(self, key: str) -> Stored | None:
        return self._call(self._store.read, key)

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        return self._call(self._store.read_part, key, start, length)

    def etag(self, key: str) -> str | None:
        return self._call(self._store.etag, key)

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        return self._call(self._store.write, key, content, replaces)

    def delete(self, key: str, etag: str) -> None:
        self._call(self._store.delete, key, etag)

    def list(self, prefix: str) -> list[str]:
        return self._call(self._store.list, prefix)

    def locate(self, key: str) -> tuple[str | None, str]:
        return self._store.locate(key)  # which asks nobody

    def discard(self, keys: Iterable[str]) -> None:
        self._call(self._store.discard, list(keys))


class Place:
    """One key of a bucket, and readings of it as the function makes them."""

    def __init__(self, client: "S3Client", bucket: str, pool: Executor) -> None:
        self.store = S3Store(client, bucket)
        self.key = f"{uuid4().hex}.png"
        self._client = client
        self._bucket = bucket
        self._pool = pool

    def put(self, version: Version) -> str:
        answer = self._client.put_object(
            Bucket=self._bucket, Key=self.key, Body=version.body, Metadata=version.metadata
        )
        return answer["ETag"].strip('"')

    def read(
        self, etag: str, store: Store | None = None, provider: FixedText | None = None, keep_seconds: float = 5
    ) -> Outcome:
        """What the function does for the event of that version."""
        services = Services(
            store=store or self.store,
            settings=english_settings(jobs=1, keep_seconds=keep_seconds),
            provider=lambda _: provider or FixedText(),
            pool=self._pool,
        )
        return read_upload(Request(key=self.key, etag=etag), services, Deadline(60))

    def settle(self, *versions: Version) -> None:
        for version in versions:
            self.read(self.put(version))

    def expect_outcome_of(self, version: Version, what: str) -> None:
        """Exactly one result or error lies there, and it is whole and about this version."""
        name = keys.result_key(self.key) if version.good else keys.error_key(self.key)
        listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self.key)["Contents"]
        assert sorted(item["Key"] for item in listed) == [self.key, name], what
        stored = self.store.read(name)
        assert stored is not None
        head = self.store.head(self.key)
        if version.good:
            result = decode(stored.data, Result)
            assert result.source.etag == head.etag, what
            # Undisturbed, there is nothing left to do: the outcome is of these options too.
            assert self.read(head.etag).status == "already-read", what
        else:
            assert decode(stored.data, ErrorReport).source.etag == head.etag, what


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def place(moto_s3: "S3Client", bucket: str, pool: Executor) -> Callable[[], Place]:
    return lambda: Place(moto_s3, bucket, pool)


def calls(limit: int = 40) -> Iterator[int]:
    """1, 2, 3 …; the caller stops when its reading has fewer calls than that."""
    yield from range(1, limit)
    pytest.fail(f"A reading that makes {limit} calls to its store goes round in circles.")


# What was read before -> what is being read.
STORIES = {
    "fresh": ((), GOOD),
    "fresh, broken": ((), BROKEN),
    "good after broken": ((BROKEN,), GOOD),
    "broken after good": ((GOOD,), BROKEN),
    "good after good": ((GOOD,), BETTER),
    "broken after broken": ((BROKEN,), WORSE),
    "other options": ((GOOD,), SAME_WITH_OPTIONS),
}


@pytest.mark.slow(WHY)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("story", STORIES)
def test_killed_at_any_call_and_delivered_again(story: str, after: bool, place: Callable[[], Place]) -> None:
    def kill() -> None:
        raise Killed

    earlier, version = STORIES[story]
    for call in calls():
        here = place()
        here.settle(*earlier)
        etag = here.put(version)
        store = Interrupted(here.store, call, kill, after=after)
        try:
            here.read(etag, store)
        except Killed:
            here.read(etag)
        here.expect_outcome_of(version, f"killed at call {call}")
        if not store.happened:
            break


@pytest.mark.parametrize("story", STORIES)
def test_killed_again_and_again_at_every_call(story: str, place: Callable[[], Place]) -> None:
    """Each delivery comes one call further than the one before it."""

    def kill() -> None:
        raise Killed

    earlier, version = STORIES[story]
    here = place()
    here.settle(*earlier)
    etag = here.put(version)
    for call in calls():
        store = Interrupted(here.store, call, kill, after=True)
        try:
            here.read(etag, store)
        except Killed:
            continue
        break
    here.expect_outcome_of(version, "killed at every call")


# What was read before, what is being read -> what is uploaded, and read to its end, meanwhile.
RACES = {
    "good, then good": ((), GOOD, BETTER),
    "good, then broken": ((), GOOD, BROKEN),
    "broken, then good": ((), BROKEN, GOOD),
    "broken, then broken": ((), BROKEN, WORSE),
    "broken, then good, after a result": ((BETTER,), BROKEN, GOOD),
    "good, then broken, after an error": ((WORSE,), GOOD, BROKEN),
    "the same with other options": ((), GOOD, SAME_WITH_OPTIONS),
    "the same twice": ((), GOOD, GOOD),
}


@pytest.mark.slow(WHY)
@pytest.mark.parametrize("race", RACES)
def test_replaced_and_read_at_any_call(race: str, place: Callable[[], Place]) -> None:
    """Before each call: to a store, after a call and before the next one are the same moment."""
    earlier, older, newer = RACES[race]
    for call in calls():
        here = place()
        here.settle(*earlier)
        etag = here.put(older)
        store = Interrupted(here.store, call, partial(here.settle, newer), after=False)
        here.read(etag, store)
        if not store.happened:
            break
        here.expect_outcome_of(newer, f"replaced at call {call}")


def sheets(pages: int) -> bytes:
    """A picture with that many pages, none of them blank."""
    striped = Image.new("L", (20, 10), 255)
    striped.paste(0, (0, 3, 20, 6))
    file = io.BytesIO()
    striped.save(file, "TIFF", save_all=True, append_images=[striped] * (pages - 1))
    return file.getvalue()


@pytest.mark.slow(WHY)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_of_a_long_document_that_is_killed_at_any_call_no_kept_page_is_read_again(
    after: bool, place: Callable[[], Place]
) -> None:
    def kill() -> None:
        raise Killed

    for call in calls():
        here = place()
        etag = here.put(Version(sheets(4)))
        store = Interrupted(here.store, call, kill, after=after)
        first, second = FixedText(), FixedText()
        kept: list[str] = []
        try:
            here.read(etag, store, first, keep_seconds=0)
        except Killed:
            kept = here.store.list(keys.checkpoints(here.key))
            here.read(etag, provider=second, keep_seconds=0)
        unread = {1, 2, 3, 4} - {int(match[1]) for key in kept if (match := re.search(r"/0*(\d)-", key))}
        done = here.store.read(keys.result_key(here.key))
        assert set(second.read) <= unread, f"killed at call {call}"
        assert sorted({*first.read, *second.read}) == [1, 2, 3, 4]
        assert done is not None
        assert [page.text for page in decode(done.data, Result).pages] == [TEXT] * 4
        assert here.store.list(f"{here.key}.ocr/") == [], f"killed at call {call}"
        if not store.happened:
            break
