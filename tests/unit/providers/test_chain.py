"""Who reads a page: in order, on to the next where that can help, and what is told of those passed over."""

from pathlib import Path

import msgspec
import pytest

from folio.config.options import Options
from folio.deadline import Deadline
from folio.errors import (
    BadOption,
    CallBudgetExceeded,
    CredentialsMissing,
    DeadlineExceeded,
    DocumentTypeMismatch,
    EngineFailed,
    EngineTimeout,
    FolioError,
    ImageRefused,
    Misconfigured,
    PageUnreadable,
    ProviderDenied,
    QuotaExhausted,
    Throttled,
    ToolMissing,
)
from folio.models import Line, PageImage, PageText, Preparation, ReadPage, SkippedProvider, UnknownLetters
from folio.providers.base import Status
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.transform import box
from tests.fakes.paid_provider import Clock

PAGE = PageImage(number=1, path=Path("page1.pgm"), width=100, height=100, dpi=None)


class Named:
    """Reads what it was told to, or fails so; knows how often it was asked."""

    def __init__(self, name: str, answer: PageText | FolioError, wrong: FolioError | None = None) -> None:
        self._name = name
        self._answer = answer
        self._wrong = wrong  # what its check says
        self.asked: list[Deadline] = []

    @property
    def name(self) -> str:
        return self._name

    def version(self) -> str:
        if isinstance(self._answer, ToolMissing):
            raise self._answer
        return "1"

    def check(self, options: Options) -> None:  # noqa: ARG002 (the protocol names them)
        if self._wrong:
            raise self._wrong

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:  # noqa: ARG002 (the protocol names them)
        self.asked.append(deadline)
        if isinstance(self._answer, FolioError):
            raise self._answer
        return self._answer

    def status(self) -> Status:
        return Status(self.name, usable=True, detail="")


def text(read: str, confidence: float | None = 0.9) -> PageText:
    return PageText(read, (Line(read, confidence, box(0, 0, 9, 9), ()),))


def chain(
    *providers: Named, ledger: Ledger | None = None, min_confidence: float = 0.0, clock: Clock | None = None
) -> Chain:
    known = {one.name: one for one in providers}
    options = msgspec.convert({"providers": list(known), "min_confidence": min_confidence}, Options)
    return Chain(known.__getitem__, options, ledger or Ledger(), 120)


def page(_preparation: Preparation) -> PageImage:
    return PAGE


def skipped_providers(reading: ReadPage) -> list[tuple[str, str]]:
    return [(one.provider, one.type) for one in reading.skipped_providers]


GOES_ON = [QuotaExhausted("q"), Throttled("t"), ProviderDenied("d"), CredentialsMissing("c"), ToolMissing("t"),
           EngineFailed("f"), EngineTimeout("t"), CallBudgetExceeded("s"), Misconfigured("m")]  # fmt: skip
STAYS = [DocumentTypeMismatch("w"), ImageRefused("i"), PageUnreadable("p")]


def test_the_first_who_can_reads() -> None:
    first, second = Named("baidu", text("a")), Named("aliyun", text("b"))
    reading = chain(first, second).read(page, Deadline())
    assert reading == ReadPage(text("a"), "baidu")
    assert second.asked == []


@pytest.mark.parametrize("error", GOES_ON, ids=lambda error: type(error).__name__)
def test_whoever_cannot_now_is_passed_over(error: FolioError) -> None:
    reading = chain(Named("baidu", error), Named("aliyun", text("b"))).read(page, Deadline())
    assert (reading.provider, reading.text.text) == ("aliyun", "b")
    (passed,) = reading.skipped_providers
    assert (passed.provider, passed.type, passed.message) == ("baidu", type(error).__name__, error.message)


@pytest.mark.parametrize("error", STAYS, ids=lambda error: type(error).__name__)
def test_an_answer_is_not_asked_for_again(error: FolioError) -> None:
    second = Named("aliyun", text("b"))
    with pytest.raises(type(error)):
        chain(Named("baidu", error), second).read(page, Deadline())
    assert second.asked == []


def test_if_nobody_can_the_first_ones_error_is_told() -> None:
    providers = (
        Named("tesseract", ToolMissing("t")),
        Named("baidu", QuotaExhausted("q")),
        Named("aliyun", Throttled("t")),
    )
    with pytest.raises(ToolMissing):
        chain(*providers).read(page, Deadline())
    assert [len(one.asked) for one in providers] == [1, 1, 1]


@pytest.mark.parametrize("error", [QuotaExhausted("q"), ProviderDenied("d"), CredentialsMissing("c")])
def test_what_an_operator_must_mend_is_not_tried_page_after_page(error: FolioError) -> None:
    first, second = Named("baidu", error), Named("aliyun", text("b"))
    both = chain(first, second)
    for _ in range(3):
        assert skipped_providers(both.read(page, Deadline())) == [("baidu", type(error).__name__)]
    assert (len(first.asked), len(second.asked)) == (1, 3)


def test_what_may_pass_is_tried_on_the_next_page_again() -> None:
    first = Named("baidu", Throttled("t"))
    both = chain(first, Named("aliyun", text("b")))
    for _ in range(3):
        both.read(page, Deadline())
    assert len(first.asked) == 3


@pytest.mark.parametrize(
    ("confidences", "reader", "passed"),
    [
        ((0.9, 0.95), "baidu", []),
        ((0.8, 0.95), "baidu", []),
        ((0.5, 0.95), "aliyun", ["baidu"]),
        ((0.5, 0.6), "aliyun", ["baidu"]),
        ((0.6, 0.5), "baidu", ["aliyun"]),
        ((0.5, 0.5), "baidu", ["aliyun"]),
        ((0.5, None), "baidu", ["aliyun"]),
    ],
)
def test_below_the_least_confidence_the_surer_reading_is_kept(
    confidences: tuple[float | None, ...], reader: str, passed: list[str]
) -> None:
    first, second = (Named(name, text(name, one)) for name, one in zip(("baidu", "aliyun"), confidences, strict=True))
    reading = chain(first, second, min_confidence=0.8).read(page, Deadline())
    assert (reading.provider, reading.text.text) == (reader, reader)
    assert skipped_providers(reading) == [(name, "LowConfidence") for name in passed]


def test_of_three_unsure_readings_the_surest_is_kept_and_the_others_told() -> None:
    names = {"tesseract": 0.4, "baidu": 0.6, "aliyun": 0.5}
    providers = [Named(name, text(name, confidence)) for name, confidence in names.items()]
    reading = chain(*providers, min_confidence=0.8).read(page, Deadline())
    assert reading.provider == "baidu"
    assert skipped_providers(reading) == [("tesseract", "LowConfidence"), ("aliyun", "LowConfidence")]
    assert "0.4" in reading.skipped_providers[0].message


def test_nothing_on_a_page_that_is_not_blank_is_no_sure_reading() -> None:
    first, second = Named("tesseract", PageText("", ())), Named("baidu", text("b"))
    assert chain(first, second, min_confidence=0.8).read(page, Deadline()).provider == "baidu"
    assert chain(first, second).read(page, Deadline()).provider == "tesseract"


def test_a_text_of_unknown_confidence_is_taken() -> None:
    first, second = Named("baidu", text("a", None)), Named("aliyun", text("b"))
    assert chain(first, second, min_confidence=0.8).read(page, Deadline()).provider == "baidu"


@pytest.mark.parametrize("error", GOES_ON + STAYS, ids=lambda error: type(error).__name__)
def test_an_unsure_reading_is_better_than_the_next_ones_failure(error: FolioError) -> None:
    reading = chain(Named("baidu", text("a", 0.5)), Named("aliyun", error), min_confidence=0.8).read(page, Deadline())
    assert (reading.provider, skipped_providers(reading)) == ("baidu", [("aliyun", type(error).__name__)])


def test_when_the_time_is_over_nobody_else_is_asked() -> None:
    clock = Clock()
    second = Named("aliyun", text("b"))
    deadline = Deadline(60, clock)

    class Late(Named):
        def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:  # noqa: ARG002 (the protocol names them)
            clock.now += 61
            raise EngineTimeout("late")

    with pytest.raises(EngineTimeout):
        chain(Late("baidu", text("")), second).read(page, deadline)
    with pytest.raises(DeadlineExceeded):
        chain(second).read(page, deadline)
    assert second.asked == []


def test_each_has_the_page_timeout_for_itself() -> None:
    clock = Clock()
    first, second = Named("baidu", EngineTimeout("t")), Named("aliyun", text("b"))
    chain(first, second).read(page, Deadline(1000, clock))
    assert [one.asked[0].timeout(1e9) for one in (first, second)] == [120, 120]


def test_a_check_refuses_options_that_one_of_them_cannot_serve() -> None:
    with pytest.raises(BadOption):
        chain(Named("baidu", text("a")), Named("aliyun", text("b"), BadOption("no mode table"))).check()


def test_a_check_passes_if_anybody_can_be_used_and_who_cannot_is_not_asked() -> None:
    first, second = Named("baidu", text("a"), CredentialsMissing("c")), Named("aliyun", text("b"))
    both = chain(first, second)
    both.check()
    assert skipped_providers(both.read(page, Deadline())) == [("baidu", "CredentialsMissing")]
    assert first.asked == []


def test_a_check_of_a_chain_nobody_of_which_can_be_used_tells_of_the_first() -> None:
    nobody = chain(Named("baidu", text("a"), CredentialsMissing("c")), Named("tesseract", text("b"), ToolMissing("t")))
    with pytest.raises(CredentialsMissing):
        nobody.check()


def test_the_version_is_the_first_ones_if_it_is_here() -> None:
    assert chain(Named("baidu", text("a")), Named("tesseract", ToolMissing("t"))).version() == "1"
    assert chain(Named("tesseract", ToolMissing("t")), Named("baidu", text("a"))).version() is None


def test_a_document_that_only_paid_calls_can_read_must_be_affordable() -> None:
    with pytest.raises(CallBudgetExceeded):
        chain(Named("baidu", text("a")), Named("aliyun", text("b")), ledger=Ledger(9)).check_budget(10)
    chain(Named("baidu", text("a")), ledger=Ledger(10)).check_budget(10)
    chain(Named("baidu", text("a")), Named("tesseract", text("b")), ledger=Ledger(0)).check_budget(10)


def test_a_page_is_prepared_for_whom_is_asked_and_the_reading_says_on_which_image() -> None:
    asked: list[Preparation] = []

    def prepared(kind: Preparation) -> PageImage:
        asked.append(kind)
        return PAGE

    first, second = Named("tesseract", text("a", 0.5)), Named("ppocr", text("b", 0.9))
    reading = chain(first, second, min_confidence=0.8).read(prepared, Deadline())
    assert (asked, reading.provider, reading.preparation) == (["classical", "neural"], "ppocr", "neural")
    asked.clear()
    assert chain(first, second).read(prepared, Deadline()).preparation == "classical"
    assert asked == ["classical"]


class WithData(Named):
    """Has data of some languages; knows in which it was asked to read."""

    languages = ("eng", "vie")

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        self.asked_in = options.languages
        return super().recognize(page, options, deadline, ledger)


def lacking(code: str | None, *, is_most: bool = True) -> PageText:
    letters = UnknownLetters(code, code and "Vietnamese", is_most)
    return msgspec.structs.replace(text("vit"), is_whole=False, script="Latn", unknown_letters=letters)


def test_a_page_whose_letters_are_not_known_is_read_with_data_of_its_language() -> None:
    first, second = Named("ppocr", lacking("vie")), WithData("tesseract", text("việt"))
    reading = chain(first, second).read(page, Deadline())
    assert (reading.text.text, reading.provider, reading.text.script) == ("việt", "tesseract", "Latn")
    assert (reading.text.is_whole, second.asked_in) == (True, ("vie",))
    assert reading.skipped_providers == (
        SkippedProvider("ppocr", "UnknownLanguage", "It does not know all letters of Vietnamese (vie)."),
    )


@pytest.mark.parametrize(
    ("read", "other"),
    [
        (lacking("yor"), text("x")),  # without data
        (lacking(None), text("x")),
        (lacking("vie", is_most=False), text("x")),
        (lacking("vie"), text("x", 0.3)),
        (lacking("vie"), EngineFailed("f")),
    ],
)
def test_without_data_or_a_reading_with_it_what_was_read_stands(read: PageText, other: PageText | FolioError) -> None:
    reading = chain(Named("ppocr", read), WithData("tesseract", other)).read(page, Deadline())
    assert (reading.text, reading.provider, reading.skipped_providers) == (read, "ppocr", ())
