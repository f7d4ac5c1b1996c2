"""A batch scan is split at its separator sheets: at a desk, over S3 and over HTTP."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image

from folio import keys
from folio.models import Code, Page, Result, decode
from folio.outputs.pdf.some_pages import copy_pages
from folio.reading.split_parts import is_separator
from folio.transform import box
from tests.support.documents.pdfs import PdfPage, make_pdf, text, words
from tests.support.places import Bucket, Desk, Http, Place, Step
from tests.support.tools import needs_tools

pytestmark = needs_tools

SHEET = "The survey of the northern harbour was finished in the autumn."


def separator(value: str) -> PdfPage:
    """A sheet with a code in the middle."""
    code = np.asarray(zxingcpp.create_barcode(value, zxingcpp.BarcodeFormat.Code128).to_image(scale=4), np.uint8)
    sheet = words("SEPARATOR", size=(1240, 1754))
    sheet.paste(Image.fromarray(code), (300, 800))
    return PdfPage(picture=sheet)


def batch(pages: int, separators: int) -> bytes:
    """So many pages, of which separator sheets stand at even distances."""
    at = {round((number + 1) * pages / (separators + 1)) for number in range(separators)}
    sheets = []
    for number in range(pages):
        content = PdfPage(content=text(SHEET, f"It is sheet {number + 1} of the whole batch of papers."))
        sheets.append(separator(f"BATCH-{number + 1}") if number in at else content)
    return make_pdf(*sheets)


@pytest.fixture(params=["desk", "s3", "http"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ThreadPoolExecutor(1) as pool:
        content = batch(60, 9) if request.param == "desk" else batch(7, 2)
        if request.param == "desk":
            made: Place = Desk(pool, content, tmp_path)
        else:
            client, bucket = request.getfixturevalue("moto_s3"), request.getfixturevalue("bucket")
            made = (Bucket if request.param == "s3" else Http)(pool, content, client, bucket)
        made.replace()
        yield made


def read(place: Place, *, force: bool = False, **options: str) -> Result:
    place.read(Step(options, frozenset(), force=force, kill_at=None, replaced=False), lambda store: store)
    return decode(place.files()[keys.result_key(place.key)], Result)


@pytest.mark.slow("reads sixty pages, nine of them by pixels")
def test_each_document_of_a_batch_has_a_result_of_its_own(place: Place) -> None:
    whole = read(place, split="barcode", outputs="text")
    total, count = (60, 10) if isinstance(place, Desk) else (7, 3)
    assert [part.number for part in whole.parts] == list(range(1, count + 1))
    separators = {page.number for page in whole.pages if page.codes}
    assert len(separators) == count - 1
    in_parts = [number for part in whole.parts for number in part.pages]
    assert in_parts == [number for number in range(1, total + 1) if number not in separators]
    assert [part.separator for part in whole.parts[1:]] == [f"BATCH-{number}" for number in sorted(separators)]
    files = place.files()
    for part in whole.parts:
        key = f"{place.key}.ocr/part-{part.number}.json"
        assert keys.is_ours(key)
        one = decode(files[key], Result)
        assert tuple(page.number for page in one.pages) == part.pages
        assert one.text == "\n\n".join(page.text for page in one.pages)
        assert one.source == whole.source
        assert f"sheet {part.pages[0]} of" in files[f"{place.key}.ocr/part-{part.number}.text.txt"].decode()
    assert place.files() == files
    read(place, split="barcode", outputs="text")
    assert place.files() == files  # nothing was read again

    read(place, force=True)
    assert not any("/part-" in name for name in place.files())  # they go with the result that named them


def test_blank_pages_split_too(tmp_path: Path) -> None:
    content = make_pdf(*(PdfPage(content=text(SHEET)) if number % 2 else PdfPage() for number in range(5)))
    with ThreadPoolExecutor(1) as pool:
        place = Desk(pool, content, tmp_path)
        place.replace()
        whole = read(place, split="blank")
        assert [part.pages for part in whole.parts] == [(2,), (4,)]
        assert all(part.separator is None for part in whole.parts)
        assert read(place, force=True).parts == ()


def test_a_paper_with_a_code_and_writing_is_no_separator() -> None:
    code = Code(kind="code_128", value="A-17", polygon=box(0, 0, 9, 9))
    sheet = Page(number=1, width=100, height=100, dpi=None, codes=(code,), text="A-17\nSeparator sheet")
    assert is_separator(sheet, "barcode")
    assert not is_separator(msgspec.structs.replace(sheet, text="A-17\n" + SHEET), "barcode")
    assert not is_separator(msgspec.structs.replace(sheet, codes=()), "barcode")
    assert not is_separator(sheet, "blank")


def test_each_document_of_a_batch_has_a_searchable_pdf_with_nothing_of_the_others(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        place = Desk(pool, batch(7, 2), tmp_path)
        place.replace()
        whole = read(place, split="barcode", outputs="pdf,pdfa")
    for part in whole.parts:
        data = place.files()[f"{place.key}.ocr/part-{part.number}.searchable.pdf"]
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert len(pdf.pages) == len(part.pages)
            content = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
        told = {number for number in range(1, 8) if f"sheet {number} of".encode() in content}
        assert told == set(part.pages)
    assert any("no PDF/A" in warning for warning in whole.warnings)
    assert not any("no searchable PDF" in warning for warning in whole.warnings)


def test_links_between_pages_take_no_other_page_along(tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "target.pdf"
    source.write_bytes(make_pdf(*(PdfPage(content=text(f"It is sheet {number}.")) for number in (1, 2, 3))))
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        first, third = pdf.pages[0], pdf.pages[2]
        goes = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([third.obj, pikepdf.Name.Fit]))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=goes)
        stamp = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 9, 9], P=third.obj)
        first.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link), pdf.make_indirect(stamp)]))
        pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=pikepdf.Array(["a", third.obj])))
        pdf.save(source)
    copy_pages(source, [1, 2], target)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 2
        assert [str(note.Subtype) for note in pdf.pages[0].Annots] == ["/Stamp"]
        content = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
    assert b"sheet 1" in content
    assert b"sheet 2" in content
    assert b"sheet 3" not in content
