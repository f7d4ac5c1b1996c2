"""The documents of a folder as jobs: which there are, what they are called, and the part of each that was read."""

import json
from pathlib import Path

import pytest

from folio import keys
from folio.errors import NotFound
from folio.jobs import records
from folio.jobs.folder import FolderJobs
from folio.stores.folder_bucket import FolderBucket, ServedFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    return tmp_path / "scans"


@pytest.fixture
def jobs(folder: Path) -> FolderJobs:
    return FolderJobs(FolderBucket(ServedFolder(str(folder), "", "secret")))


def put(folder: Path, name: str, *numbers: int, scope: str = "", attachment: str | None = None, of: int = 9) -> None:
    """Write a document and a result of some of its pages."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"%PDF")
    source = {"key": f"scans/{name}", "etag": "e", "pages": of if scope else len(numbers), "attachment": attachment}
    pages = [{"number": number} for number in numbers]
    result = folder / keys.result_key(name, scope)
    result.parent.mkdir(exist_ok=True)
    result.write_text(json.dumps({"status": "complete", "source": source, "engine": {}, "pages": pages}))


def names(jobs: FolderJobs, search: str = "", after: str = "", limit: int = 100) -> list[str]:
    return [one.name for one in jobs.list(search, after, limit).documents]


def test_documents_with_a_result_are_listed_by_name(jobs: FolderJobs, folder: Path) -> None:
    put(folder, "b.pdf", 1, 2, 3)
    put(folder, "in/a.pdf", 1)
    (folder / "unread.pdf").write_bytes(b"%PDF")
    (folder / "failed.pdf.ocr.error.json").write_text("{}")
    (folder / "notes.ocr.json").write_text('["of somebody else"]')
    (folder / ".hidden").mkdir()
    put(folder / ".hidden", "c.pdf", 1)
    (folder / "b.pdf.ocr").mkdir()
    (folder / "b.pdf.ocr" / "reviewed.json").write_text("{}")
    listed = jobs.list("", "", 100)
    assert [(one.name, one.pages, one.reviewed) for one in listed.documents] == [
        ("b.pdf", 3, True),
        ("in/a.pdf", 1, False),
    ]
    assert listed.next is None
    assert jobs.name == "scans"


def test_many_are_listed_some_at_a_time_and_searched_in_any_case(jobs: FolderJobs, folder: Path) -> None:
    for name in ("a.pdf", "B.pdf", "c.pdf", "发票.pdf"):
        put(folder, name, 1)
    first = jobs.list("", "", 2)
    assert ([one.name for one in first.documents], first.next) == (["B.pdf", "a.pdf"], "a.pdf")
    assert names(jobs, after="a.pdf", limit=2) == ["c.pdf", "发票.pdf"]
    assert names(jobs, search="b.PDF") == ["B.pdf"]
    assert names(jobs, search="发票") == ["发票.pdf"]
    assert names(jobs, search="none") == []


def test_a_job_of_a_document_keeps_its_id_and_goes_with_its_result(jobs: FolderJobs, folder: Path) -> None:
    put(folder, "a.pdf", 1, 2)
    (one,) = jobs.list("", "", 100).documents
    assert records._ID.fullmatch(one.id)
    other = FolderJobs(FolderBucket(ServedFolder(str(folder), "", "of the next start")))
    document = other.find(one.id)
    assert document
    assert (document.key, document.record.filename, document.scope) == ("scans/a.pdf", "a.pdf", "")
    job = records.look(document)
    assert (job.state, job.pages.total, job.filename) == ("complete", 2, "a.pdf")
    assert job.links.keys() == {"result", "source"}
    assert jobs.find("A" * 32) is None
    (folder / "a.pdf.ocr.json").unlink()
    with pytest.raises(NotFound):
        other.find(one.id)


@pytest.mark.parametrize(
    ("pages", "attachment", "numbers", "chosen"),
    [
        ("2-3", "", (2, 3), "2,3"),
        ("5-", "", (5, 6, 7, 8, 9), "5,6,7,8,9"),
        (",".join(str(page) for page in range(1, 100, 2)), "", tuple(range(1, 100, 2)), None),
        ("", "#1", (1, 2), ""),
        ("2", "#1", (2,), "2"),
    ],
)
def test_a_part_is_a_job_of_its_pages(
    jobs: FolderJobs, folder: Path, pages: str, attachment: str, numbers: tuple[int, ...], chosen: str | None
) -> None:
    scope = keys.scope_of(pages, attachment)
    put(folder, "a.pdf", *numbers, scope=scope, attachment="minutes.pdf" if attachment else None, of=100)
    (one,) = jobs.list("", "", 100).documents
    assert one.pages == len(numbers)
    document = jobs.find(one.id)
    assert document
    assert document.pages == (",".join(map(str, numbers)) if chosen is None else chosen)
    assert records.attachment_of(document.record) == ("minutes.pdf" if attachment else "")
    assert records.look(document).state == "complete"


def test_a_result_that_leads_out_of_the_folder_is_not_there(jobs: FolderJobs, folder: Path) -> None:
    put(folder.parent, "a.pdf", 1)
    (folder / "a.pdf.ocr.json").symlink_to(folder.parent / "a.pdf.ocr.json")
    assert names(jobs) == []
