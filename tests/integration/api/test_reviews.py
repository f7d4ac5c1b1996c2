"""Corrections over the API: two people at once, outputs made again, and a job that is deleted while it is read."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from folio.models import Result, Review, decode
from tests.support.api.conformance import problem
from tests.support.documents.drawings import draw
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import wait_until
from tests.support.processes.serving import OTHER_KEY, Api, Json, serving
from tests.support.ruled_sheets import draw_sheet
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("a server, and documents that are read")]

QUICK = {"FOLIO_DPI": "120", "FOLIO_RECIPE": "none", "FOLIO_KEEP_SECONDS": "0.2"}


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving(settings=QUICK) as api:
        yield api


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("note") / "note.png"
    draw("lantern and meadow", "ferry at nine", size=(900, 400)).image.save(path)
    return path.read_bytes()


def correct(api: Api, job: str, version: str, *edits: Json, by: str = "Ann") -> Json:
    answer = api.call("PATCH", f"v1/jobs/{job}/review", json={"by": by, "edits": edits}, headers={"If-Match": version})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def word(line: int, number: int, read: str, text: str | None) -> Json:
    return {"page": 1, "location": f"lines/{line}/words/{number}", "read": read, "text": text}


def outputs(api: Api, job: str, *kinds: str) -> Json:
    answer = api.call("POST", f"v1/jobs/{job}/outputs", json={"outputs": kinds})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["links"])


def test_outputs_hold_what_was_corrected_and_the_reading_stays(api: Api, note: bytes, tmp_path: Path) -> None:
    job = api.upload(note, filename="note.png", content_type="image/png", options={"outputs": "text,pdf"})
    *_, done = api.finished(job)
    assert done["reviewed"] is False
    before = decode(api.fetch(done["links"]["result"]), Result)
    assert [line.text for line in before.pages[0].lines] == ["lantern and meadow", "ferry at nine"]
    empty = api.get(f"v1/jobs/{job}/review")
    assert (empty.headers["ETag"], empty.json()["edits"]) == ('"0"', [])
    correct(api, job, '"0"', word(1, 2, "nine", "eleven"), word(0, 1, "and", ""))
    links = outputs(api, job, "docx")
    assert api.fetch(links["text"]).decode().split() == ["lantern", "meadow", "ferry", "at", "eleven"]
    (tmp_path / "note.docx").write_bytes(api.fetch(links["docx"]))
    assert "eleven" in ZipFile(tmp_path / "note.docx").read("word/document.xml").decode()
    found = api.read(api.fetch(links["pdf"]), accept="text/plain", ocr="never")
    assert found.text.split() == ["lantern", "meadow", "ferry", "at", "eleven"]
    after = decode(api.fetch(links["result"]), Result)
    assert after.pages == before.pages
    now = api.job(job)
    assert now["reviewed"] is True
    review = decode(api.get(f"v1/jobs/{job}/review").content, Review)
    assert {(edit.by, bool(edit.caller)) for edit in review.edits} == {("Ann", True)}
    assert review.outputs == {"text": 1, "pdf": 1, "docx": 1}
    correct(api, job, '"1"', word(1, 2, "nine", None))
    assert api.fetch(outputs(api, job)["text"]).decode().split()[-1] == "nine", "it was taken back"


def test_cells_are_corrected_in_the_workbook(api: Api, tmp_path: Path) -> None:
    sheet = draw_sheet(3, tmp_path / "sheet.png")
    body = sheet.path.read_bytes()
    *_, done = api.finished(api.upload(body, filename="sheet.png", content_type="image/png"))
    result = decode(api.fetch(done["links"]["result"]), Result)
    cells = result.pages[0].tables[0].cells
    index = next(index for index, cell in enumerate(cells) if cell.text)
    edit = {"page": 1, "location": f"tables/0/cells/{index}", "read": cells[index].text, "text": "corrected"}
    correct(api, done["id"], '"0"', edit)
    links = outputs(api, done["id"], "xlsx", "csv")
    (tmp_path / "tables.xlsx").write_bytes(api.fetch(links["xlsx"]))
    book = ZipFile(tmp_path / "tables.xlsx")
    assert "corrected" in "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert "corrected" in api.fetch(links["csv"]).decode()


def test_of_two_people_the_second_is_told_the_newer_version(api: Api, note: bytes) -> None:
    *_, done = api.finished(api.upload(note, filename="note.png", content_type="image/png"))
    job = done["id"]
    correct(api, job, '"0"', word(0, 0, "lantern", "Lantern"))
    mine = word(0, 2, "meadow", "Meadow")
    body = {"by": "Bo", "edits": [mine]}
    refused = api.call("PATCH", f"v1/jobs/{job}/review", json=body, headers={"If-Match": '"0"'})
    assert problem(refused, 412).type == "urn:folio:error:review-changed"
    assert refused.headers["ETag"] == '"1"'
    assert [edit["text"] for edit in refused.json()["review"]["edits"]] == ["Lantern"]
    correct(api, job, '"1"', mine, by="Bo")
    links = outputs(api, job, "text")
    assert api.fetch(links["text"]).decode().split()[:3] == ["Lantern", "and", "Meadow"]


@pytest.mark.parametrize(
    ("body", "version", "status"),
    [
        ({"edits": [word(0, 0, "a", "b")]}, None, 400),
        ({"edits": [word(0, 0, "a", "b")]}, "yesterday", 400),
        ({"edits": []}, '"0"', 400),
        ({"edits": [{**word(0, 0, "a", "b"), "location": "../../x"}]}, '"0"', 400),
        ({"edits": [{**word(0, 0, "a", "b"), "page": 0}]}, '"0"', 400),
        ({"edits": [word(0, 0, "a", "b" * 10_001)]}, '"0"', 400),
        ({"edits": [word(0, 0, "a", "b")] * 1001}, '"0"', 400),
    ],
)
def test_what_is_no_correction(api: Api, note: bytes, body: Json, version: str | None, status: int) -> None:
    *_, done = api.finished(api.upload(note, filename="note.png", content_type="image/png"))
    headers = {"If-Match": version} if version else {}
    problem(api.call("PATCH", f"v1/jobs/{done['id']}/review", json=body, headers=headers), status)


def test_nobody_else_sees_or_ends_a_job(api: Api, note: bytes) -> None:
    *_, done = api.finished(api.upload(note, filename="note.png", content_type="image/png"))
    other, path = Api(api.url, OTHER_KEY), f"v1/jobs/{done['id']}"
    problem(other.get(f"{path}/review"), 404)
    problem(other.call("PATCH", f"{path}/review", json={"edits": []}, headers={"If-Match": '"0"'}), 404)
    problem(other.call("POST", f"{path}/outputs", json={}), 404)
    problem(other.call("DELETE", path), 404)
    assert api.job(done["id"])["state"] == "complete"


def test_what_was_answered_at_once_can_be_a_job_too(api: Api, note: bytes) -> None:
    answer = api.read(note, headers={"Prefer": "keep"}, filename="note.png")
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "keep")
    *_, done = api.finished(answer.headers["Location"].rsplit("/", 1)[1])
    assert (done["state"], done["filename"]) == ("complete", "note.png")
    kept = decode(api.fetch(done["links"]["result"]), Result)
    assert kept.pages == decode(answer.content, Result).pages, "it was not read a second time"
    assert "Location" not in api.read(note, filename="note.png").headers


def test_a_job_that_is_deleted_is_not_read_on(api: Api) -> None:
    """One document is read at a time here: the next one is, long before the first one could have been."""
    pages = [PdfPage(picture=words(f"Chapter {page}", "the ferry leaves at nine")) for page in range(1, 201)]
    job = api.upload(make_pdf(*pages), filename="long.pdf", options={"ocr": "always"})
    wait_until(lambda: api.job(job)["pages"]["done"] > 0)
    assert api.get(f"v1/jobs/{job}/pages/1").json()["number"] == 1, "a page is there as soon as it is read"
    assert api.call("DELETE", f"v1/jobs/{job}").status_code == 204
    problem(api.get(f"v1/jobs/{job}"), 404)
    problem(api.call("DELETE", f"v1/jobs/{job}"), 404)
    *_, done = api.finished(api.upload(make_pdf(pages[0]), filename="next.pdf"), seconds=30)
    assert done["state"] == "complete"
