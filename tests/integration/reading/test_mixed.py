"""Pages of which a part is in their text layer: the rest is read by the engine, and nothing that is covered is told."""

import io
import shutil
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from folio import errors
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.pdf import poppler
from folio.models import Page, Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.wiring import make_services
from tests.integration.reading.test_documents import LOW, Desk
from tests.support.defaults import settings as english_settings
from tests.support.documents.pdfs import PICTURE, PdfPage, gray_image, make_pdf, text, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

STORY = (
    "The survey of the northern harbour",
    "was finished in the autumn of that year,",
    "and nobody had asked for it.",
    "Orchards were planted along the road",
    "before the bridge was built.",
)
HEAD = words("Larkfield Trading", size=(840, 120), height=44, at=(20, 30))
AT_TOP = b"q 420 0 0 60 0 525 cm /P Do Q\n"
LETTER = PdfPage(picture=HEAD, content=AT_TOP + text(*STORY, at=(40, 480)))
WORD = b"BT /F 12.00 Tf 40 300 Td (The witness Bartholomew lives here)Tj ET\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def only_page(desk: Desk, name: str, settings: Settings | None = None, **options: str) -> Page:
    (page,) = desk.result(name, settings, **options).pages
    return page


def test_letterhead_in_a_picture_is_read_before_the_text(desk: Desk) -> None:
    desk.put("letter.pdf", LETTER)
    page = only_page(desk, "letter.pdf")
    assert (page.origin, page.provider, page.warnings) == ("mixed", "tesseract", ())
    assert page.text.split("\n\n") == ["Larkfield Trading", "\n".join(STORY)]
    assert [line.text for line in page.lines] == ["Larkfield Trading", *STORY]
    head, *story = page.lines
    assert head.confidence == page.confidence
    assert {line.confidence for line in story} == {None}
    left, top, right, bottom = head.bounds
    assert 10 < left < 40
    assert 10 < top < bottom < 115
    assert right < 500


def test_the_same_letterhead_on_several_pages_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    log = desk.folder / "calls.log"
    programs = desk.folder / "programs"
    programs.mkdir()
    counting = programs / "tesseract"
    counting.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec {shutil.which("tesseract")} "$@"\n')
    counting.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")

    def calls(name: str, *pages: PdfPage) -> int:
        log.unlink(missing_ok=True)
        desk.put(name, *pages)
        assert [page.origin for page in desk.result(name).pages] == ["mixed"] * len(pages)
        return sum("--psm" in line or "stdout" in line for line in log.read_text().splitlines())

    other = PdfPage(picture=words("Larkmoor Railway", size=(840, 120), height=44, at=(20, 30)), content=LETTER.content)
    once = calls("one.pdf", LETTER)
    assert calls("three.pdf", *[LETTER] * 3) == once
    assert calls("two.pdf", LETTER, other) > once


def test_page_is_mixed_only_where_something_was_read(desk: Desk) -> None:
    scribble = Image.effect_noise((840, 120), 30)
    desk.put("noise.pdf", PdfPage(picture=scribble, content=AT_TOP + text(*STORY, at=(40, 480))))
    page = only_page(desk, "noise.pdf")
    assert (page.origin, page.provider, page.text) == ("text-layer", None, "\n".join(STORY))


def stamped(label: str) -> bytes:
    """A page of text with a stamp, whose appearance is a picture."""
    with pikepdf.open(io.BytesIO(make_pdf(PdfPage(content=text(*STORY))))) as pdf:
        picture = words(label, size=(600, 100), height=44, at=(20, 20))
        image = gray_image(pdf, picture)
        form = pdf.make_stream(b"q 300 0 0 50 0 0 cm /I Do Q")
        form.update(
            Dictionary(
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([0, 0, 300, 50]),
                Resources=Dictionary(XObject=Dictionary(I=image)),
            )
        )
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([60, 100, 360, 150]), F=4, AP=Dictionary(N=form)
        )
        pdf.pages[0].Annots = Array([pdf.make_indirect(stamp)])
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def test_stamp_that_is_a_picture_is_read(desk: Desk) -> None:
    (desk.folder / "stamped.pdf").write_bytes(stamped("Received 12 June 2024"))
    page = only_page(desk, "stamped.pdf")
    assert (page.origin, page.text.split("\n\n")) == ("mixed", ["\n".join(STORY), "Received 12 June 2024"])


COVERED = {
    "black bar": b"0 g 107 297 71 12 re f\n",
    "white box": b"1 g 107 297 71 12 re f\n",
    "gray box": b"0.5 g 102 292 80 20 re f\n",
    "box in a form's color": b"0.9 0.9 1 rg 107 297 71 12 re f\n",
}


@pytest.mark.parametrize("bar", COVERED.values(), ids=COVERED)
def test_covered_word_is_not_told(desk: Desk, bar: bytes) -> None:
    desk.put("covered.pdf", PdfPage(content=text(*STORY) + WORD + bar))
    for ocr in ("auto", "never"):
        page = only_page(desk, "covered.pdf", ocr=ocr)
        assert (page.origin, page.text) == ("text-layer", "\n".join(STORY) + "\n\nThe witness lives here")
        assert len(page.warnings) == 1
        assert "covered" in page.warnings[0]


def test_new_words_on_a_white_box_are_told_and_the_old_ones_are_not(desk: Desk) -> None:
    old, new = (
        f"BT /F 12 Tf 40 300 Td ({price})Tj ET\n".encode() for price in ("Price 100 euros", "Costs 250 dollars")
    )
    desk.put("new.pdf", PdfPage(content=text(*STORY) + old + b"1 g 36 296 200 16 re f 0 g\n" + new))
    page = only_page(desk, "new.pdf")
    assert sorted(page.text.split()) == sorted([*" ".join(STORY).split(), "Costs", "250", "dollars"])
    assert "covered" in page.warnings[0]


MARKED = {
    "highlighter below": b"1 1 0 rg 107 297 71 12 re f 0 g\n" + WORD,
    "highlighter above": WORD + b"/G gs 1 1 0 rg 107 297 71 12 re f 0 g\n",
    "underlined": WORD + b"107 298 71 0.8 re f\n",
    "struck through": WORD + b"107 303 71 0.8 re f\n",
    "shaded": b"0.8 g 30 290 300 25 re f 0 g\n" + WORD,
    "white on dark": b"0 g 30 290 300 25 re f 1 g\n" + WORD + b"0 g\n",
    "outlined": b"1 Tr 0.3 w\n" + WORD + b"0 Tr\n",
}


@pytest.mark.parametrize("content", MARKED.values(), ids=MARKED)
def test_marked_word_is_told(desk: Desk, content: bytes) -> None:
    with pikepdf.open(io.BytesIO(make_pdf(PdfPage(content=text(*STORY) + content)))) as pdf:
        pdf.pages[0].Resources.ExtGState = Dictionary(G=Dictionary(Type=Name.ExtGState, BM=Name.Multiply))
        pdf.save(desk.folder / "marked.pdf")
    page = only_page(desk, "marked.pdf")
    assert (page.origin, page.warnings) == ("text-layer", ())
    assert page.text == "\n".join(STORY) + "\n\nThe witness Bartholomew lives here"


def test_outlined_text_is_its_layers(desk: Desk) -> None:
    desk.put("outlined.pdf", PdfPage(content=text(*STORY, style=b"1 Tr 0.4 w")))
    page = only_page(desk, "outlined.pdf")
    assert (page.origin, page.text) == ("text-layer", "\n".join(STORY))


def test_why_a_layer_was_refused_is_told(desk: Desk) -> None:
    desk.put(
        "old.pdf", PdfPage(picture=words("lantern"), content=PICTURE + text("lxntern", at=(40, 540), style=b"3 Tr"))
    )
    desk.put("scan.pdf", PdfPage(picture=words("lantern")))
    page = only_page(desk, "old.pdf")
    assert (page.origin, page.text_layer_refusal) == ("ocr", "none of its words can be seen")
    assert only_page(desk, "scan.pdf").text_layer_refusal is None


def test_layer_alone_is_given_with_a_warning_if_nothing_else_may_be_read(desk: Desk) -> None:
    desk.put("letter.pdf", LETTER)
    page = only_page(desk, "letter.pdf", ocr="never")
    assert (page.origin, page.text) == ("text-layer", "\n".join(STORY))
    assert "not read" in page.warnings[0]


def test_little_beside_a_layer_is_no_paid_call(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BAIDU_API_KEY", "BAIDU_SECRET_KEY"):
        monkeypatch.setenv(name, "nobody")
    nowhere = english_settings(endpoints=(("baidu", "http://127.0.0.1:9"),), caller_providers="baidu")
    small = words("Larkfield", size=(840, 120), height=30, at=(20, 30))
    desk.put("letter.pdf", PdfPage(picture=small, content=AT_TOP + text(*STORY, *STORY, *STORY, at=(40, 480))))
    read = desk.result("letter.pdf", nowhere, providers="baidu")
    assert (read.pages[0].origin, read.cost.calls) == ("text-layer", 0)
    assert "paid provider" in read.pages[0].warnings[0]
    both = desk.result("letter.pdf", nowhere, providers="baidu,tesseract")
    assert (both.pages[0].origin, both.pages[0].provider, both.cost.calls) == ("mixed", "tesseract", 0)
    much = words("Larkfield", "Trading", "Company", size=(840, 600), height=60)
    desk.put("much.pdf", PdfPage(picture=much, content=b"q 420 0 0 300 0 20 cm /P Do Q\n" + text(*STORY)))
    refused = desk.refusal("much.pdf", nowhere, providers="baidu", max_calls="0")
    assert isinstance(refused, errors.CallBudgetExceeded)


def test_engine_that_fails_costs_no_layer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = desk.folder / "programs"
    programs.mkdir()
    (programs / "tesseract").write_text(
        '#!/bin/sh\ncase "$*" in *version*|*list*) exec REAL "$@";; esac\nexit 1\n'.replace(
            "REAL", shutil.which("tesseract") or ""
        )
    )
    (programs / "tesseract").chmod(0o755)
    desk.put("letter.pdf", LETTER)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    services = make_services(FolderStore(desk.folder), english_settings())
    with services.pool:
        request = Request(key="letter.pdf", options=LOW, force=True, last_attempt=True)
        assert read_upload(request, services, Deadline()).written == "letter.pdf.ocr.json"
    (page,) = decode((desk.folder / "letter.pdf.ocr.json").read_bytes(), Result).pages
    assert (page.origin, page.text) == ("text-layer", "\n".join(STORY))
    assert "could not be read" in page.warnings[0]


def test_searchable_pdf_gets_what_the_page_does_not_have(desk: Desk) -> None:
    desk.put("letter.pdf", LETTER)
    desk.result("letter.pdf", outputs="pdf")
    (target,) = desk.folder.glob("letter.pdf.ocr/*.pdf")
    pages, _ = poppler.text_layers(target, 1, 1, {}, desk.folder, 60)
    found = [word.text for word in pages[1].words()]
    assert sorted(found) == sorted(["Larkfield", "Trading", *" ".join(STORY).split()])
