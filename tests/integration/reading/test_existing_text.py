"""Searchable PDFs of pages that have text of their own: every word once, and the drawing as it was."""

import subprocess
import zlib
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from folio.documents.opening import open_document
from folio.models import Line, Page, Word
from folio.outputs.writers import Outputs
from folio.transform import box
from tests.integration.reading.test_searchable import complaints, drawn, searchable, text_in
from tests.support.defaults import settings as english_settings
from tests.support.documents.pdfs import PICTURE, PdfPage, make_pdf, text, words, write_pdf
from tests.support.paths import DATA
from tests.support.tools import needs_tools

pytestmark = needs_tools

# Four words in two lines, where `text` puts them: 12 points from 40, 520 of an A5 page, and 18 below; at 144 dpi.
READ = {"lantern": (80, 128, 160, 152), "harbour": (170, 128, 260, 152), "ferry": (80, 164, 140, 188)}
ONCE = Counter(list(READ))
OLD = ("lantern harbour", "ferry")
FONT = b"/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


def lines() -> list[Line]:
    return [Line(word, 0.9, box(*area), (Word(word, 0.9, box(*area)),)) for word, area in READ.items()]


def raw(
    *contents: bytes, resources: bytes = b"", fonts: bytes = FONT, more: tuple[bytes, ...] = (), page: bytes = b""
) -> bytes:
    """A PDF of an A5 page with these contents or whole streams (objects 5 and up), and `more` objects from 20 on."""
    grey = words("lantern", size=(420, 595)).convert("L").tobytes()
    picture = b"/Type/XObject/Subtype/Image/Width 420/Height 595/ColorSpace/DeviceGray/BitsPerComponent 8"
    kids = b" ".join(b"%d 0 R" % (5 + index) for index in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % (b"/AcroForm 21 0 R" if b"/Sig" in b"".join(more) else b""),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents[%s]%s" % (kids, page)
        + b"/Resources<<%s/XObject<</P 4 0 R/X 20 0 R>>%s>>>>" % (fonts, resources),
        stream(picture + b"/Filter/FlateDecode", zlib.compress(grey)),
        *(content if content.startswith(b"<<") else stream(b"", content) for content in contents),
    ]
    objects += [b"null"] * (19 - len(objects)) + list(more)
    return write_pdf(objects)


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def form(content: bytes) -> bytes:
    return stream(b"/Type/XObject/Subtype/Form/BBox[0 0 420 595]/Resources<<%s>>" % FONT, content)


HIDDEN = text(*OLD, style=b"3 Tr")
HALVES = HIDDEN.partition(b"Tj")  # an operator in another stream than its operands
INLINE = b"q 9 0 0 9 300 300 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00 EI\x80\xff EI Q\n"
KINDS = {
    "over the picture": raw(PICTURE + HIDDEN),
    "before the picture": raw(HIDDEN + PICTURE),
    "visible, but under the picture": raw(text(*OLD) + PICTURE),
    "visible, under strips of it": raw(
        text(*OLD) + b"q 420 0 0 300 0 0 cm /P Do Q q 0 0 420 595 re W n 420 0 0 295 0 300 cm /P Do Q"
    ),
    "in two streams": raw(PICTURE + HALVES[0], b"Tj" + HALVES[2]),
    "in a form": raw(PICTURE + b"/X Do", more=(form(HIDDEN),)),
    "in a form under the picture": raw(b"/X Do " + PICTURE, more=(form(text(*OLD)),)),
    "beside an inline image": raw(PICTURE + INLINE + HIDDEN),
    "with other operators": raw(PICTURE + b"BT /F 12 Tf 3 Tr 18 TL 40 520 Td (lantern harbour) ' 1 2 (ferry)\" ET"),
    "in marked content": raw(PICTURE + b"/Span <</ActualText (lantern harbour ferry)>> BDC " + HIDDEN + b"EMC"),
    "on a page of larger units": raw(PICTURE + HIDDEN, page=b"/UserUnit 2"),
    "on a turned page": raw(PICTURE + HIDDEN, page=b"/Rotate 180"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_text_goes(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(KINDS[kind])
    pdf, warnings, _ = searchable(source, tmp_path, lines(), dpi=72 if "units" in kind else 144)
    assert pdf
    assert warnings == []
    assert Counter(text_in(pdf).split()) == ONCE
    assert drawn(pdf) == drawn(source)
    assert complaints(pdf) == []
    assert pdf.read_bytes().startswith(source.read_bytes())


def test_what_hidden_text_is_said_to_be_goes_with_it(tmp_path: Path) -> None:
    """Marked content that draws more, or shows text that is seen, keeps what it says."""
    said = b"/Span <</ActualText (%s)>> BDC "
    content = (
        said % b"lantern" + HIDDEN + b"EMC " + said % b"picture" + PICTURE + b" EMC "
        + said % b"signal" + HIDDEN + b"0 0 5 5 re f EMC " + said % b"seen" + text("seen") + HIDDEN + b"EMC"
    )  # fmt: skip
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(PICTURE + content))
    pdf, _, _ = searchable(source, tmp_path, lines())
    assert pdf
    with pikepdf.open(pdf) as opened:
        contents = opened.pages[0].Contents
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        page = b"".join(stream.read_bytes() for stream in streams)
    assert [word for word in (b"lantern", b"picture", b"signal", b"seen") if b"/ActualText (%s)" % word in page] == [
        b"picture", b"signal", b"seen",
    ]  # fmt: skip
    assert drawn(pdf) == drawn(source)
    assert complaints(pdf) == []


VISIBLE = {
    "on the page": raw(PICTURE + text(*OLD)),
    "in a form": raw(PICTURE + b"/X Do", more=(form(text(*OLD)),)),
    "of an annotation": raw(
        PICTURE,
        page=b"/Annots[<</Type/Annot/Subtype/Stamp/F 4/Rect[0 0 420 595]/AP<</N 20 0 R>>>>]",
        more=(form(text(*OLD)),),
    ),
    "beside hidden text": raw(PICTURE + text("lantern harbour") + text("lantern harbour", "ferry", style=b"3 Tr")),
    "after hidden text in one line": raw(PICTURE + b"BT /F 12 Tf 40 520 Td 3 Tr (lantern )Tj 0 Tr (harbour)Tj ET"),
    "under a translucent picture": raw(
        text(*OLD) + b"/G gs " + PICTURE, resources=b"/ExtGState<</G <</Type/ExtGState/ca 0.5>>>>"
    ),
    "under a clipped picture": raw(text(*OLD) + b"q 0 0 420 300 re W n " + PICTURE + b"Q"),
    "that clips the picture": raw(b"q BT 7 Tr /F 12 Tf 40 520 Td (lantern)Tj ET " + PICTURE + b"Q"),
    "of a font of drawings": raw(
        b"BT 3 Tr /T 12 Tf 40 300 Td (a)Tj ET",
        fonts=b"/Font<</T <</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 97"
        b"/LastChar 97/Widths[1]/CharProcs<</a 20 0 R>>/Encoding<</Differences[97/a]>>>>>>",
        more=(stream(b"", b"1 0 d0 0 0 .5 .5 re f"),),
    ),
}


@pytest.mark.parametrize("kind", VISIBLE)
def test_visible_text_stays_and_is_not_added(kind: str, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(VISIBLE[kind])
    pdf, warnings, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert warnings == []
    found = Counter(text_in(pdf).split())
    assert {word: found[word] for word in READ} == dict.fromkeys(READ, 1)
    assert drawn(pdf) == drawn(source)
    assert complaints(pdf) == complaints(source)


@pytest.mark.parametrize("turn", [90, 270])
@pytest.mark.parametrize("units", [1, 2])
def test_visible_text_is_found_on_turned_pages_of_any_units(turn: int, units: int, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(PICTURE + text(*OLD), page=b"/Rotate %d/UserUnit %d" % (turn, units)))
    turned = []
    for line in lines():
        left, top, right, bottom = line.polygon[0] + line.polygon[2]
        area = (1190 - bottom, left, 1190 - top, right) if turn == 90 else (top, 840 - right, bottom, 840 - left)
        turned.append(Line(line.text, 0.9, box(*area), (Word(line.text, 0.9, box(*area)),)))
    pdf, warnings, _ = searchable(source, tmp_path, turned, dpi=round(144 / units))
    assert pdf
    assert warnings == []
    assert pdf.read_bytes().rstrip() == source.read_bytes().rstrip()


def test_text_that_says_something_else_covers_nothing(tmp_path: Path) -> None:
    """A font without a mapping to characters, or an older reading with mistakes."""
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(PICTURE + text("lamtem harbour", "xqzzy")))
    pdf, _, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert Counter(text_in(pdf).split()) == Counter(["lamtem", "xqzzy", *READ])


def test_one_word_in_two_parts_or_in_one_with_another_is_there(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(PICTURE + text("lan tern harbour,", "Ferry,boat")))
    pdf, _, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert text_in(pdf).split() == ["lan", "tern", "harbour,", "Ferry,boat"]


def test_a_damaged_stream_stays_and_its_words_are_not_added(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(stream(b"/Filter/FlateDecode", zlib.compress(PICTURE + HIDDEN)[:-6])))
    pdf, warnings, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert warnings == ["Page 1 of the searchable PDF keeps the text it had: its content cannot be told apart."]
    assert Counter(text_in_anyway(pdf).split()) == ONCE


def text_in_anyway(pdf: Path) -> str:
    return subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout.decode()


def test_a_signed_document_keeps_its_bytes_and_says_so(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    signature = b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 10 20 30]/Contents<00>>>"
    field = b"<</SigFlags 3/Fields 24 0 R>>"
    source.write_bytes(
        raw(
            PICTURE + text("lantern", style=b"3 Tr"),
            more=(b"null", field, signature, b"<</FT/Sig/T(s)/V 22 0 R>>", b"[23 0 R]"),
        )
    )
    pdf, warnings, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert [warning.partition(".")[0] for warning in warnings] == ["The document is signed"]
    assert pdf.read_bytes().startswith(source.read_bytes())
    assert Counter(text_in(pdf).split()) == ONCE


def test_a_stream_that_two_pages_share_changes_on_the_one_that_was_read(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    document = make_pdf(PdfPage(content=HIDDEN), PdfPage(content=b""))
    source.write_bytes(document.replace(b"/Contents 7 0 R", b"/Contents 4 0 R"))
    pdf, _, _ = searchable(source, tmp_path, lines())
    assert pdf
    pages = text_in(pdf).split("\f")
    assert Counter(pages[0].split()) == ONCE
    assert Counter(pages[1].split()) == ONCE


def test_our_own_searchable_pdf_can_be_read_again(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("lantern"))))
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        pdf, warnings, _ = searchable(source, folder, lines())
        assert pdf
        assert warnings == []
        assert Counter(text_in(pdf).split()) == ONCE
        assert drawn(pdf) == drawn(source)
        assert complaints(pdf) == []
        source = pdf


def test_many_pages_with_and_without_text_keep_their_own(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    pages = [PdfPage(content=HIDDEN), PdfPage(picture=words("x")), PdfPage(content=text(*OLD)), PdfPage(content=HIDDEN)]
    source.write_bytes(make_pdf(*pages))
    pdf, warnings, _ = searchable(source, tmp_path, lines(), lines(), lines(), [])
    assert pdf
    assert warnings == []
    assert [Counter(page.split()) for page in text_in(pdf).split("\f")[:4]] == [ONCE] * 4
    assert drawn(pdf) == drawn(source)


def test_words_that_came_from_the_text_layer_are_not_added(tmp_path: Path) -> None:
    """Not even where pdftotext has them otherwise: mirrored, parted, or with accents of their own."""
    source = tmp_path / "a.pdf"
    source.write_bytes(raw(PICTURE + text("nretnal")))
    settings = english_settings()
    outputs = Outputs(("pdf",), open_document(source, settings, 60), tmp_path, settings)
    own = Line("lantern", None, box(*READ["lantern"]), (Word("lantern", None, box(*READ["lantern"])),))
    outputs.add(Page(number=1, width=840, height=1190, dpi=144, origin="text-layer", lines=(own,)))
    assert text_in(outputs.finish()[0]["pdf"]).split() == ["nretnal"]


@pytest.mark.parametrize("padding", [b"\0" * 5000, b"\n\0" * 700, b""])
def test_padding_behind_the_end_is_no_damage(padding: bytes, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("lantern"))) + padding)
    pdf, warnings, _ = searchable(source, tmp_path, lines())
    assert pdf
    assert warnings == []
    assert Counter(text_in(pdf).split()) == ONCE


def test_a_page_that_had_text_of_its_own_gets_no_second(tmp_path: Path) -> None:
    document = open_document(DATA / "english.pdf", english_settings(), 60)
    outputs = Outputs(("pdf",), document, tmp_path, english_settings())
    outputs.add(Page(number=1, width=2480, height=3508, dpi=300, origin="text-layer", lines=tuple(lines())))
    files, _ = outputs.finish()
    assert files["pdf"].read_bytes().rstrip() == document.path.read_bytes().rstrip()
