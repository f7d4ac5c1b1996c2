"""`pdfa`: a PDF/A-2b of any document, which shows what the document shows and holds its text.

No validator can be had by name, so `tests.support.documents.pdfa` has what pikepdf can see of the rules.
"""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from PIL import Image, ImageChops, ImageStat

from folio.cli.main import cli
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.models import Line, Page, Word
from folio.outputs.pdf.pdfa.writer import ArchivedPdf
from folio.outputs.writers import Outputs
from folio.transform import box
from tests.integration.reading.test_searchable import BOXES, LINES, drawn, found_at, run, text_in
from tests.support.defaults import settings as english_settings
from tests.support.documents.pdfa import violations
from tests.support.documents.pdfa_faults import (
    attachment,
    bare_note,
    base,
    cmyk,
    cmyk_space,
    deep_state,
    field_to_draw,
    filled_field,
    foreign_font,
    hidden_note,
    link,
    lzw,
    nest,
    page_action,
    planted,
    postscript,
    ring,
    script,
    signed_title,
    smoothed,
    transfer,
    unknown_operator,
)
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.paths import DATA
from tests.support.tools import needs_tools

pytestmark = needs_tools
SETTINGS = english_settings()


def archived(source: Path, folder: Path, kinds: tuple[Any, ...] = ("pdfa",)) -> tuple[dict[str, Path], list[str]]:
    """The outputs of a document on whose first page three words were read, at 144 DPI."""
    document = open_document(source, SETTINGS, 60)
    outputs = Outputs(kinds, document, folder, SETTINGS)
    image = rasterize(document, 1, 144, folder, SETTINGS, 60)
    outputs.add(Page(number=1, width=image.width, height=image.height, dpi=image.dpi, lines=tuple(LINES)))
    return outputs.finish()


def likeness(one: Path, other: Path) -> float:
    """The mean difference of two drawings of a first page, of 255."""
    pictures = [
        Image.open(io.BytesIO(run("pdftoppm", "-r", "50", "-cropbox", "-singlefile", pdf))) for pdf in (one, other)
    ]
    return max(ImageStat.Stat(ImageChops.difference(*pictures)).mean)


def test_a_scan_becomes_a_pdfa_that_looks_the_same_and_holds_the_text(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(base())
    files, warnings = archived(source, tmp_path, ("pdf", "pdfa"))
    assert warnings == []
    assert violations(source) != []
    assert violations(files["pdfa"]) == []
    assert drawn(files["pdfa"]) == drawn(source)
    assert text_in(files["pdfa"]) == text_in(files["pdf"])
    for word, area in BOXES.items():
        assert found_at(files["pdfa"], area) == word


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(base())
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(archived(source, tmp_path / name)[0]["pdfa"].read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("plant", "warning"),
    [
        (script, "The PDF/A is without the document's scripts."),
        (page_action, ""),
        (smoothed, ""),
        (attachment, "The PDF/A is without the document's attachments."),
        (lzw, ""),
        (hidden_note, ""),
        (link, ""),
        (filled_field, "The PDF/A is without the document's form (what is filled in is drawn)."),
        (signed_title, ""),
    ],
)
def test_what_nobody_sees_is_left_out_and_the_page_stays(
    plant: Callable[[pikepdf.Pdf], None], warning: str, tmp_path: Path
) -> None:
    source = planted(plant, tmp_path / "a.pdf")
    (tmp_path / "base.pdf").write_bytes(base())
    assert set(violations(source)) - set(violations(tmp_path / "base.pdf"))
    files, warnings = archived(source, tmp_path)
    assert violations(files["pdfa"]) == []
    assert warnings == [warning] * bool(warning)
    assert likeness(files["pdfa"], source) < 0.1
    assert found_at(files["pdfa"], BOXES["lantern"]) == "lantern"


def test_its_title_is_kept(tmp_path: Path) -> None:
    files, _ = archived(planted(signed_title, tmp_path / "a.pdf"), tmp_path)
    with pikepdf.open(files["pdfa"]) as pdf:
        assert pdf.open_metadata()["dc:title"] == "Vertrag <3> \u5408\u540c"


@pytest.mark.parametrize(
    ("plant", "reason"),
    [
        (cmyk, "it has colors of a printing press (CMYK) without a profile"),
        (cmyk_space, "it has colors of a printing press (CMYK) without a profile"),
        (foreign_font, "a font is not in the file"),
        (unknown_operator, "its content has operators that PDF does not define"),
        (deep_state, "it saves the graphics state more than 28 times over"),
        (transfer, "it has a transfer function"),
        (postscript, "it has PostScript in it"),
        (field_to_draw, "its form is drawn by the viewer"),
        (bare_note, "an annotation has no appearance of its own"),
    ],
)
def test_a_page_that_cannot_stay_becomes_a_picture_with_its_text(
    plant: Callable[[pikepdf.Pdf], None], reason: str, tmp_path: Path
) -> None:
    source = planted(plant, tmp_path / "a.pdf")
    (tmp_path / "base.pdf").write_bytes(base())
    assert set(violations(source)) - set(violations(tmp_path / "base.pdf"))
    files, warnings = archived(source, tmp_path)
    assert warnings[0] == f"Page 1 of the PDF/A is a picture with the text behind: {reason}."
    assert violations(files["pdfa"]) == []
    assert likeness(files["pdfa"], source) < 3
    for word, area in BOXES.items():
        assert found_at(files["pdfa"], area) == word


def test_pages_that_may_stay_do_beside_those_that_may_not(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    born = PdfPage(content=text("Helvetica is not in this file"))
    source.write_bytes(make_pdf(PdfPage(picture=words("x")), born, born, PdfPage(picture=words("y")), born))
    files, warnings = archived(source, tmp_path)
    assert warnings == ["Pages 2-3, 5 of the PDF/A are pictures with the text behind: a font is not in the file."]
    assert violations(files["pdfa"]) == []
    with pikepdf.open(files["pdfa"]) as pdf:
        assert [float(page.mediabox[2]) for page in pdf.pages] == [420] * 5


def test_hidden_layers_stay_hidden(tmp_path: Path) -> None:
    def layers(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="secret"))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[group], D=pikepdf.Dictionary(OFF=[group]))
        pdf.pages[0].Resources.Properties = pikepdf.Dictionary(Layer=group)
        pdf.pages[0].contents_add(b" /OC /Layer BDC 0 0 400 500 re f EMC ")

    source = planted(layers, tmp_path / "a.pdf")
    files, warnings = archived(source, tmp_path)
    assert "layers" in warnings[0]
    assert likeness(files["pdfa"], source) < 3


def test_bookmarks_and_links_lead_where_they_led(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    with pikepdf.open(io.BytesIO(make_pdf(*[PdfPage(picture=words("x"))] * 3))) as pdf:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Chapter", 2))
        target = pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit])
        made = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], Dest=target)
        pdf.pages[0].Annots = pikepdf.Array([made])
        pdf.save(source)
    files, _ = archived(source, tmp_path)
    assert violations(files["pdfa"]) == []
    with pikepdf.open(files["pdfa"]) as pdf, pdf.open_outline() as outline:
        (item,) = outline.root
        assert item.title == "Chapter"
        destination: Any = item.destination
        assert destination[0].objgen == pdf.pages[2].obj.objgen
        assert pdf.pages[0].Annots[0].Dest[0].objgen == pdf.pages[1].obj.objgen


@pytest.mark.parametrize("plant", [ring, nest])
def test_endless_documents_end(plant: Callable[[pikepdf.Pdf], None], tmp_path: Path) -> None:
    files, _ = archived(planted(plant, tmp_path / "a.pdf"), tmp_path)
    with pikepdf.open(files["pdfa"]) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.slow("forty damaged documents, each drawn by poppler")
def test_damage_anywhere_ends_in_a_file_or_a_sentence(tmp_path: Path) -> None:
    chance, whole = random.Random(16), base()
    for number in range(40):
        data = bytearray(whole)
        for _ in range(6):
            data[chance.randrange(len(data))] = chance.randrange(256)
        source = tmp_path / f"{number}.pdf"
        source.write_bytes(data)
        folder = tmp_path / f"folder{number}"
        folder.mkdir()
        try:
            document = open_document(source, SETTINGS, 60)
        except Exception:  # noqa: BLE001 (nothing that would be read)
            continue
        made = ArchivedPdf(folder, document, SETTINGS)
        path = made.finish(source)
        assert (path is not None and violations(path) == []) or made.warnings


def test_the_command_line_makes_one(tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    done = CliRunner().invoke(cli, ["pdf", "--pdfa", str(DATA / "english.pdf"), str(target)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert violations(target) == []
    assert text_in(target).split()


def test_of_a_word_that_no_box_holds_nothing_breaks(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(base())
    document = open_document(source, SETTINGS, 60)
    outputs = Outputs(("pdfa",), document, tmp_path, SETTINGS)
    flat = box(10, 10, 10, 10)
    outputs.add(
        Page(number=1, width=840, height=1190, dpi=144.0, lines=(Line("x", 0.5, flat, (Word("x", 0.5, flat),)),))
    )
    files, _ = outputs.finish()
    assert violations(files["pdfa"]) == []
