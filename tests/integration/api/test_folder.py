"""`folio serve DIR`: what `folio read` left in a folder is listed, looked at, corrected and made again over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import folio
from tests.support.documents.drawings import draw
from tests.support.processes.running import folio as command
from tests.support.processes.serving import KEY, Api, Json, serving
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("a server, and commands that read")]

TEXT = "lantern and meadow\n\nferry at nine"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents with results, one that was not read, and beside the folder what is nobody's business."""
    parent = tmp_path_factory.mktemp("desk")
    scans = parent / "scans"
    (scans / "in").mkdir(parents=True)
    draw("lantern and meadow", "ferry at nine", size=(900, 400)).image.save(scans / "note.png")
    frames = [draw(word, size=(500, 200)).image for word in ("copper", "orchard")]
    frames[0].save(scans / "in" / "moving.gif", save_all=True, append_images=frames[1:])
    read = command("read", "scans", "--outputs", "text,pdf", "--recipe", "none", "--frames", "all", cwd=parent)
    assert read.code == 0, read.err
    draw("unread", size=(400, 200)).image.save(scans / "unread.png")
    (parent / "secret.txt").write_text("secret")
    return scans


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[Api]:
    with serving(str(folder)) as api:
        yield Api(api.url, reach=lambda url: api.url.rstrip("/") + url)


def listed(api: Api, **query: str) -> list[Json]:
    answer = api.call("GET", "v1/folder", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["documents"])


def test_documents_that_were_read_are_listed_with_a_key_alone(api: Api) -> None:
    assert [(one["name"], one["pages"]) for one in listed(api)] == [("in/moving.gif", 2), ("note.png", 1)]
    assert [one["name"] for one in listed(api, search="NOTE")] == ["note.png"]
    assert requests.get(f"{api.url}v1/folder", timeout=60).status_code == 401
    assert api.call("GET", "v1/folder", params={"folder": "/"}).status_code == 400


def test_a_document_is_a_job_that_is_finished(api: Api, folder: Path) -> None:
    moving, note = listed(api)
    for number in (1, 2):  # both frames, as it was read
        page = api.get(f"v1/jobs/{moving['id']}/pages/{number}", "image/png")
        assert page.headers["Content-Type"] == "image/png"
    job = api.job(note["id"])
    assert (job["state"], job["pages"]["total"], job["filename"]) == ("complete", 1, "note.png")
    assert job["links"].keys() == {"result", "source", "text", "pdf"}
    assert api.fetch(job["links"]["source"]) == (folder / "note.png").read_bytes()
    assert json.loads(api.fetch(job["links"]["result"]))["pages"][0]["text"] == TEXT
    answer = requests.get(api.reach(job["links"]["source"]), timeout=60)
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''note.png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert requests.get(api.reach(job["links"]["source"])[:-1], timeout=60).status_code == 404, "not signed"
    document = folio.Client(api.url, key=KEY).wait(note["id"])
    assert document.text == TEXT


def test_it_is_corrected_and_its_outputs_are_made_again(api: Api, folder: Path) -> None:
    (note,) = listed(api, search="note")
    edit = {"page": 1, "location": "lines/1/words/2", "read": "nine", "text": "eleven"}
    answer = api.call(
        "PATCH", f"v1/jobs/{note['id']}/review", json={"by": "Ann", "edits": [edit]}, headers={"If-Match": '"0"'}
    )
    assert answer.status_code == 200, answer.text
    review = json.loads((folder / "note.png.ocr" / "reviewed.json").read_text())
    assert [(one["text"], one["by"]) for one in review["edits"]] == [("eleven", "Ann")]
    answer = api.call("POST", f"v1/jobs/{note['id']}/outputs", json={"outputs": ["markdown"]})
    assert answer.json()["links"].keys() >= {"text", "pdf", "markdown"}
    assert (folder / "note.png.ocr" / "text.txt").read_text().split()[-1] == "eleven"
    assert "eleven" in (folder / "note.png.ocr" / "markdown.md").read_text()
    assert listed(api, search="note")[0]["reviewed"] is True
    stale = api.call("PATCH", f"v1/jobs/{note['id']}/review", json={"edits": [edit]}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    # The result names its outputs as `folio read` does, which finds that there is nothing to do.
    again = command("read", "scans/note.png", "--outputs", "text,pdf", "--recipe", "none", "--frames", "all",
                    cwd=folder.parent)  # fmt: skip
    assert "read already" in again.err, again.err


def test_a_document_is_not_deleted_and_nothing_outside_is_found(api: Api, folder: Path) -> None:
    (note,) = listed(api, search="note")
    refused = api.call("DELETE", f"v1/jobs/{note['id']}")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    assert (folder / "note.png").exists()
    link = api.job(note["id"])["links"]["source"]
    for key in ("..%2Fsecret.txt", "scans%2F..%2F..%2Fsecret.txt"):
        assert requests.get(api.reach(link.replace("scans%2Fnote.png", key)), timeout=60).status_code == 404
    (folder / "out.png").symlink_to(folder.parent / "secret.txt")
    (folder / "out.png.ocr.json").write_bytes((folder / "note.png.ocr.json").read_bytes())
    (out,) = listed(api, search="out.png")
    assert api.get(f"v1/jobs/{out['id']}/pages/1", "image/png").status_code == 403
    assert requests.get(api.reach(api.job(out["id"])["links"]["source"]), timeout=60).status_code == 403


def test_a_document_that_was_replaced_is_not_shown_under_the_old_words(api: Api, folder: Path) -> None:
    (folder / "later.png").write_bytes((folder / "unread.png").read_bytes())
    (folder / "later.png.ocr.json").write_bytes((folder / "note.png.ocr.json").read_bytes())
    (later,) = listed(api, search="later")
    assert api.get(f"v1/jobs/{later['id']}/pages/1", "image/png").status_code == 409
    assert api.get(f"v1/jobs/{later['id']}/pages/1").json()["text"] == TEXT
    made = api.call("POST", f"v1/jobs/{later['id']}/outputs", json={"outputs": ["pdf"]})
    assert made.status_code == 409


def test_without_a_folder_there_is_none() -> None:
    with serving(keys=()) as api:
        assert api.get("v1/folder").status_code == 404
        assert "folio-folder" not in api.get("", "text/html").text
