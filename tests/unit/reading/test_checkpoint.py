"""Pages that are done are taken again, and nothing else is."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio import keys
from folio.errors import EngineTimeout, PageUnreadable, SourceGone, StoreUnavailable
from folio.models import Field, Page
from folio.providers.cost import Ledger
from folio.reading.checkpoint import MAX_BYTES, Checkpoint, clear, progress, saved_page
from folio.reading.page_outcome import PageOutcome, failed_page
from tests.fakes.memory_store import MemoryStore

KEY = "发票/a.pdf"
SHA, SETTINGS = hashlib.sha256(b"a").hexdigest(), "0123456789abcdef"
HOUR = 3600.0


class Desk:
    """One document's checkpoints as several readings see them."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore()
        self.folder = folder

    def begin(
        self, total: int = 9, every: float = 0.0, ledger: Ledger | None = None, *, closing: bool = False, key: str = KEY
    ) -> Checkpoint:
        spent = ledger or Ledger()
        return Checkpoint(
            self.store, key, SHA, SETTINGS, total=total, folder=self.folder, ledger=spent, every=every, closing=closing
        )

    def names(self) -> list[str]:
        prefix = f"{keys.checkpoints(KEY)}{SHA[:16]}-{SETTINGS}/"
        return [key.removeprefix(prefix) for key in self.store.list(keys.checkpoints(KEY))]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def read(number: int, text: str = "Larkfield 图") -> PageOutcome:
    page = Page(number=number, width=10, height=20, dpi=300.0, text=text, confidence=0.5)
    return PageOutcome(page, (Field(name="name", value="张", provider_name="姓名", page=number),), {"recognize": 0.25})


def timed_out(number: int) -> PageOutcome:
    return PageOutcome(failed_page(number, None, EngineTimeout("It took too long.")))


def unreadable(number: int) -> PageOutcome:
    return PageOutcome(failed_page(number, None, PageUnreadable("It cannot be drawn.")))


def test_pages_come_back_as_they_were_kept(desk: Desk) -> None:
    first = desk.begin(every=HOUR)
    outcomes = {place: read(place + 4) for place in (1, 2, 3)} | {4: unreadable(8)}
    for place, outcome in outcomes.items():
        first.keep(place, outcome)
    first.flush()
    second = desk.begin()
    assert [place for place in range(10) if place in second] == [1, 2, 3, 4]
    assert {place: second.take(place) for place in (4, 1, 3, 2)} == outcomes


def test_a_failed_page_comes_back_with_its_error(desk: Desk) -> None:
    desk.begin().keep(1, unreadable(1))
    error = desk.begin().take(1).error
    assert isinstance(error, PageUnreadable)
    assert error.message == "It cannot be drawn."


def test_a_short_reading_writes_nothing(desk: Desk) -> None:
    short = desk.begin(every=HOUR)
    for place in range(1, 5):
        short.keep(place, read(place))
    short.flush_on_failure()
    short.clear()
    assert desk.names() == []


def test_much_text_does_not_wait_for_the_time(desk: Desk) -> None:
    long = desk.begin(every=HOUR)
    for place in range(1, 5):
        long.keep(place, read(place, "x" * (MAX_BYTES // 2)))
    assert desk.names() == ["0000001-0000002.json", "0000003-0000004.json", "plan-0000009.json"]


def test_a_long_reading_that_stops_loses_nothing(desk: Desk) -> None:
    long = desk.begin(every=HOUR)
    long.keep(1, read(1))
    long.flush()
    long.keep(2, read(2))
    long.flush_on_failure()
    assert desk.names() == ["0000001-0000001.json", "0000002-0000002.json", "plan-0000009.json"]


def test_what_may_pass_is_not_kept_but_for_the_last_step(desk: Desk) -> None:
    desk.begin().keep(1, timed_out(1))
    assert desk.names() == []
    last = desk.begin(every=HOUR, closing=True)
    for place, outcome in {1: timed_out(1), 2: read(2), 3: unreadable(3), 4: timed_out(4)}.items():
        last.keep(place, outcome)
    last.flush()
    assert [place for place in range(9) if place in desk.begin()] == [2, 3]
    merging = desk.begin(closing=True)
    assert [place for place in range(9) if place in merging] == [1, 2, 3, 4]
    assert isinstance(merging.take(4).error, EngineTimeout)
    # Somebody reads it after all.
    desk.begin().keep(4, read(4))
    assert desk.begin(closing=True).take(4).error is None


def test_a_page_that_stops_its_reader_at_last_is_kept_as_failed(desk: Desk) -> None:
    class Stopped(BaseException):
        """The function is killed: nothing is cleaned up."""

    last = desk.begin(closing=True)
    with pytest.raises(Stopped), last.marking_in_progress(2, timed_out(2)):
        raise Stopped
    assert 2 not in desk.begin()
    again = desk.begin(closing=True)
    assert isinstance(again.take(2).error, EngineTimeout)
    with again.marking_in_progress(3, timed_out(3)):
        again.keep(3, read(3))
    assert desk.begin(closing=True).take(3).error is None
    with pytest.raises(StoreUnavailable), again.marking_in_progress(4, timed_out(4)):
        raise StoreUnavailable("S3 answered SlowDown.")
    assert 4 not in desk.begin(closing=True)


def test_a_page_that_stopped_its_reader_once_is_read_again_but_not_one_that_did_twice(desk: Desk) -> None:
    def stop(place: int) -> None:
        with pytest.raises(KeyboardInterrupt), desk.begin(closing=True).marking_in_progress(place, timed_out(place)):
            raise KeyboardInterrupt

    stop(2)
    stop(3)
    desk.begin().retry_crashed()
    assert [place for place in range(9) if place in desk.begin(closing=True)] == []
    stop(2)
    desk.begin().retry_crashed()
    assert [place for place in range(9) if place in desk.begin(closing=True)] == [2]
    assert isinstance(desk.begin(closing=True).take(2).error, EngineTimeout)
    desk.begin().clear()
    assert desk.names() == []


def test_a_page_of_another_content_or_other_settings_is_not_taken(desk: Desk) -> None:
    desk.begin().keep(1, read(1))
    for sha, settings in ((hashlib.sha256(b"b").hexdigest(), SETTINGS), (SHA, "fedcba9876543210")):
        other = Checkpoint(desk.store, KEY, sha, settings, total=9, folder=desk.folder, ledger=Ledger())
        assert 1 not in other
        other.clear()  # it has read the document to its end
        assert desk.names() == []
        desk.begin().keep(1, read(1))


def test_what_is_written_for_a_job_after_it_was_deleted_is_taken_back(desk: Desk) -> None:
    job = f"{keys.JOBS}owner/job/a.pdf"
    desk.store.put(job, b"a document")
    reading = desk.begin(key=job)
    reading.keep(1, read(1))
    assert len(desk.store.list(keys.JOBS)) == 3
    desk.store.discard([job])  # what lies beside it goes next, by who deletes it
    with pytest.raises(SourceGone):
        reading.keep(2, read(2))
    assert desk.store.list(keys.JOBS) == []


def test_only_what_these_settings_left_is_cleared_after_them(desk: Desk) -> None:
    desk.begin().keep(1, read(1))
    clear(desk.store, KEY, "fedcba9876543210")
    assert desk.names()
    clear(desk.store, KEY, SETTINGS)
    assert not desk.names()


def test_two_that_read_the_same_do_not_disturb_each_other(desk: Desk) -> None:
    one, other = desk.begin(), desk.begin(every=HOUR)
    for place in (1, 2, 3):
        one.keep(place, read(place))
        other.keep(place, read(place))
    other.flush()
    assert desk.names() == [
        "0000001-0000001.json",
        "0000001-0000003.json",
        "0000002-0000002.json",
        "0000003-0000003.json",
        "plan-0000009.json",
    ]
    third = desk.begin()
    assert [third.take(place).page.number for place in (1, 2, 3)] == [1, 2, 3]
    saved = progress(desk.store, KEY)
    assert saved is not None
    assert (saved.done, saved.total, saved.runs) == (3, 9, ((1, 1), (1, 3), (2, 2), (3, 3)))
    assert [page.number for index in (1, 2, 3) if (page := saved_page(desk.store, KEY, index))] == [1, 2, 3]
    assert saved_page(desk.store, KEY, 4) is None
    one.clear()
    assert desk.names() == []


def test_what_was_spent_is_counted_on(desk: Desk) -> None:
    ledger = Ledger()
    first = desk.begin(ledger=ledger)
    for place in (1, 2):
        ledger.spend("aliyun", "accurate")
        ledger.charge("aliyun", "accurate", 0.225)
        first.keep(place, read(place))
    again = Ledger()
    second = desk.begin(ledger=again)
    for place in (1, 2):
        second.take(place)
    assert again.cost() == ledger.cost()
    second.keep(3, read(3))  # costs nothing of its own
    third = Ledger()
    last = desk.begin(ledger=third)
    for place in (1, 2, 3):
        last.take(place)
    assert third.cost() == ledger.cost()


def test_pages_of_another_version_are_read_again(desk: Desk) -> None:
    desk.begin().keep(1, read(1))
    name = next(key for key in desk.store.objects if key.endswith("0000001-0000001.json"))
    desk.store.objects[name] = b'{"pages":1}'
    with pytest.raises(StoreUnavailable):
        desk.begin().take(1)
    assert 1 not in desk.begin()


def test_pages_that_have_gone_are_a_fault_that_passes(desk: Desk) -> None:
    desk.begin().keep(1, read(1))
    late = desk.begin()
    clear(desk.store, KEY)
    with pytest.raises(StoreUnavailable):
        late.take(1)


class Away(MemoryStore):
    """A store that takes nothing for a while."""

    away = True

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        if self.away:
            raise StoreUnavailable("S3 answered SlowDown.")
        return super().write(key, content, replaces)


def test_a_reading_goes_on_while_the_store_is_away(desk: Desk) -> None:
    desk.store = store = Away()
    reading = desk.begin()
    reading.keep(1, read(1))
    store.away = False
    reading.keep(2, read(2))
    assert desk.names() == ["0000002-0000002.json", "plan-0000009.json"]


def test_who_must_leave_its_pages_is_told_that_it_cannot(desk: Desk) -> None:
    desk.store = Away()
    reading = desk.begin(every=HOUR)
    reading.keep(1, read(1))
    with pytest.raises(StoreUnavailable):
        reading.flush()


def test_nobody_has_begun(desk: Desk) -> None:
    assert progress(desk.store, KEY) is None


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), max_size=12))
def test_progress_counts_each_page_once_and_only_grows(spans: list[tuple[int, int]]) -> None:
    store = MemoryStore()
    prefix = f"{keys.checkpoints(KEY)}m-s/"
    store.objects[f"{prefix}plan-0000050.json"] = b"{}"
    done: set[int] = set()
    for first, more in spans:
        store.objects[f"{prefix}{first:07}-{first + more:07}.json"] = b""
        done.update(range(first, first + more + 1))
        saved = progress(store, KEY)
        assert saved is not None
        assert (saved.done, saved.total) == (len(done), 50)


def test_the_longest_name_is_the_one_that_keys_leave_room_for(desk: Desk) -> None:
    desk.begin(total=1_000_000, closing=True).keep(1_000_000, timed_out(1))
    room = keys.MAX_KEY_BYTES - max(len(key.removeprefix(KEY)) for key in desk.store.objects)
    assert keys.fits("a" * room)
    assert not keys.fits("a" * (room + 1))
