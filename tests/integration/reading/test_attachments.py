"""Documents attached to a PDF are read by name, beside the result of the whole: at a desk, over S3 and over HTTP."""

import io
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pytest
from PIL import Image

import folio
from folio import keys
from folio.api.context import ApiContext
from folio.api.documents import post_document
from folio.api.http import HttpRequest
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import BadOption, FolioError
from folio.jobs import records
from folio.models import ErrorReport, Result, decode
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from tests.integration.reading.test_interrupted import sheets
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.places import Bucket, Desk, Http, Place, Step
from tests.support.processes.running import folio as run_folio
from tests.support.tools import needs_tools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = needs_tools

LETTER = make_pdf(
    PdfPage(content=text("The survey of the northern harbour", "was finished in the autumn of that year."))
)


def portfolio(**attached: bytes) -> bytes:
    """A page that says nothing, and documents beside it, by name."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(60, 40))
        for name, content in attached.items():
            pdf.attachments[name] = content
        pdf.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)
        pdf.save(file)
    return file.getvalue()


INNER = portfolio(**{"letter.pdf": LETTER})
LOCKED = make_pdf(PdfPage(), user_password="secret")
BOX = portfolio(
    **{
        "纪要.pdf": LETTER,
        "sheets.tif": sheets(3),
        "notes.bin": b"\x00\x01\xff noise",
        "inner.pdf": INNER,
        "locked.pdf": LOCKED,
        "empty.pdf": b"",
        "../up.pdf": LETTER,
        "huge.bmp": b"BM" + bytes(30_000_000),
    }
)


def step(attachment: str = "", *, force: bool = False, **options: str) -> Step:
    chosen = options | ({"attachment": attachment} if attachment else {})
    return Step(chosen, frozenset(), force=force, kill_at=None, replaced=False)


@pytest.fixture(params=["desk", "s3", "http"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ThreadPoolExecutor(1) as pool:
        if request.param == "desk":
            made: Place = Desk(pool, BOX, tmp_path)
        else:
            client, bucket = request.getfixturevalue("moto_s3"), request.getfixturevalue("bucket")
            made = (Bucket if request.param == "s3" else Http)(pool, BOX, client, bucket)
        made.replace()
        yield made


def read(place: Place, step: Step) -> FolioError | None:
    try:
        place.read(step, lambda store: store)
    except FolioError as error:
        return error
    return None


def result(place: Place, attachment: str, pages: str = "") -> Result:
    return decode(place.files()[keys.result_key(place.key, keys.scope_of(pages, attachment))], Result)


def test_an_attached_document_is_read_beside_the_whole_one(place: Place) -> None:
    read(place, step(ocr="never", outputs="text"))
    before = place.files()
    read(place, step("#8", ocr="never", outputs="text,pdf"))
    letter = result(place, "#8")
    assert letter.text.startswith("The survey of the northern harbour")
    assert (letter.source.attachment, letter.source.media_type, letter.source.bytes) == (
        "纪要.pdf",
        "application/pdf",
        len(LETTER),
    )
    assert all(place.files()[key] for key in letter.outputs.values())
    read(place, step("sheets.tif", pages="2"))
    assert [page.number for page in result(place, "sheets.tif", "2").pages] == [2]
    read(place, step("sheets.tif"))
    assert [page.number for page in result(place, "sheets.tif").pages] == [1, 2, 3]
    after = place.files()
    assert before.items() <= after.items()
    assert all(name.isascii() for name in after)


@pytest.mark.parametrize(
    ("attachment", "error", "words"),
    [
        ("other.pdf", "bad-option", "'notes.bin'"),
        ("notes.bin", "unsupported-type", "attachment"),
        ("locked.pdf", "password-protected", "attachment"),
        ("empty.pdf", "empty-document", "attachment"),
        ("huge.bmp", "too-large", "attachment"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_takes_nothing_away(
    attachment: str, error: str, words: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = msgspec.structs.replace(Settings(jobs=1), max_bytes=20_000_000)
    ordinary = place.services
    monkeypatch.setattr(
        place, "services", lambda store, step: msgspec.structs.replace(ordinary(store, step), settings=limited)
    )
    refused = read(place, step(attachment))
    report = place.files().get(keys.error_key(place.key))
    message = decode(report, ErrorReport).error.message if report else str(refused)
    assert words in message
    assert message.count(". ") == 0
    assert message.endswith(".")
    read(place, step(ocr="never"))
    before = place.files()
    read(place, step(attachment))
    assert place.files() == before


def test_a_nested_one_is_named_as_one_that_is_not_read(place: Place) -> None:
    read(place, step("inner.pdf", ocr="never"))
    (warning,) = [one for one in result(place, "inner.pdf").warnings if "portfolio" in one]
    assert "'letter.pdf'" in warning
    assert "not read" in warning


@pytest.mark.slow("three processes of their own, one of which draws a report")
def test_from_the_command_line_and_from_python(tmp_path: Path) -> None:
    (tmp_path / "box.pdf").write_bytes(BOX)
    ran = run_folio("read", "box.pdf", "--attachment", "纪要.pdf", "--text", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "The survey of the northern harbour" in ran.out
    ran = run_folio("read", "box.pdf", "--attachment", "other.pdf", cwd=tmp_path)
    assert (ran.code, "'纪要.pdf'" in ran.err) == (2, True)
    document = folio.read(tmp_path / "box.pdf", attachment="../up.pdf")
    assert document.text.startswith("The survey")
    assert document.save(tmp_path / "up-searchable.pdf").read_bytes().startswith(LETTER)
    assert run_folio("inspect", "box.pdf", "--attachment", "#1", cwd=tmp_path).code == 0
    assert not (tmp_path.parent / "up.pdf").exists()


def context(pool: Executor, client: "S3Client", bucket: str, folder: Path) -> ApiContext:
    here = Http(pool, BOX, client, bucket)
    services = here.services(here.store, step())
    return ApiContext(
        bucket=here.store,
        services=msgspec.structs.replace(services, settings=Settings(jobs=1, bucket=bucket)),
        services_on=lambda _: services,
        services_between=lambda sources, results: here.services(FolderStore(sources, results), step()),
        on_outcome=lambda _: None,
    )


def test_a_request_may_bring_the_document(moto_s3: "S3Client", bucket: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        api = context(pool, moto_s3, bucket, tmp_path)

        def post(query: dict[str, str], **headers: str) -> bytes:
            request = HttpRequest(method="POST", body=BOX, query=query, headers=headers)
            return post_document(request, api, Deadline(60)).body

        answer = decode(post({"attachment": "sheets.tif"}), Result)
        assert (len(answer.pages), answer.source.attachment) == (3, "sheets.tif")
        with pytest.raises(BadOption, match=r"sheets\.tif"):
            post({"attachment": "sheets.tiff"})
        job = decode(post({"attachment": "纪要.pdf", "ocr": "never"}, prefer="respond-async"), records.Job)
        (key,) = [key for key in api.bucket.list(keys.JOBS) if not keys.is_ours(key)]
        read_upload(Request(key=key), api.services, Deadline(60))
        record = records.find(api.bucket, "", job.id)
        assert records.look(records.document_of(api.bucket, "", record)).state == "complete"


def test_a_picture_has_no_attachments(tmp_path: Path) -> None:
    Image.new("L", (20, 10), 255).save(tmp_path / "a.png")
    with pytest.raises(BadOption, match="nothing is attached"):
        folio.read(tmp_path / "a.png", attachment="a")
