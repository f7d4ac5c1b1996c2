"""What an installation masks is in no answer to an agent, in no index of a search and in no file beside them."""

from pathlib import Path

import pytest

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import BadOption
from folio.library.document import Document
from folio.models import encode
from folio.reading.pipeline import Request, read_upload
from folio.search.index import refresh, search
from folio.serve.agents import answers
from folio.serve.agents.documents import AgentDocuments
from folio.structure.redaction import MASK
from folio.wiring import local_services
from tests.integration.reading.test_redaction import digits
from tests.support.documents.pdfs import PdfPage, make_pdf, text
from tests.support.documents.private_files import CARD, EMAIL, ID, LINES, PHONE, VALUES
from tests.support.tools import needs_tools

pytestmark = needs_tools

OPEN = Settings(jobs=1)
MASKED = Settings(jobs=1, options=Options(redact=("id_number", "bank_card", "phone", "email")))
FORM = f"Name: Ann Reed {PHONE}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Documents that were read before anything was to be masked."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "tenant.pdf").write_bytes(make_pdf(PdfPage(content=text(*LINES, FORM)), PdfPage(content=text("Second"))))
    read(folder, OPEN)
    assert ID in (folder / "tenant.pdf.ocr.json").read_text()
    return folder


def read(folder: Path, settings: Settings, **options: str) -> None:
    services = local_services(settings).on_folder(folder, None)
    outcome = read_upload(Request(key="tenant.pdf", options=options), services, Deadline(100))
    assert outcome.status == "complete"


def leaking(*contents: bytes) -> list[str]:
    plain = [digits(content) for content in contents]
    return [value for value in VALUES if any(value.encode() in one for one in plain)]


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "tenant.pdf"]


@pytest.mark.parametrize("options", [{}, {"pages": "1"}, {"mode": "form"}])
def test_an_agent_is_told_nothing_of_it(folder: Path, tmp_path: Path, options: dict[str, str]) -> None:
    scratch = tmp_path / "scratch"
    documents = AgentDocuments([folder], None, scratch, MASKED)
    result = documents.result("tenant.pdf", options, Deadline(100))
    told = [
        answers.document(result, "markdown", 1, MASKED),
        answers.document(result, "text", 1, MASKED),
        answers.page(result, 1),
        answers.tables(result),
        answers.fields(result),
        *(answers.matches(result, value) for value in VALUES),
        answers.matches(result, "survey"),
    ]
    assert leaking(encode(told), encode(result), *files(scratch)) == []
    assert MASK in result.text
    assert all(answers.matches(result, value)["matches"] == [] for value in VALUES)
    if not options:
        assert leaking(*files(folder)) == [], "the result from before is replaced"


@pytest.mark.parametrize("option", ["redact", "provider", "outputs"])
def test_an_agent_cannot_choose_it(folder: Path, tmp_path: Path, option: str) -> None:
    documents = AgentDocuments([folder], None, tmp_path / "scratch", MASKED)
    with pytest.raises(BadOption, match="not for agents"):
        documents.result("tenant.pdf", {option: "none"}, Deadline(100))


def test_an_index_forgets_what_was_masked_since(folder: Path) -> None:
    assert {hit.page for hit in search(folder, PHONE)} == {1}
    assert leaking(*files(folder))
    read(folder, MASKED, redact="none")
    refresh(folder)
    assert search(folder, PHONE) == []
    assert [hit.page for hit in search(folder, "Second")] == [2]
    assert leaking(*files(folder)) == []


def test_chunks_and_everything_saved_from_python_are_masked(folder: Path, tmp_path: Path) -> None:
    result = AgentDocuments([folder], None, tmp_path / "scratch", MASKED).result("tenant.pdf", {}, Deadline(100))
    document = Document(result, folder / "tenant.pdf", MASKED)
    assert leaking(encode(document.chunks)) == []
    for suffix in (".txt", ".md", ".html", ".jsonl", ".textract", ".xml", ".hocr", ".json"):
        assert leaking(document.save(tmp_path / f"saved{suffix}").read_bytes()) == []
    assert leaking(document.save(tmp_path / "saved.pdf").read_bytes()) == []
    assert {ID, CARD, PHONE, EMAIL} == set(VALUES)
