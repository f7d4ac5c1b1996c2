"""What a PDF says of units, forms and attached documents, wherever it says it."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from folio.documents.pdf.facts import PdfFacts, read_facts


def made(folder: Path, change: Callable[[pikepdf.Pdf], None], **how: object) -> Path:
    path = folder / "a.pdf"
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page(page_size=(60, 40))
        change(pdf)
        pdf.save(path, **how)  # type: ignore[arg-type] # whatever it takes
    return path


def units(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.UserUnit = 10
    pdf.pages[2].obj.UserUnit = 1


def dynamic_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))
    pdf.Root.NeedsRendering = True


def static_form(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=pikepdf.String("name")))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=pdf.make_stream(b"<xdp/>"))


def portfolio(pdf: pikepdf.Pdf) -> None:
    attachment(pdf)
    pdf.Root.Collection = Dictionary(Type=Name.Collection)


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["minutes.pdf"] = b"%PDF-1.7"


PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
LOCKED = PACKED | {"encryption": pikepdf.Encryption(owner="x", user="")}


@pytest.mark.parametrize("how", [{}, PACKED, LOCKED])
def test_units_are_found_in_object_streams_too(how: dict[str, object], tmp_path: Path) -> None:
    assert read_facts(made(tmp_path, units, **how)) == PdfFacts(units={2: 10.0})


@pytest.mark.parametrize("how", [{}, PACKED])
@pytest.mark.parametrize(
    ("change", "words"),
    [(dynamic_form, ["XFA"]), (portfolio, ["portfolio", "'minutes.pdf'"]), (static_form, []), (attachment, [])],
)
def test_content_beside_the_pages_is_told(
    change: Callable[[pikepdf.Pdf], None], words: list[str], how: dict[str, object], tmp_path: Path
) -> None:
    warnings = read_facts(made(tmp_path, change, **how)).warnings
    assert len(warnings) == bool(words)
    assert all(word in warnings[0] for word in words)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 /UserUnit", b"%PDF-1.7 /ObjStm stream\nnonsense", b"%PDF-1.7 /XFA xref"]
)
def test_of_a_damaged_document_nothing_is_known(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert read_facts(tmp_path / "a.pdf") == PdfFacts()
