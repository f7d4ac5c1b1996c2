"""Every event in events/ through the real handler, against an S3 on loopback, with the real Tesseract and poppler."""

import json
import os
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct

from folio import keys
from folio.errors import DeadlineExceeded
from folio.models import encode
from tests.support.aws.inbox import BUCKET, Inbox, load
from tests.support.aws.metrics import points, total
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import DATA, EVENTS
from tests.support.tools import needs_tools

pytestmark = needs_tools

PDF = "reports/english.pdf"
ENCODED = "扫描 件/发票 + 2024.png"
PERCENT = "scans/1+1=2 at 100%, 5%2B.png"
KNOWN = {".pdf": ("Larkfield", "2093"), ".png": ("图书馆", "5550142")}
SECOND = "2e1424d4-f796-459a-8184-9c92662be6da"  # the second message of sqs-batch.json


class Case(Struct, frozen=True):
    """What lies in the bucket, which of it has a result afterwards, and which messages SQS is to deliver again."""

    there: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    again: tuple[str, ...] | None = None
    versioned: bool = False


CASES = {
    "upload.json": Case((PDF,), (PDF,)),
    "upload-encoded-key.json": Case((ENCODED,), (ENCODED,)),
    "upload-versioned.json": Case((PDF,), (PDF,), versioned=True),
    "upload-two-records.json": Case((PDF, ENCODED), (PDF, ENCODED)),
    "eventbridge.json": Case((PERCENT,), (PERCENT,)),
    "sqs-eventbridge.json": Case((PDF,), (PDF,), again=()),
    "sqs-batch.json": Case((PDF, PERCENT), (PDF, PERCENT), again=(SECOND,)),
    "sqs-test-event.json": Case(again=()),
    "test-event.json": Case(),
    # The document is there in all three: it is the event that must keep Folio from reading it.
    "own-result-key.json": Case((PDF, keys.result_key(PDF))),
    "object-removed.json": Case((PDF,)),
    "superseded.json": Case((PDF,)),
}


def sample(key: str) -> tuple[bytes, dict[str, str]]:
    """The document the events mean by a key, and the options it is uploaded with."""
    if key.endswith(".png"):
        return (DATA / "chinese.png").read_bytes(), {"languages": "chi_sim"}
    return (DATA / "english.pdf").read_bytes(), {}


HOOK = "textract-hook.json"  # tests/integration/upload/test_textract_hook.py


def test_every_event_has_its_case() -> None:
    assert sorted([*CASES, HOOK]) == sorted(file.name for file in EVENTS.iterdir())


@pytest.mark.parametrize("name", sorted(CASES))
def test_event(name: str, inbox: Inbox, schema_result: Draft202012Validator) -> None:
    case = CASES[name]
    if case.versioned:
        inbox.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for key in case.there:
        body, options = sample(key)
        inbox.put(key, body, **options)
    answer = inbox.send(load(name))
    assert answer == (None if case.again is None else list(case.again))
    assert inbox.keys() == sorted([*case.there, *map(keys.result_key, case.read)])
    for key in case.read:
        schema_result.validate(json.loads(inbox.body(keys.result_key(key))))
        result = inbox.result(key)
        assert result.status == "complete"
        assert (result.source.bucket, result.source.key) == (BUCKET, key)
        assert (result.source.version is not None) == case.versioned
        assert [word for word in KNOWN[Path(key).suffix] if word not in result.text] == []


# --- Small documents for everything else: reading them takes a fraction of a second. ---

KEY = "a.pdf"
GOOD = make_pdf(PdfPage(picture=words("Larkfield")))
TWO_PAGES = make_pdf(PdfPage(picture=words("Larkfield")), PdfPage(picture=words("Oakham")))
RESULT, ERROR = [KEY, keys.result_key(KEY)], [KEY, keys.error_key(KEY)]


def test_the_same_event_again_leaves_what_is_there(inbox: Inbox) -> None:
    assert inbox.read(KEY, GOOD) == RESULT
    head = inbox.client.head_object(Bucket=BUCKET, Key=RESULT[1])
    assert inbox.read(KEY, GOOD) == RESULT
    again = inbox.client.head_object(Bucket=BUCKET, Key=RESULT[1])
    assert [again[name] for name in ("ETag", "LastModified")] == [head[name] for name in ("ETag", "LastModified")]
    assert inbox.log()[-1]["status"] == "already-read"


def test_options_come_with_the_document(inbox: Inbox) -> None:
    inbox.read(KEY, TWO_PAGES, languages="chi_sim+eng", pages="2", recipe="classic", dpi="150")
    result = inbox.result(KEY, "2")
    assert result.engine.languages == ("chi_sim", "eng")
    (page,) = result.pages
    assert (page.number, page.dpi, page.steps) == (2, 150, ("denoise", "binarize"))
    assert (page.width, page.height) == (875, 1240)
    assert "Oakham" in result.text
    assert "Larkfield" not in result.text


def test_other_options_for_the_same_document_read_it_again(inbox: Inbox) -> None:
    inbox.read(KEY, TWO_PAGES)
    first = inbox.result(KEY)
    assert inbox.read(KEY, TWO_PAGES, recipe="classic") == RESULT
    assert inbox.result(KEY).engine.settings != first.engine.settings


@pytest.mark.slow("a document is read several times over moto's S3")
def test_a_page_range_lies_beside_the_whole_document(inbox: Inbox) -> None:
    inbox.read(KEY, TWO_PAGES, outputs="text")
    before = {key: inbox.body(key) for key in [KEY, RESULT[1], keys.output_key(KEY, "text")]}
    ranges = [keys.result_key(KEY, pages) for pages in ("1", "2")]
    inbox.read(KEY, TWO_PAGES, pages="1")
    assert inbox.read(KEY, TWO_PAGES, pages="2") == sorted([*before, *ranges])
    assert [page.number for page in inbox.result(KEY, "2").pages] == [2]
    assert inbox.read(KEY, TWO_PAGES, pages="9") == sorted([*before, *ranges]), "refused, and nothing is written"
    assert {key: inbox.body(key) for key in before} == before
    assert inbox.read(KEY, GOOD) == RESULT


@pytest.mark.parametrize("key", ["archive.ocr/x.pdf", "archive.ocr/searchable.pdf", "inbox/"])
def test_every_key_with_a_document_is_read(key: str, inbox: Inbox) -> None:
    assert inbox.read(key, GOOD) == [key, keys.result_key(key)]


BAD_OPTIONS = [
    ("languages", "klingon", "chi_sim, chi_sim_vert, eng"),
    ("languages", "../etc", "eng+chi_sim"),
    ("pages", "0", "1-3,7"),
    ("pages", "9", "2 pages"),
    ("recipe", "grilled", "auto, none, classic"),
    ("dpi", "9000", "from 50 to 1200"),
    ("provider", "psychic", "tesseract"),
    ("langauges", "eng", "languages"),
]


@pytest.mark.parametrize(("name", "value", "named"), BAD_OPTIONS)
def test_a_bad_option_is_told_with_the_good_ones(
    name: str, value: str, named: str, inbox: Inbox, schema_error: Draft202012Validator
) -> None:
    assert inbox.read(KEY, TWO_PAGES, **{name: value}) == ERROR
    schema_error.validate(json.loads(inbox.body(ERROR[1])))
    assert named in inbox.error(KEY).error.message


BROKEN = {
    "noise": (bytes(range(256)) * 8, "UnsupportedType"),
    "empty": (b"", "EmptyDocument"),
    "cut off": ((DATA / "english.pdf").read_bytes()[:60], "DamagedDocument"),
    "locked": (make_pdf(PdfPage(), user_password="secret"), "PasswordProtected"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_document_leaves_an_error_until_a_good_one_replaces_it(
    kind: str, inbox: Inbox, schema_error: Draft202012Validator
) -> None:
    body, expected = BROKEN[kind]
    assert inbox.read(KEY, body) == ERROR
    schema_error.validate(json.loads(inbox.body(ERROR[1])))
    assert inbox.error(KEY).error.type == expected
    assert inbox.read(KEY, GOOD) == RESULT
    assert inbox.read(KEY, body) == ERROR


def test_an_older_event_writes_nothing(inbox: Inbox) -> None:
    older = inbox.put(KEY, TWO_PAGES)
    inbox.read(KEY, GOOD)
    before = inbox.body(RESULT[1])
    assert inbox.deliver(KEY, older)
    assert inbox.body(RESULT[1]) == before


def test_an_event_for_what_is_gone_by_now_is_done_with(inbox: Inbox) -> None:
    assert inbox.deliver(KEY, "0" * 32)
    assert inbox.keys() == []


# --- Engines that fail ---


def install_engine(folder: Path, monkeypatch: pytest.MonkeyPatch, fails_on: str) -> None:
    """A tesseract before the real one on PATH that fails, quoting the document, on images named so."""
    script = f"""#!/bin/sh
case "$1" in {fails_on}) echo "Larkfield 2093" >&2; exit 1;; esac
exec {shutil.which("tesseract")} "$@"
"""
    (folder / "tesseract").write_text(script)
    (folder / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_a_failing_engine_is_tried_again_to_the_end(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_engine(tmp_path, monkeypatch, fails_on="*/page*")
    etag = inbox.put(KEY, GOOD)
    # Nothing of the one page could be read: it goes to the dead-letter queue, not into a result.
    assert [inbox.deliver(KEY, etag, attempt) for attempt in range(1, 6)] == [False] * 5
    assert inbox.keys() == [KEY]


def test_the_last_attempt_keeps_the_pages_that_could_be_read(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_engine(tmp_path, monkeypatch, fails_on="*/page1*")
    etag = inbox.put(KEY, TWO_PAGES)
    assert not inbox.deliver(KEY, etag, attempt=4)
    assert inbox.keys() == [KEY]
    assert inbox.deliver(KEY, etag, attempt=5)
    result = inbox.result(KEY)
    assert (result.status, [page.status for page in result.pages]) == ("partial", ["failed", "ok"])
    failed = result.pages[0].error
    assert failed is not None
    assert failed.type == "EngineFailed"
    assert result.text == "Oakham"


def test_a_missing_engine_is_for_the_operator(inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not inbox.deliver(KEY, inbox.put(KEY, GOOD), attempt=5)
    assert inbox.keys() == [KEY]
    assert inbox.log()[-1]["error"] == "ToolMissing"


def test_too_little_time_left_leaves_nothing_behind(inbox: Inbox) -> None:
    etag = inbox.put(KEY, GOOD)
    assert not inbox.deliver(KEY, etag, attempt=5, seconds=5)  # of which 10 are kept to stop in order
    assert inbox.keys() == [KEY]
    event = load("eventbridge.json")
    event["detail"]["object"] |= {"key": KEY, "etag": etag}
    with pytest.raises(DeadlineExceeded):
        inbox.send(event, seconds=5)


# --- Bodies, logs ---


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '"text"', "1", '{"Records": 1}', '{"detail": {}}'])
def test_a_message_that_is_no_event_does_not_keep_the_others_from_their_turn(body: str, inbox: Inbox) -> None:
    event = load("sqs-batch.json")
    known, unknown, _ = event["Records"]
    event["Records"] = [unknown | {"body": body}, known]
    inbox.put(PDF, sample(PDF)[0], languages="klingon")  # refused before it is read, which is quick
    assert inbox.send(event) == [SECOND]
    assert inbox.keys() == [PDF, keys.error_key(PDF)]


def test_logs_hold_no_text_and_no_traceback(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    inbox.read(KEY, GOOD)
    inbox.read(KEY, b"\x00Larkfield, but no document")
    install_engine(tmp_path, monkeypatch, fails_on="*/page*")
    inbox.deliver(KEY, inbox.put(KEY, GOOD))
    written, complaints = capfd.readouterr()
    assert complaints == ""
    assert total(points(written), "Documents") == 3  # every line is metrics
    said = encode(inbox.log()).decode() + written
    assert {line["correlation_id"] for line in inbox.log()} == {load("eventbridge.json")["detail"]["request-id"]}
    assert [line["level"] for line in inbox.log()] == ["INFO", "INFO", "ERROR"]
    assert {line["key"] for line in inbox.log()} == {KEY}
    assert "Larkfield" not in said
    assert "Traceback" not in said


def test_an_event_without_records_does_nothing(inbox: Inbox) -> None:
    assert inbox.send({"Records": []}) is None
