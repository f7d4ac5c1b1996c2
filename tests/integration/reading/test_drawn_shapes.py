"""Text that is drawn like other shapes: Type 3 fonts, which leave no edges of glyphs to go by."""

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.opening import open_document
from folio.options.resolve import resolve_options
from folio.textlayer.layers import TextLayers
from tests.benchmarks.layer_faults import over_picture

SETTINGS = Settings()
LINES = ("the survey of the northern harbour", "was finished in autumn that year", "and nobody had asked for it")


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A page whose letters are small programs that fill bars, three or four to a letter."""
    with pikepdf.new() as pdf:
        codes = range(ord("a"), ord("z") + 1)
        bars = {code: [(code * factor) % 5 * 100 for factor in (1, 2, 3)] for code in codes}
        programs = {
            chr(code): b"500 0 d0 "
            + b" ".join(b"%d 0 60 700 re f %d %d 200 80 re f" % (x, x // 2, x) for x in bars[code])
            for code in codes
        }
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 500, 700]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            FirstChar=codes[0],
            LastChar=codes[-1],
            Widths=Array([600] * len(codes)),
            CharProcs=Dictionary({f"/{name}": pdf.make_stream(program) for name, program in programs.items()}),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([codes[0], *(Name(f"/{n}") for n in programs)])),
            Resources=Dictionary(),
        )
        pdf.add_blank_page(page_size=(420, 595))
        page = pdf.pages[0]
        page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        shown = b"".join(b"(%s) Tj T* " % line.encode() for line in LINES)
        page.Contents = pdf.make_stream(b"BT /F 14 Tf 1 0 0 1 40 540 Tm 20 TL " + shown + b"ET")
        pdf.save(tmp_path / "shapes.pdf")
    return tmp_path / "shapes.pdf"


def refusal_of(path: Path, folder: Path) -> str | None:
    """Why the text layer of the only page is not used; None if it is."""
    document = open_document(path, SETTINGS, 60)
    options = resolve_options(SETTINGS, {}).options
    page = TextLayers(document, [1], options, SETTINGS).page(1, folder, Deadline(60))
    assert page.page or page.refusal
    return page.refusal


def test_text_of_a_type_3_font_is_seen(shapes: Path, tmp_path: Path) -> None:
    assert refusal_of(shapes, tmp_path) is None


def test_text_of_a_type_3_font_is_not_seen_under_a_picture_of_itself(shapes: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.pdf"
    over_picture(shapes, 1, tmp_path, hidden, invisible=False)
    assert refusal_of(hidden, tmp_path) == "none of its words can be seen"
