"""What is masked stays masked: in corrections, files in files, parts of a batch, pictures and outputs made later."""

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk import corrections
from folio.desk.inspect import inspect_file
from folio.documents.pdf import poppler
from folio.models import Page, Result, decode
from folio.outputs.writers import _PLAIN
from folio.reading.pipeline import Request, read_upload
from folio.structure.redaction import MASK
from folio.wiring import local_services, make_services
from tests.integration.reading.test_redaction import KINDS, Recording, decoded, digits
from tests.integration.reading.test_redaction import read as read_masked
from tests.integration.reading.test_split import separator
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.documents.private_files import CARD, EMAIL, FILES, ID, LINES, PHONE, VALUES
from tests.support.processes.serving import serving
from tests.support.tools import needs_tools

pytestmark = needs_tools

ALL_OUTPUTS = ",".join([*_PLAIN, "pdf", "pdfa"])


def leaks(values: list[str], files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Names of files, and what of the values is in them, raw, unpacked or decoded."""
    found = []
    for name, data in files.items():
        parts = [digits(part) for part in decoded(name, data)]
        for value in values:
            tiles = (value, value[: len(value) // 2], value[len(value) // 2 :])
            found += [(name, tile) for tile in tiles if any(tile.encode() in part for part in parts)]
    return found


def written(folder: Path, *sources: str) -> dict[str, bytes]:
    """All files of a folder but the sources."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name not in sources]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def recorded(store: Recording) -> dict[str, bytes]:
    return {f"{number}-{name}": data for number, (name, data) in enumerate(store.written)}


# --- Corrections ---


def find(pages: tuple[Page, ...], start: str) -> str:
    """The location of the first word that begins like that."""
    return next(
        f"lines/{line}/words/{word}"
        for line, one in enumerate(pages[0].lines)
        for word, each in enumerate(one.words)
        if each.text.startswith(start)
    )


def test_a_number_that_is_typed_in_again_is_in_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "tenant.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES, "Call 138O2996O23 or 6222O21234567890"))))
    result, store = read_masked(folder / "tenant.pdf", outputs=ALL_OUTPUTS)
    for start, new in ((MASK, ID), ("138O", PHONE), ("harbour", f"harbour({EMAIL})"), ("6222O", CARD)):
        corrections.add(store, "tenant.pdf", 1, find(result.pages, start), new, "Ann")
    corrections.add(store, "tenant.pdf", 1, find(result.pages, "survey"), "overview", "Ann")
    services = local_services(Settings(jobs=1)).on_folder(folder, None)
    for one in corrections.reviewed(services.store):
        corrections.apply(one, services)
    assert b"overview" in (folder / "tenant.pdf.ocr/text.txt").read_bytes()
    assert corrections.export(services.store, tmp_path / "truth") == 0, "the document itself has what is masked"
    assert leaks(VALUES, written(tmp_path, "tenant.pdf") | recorded(store)) == []


def test_a_number_that_corrections_complete_word_by_word_is_masked_in_the_outputs(tmp_path: Path) -> None:
    (tmp_path / "card.pdf").write_bytes(
        make_pdf(PdfPage(content=text("Pay to 5522 3338 2l10 7953 today", f"Tel {PHONE}")))
    )
    result, store = read_masked(tmp_path / "card.pdf", outputs=ALL_OUTPUTS)
    assert "2l10" in result.text
    corrections.add(store, "card.pdf", 1, find(result.pages, "2l10"), "2110", "Ann")
    services = local_services(Settings(jobs=1)).on_folder(tmp_path, None)
    for one in corrections.reviewed(services.store):
        corrections.apply(one, services)
    outputs = {name: data for name, data in written(tmp_path).items() if "/" in name and "reviewed" not in name}
    assert len(outputs) >= 10
    assert leaks([CARD, PHONE], outputs) == []
    (page,) = pixels(tmp_path / "card.pdf.ocr/searchable.pdf")
    assert_black(page, result.pages[0])


def test_corrections_of_an_unmasked_reading_are_masked_with_it(tmp_path: Path) -> None:
    (tmp_path / "note.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES, "Call 138O2996O23 now"))))
    result, store = read_masked(tmp_path / "note.pdf", redact="none", outputs="text,pdf")
    corrections.add(store, "note.pdf", 1, find(result.pages, "138O"), PHONE, "Ann")
    corrections.add(store, "note.pdf", 1, find(result.pages, ID), ID, "Ann")
    corrections.add(store, "note.pdf", 1, find(result.pages, "harbour"), "harbor", "Ann")
    read_masked(tmp_path / "note.pdf", outputs="text")
    assert leaks(VALUES, written(tmp_path, "note.pdf")) == []
    assert "harbor\n" in (tmp_path / "note.pdf.ocr/text.txt").read_text()


# --- Files with files in them ---


@pytest.mark.slow("pictures in the files are read by the real engine, and every output is made")
@pytest.mark.parametrize("name", FILES)
def test_files_in_files_are_masked(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    result, store = read_masked(tmp_path / name, outputs=ALL_OUTPUTS)
    assert result.redacted is not None
    assert all(result.redacted.values()), result.redacted
    assert leaks(VALUES, recorded(store)) == []
    if "pdf" in result.outputs:
        for page, read in zip(pixels(tmp_path / f"{name}.ocr/searchable.pdf"), result.pages, strict=True):
            assert_black(page, read)
    report = inspected(tmp_path / name)
    assert leaks(VALUES, {"report.html": report.encode()}) == []
    assert_pictures_masked(report, result.pages)


# --- Pictures ---


def pixels(pdf: Path) -> list["np.ndarray[tuple[int, ...], np.dtype[np.uint8]]"]:
    """The pages of a PDF as they are drawn."""
    count = poppler.count_pages(pdf, 30)
    drawn = []
    for number in range(1, count + 1):
        folder = pdf.parent.parent / f"drawn-{pdf.name}-{number}"
        folder.mkdir()
        path = poppler.draw(pdf, number, 150, folder, 60).path
        drawn.append(np.asarray(Image.open(path).convert("L"), np.uint8))
        path.unlink()
    return drawn


def assert_black(image: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", page: Page, darkest: int = 4) -> None:
    """The places of a page that are masked are black all over, but for the edge of the drawing."""
    for redaction in page.redactions:
        xs, ys = [x for x, _ in redaction.polygon], [y for _, y in redaction.polygon]
        across, down = image.shape[1] / page.width, image.shape[0] / page.height
        left, right = int(min(xs) * across) + 1, int(max(xs) * across) - 1
        top, bottom = int(min(ys) * down) + 1, int(max(ys) * down) - 1
        assert right > left, redaction
        assert bottom > top, redaction
        assert image[top:bottom, left:right].max() <= darkest, redaction


def inspected(path: Path, **options: str) -> str:
    local = local_services(Settings(jobs=1))
    target = path.with_name(f"{path.name}.report")
    inspect_file(path, target, {"redact": KINDS} | options, local, lambda _document, _page: None)
    return target.read_text()


def assert_pictures_masked(report: str, pages: tuple[Page, ...]) -> None:
    shown = [base64.b64decode(data) for data in re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", report)]
    assert len(shown) >= len([page for page in pages if page.redactions])
    masked = [page for page in pages if page.redactions]
    if len(shown) != len(pages):  # those without anything masked are shown as the engine saw them too
        return
    for data, page in zip(shown, pages, strict=True):
        if page in masked:
            image = np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.uint8)
            assert_black(image[:, :], page, darkest=40)


@pytest.mark.parametrize("dpi", ["100", "300"])
def test_the_report_has_black_places_whatever_the_resolution(dpi: str, tmp_path: Path) -> None:
    (tmp_path / "tenant.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES))))
    result, _ = read_masked(tmp_path / "tenant.pdf", outputs="text", dpi=dpi)
    report = inspected(tmp_path / "tenant.pdf", dpi=dpi)
    assert_pictures_masked(report, result.pages)
    assert leaks(VALUES, {"report.html": report.encode()}) == []


def test_an_archived_pdf_is_black_where_the_searchable_one_is(tmp_path: Path) -> None:
    (tmp_path / "tenant.pdf").write_bytes(
        make_pdf(PdfPage(content=text(*LINES)), PdfPage(content=text("Nothing here")))
    )
    result, store = read_masked(tmp_path / "tenant.pdf", outputs="pdfa")
    assert leaks(VALUES, recorded(store)) == []
    for page, read in zip(pixels(tmp_path / "tenant.pdf.ocr/pdfa.pdf"), result.pages, strict=True):
        assert_black(page, read)


# --- Parts of a batch, the index, outputs made later ---


def test_parts_of_a_batch_their_separators_and_the_index_are_masked(tmp_path: Path) -> None:
    sheets = [PdfPage(content=text(*LINES)), separator(ID), PdfPage(content=text(f"Tel {PHONE}")), separator("NEXT")]
    (tmp_path / "batch.pdf").write_bytes(make_pdf(*sheets, PdfPage(content=text(f"Card {CARD}"))))
    store = Recording(tmp_path)
    services = make_services(store, Settings(jobs=1, keep_seconds=0, split_pages=2))
    options = {"redact": KINDS, "outputs": ALL_OUTPUTS, "split": "barcode"}
    outcome = read_upload(Request(key="batch.pdf", options=options), services, Deadline(280))
    assert outcome.status == "complete", outcome.error
    result = decode((tmp_path / keys.result_key("batch.pdf")).read_bytes(), Result)
    assert [part.pages for part in result.parts] == [(1,), (3,), (5,)]
    assert result.parts[1].separator == MASK * 18
    assert "index" in result.outputs
    assert leaks(VALUES, recorded(store)) == []


def test_outputs_made_later_are_masked(tmp_path: Path) -> None:
    (tmp_path / "tenant.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES))))
    read_masked(tmp_path / "tenant.pdf", outputs="text")
    store = Recording(tmp_path)
    later = Request(key="tenant.pdf", options={"redact": KINDS, "outputs": ALL_OUTPUTS})
    outcome = read_upload(later, make_services(store, Settings(jobs=1)), Deadline(280))
    assert outcome.status == "already-read", "outputs were added"
    result = decode((tmp_path / keys.result_key("tenant.pdf")).read_bytes(), Result)
    assert set(ALL_OUTPUTS.split(",")) - {"csv", "xlsx"} <= set(result.outputs)
    assert leaks(VALUES, recorded(store)) == []
    for name in ("searchable.pdf", "pdfa.pdf"):
        (page,) = pixels(tmp_path / "tenant.pdf.ocr" / name)
        assert_black(page, result.pages[0])


def test_an_unmasked_reading_and_its_outputs_are_gone_once_it_is_masked(tmp_path: Path) -> None:
    (tmp_path / "tenant.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES))))
    read_masked(tmp_path / "tenant.pdf", redact="none", outputs=ALL_OUTPUTS)
    read_masked(tmp_path / "tenant.pdf", outputs="text")
    assert leaks(VALUES, written(tmp_path, "tenant.pdf")) == []


# --- Over HTTP ---


@pytest.fixture(scope="module")
def pictures_over_http() -> Iterator[tuple[dict[str, bytes], Result, Page]]:
    """A job's page as a picture, JSON, result and review; the result; the page."""
    with serving(settings={"FOLIO_DPI": "120", "FOLIO_RECIPE": "none"}) as api:
        body = make_pdf(PdfPage(content=text(*LINES)), PdfPage(content=text("The last page")))
        options = {"redact": KINDS, "outputs": "text", "pages": "1"}
        job = api.upload(body, filename="tenant.pdf", content_type="application/pdf", options=options)
        *_, done = api.finished(job)
        result = decode(api.fetch(done["links"]["result"]), Result)
        page = api.call("GET", f"v1/jobs/{job}/pages/1", headers={"Accept": "image/png"})
        unread = api.call("GET", f"v1/jobs/{job}/pages/2", headers={"Accept": "image/png"})
        made = api.call("POST", f"v1/jobs/{job}/outputs", json={"outputs": ["pdf", "docx", "chunks", "textract"]})
        files = {kind: api.fetch(link) for kind, link in made.json()["links"].items() if kind != "source"}
        files["page.json"] = api.get(f"v1/jobs/{job}/pages/1").content
        yield files | {"png": page.content, "unread": str(unread.status_code).encode()}, result, result.pages[0]


@pytest.mark.slow("a server, and a document that is read")
def test_pages_over_http_are_masked(pictures_over_http: tuple[dict[str, bytes], Result, Page]) -> None:
    files, _, page = pictures_over_http
    image = np.asarray(Image.open(io.BytesIO(files.pop("png"))).convert("L"), np.uint8)
    assert_black(image, page)
    assert image.max() == 255
    assert files.pop("unread") == b"404", "nobody knows what is on a page that was not read"
    assert json.loads(files["page.json"])["redactions"]
    assert {"pdf", "docx", "chunks", "textract"} <= set(files)
    assert leaks(VALUES, {f"{name}.pdf" if name == "pdf" else name: data for name, data in files.items()}) == []
