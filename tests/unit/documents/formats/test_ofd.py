"""OFD: text where it stands, pictures, templates and attachments; signatures are left alone."""

from pathlib import Path

import pytest

from folio.config.settings import Settings
from folio.documents.formats.ofd.paths import path
from folio.documents.opening import open_document
from folio.errors import DamagedDocument, PasswordProtected, TooLarge
from folio.models import Document
from tests.support.documents.ofds import (
    INVOICE,
    OfdPage,
    document,
    image_object,
    ofd,
    path_object,
    text_object,
    zipped,
)
from tests.support.documents.opened import opened


def pages_text(content: bytes, folder: Path) -> list[str]:
    """The text of all pages, as pypdf finds it in the PDF that was drawn."""
    from pypdf import PdfReader

    read = opened(content, folder)
    return [page.extract_text() for page in PdfReader(read.contents.entries[0].path).pages]


def compact(text: str) -> str:
    return "".join(text.split())


def test_every_character_of_an_invoice_is_on_its_page(tmp_path: Path) -> None:
    text = compact(pages_text(ofd(document("Doc_0", [OfdPage(texts=INVOICE)]), signed=True), tmp_path)[0])
    assert all(compact(one) in text for _, _, one in INVOICE)


@pytest.mark.parametrize("absolute", [False, True])
def test_templates_and_further_pages_are_found_by_any_path(absolute: bool, tmp_path: Path) -> None:
    parts = document(
        "Doc_0",
        [OfdPage(texts=[(10, 10, "first")], template=0), OfdPage(texts=[(10, 10, "second")], template=0)],
        templates=[OfdPage(texts=[(10, 50, "TEMPLATE")])],
        absolute=absolute,
    )
    assert [compact(text) for text in pages_text(ofd(parts), tmp_path)] == ["TEMPLATEfirst", "TEMPLATEsecond"]


def test_names_written_with_backslashes_and_in_other_case_are_found(tmp_path: Path) -> None:
    parts = {
        name.replace("Pages/Page_0", "PAGES/page_0"): data.replace(b"Pages/Page_0/", b"Pages\\Page_0\\")
        for name, data in document("Doc_0", [OfdPage(texts=[(10, 10, "odd path")])]).items()
    }
    assert compact(pages_text(ofd(parts), tmp_path)[0]) == "oddpath"


def test_several_documents_are_parts_by_their_titles(tmp_path: Path) -> None:
    one, two = (document(f"Doc_{number}", [OfdPage(texts=[(10, 10, f"text {number}")])]) for number in (0, 1))
    entries = opened(ofd(one, two, titles=["First", "Second"]), tmp_path).contents.entries
    assert [(entry.name, entry.first, entry.pages) for entry in entries] == [("First", 1, 1), ("Second", 2, 1)]


def test_attachments_are_entries_of_their_own(tmp_path: Path) -> None:
    parts = document("Doc_0", [OfdPage(texts=[(1, 1, "x")])], attachments={"data.xml": b"<invoice>4711</invoice>"})
    entries = opened(ofd(parts), tmp_path).contents.entries
    assert [(entry.kind, entry.name) for entry in entries] == [("pages", ""), ("file", "data.xml")]
    assert entries[1].path.read_bytes() == b"<invoice>4711</invoice>"


def test_a_missing_picture_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    page = OfdPage(texts=[(10, 10, "still here")], extra=image_object(100, 0, 0, 9, 9) + image_object(7, 0, 0, 9, 9))
    read = opened(ofd(document("Doc_0", [page], pictures={"gone.png": None})), tmp_path)
    assert read.contents.warnings == ("Parts that the OFD file names are missing from it, or cannot be drawn: 2.",)


def test_characters_stand_where_the_file_puts_them(tmp_path: Path) -> None:
    source = tmp_path / "a.ofd"
    source.write_bytes(ofd(document("Doc_0", [OfdPage(texts=[(50.0, 30.0, "AB")])])))
    opened_document: Document = open_document(source, Settings(), 60, folder=tmp_path)
    from folio.documents.pdf import poppler

    layers, _ = poppler.text_layers(opened_document.path, 1, 1, opened_document.sizes, tmp_path, 60)
    left, top, right, bottom = layers[1].words()[0].box
    assert left == pytest.approx(50 * 72 / 25.4, abs=0.5)
    assert right == pytest.approx(54 * 72 / 25.4, abs=1.5)
    assert top < 34 * 72 / 25.4 < bottom + 1


@pytest.mark.parametrize(
    ("data", "drawn"),
    [
        ("M 0 0 L 1 2 C", [b"0.000 0.000 m", b"1.000 2.000 l", b"h"]),
        ("M 0 0 Q 3 3 6 0", [b"0.000 0.000 m", b"2.000 2.000 4.000 2.000 6.000 0.000 c"]),
        ("M 0 0 B 1 1 2 2 3 0 L 1", [b"0.000 0.000 m", b"1.000 1.000 2.000 2.000 3.000 0.000 c"]),
        ("L 5 5 M nan 0", []),
        ("M 1 1 X 2 2", [b"1.000 1.000 m"]),
    ],
)
def test_paths_are_drawn_up_to_their_first_mistake(data: str, drawn: list[bytes]) -> None:
    assert path(data) == b"\n".join(drawn)


def test_an_arc_ends_where_it_says_and_passes_its_far_point() -> None:
    curves = path("M 0 0 A 5 5 0 0 1 10 0").split(b"\n")[1:]
    assert [float(value) for value in curves[-1].split()[4:6]] == [10, 0]
    assert curves[0].split()[4:6] == [b"5.000", b"-5.000"]


def test_units_that_draw_themselves_end(tmp_path: Path) -> None:
    unit = '<ofd:CompositeGraphicUnit ID="300"><ofd:Content>%s</ofd:Content></ofd:CompositeGraphicUnit>'
    itself = '<ofd:CompositeObject ResourceID="300" Boundary="0 0 9 9"/>' * 4
    parts = document("Doc_0", [OfdPage(texts=[(1, 1, "x")], extra=itself)])
    parts["Doc_0/DocumentRes.xml"] = parts["Doc_0/DocumentRes.xml"].replace(
        b"</ofd:Res>", (unit % itself).encode() + b"</ofd:Res>"
    )
    with pytest.raises(TooLarge, match="objects"):
        opened(ofd(parts), tmp_path)


def test_an_encrypted_file_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    parts = document("Doc_0", [OfdPage()])
    with pytest.raises(PasswordProtected):
        opened(ofd(parts | {"Encryptions.xml": b"<x/>"}), tmp_path)
    with pytest.raises(DamagedDocument):
        opened(zipped({"OFD.xml": b"<ofd><DocBody></ofd>"}), tmp_path / "two")
    with pytest.raises(DamagedDocument):
        opened(zipped({"OFD.xml": b"<OFD/>"}), tmp_path / "three")


def test_text_without_distances_and_with_repeated_ones_is_whole(tmp_path: Path) -> None:
    repeated = text_object(10, 40, "abcd").replace('DeltaX="2 2 2"', 'DeltaX="g 3 2"')
    assert 'DeltaX="g 3 2"' in repeated
    page = OfdPage(
        extra=text_object(10, 10, "没有间距", step=False) + repeated + path_object(0, 0, 9, 9, "M 0 0 L 9 9")
    )
    text = compact(pages_text(ofd(document("Doc_0", [page])), tmp_path)[0])
    assert "没有间距" in text
    assert "abcd" in text


@pytest.mark.parametrize("font", [b"\0\1\0\0 no font at all", b""])
def test_an_embedded_font_and_its_glyphs_change_no_character(font: bytes, tmp_path: Path) -> None:
    """Subsets of fonts are drawn by the numbers of their glyphs; what is written stands beside these."""
    glyphs = (
        '<ofd:CGTransform CodePosition="0" CodeCount="4" GlyphCount="4"><ofd:Glyphs>17 18 3 65535</ofd:Glyphs>'
        '</ofd:CGTransform><ofd:TextCode X="0" Y="4" DeltaX="g 3 4">价税合计</ofd:TextCode>'
    )
    extra = f'<ofd:TextObject ID="9" Boundary="20 30 40 5" Font="4" Size="4">{glyphs}</ofd:TextObject>'
    parts = document("Doc_0", [OfdPage(texts=[(20, 60, "普通字体")], extra=extra)])
    named = '<ofd:Font ID="4" FontName="ABCDEF+SimSun"><ofd:FontFile>font_4.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>'
    resources = "Doc_0/PublicRes.xml"
    parts[resources] = parts[resources].replace(b"</ofd:Fonts>", named.encode())
    if font:
        parts["Doc_0/Res/font_4.ttf"] = font
    text = compact(pages_text(ofd(parts), tmp_path)[0])
    assert "价税合计" in text
    assert "普通字体" in text
