"""Text layers as poppler really gives them: read where they are the page, and nowhere else."""

import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from PIL import Image

from folio.documents import children
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.errors import BadOption
from folio.models import Page, Result
from tests.integration.reading.test_documents import HOUSE, UNDRAWABLE, Desk
from tests.support.defaults import settings as english_settings
from tests.support.documents.fonts import CHINESE, chinese_pdf
from tests.support.documents.pdfs import PICTURE, PdfPage, make_pdf, text, words
from tests.support.processes.uncovered import without_coverage
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

STORY = (
    "The survey of the northern harbour",
    "was finished in the autumn of that year,",
    "and nobody had asked for it.",
)
OTHER = ("Orchards were planted along the road", "before the bridge was built.")
DIGITAL = PdfPage(content=text(*STORY))
OLD_LAYER = PdfPage(picture=HOUSE, content=PICTURE + text("lxntern harbaur", at=(40, 540), height=24, style=b"3 Tr"))
WHITE = PdfPage(content=text(*STORY, style=b"1 g"))
GARBLED = PdfPage(content=text("7KH VXUYHB RI WKH QRUWKHUQ KDUERXU ZDV ILQLVKHG LQ WKH DXWXPQ RI WKDW BHDU"[:60]))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def origins(result: Result) -> list[str]:
    return [page.origin for page in result.pages]


def test_born_digital_page_is_its_own_text(desk: Desk) -> None:
    desk.put("born.pdf", PdfPage(content=text(*STORY) + text(*OTHER, at=(40, 300))))
    (page,) = desk.result("born.pdf").pages
    assert (page.origin, page.provider, page.confidence, page.status, page.steps) == (
        "text-layer",
        None,
        None,
        "ok",
        (),
    )
    assert page.text == "\n".join(STORY) + "\n\n" + "\n".join(OTHER)
    assert [line.text for line in page.lines] == [*STORY, *OTHER]
    assert [word.text for line in page.lines for word in line.words] == " ".join([*STORY, *OTHER]).split()
    (read,) = desk.result("born.pdf", ocr="always").pages
    assert (read.origin, read.provider, read.text) == ("ocr", "tesseract", page.text)
    assert (read.width, read.height, read.dpi) == (page.width, page.height, page.dpi)


def test_mixed_document_is_read_by_page(desk: Desk) -> None:
    desk.put("mixed.pdf", DIGITAL, PdfPage(picture=HOUSE), PdfPage(), OLD_LAYER, DIGITAL)
    read = desk.result("mixed.pdf")
    assert origins(read) == ["text-layer", "ocr", "blank", "ocr", "text-layer"]
    story = "\n".join(STORY)
    assert [page.text for page in read.pages] == [story, "lantern", "", "lantern", story]
    assert [page.number for page in read.pages] == [1, 2, 3, 4, 5]
    assert read.warnings == ()


@pytest.mark.parametrize(
    ("page", "origin"),
    [
        (WHITE, "blank"),
        (PdfPage(content=text(*STORY, style=b"3 Tr")), "blank"),
        (PdfPage(content=text(*OTHER, style=b"3 Tr") + text(*STORY, at=(40, 300), height=2, style=b"3 Tr")), "blank"),
        (GARBLED, "ocr"),
        (OLD_LAYER, "ocr"),
        (PdfPage(picture=HOUSE, content=text(*STORY, at=(40, 540)) + PICTURE), "ocr"),
        (PdfPage(picture=HOUSE, content=PICTURE + text("Scanned by hand", at=(40, 20), height=8)), "ocr"),
    ],
    ids=[
        "white text",
        "invisible text",
        "invisible small print",
        "garbled text",
        "old layer",
        "text under a picture",
        "note on a scan",
    ],
)
def test_layer_that_is_not_the_page_is_not_read(desk: Desk, page: PdfPage, origin: str) -> None:
    desk.put("lying.pdf", page)
    assert origins(desk.result("lying.pdf")) == [origin]


def test_only_layers_are_read_if_nothing_else_may_be(desk: Desk) -> None:
    desk.put("mixed.pdf", DIGITAL, PdfPage(picture=HOUSE), OLD_LAYER, GARBLED)
    read = desk.result("mixed.pdf", ocr="never", languages="xxx")  # Tesseract would refuse it
    assert origins(read) == ["text-layer"] * 4
    assert [page.text for page in read.pages][:3] == ["\n".join(STORY), "", "lxntern harbaur"]
    assert [len(page.warnings) for page in read.pages] == [0, 1, 0, 1]
    assert "no text layer" in read.pages[1].warnings[0]
    assert "no language's" in read.pages[3].warnings[0]
    assert {(page.width, page.height) for page in read.pages} == {(840, 1190)}


def test_pictures_and_fields_are_refused_if_only_layers_may_be_read(desk: Desk) -> None:
    HOUSE.save(desk.folder / "scan.png")
    desk.put("born.pdf", DIGITAL)
    assert isinstance(desk.refusal("scan.png", ocr="never"), BadOption)
    assert isinstance(desk.refusal("born.pdf", ocr="never", mode="table"), BadOption)


def test_chosen_pages_of_a_long_document(desk: Desk) -> None:
    desk.put("long.pdf", *[PdfPage(content=text(f"Chapter {number} begins here")) for number in range(1, 41)])
    read = desk.result("long.pdf", pages="2,16-18,40")
    assert [page.text for page in read.pages] == [f"Chapter {number} begins here" for number in (2, 16, 17, 18, 40)]
    assert set(origins(read)) == {"text-layer"}


def test_damaged_page_spoils_no_other(desk: Desk) -> None:
    desk.put("hurt.pdf", DIGITAL, UNDRAWABLE, DIGITAL)
    read = desk.result("hurt.pdf")
    assert [(page.origin, page.status) for page in read.pages] == [
        ("text-layer", "ok"),
        ("ocr", "failed"),
        ("text-layer", "ok"),
    ]


@pytest.mark.parametrize("does", ["exec sleep 30", "exit 1", "kill -9 $$", "exit 0", "yes '<page>' | head -100000"])
def test_poppler_that_hangs_or_fails_means_ocr(desk: Desk, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """A pdftotext that is none, before the real one."""
    programs = desk.folder / "programs"
    programs.mkdir()
    fake = programs / "pdftotext"
    fake.write_text(f"#!/bin/sh\n{does}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    desk.put("born.pdf", DIGITAL, DIGITAL)
    started = time.monotonic()
    read = desk.result("born.pdf", english_settings(page_timeout=3.0), dpi="200")
    assert origins(read) == ["ocr", "ocr"]
    assert time.monotonic() - started < 20
    assert not list(desk.folder.glob("layers-*"))


def test_chinese_is_set_without_spaces(desk: Desk) -> None:
    (desk.folder / "notice.pdf").write_bytes(chinese_pdf())
    (page,) = desk.result("notice.pdf").pages
    assert (page.origin, page.text) == ("text-layer", CHINESE)


CROP = (25.5, 300.25, 400.1, 560.7)


@pytest.mark.parametrize("crop", [None, CROP], ids=["whole", "cropped"])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90])
@pytest.mark.parametrize("size", [(420, 595), (595.276, 841.89), (441.36, 612.24)])
def test_boxes_lie_on_the_drawing(
    desk: Desk, rotate: int, crop: tuple[float, float, float, float] | None, size: tuple[float, float]
) -> None:
    desk.put("page.pdf", PdfPage(size=size, content=text(*STORY), rotate=rotate, crop=crop))
    (page,) = desk.result("page.pdf", dpi="300").pages
    assert (page.origin, page.text) == ("text-layer", "\n".join(STORY))
    settings = english_settings()
    document = open_document(desk.folder / "page.pdf", settings, 60)
    drawn = rasterize(document, 1, 300, desk.folder, settings, 60)
    assert (page.width, page.height, page.dpi) == (drawn.width, drawn.height, drawn.dpi)
    check_boxes(page, Image.open(drawn.path).point(lambda value: 255 if value < 128 else 0))


def check_boxes(page: Page, ink: Image.Image) -> None:
    """Each word's box is full of its ink, and no ink is more than 3 pixels outside of all of them."""
    for word in (word for line in page.lines for word in line.words):
        left, top, right, bottom = (round(value) for value in word.bounds)
        part = ink.crop((left, top, right, bottom)).getbbox()
        assert part, word
        assert max(part[2] - part[0] - (right - left), part[3] - part[1] - (bottom - top)) <= 0
        # Along the line the box is the ink but for the letters' own sides.
        free = (right - left) - (part[2] - part[0]), (bottom - top) - (part[3] - part[1])
        assert min(free) <= 10, (word, part)
    for word in (word for line in page.lines for word in line.words):
        left, top, right, bottom = (round(value) for value in word.bounds)
        ink.paste(0, (max(left - 3, 0), max(top - 3, 0), right + 3, bottom + 3))
    assert ink.getbbox() is None


def test_pages_with_a_layer_need_no_paid_calls(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BAIDU_API_KEY", "BAIDU_SECRET_KEY"):
        monkeypatch.setenv(name, "nobody")
    nowhere = english_settings(endpoints=(("baidu", "http://127.0.0.1:9"),), caller_providers="baidu")
    desk.put("born.pdf", *[DIGITAL] * 3)
    read = desk.result("born.pdf", nowhere, providers="baidu", max_calls="1")
    assert (origins(read), read.cost.calls) == (["text-layer"] * 3, 0)
    desk.put("scans.pdf", DIGITAL, *[PdfPage(picture=HOUSE)] * 3)
    assert "3 more paid calls" in desk.refusal("scans.pdf", nowhere, providers="baidu", max_calls="2").message


PAGES, SAMPLE = 200, 4
TIMES = size(25, full=30)  # measured 48 by processor time
VOCABULARY = (
    "harbour survey autumn northern orchard bridge lantern meadow thimble captain letter window garden morning river "
    "village market council engine paper harvest winter journey station teacher island forest mountain silver candle "
    "kitchen blanket shoulder question answer history picture weather summer people country between without against "
    "through because another nothing several already together perhaps children evening the and of that was with for"
)


def novel() -> Iterator[PdfPage]:
    """Dense pages, as of a book: about 400 words on each."""
    draw, vocabulary = random.Random(7), VOCABULARY.split()
    for number in range(1, PAGES + 1):
        lines = [" ".join(draw.choices(vocabulary, k=9)) for _ in range(42)]
        yield PdfPage(size=(595, 842), content=text(f"Page {number}", *lines, at=(60, 780), height=11))


def bag(texts: list[str]) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(texts).casefold()))


def differing(one: Counter[str], other: Counter[str]) -> float:
    return ((one - other).total() + (other - one).total()) / one.total()


class Spent(Struct, frozen=True):
    """Seconds for a page: on the clock, and of processor time, that of the programs included."""

    clock: float
    cpu: float


def spent(work: Callable[[], Result]) -> tuple[Result, Spent]:
    """What it takes to read a document. Processor time does not depend on what else the machine is doing; Tesseract
    is given one thread a page, so none of it is spent on threads that wait for each other."""

    def now() -> tuple[float, float]:
        clock = time.monotonic()
        children.close()  # the system counts the time of a child when it has ended
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return clock, sum(usage.ru_utime + usage.ru_stime for usage in usages)

    before = now()
    result = work()
    clock, cpu = ((after - start) / len(result.pages) for start, after in zip(before, now(), strict=True))
    return result, Spent(clock, cpu)


@pytest.mark.slow("pages by the real engine, one after the other: their time is what is measured")
@pytest.mark.usefixtures("real_engine")
def test_long_born_digital_document_is_read_many_times_faster(desk: Desk, tell: Callable[[str], None]) -> None:
    """On the clock too; there the quickest of three counts, for the machine may be busy just then."""
    (desk.folder / "novel.pdf").write_bytes(make_pdf(*novel()))
    children.close()  # one that was started before is traced
    with without_coverage():
        compare_times(desk, tell)


def compare_times(desk: Desk, tell: Callable[[str], None]) -> None:
    times = []
    for _ in range(3):
        whole, layers = spent(lambda: desk.result("novel.pdf", dpi="300"))
        assert origins(whole) == ["text-layer"] * PAGES
        times.append(layers)
    chosen = [number for number in range(1, PAGES + 1) if number % (PAGES // SAMPLE) == 1]
    numbers = ",".join(map(str, chosen))
    sample, ocr = spent(lambda: desk.result("novel.pdf", ocr="always", pages=numbers, dpi="300"))
    same = differing(
        bag([whole.pages[number - 1].text for number in chosen]), bag([page.text for page in sample.pages])
    )
    layers = Spent(min(one.clock for one in times), max(one.cpu for one in times))
    by_clock, by_cpu = ocr.clock / layers.clock, ocr.cpu / layers.cpu
    tell(
        f"layer {1000 * layers.clock:.1f} ms/page ({1000 * layers.cpu:.1f} of CPU), OCR {1000 * ocr.clock:.0f} "
        f"({1000 * ocr.cpu:.0f}): {by_clock:.0f} times by the clock, {by_cpu:.0f} by CPU; {same:.2%} differ"
    )
    assert same <= 0.01
    assert by_cpu >= TIMES
    assert by_clock >= TIMES


def test_old_layer_of_a_whole_scanned_document_is_not_read(desk: Desk) -> None:
    scans = [words(word) for word in ("lantern", "meadow", "harbour")]
    layer = PICTURE + text("ianlem mcad0w haroour", at=(40, 540), height=24, style=b"3 Tr")
    desk.put("scanned.pdf", *[PdfPage(picture=scan, content=layer) for scan in scans])
    assert desk.result("scanned.pdf").text == "lantern\n\nmeadow\n\nharbour"
    assert "mcad0w" in desk.result("scanned.pdf", ocr="never").text
