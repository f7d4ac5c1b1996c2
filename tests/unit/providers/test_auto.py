"""Who `auto` stands for, and what it means for a document's fingerprint and its chain."""

from pathlib import Path

import msgspec
import pytest

from folio.config.options import AUTO, Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import BadOption, BlurredWriting, EngineFailed, ToolMissing, UnreadableScript
from folio.models import PageImage, PageText, Preparation
from folio.options.resolve import fingerprint, parse_options
from folio.providers import auto
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from tests.unit.providers.test_chain import Named, text

PAGE = PageImage(number=1, path=Path("page1.pgm"), width=100, height=100, dpi=None)
BOTH = ("ppocr", "tesseract")


def page(_preparation: Preparation) -> PageImage:
    return PAGE


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """PP-OCR is there, whatever this machine has, and Tesseract has English and Chinese."""
    monkeypatch.setattr(auto, "_missing", lambda: None)
    monkeypatch.setattr(auto, "_tesseract_languages", lambda: ("chi_sim", "eng"))


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "_missing", lambda: ToolMissing("PP-OCR is not installed."))
    monkeypatch.setattr(auto, "_tesseract_languages", lambda: ("eng",))


def options(**values: str) -> Options:
    return parse_options({"providers": "auto", "languages": "auto", **values})


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, BOTH),
        ({"languages": "eng"}, BOTH),
        ({"languages": "chi_sim+eng"}, BOTH),
        ({"languages": "deu"}, ("ppocr",)),  # Tesseract has no data for it here
        ({"languages": "eng+deu"}, ("ppocr",)),
        ({"languages": "rus"}, ("tesseract",)),
        ({"languages": "chi_sim_vert"}, ("tesseract",)),
        ({"psm": "6"}, ("tesseract",)),
        ({"providers": "auto,baidu"}, (*BOTH, "baidu")),
        ({"providers": "tesseract,auto"}, ("tesseract", "ppocr")),
        ({"providers": "tesseract"}, ("tesseract",)),
    ],
)
def test_auto_is_pp_ocr_before_tesseract_but_for_what_only_tesseract_can(
    values: dict[str, str], names: tuple[str, ...]
) -> None:
    assert auto.resolved(options(**values)) == names


@pytest.mark.usefixtures("absent")
def test_where_pp_ocr_is_not_there_tesseract_reads_and_the_page_says_why() -> None:
    reader = Named("tesseract", text("a"))
    both = Chain({"tesseract": reader}.__getitem__, options(), Ledger(), 120)
    reading = both.read(page, Deadline())
    (skipped,) = reading.skipped_providers
    assert (reading.provider, skipped.provider, skipped.type) == ("tesseract", "ppocr", "ToolMissing")


@pytest.mark.usefixtures("installed")
def test_a_crash_of_pp_ocr_does_not_fail_the_page() -> None:
    known = {"ppocr": Named("ppocr", EngineFailed("stopped")), "tesseract": Named("tesseract", text("a"))}
    reading = Chain(known.__getitem__, options(), Ledger(), 120).read(page, Deadline())
    assert (reading.provider, [one.type for one in reading.skipped_providers]) == ("tesseract", ["EngineFailed"])


@pytest.mark.usefixtures("installed")
def test_a_script_that_pp_ocr_does_not_read_is_looked_for_by_tesseract_among_the_others() -> None:
    asked: list[tuple[str, ...]] = []

    class Recording(Named):
        def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
            asked.append(options.languages)
            return super().recognize(page, options, deadline, ledger)

    known = {"ppocr": Named("ppocr", UnreadableScript("p")), "tesseract": Recording("tesseract", text("a"))}
    assert Chain(known.__getitem__, options(), Ledger(), 120).read(page, Deadline()).provider == "tesseract"
    assert (asked[0][0], "rus" in asked[0], "eng" in asked[0]) == (AUTO, True, False)


@pytest.mark.usefixtures("installed")
def test_of_two_who_do_not_read_a_script_the_last_says_which_it_seems_to_be() -> None:
    known = {name: Named(name, UnreadableScript(f"script by {name}")) for name in BOTH}
    with pytest.raises(UnreadableScript, match="script by tesseract"):
        Chain(known.__getitem__, options(), Ledger(), 120).read(page, Deadline())


@pytest.mark.usefixtures("installed")
def test_that_a_page_is_blurred_says_more_than_which_script_it_seems_to_be() -> None:
    known = {"ppocr": Named("ppocr", BlurredWriting("blurred")), "tesseract": Named("tesseract", UnreadableScript("t"))}
    with pytest.raises(BlurredWriting, match="blurred"):
        Chain(known.__getitem__, options(), Ledger(), 120).read(page, Deadline())


def mark(chosen: Options) -> str:
    return fingerprint(chosen, Settings())


@pytest.mark.usefixtures("installed")
def test_the_fingerprint_holds_what_auto_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = mark(options()), mark(options(languages="eng"))
    monkeypatch.setattr(auto, "release", lambda: "PP-OCRv7")
    after = mark(options()), mark(options(languages="eng"))
    assert before[0] != after[0]
    assert before[1] != after[1]
    monkeypatch.setattr(auto, "_tesseract_languages", lambda: ("chi_sim", "eng", "rus"))
    assert mark(options()) != after[0]  # pages in Russian are read now
    assert mark(options(languages="eng")) == after[1]


@pytest.mark.usefixtures("absent")
def test_what_is_read_by_tesseract_alone_is_not_read_again_for_the_word_auto() -> None:
    chosen = options(languages="eng")
    assert mark(chosen) == mark(msgspec.structs.replace(chosen, providers=("tesseract",)))


@pytest.mark.usefixtures("installed")
def test_an_engine_that_is_installed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = mark(options())
    monkeypatch.setattr(auto, "_missing", lambda: ToolMissing("m"))
    assert mark(options()) != there


@pytest.mark.parametrize("languages", ["auto+eng", "eng,auto"])
def test_auto_stands_alone_among_languages(languages: str) -> None:
    with pytest.raises(BadOption, match="auto alone"):
        options(languages=languages)


def test_a_mode_that_neither_has_is_refused_with_those_who_have_it() -> None:
    known = {name: Named(name, text("a"), BadOption("no mode table")) for name in BOTH}
    with pytest.raises(BadOption):
        Chain(known.__getitem__, options(mode="table"), Ledger(), 120).check()
