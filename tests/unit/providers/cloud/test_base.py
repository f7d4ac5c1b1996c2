"""The policy around every call of a paid provider: pauses, repeats, smaller images, halves, counts and bounds."""

from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from folio.config.options import Options
from folio.config.settings import Settings
from folio.errors import (
    CallBudgetExceeded,
    EngineFailed,
    EngineTimeout,
    FolioError,
    ImageRefused,
    ProviderDenied,
    QuotaExhausted,
    Throttled,
    UnknownLanguage,
)
from folio.models import PageImage, PageText
from folio.providers.base import Operation
from folio.providers.cloud.faults import CallFailed, ErrorKind
from folio.providers.cloud.tencent import Tencent
from folio.providers.cost import Ledger, Usage
from folio.providers.tiling import Limits, Tile
from tests.fakes.paid_provider import (
    DECLARATION,
    Clock,
    Keys,
    Service,
    ask,
    flat,
    noise,
    page_of,
    paper,
    reader,
    text_of,
    word,
)

TEXT = text_of(word("Larkfield", 10, 10))
THROTTLED = CallFailed(ErrorKind.THROTTLED, "18")
PASSING = CallFailed(ErrorKind.TRANSIENT, "1")
DENSE = CallFailed(ErrorKind.DENSE, "282000")
REFUSED = CallFailed(ErrorKind.IMAGE_FIXABLE, "216202")
DENIED = CallFailed(ErrorKind.CONFIG, "6")
STALE = CallFailed(ErrorKind.AUTH_REFRESH, "111")
SPENT = CallFailed(ErrorKind.QUOTA, "17")
NOTHING = CallFailed(ErrorKind.EMPTY, "ImageNoText")


@pytest.fixture
def page(tmp_path: Path) -> PageImage:
    return page_of(noise(300, 200), tmp_path)


def test_a_good_answer_takes_one_call_and_no_time(page: PageImage, clock: Clock) -> None:
    service = Service(clock, TEXT)
    assert ask(service, page, clock) == TEXT
    assert (len(service.sent), clock.now) == (1, 1000)


@pytest.mark.parametrize("failed", [THROTTLED, PASSING])
def test_what_may_pass_is_repeated(failed: CallFailed, page: PageImage, clock: Clock) -> None:
    service = Service(clock, failed, failed, failed, TEXT)
    assert ask(service, page, clock) == TEXT
    assert len(service.sent) == 4
    assert {piece.data for piece in service.sent} == {service.sent[0].data}


@pytest.mark.parametrize("attempts", [1, 2, 5, 20])
def test_there_are_no_more_calls_than_the_settings_allow(attempts: int, page: PageImage, clock: Clock) -> None:
    service = Service(clock, PASSING, settings=Settings(call_attempts=attempts))
    with pytest.raises(EngineFailed, match="baidu failed"):
        ask(service, page, clock)
    assert len(service.sent) == attempts


@pytest.mark.parametrize("kind", [ErrorKind.THROTTLED, ErrorKind.TRANSIENT])
def test_the_wait_a_service_asks_for_is_kept(kind: ErrorKind, page: PageImage, clock: Clock) -> None:
    service = Service(clock, CallFailed(kind, "x", 30), CallFailed(kind, "x", 40), TEXT)
    assert ask(service, page, clock) == TEXT
    assert clock.now >= 1000 + 70


def test_while_one_is_throttled_the_others_wait_too(page: PageImage, clock: Clock) -> None:
    service = Service(clock, CallFailed(ErrorKind.THROTTLED, "18", 30), TEXT)
    seen: list[float] = []

    def another() -> None:
        if not seen:
            seen.append(service.buckets["general"].take(100))
            assert service.buckets["table"].take(100) == 0, "another endpoint has its own rate"

    clock.meanwhile = another
    ask(service, page, clock)
    assert seen[0] >= 30


def test_a_wait_longer_than_there_is_time_is_not_begun(page: PageImage, clock: Clock) -> None:
    service = Service(clock, CallFailed(ErrorKind.THROTTLED, "18", 30), TEXT)
    with pytest.raises(Throttled) as raised:
        ask(service, page, clock, seconds=25)
    assert (raised.value.retry_after, len(service.sent), clock.now) == (30, 1, 1000)


def test_a_turn_too_late_is_not_waited_for(page: PageImage, clock: Clock) -> None:
    service = Service(clock, TEXT, rate=0.01)
    ask(service, page, clock)
    with pytest.raises(Throttled):
        ask(service, page, clock, seconds=60)
    assert len(service.sent) == 1


def test_pages_start_at_the_rate_of_the_service(page: PageImage, clock: Clock) -> None:
    starts: list[float] = []

    def answer(piece: Tile) -> PageText:
        starts.append(clock.now)
        return TEXT

    service = Service(clock, answer, rate=2)
    for _ in range(5):
        ask(service, page, clock)
    assert min(later - sooner for sooner, later in pairwise(starts)) >= 0.5


@pytest.mark.parametrize("failed", [PASSING, THROTTLED, STALE, REFUSED, DENSE, DENIED])
def test_no_call_begins_after_the_deadline(failed: CallFailed, page: PageImage, clock: Clock) -> None:
    def late(piece: Tile) -> PageText:
        clock.now += 61
        raise failed

    service = Service(clock, late)
    with pytest.raises(FolioError):
        ask(service, page, clock, seconds=60)
    assert len(service.sent) == 1


def test_a_page_whose_time_is_over_is_not_sent(page: PageImage, clock: Clock) -> None:
    service = Service(clock, TEXT)
    with pytest.raises(EngineTimeout):
        ask(service, page, clock, seconds=0)
    assert service.sent == []


def test_an_old_token_is_replaced_once(page: PageImage, clock: Clock) -> None:
    service = Service(clock, STALE, TEXT)
    assert ask(service, page, clock) == TEXT
    service = Service(clock, STALE)
    with pytest.raises(ProviderDenied):
        ask(service, page, clock)
    assert len(service.sent) == 2


def test_keys_changed_meanwhile_are_tried_once(page: PageImage, clock: Clock) -> None:
    service = Service(clock, DENIED, TEXT)
    service.credentials = Keys("old", "new")
    assert ask(service, page, clock) == TEXT
    assert service.keys == ["old", "new"]
    service = Service(clock, DENIED)
    service.credentials = Keys("old", "new", "newer")
    with pytest.raises(ProviderDenied):
        ask(service, page, clock)
    assert service.keys == ["old", "new"]


def test_a_refused_image_is_sent_smaller_once_and_its_words_stay_where_they_are(page: PageImage, clock: Clock) -> None:
    known = word("Larkfield", 50, 60)
    service = Service(clock, REFUSED, reader(known))
    read = ask(service, page, clock)
    first, second = service.sent
    assert second.width < first.width
    assert len(second.data) <= len(first.data) / 2
    assert read.lines[0].polygon[2] == pytest.approx(known.polygon[2], abs=0.01)
    assert f"Reduced to {second.width} x {second.height}" in read.warnings[0]


def test_an_image_refused_again_is_a_refused_page(page: PageImage, clock: Clock) -> None:
    service = Service(clock, REFUSED)
    with pytest.raises(ImageRefused):
        ask(service, page, clock)
    assert len(service.sent) == 2


@pytest.mark.parametrize(("height", "width"), [(1, 1), (20, 20), (200, 300)])
def test_a_refused_image_that_is_small_already_is_a_refused_page(
    height: int, width: int, tmp_path: Path, clock: Clock
) -> None:
    with pytest.raises(ImageRefused):
        ask(Service(clock, REFUSED), page_of(paper(height, width), tmp_path), clock)


WORDS = [word(f"word{number}", 20 + 60 * (number % 2), 14 + 45 * number) for number in range(6)]


def ruled(folder: Path) -> PageImage:
    """A page with ink where the words are."""
    image = paper(300, 200)
    for one in WORDS:
        (left, top), _, (right, bottom), _ = one.polygon
        image[int(top) : int(bottom), int(left) : int(right)] = 0
    return page_of(image, folder)


def test_what_is_too_much_twice_is_read_in_halves(tmp_path: Path, clock: Clock) -> None:
    service = Service(clock, DENSE, DENSE, reader(*WORDS))
    read = ask(service, ruled(tmp_path), clock)
    assert len(service.sent) == 4
    assert read.text == "\n".join(one.text for one in WORDS)
    for line, known in zip(read.lines, WORDS, strict=True):
        assert flat(line.polygon) == pytest.approx(flat(known.polygon))


def test_what_was_too_much_once_is_read_whole(tmp_path: Path, clock: Clock) -> None:
    service = Service(clock, DENSE, reader(*WORDS))
    assert len(ask(service, ruled(tmp_path), clock).lines) == len(WORDS)
    assert len(service.sent) == 2


def test_halves_that_are_too_much_are_not_halved_again(tmp_path: Path, clock: Clock) -> None:
    service = Service(clock, DENSE, DENSE, reader(*WORDS), DENSE)
    with pytest.raises(EngineFailed):
        ask(service, ruled(tmp_path), clock)
    assert len(service.sent) == 5


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 1), (1, 2), (3, 3), (1, 300)])
def test_the_smallest_page_that_is_too_much_is_no_crash(height: int, width: int, tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(EngineFailed):
        ask(Service(clock, DENSE), page_of(paper(height, width), tmp_path), clock)


def test_calls_are_counted_and_only_answers_charged(page: PageImage, clock: Clock) -> None:
    ledger = Ledger()
    ask(Service(clock, PASSING, THROTTLED, TEXT), page, clock, ledger=ledger)
    cost = ledger.cost()
    assert (cost.calls, cost.estimate) == (3, 0.005)
    assert ledger.usage() == (Usage("baidu", "general", calls=3, errors=2, estimate=0.005),)


def test_no_call_goes_over_the_limit(page: PageImage, clock: Clock) -> None:
    service = Service(clock, PASSING)
    with pytest.raises(CallBudgetExceeded, match="max_calls=2"):
        ask(service, page, clock, ledger=Ledger(2))
    assert len(service.sent) == 2


def test_a_spent_quota_is_not_asked_again_for_the_same(page: PageImage, clock: Clock) -> None:
    service = Service(clock, SPENT, TEXT)
    for _ in range(3):
        with pytest.raises(QuotaExhausted):
            ask(service, page, clock)
    with pytest.raises(QuotaExhausted, match="not asked again before"):
        service.check(Options(providers=("baidu",), languages=("eng",)))
    assert len(service.sent) == 1
    assert ask(service, page, clock, options=Options(providers=("baidu",), mode="table")) == TEXT


def test_nothing_on_the_page_is_an_answer(page: PageImage, clock: Clock) -> None:
    ledger = Ledger()
    assert ask(Service(clock, NOTHING), page, clock, ledger=ledger) == PageText("", ())
    assert ledger.usage() == (Usage("baidu", "general", calls=1),)


@pytest.mark.parametrize(("code", "price"), [("ImageNoText", 0), ("EmptyImageError", 0.005)])
def test_of_pages_without_text_tencent_charges_one_kind(code: str, price: float, page: PageImage, clock: Clock) -> None:
    ledger = Ledger()
    service = Service(clock, CallFailed(ErrorKind.EMPTY, f"FailedOperation.{code}"))
    service.billed = Tencent.billed  # type: ignore[misc] # of this one instance
    assert ask(service, page, clock, ledger=ledger) == PageText("", ())
    assert (ledger.cost().calls, ledger.cost().estimate) == (1, price)


def test_what_a_service_reduces_is_told_with_the_reduced_piece(tmp_path: Path, clock: Clock) -> None:
    service = Service(clock, TEXT)
    small = Operation(name="small", limits=Limits(size=10_000_000, counted="raw", max_side=150), qps=1)
    service.declaration = replace(DECLARATION, operations={"general": small})  # type: ignore[misc] # of this one instance
    read = ask(service, page_of(paper(200, 100), tmp_path), clock)
    assert read.warnings == ("Reduced to 75 x 150 pixels, which is what baidu takes.",)


def test_a_language_the_service_does_not_read_is_refused_with_those_it_does(clock: Clock) -> None:
    service = Service(clock, TEXT)
    with pytest.raises(UnknownLanguage, match=r"does not read klingon.*eng, chi_sim"):
        service.check(Options(providers=("baidu",), languages=("eng", "klingon")))


def test_it_reads_one_language_besides_english(clock: Clock) -> None:
    service = Service(clock, TEXT)
    known = {"eng": "EN", "chi_sim": "ZH", "chi_tra": "ZH", "jpn": "JA"}
    service.declaration = replace(DECLARATION, languages={"general": known})  # type: ignore[misc] # of this one instance
    for languages, name in [(("eng",), "EN"), (("eng", "jpn"), "JA"), (("chi_sim", "chi_tra"), "ZH")]:
        assert service.language(Options(languages=languages)) == name
    with pytest.raises(UnknownLanguage, match="one language besides English"):
        service.language(Options(languages=("jpn", "chi_sim")))
    assert service.language(Options(mode="table", languages=("eng", "chi_sim"))) is None
