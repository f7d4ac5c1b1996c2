"""What is masked is in no byte that is written, and its places on the pages of the searchable PDF are black."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import pikepdf
import pytest
from PIL import Image

from folio import keys
from folio.config.options import Redact
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.raster.pixels import Grey
from folio.models import Result, decode
from folio.outputs.writers import _PLAIN
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.structure.redaction import MASK, redacted_correction
from folio.wiring import make_services
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.documents.private import DrawnNumber, save_private
from tests.support.sizes import size
from tests.support.tools import needs_tools

pytestmark = needs_tools

KINDS = "id_number,bank_card,phone,email"
OUTPUTS = ",".join([*_PLAIN, "pdf", "pdfa"])
ID, CARD, PHONE, EMAIL = "110101195502128558", "5522333821107953", "13802996023", "anna.lee@example.org"


class Recording(FolderStore):
    """A folder that remembers every byte that was ever written into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.written: list[tuple[str, bytes]] = []

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        self.written.append((key, content.read_bytes()))
        return super().write(key, content, replaces)


def read(path: Path, **options: str) -> tuple[Result, Recording]:
    store = Recording(path.parent)
    services = make_services(store, Settings(jobs=1, keep_seconds=0))
    chosen = {"redact": KINDS, "outputs": OUTPUTS} | options
    outcome = read_upload(Request(key=path.name, options=chosen), services, Deadline(280))
    assert outcome.status == "complete", outcome.error
    return decode((path.parent / keys.result_key(path.name)).read_bytes(), Result), store


def decoded(name: str, data: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield data
    if name.endswith(".pdf"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in pdf.objects:
                if isinstance(one, pikepdf.Stream):
                    try:
                        yield one.read_bytes()
                    except pikepdf.PdfError:
                        yield one.read_raw_bytes()
                else:
                    yield repr(one).encode()
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.namelist():
                yield packed.read(member)
    elif name.endswith(".json"):
        yield json.dumps(json.loads(data), ensure_ascii=False).encode()


def digits(data: bytes) -> bytes:
    return data.translate(None, b" \t\r\n-")


def assert_nowhere(values: list[str], store: Recording) -> None:
    kinds = {name.rpartition(".")[2] for name, _ in store.written}
    assert {"json", "txt", "html", "xml", "md", "docx", "jsonl", "csv", "pdf"} <= kinds
    assert any(keys.is_checkpoint(name) for name, _ in store.written)
    for name, data in store.written:
        for part in decoded(name, data):
            plain = digits(part)
            for value in values:
                for tile in (value, value[: len(value) // 2], value[len(value) // 2 :]):
                    assert tile.encode() not in plain, (name, value)


def pictures(pdf: bytes) -> list[Grey]:
    """The picture of each page of a PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [cast("pikepdf.Stream", page.images["/P"]) for page in opened.pages]
        images = [pikepdf.PdfImage(image).as_pil_image().convert("L") for image in found]
    return [np.asarray(image, np.uint8) for image in images]


def is_black(page: Grey, number: DrawnNumber) -> bool:
    parts = (page[int(b) : int(d), int(a) : int(c)] for a, b, c, d in number.boxes)
    return all(part.size and part.max() <= 2 for part in parts)


@pytest.mark.slow("pages are read by the real engine, and every output is made of them")
@pytest.mark.soak
def test_numbers_on_drawn_pages_are_masked_everywhere(tmp_path: Path) -> None:
    total = masked = 0
    for path, numbers in save_private(tmp_path, size(1, full=40), seed=100):
        result, store = read(path)
        assert result.redacted is not None
        (page,) = pictures((tmp_path / f"{path.name}.ocr/searchable.pdf").read_bytes())
        hidden = [number for number in numbers if is_black(page, number)]
        assert_nowhere([number.value for number in hidden], store)
        total, masked = total + len(numbers), masked + len(hidden)
    print(f"{masked} of {total} numbers are masked")
    assert masked >= 0.98 * total


def test_a_pdf_is_written_anew_without_what_it_held(tmp_path: Path) -> None:
    page = PdfPage(content=text(f"ID No. {ID} of the tenant", "The survey of the northern harbour", f"Card {CARD}"))
    with pikepdf.open(io.BytesIO(make_pdf(page, PdfPage(content=text("A page without any number"))))) as pdf:
        pdf.docinfo["/Title"] = f"Tenant {ID}"
        pdf.attachments["note.txt"] = f"{CARD} {PHONE}".encode()
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(f"Tenant {ID}", 0))
        pdf.pages[0].obj["/Thumb"] = pdf.make_stream(ID.encode())
        pdf.save(tmp_path / "tenant.pdf")
    result, store = read(tmp_path / "tenant.pdf")
    assert result.redacted == {"id_number": 1, "bank_card": 1, "phone": 0, "email": 0}
    assert result.pages[0].origin == "text-layer"
    assert MASK * 18 in result.text
    assert "northern harbour" in result.text
    assert_nowhere([ID, CARD], store)
    first, second = pictures((tmp_path / "tenant.pdf.ocr/searchable.pdf").read_bytes())
    for redaction in result.pages[0].redactions:
        (left, top), _, (right, bottom), _ = (
            (x * first.shape[1] / result.pages[0].width, y * first.shape[0] / result.pages[0].height)
            for x, y in redaction.polygon
        )
        assert first[int(top) : int(bottom), int(left) : int(right)].max() <= 2
    assert second.min() < 128  # what is not private is still to be seen
    with pikepdf.open(tmp_path / "tenant.pdf.ocr/searchable.pdf") as pdf:
        assert list(pdf.attachments) == []
        assert "/Outlines" not in pdf.Root


def test_pages_that_were_not_read_are_empty_in_the_pdf(tmp_path: Path) -> None:
    page = PdfPage(content=text(f"ID No. {ID}"))
    (tmp_path / "two.pdf").write_bytes(make_pdf(page, page))
    store = FolderStore(tmp_path)
    options = {"redact": KINDS, "outputs": "pdf", "pages": "1"}
    services = make_services(store, Settings(jobs=1))
    assert read_upload(Request(key="two.pdf", options=options), services, Deadline(60)).status == "complete"
    with pikepdf.open(tmp_path / "two.pdf.ocr/pages-1.searchable.pdf") as pdf:
        assert [len(page.images) for page in pdf.pages] == [1, 0]


def test_corrections_are_masked_too() -> None:
    kinds: tuple[Redact, ...] = ("id_number", "bank_card", "phone", "email")
    assert redacted_correction("Tel", f"Tel {PHONE}", kinds) == f"Tel {MASK * 11}"
    assert redacted_correction(MASK * 5, "13802", kinds) == MASK * 5
    assert redacted_correction(MASK * 5, "anna@", kinds) == f"{MASK * 4}@"
    assert redacted_correction("harbour", "harbor 2024", kinds) == "harbor 2024"


@pytest.mark.parametrize("name", ["orientation.jpg", "bilevel.tif"])
def test_pictures_are_masked_as_a_reader_sees_them(name: str, tmp_path: Path) -> None:
    (path, numbers), *_ = save_private(tmp_path, 1, seed=7)
    upright = Image.open(path)
    if name.endswith(".jpg"):
        exif = Image.Exif()
        exif[0x0112] = 6
        upright.rotate(90, expand=True).save(tmp_path / name, quality=95, exif=exif, dpi=(200, 200))
    else:
        upright.convert("1").save(tmp_path / name, compression="group4", dpi=(200, 200))
    _, store = read(tmp_path / name, outputs=OUTPUTS)
    (page,) = pictures((tmp_path / f"{name}.ocr/searchable.pdf").read_bytes())
    assert page.shape == (upright.height, upright.width)
    hidden = [number for number in numbers if is_black(page, number)]
    assert len(hidden) >= len(numbers) - 1
    assert_nowhere([number.value for number in hidden], store)


def test_without_the_option_nothing_is_masked(tmp_path: Path) -> None:
    (tmp_path / "plain.pdf").write_bytes(make_pdf(PdfPage(content=text(f"ID No. {ID}"))))
    result, _ = read(tmp_path / "plain.pdf", redact="none", outputs="text")
    assert result.redacted is None
    assert ID in result.text
    assert msgspec.json.encode(result).count(MASK.encode()) == 0
