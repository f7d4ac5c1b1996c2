"""The index of a folder: places of words, brought up to date, and never trusted."""

import os
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from folio import keys
from folio.errors import Busy, StoreUnavailable
from folio.models import Code, Edit, Review, encode
from folio.search import database
from folio.search.database import NAME
from folio.search.index import MAX_TEXT, Hit, refresh, search
from folio.transform import bounds, box
from tests.support.results import made_page, made_result, put_result, word_box


def documents(hits: list[Hit]) -> list[tuple[str, int]]:
    return [(hit.document, hit.page) for hit in hits]


def boxes(hit: Hit) -> list[tuple[str, tuple[float, ...]]]:
    return [(word.text, bounds(word.polygon)) for word in hit.words if word.polygon]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    english = made_page([["Quarterly", "Report"], ["ferry", "at", "nine"]])
    chinese = made_page([["增值税", "发票"], ["号", "码", "12345"]], number=2, blocks=[(0, 1)])
    put_result(tmp_path, "a/english.pdf", english)
    put_result(tmp_path, "中文.png", made_page([["lantern"]]), chinese)
    return tmp_path


def test_hits_have_document_page_and_the_boxes_of_their_words(folder: Path) -> None:
    (hit,) = search(folder, "report quarterly")
    assert (hit.document, hit.result, hit.page) == ("a/english.pdf", "a/english.pdf.ocr.json", 1)
    assert (hit.width, hit.height, hit.kind, hit.text) == (2000, 3000, "line", "Quarterly Report")
    assert boxes(hit) == [("Quarterly", word_box(0, 0)), ("Report", word_box(0, 1))]
    (hit,) = search(folder, "发票号码")
    assert (hit.document, hit.page, hit.kind) == ("中文.png", 2, "paragraph")
    assert hit.text == "增值税发票号码 12345"
    assert boxes(hit) == [("发票", word_box(0, 1)), ("号", word_box(1, 0)), ("码", word_box(1, 1))]
    assert documents(search(folder, "码")) == [("中文.png", 2)]


def test_all_words_have_to_stand_in_one_passage(folder: Path) -> None:
    assert search(folder, "report ferry") == []
    assert documents(search(folder, "增值税 12345")) == [("中文.png", 2)]
    assert search(folder, "发票 report") == []


def test_the_best_comes_first_and_no_more_than_asked(tmp_path: Path) -> None:
    put_result(tmp_path, "long", made_page([["lantern", *(f"word{number}" for number in range(40))]]))
    put_result(tmp_path, "short", made_page([["lantern", "lantern"]]))
    put_result(tmp_path, "other", made_page([["meadow"]]))
    hits = search(tmp_path, "lantern")
    assert [hit.document for hit in hits] == ["short", "long"]
    assert hits[0].score > hits[1].score
    assert [hit.document for hit in search(tmp_path, "lantern", 1)] == ["short"]


def test_only_what_changed_is_indexed_again(folder: Path) -> None:
    first = refresh(folder)
    assert (first.indexed, first.removed, first.results, first.skipped) == (2, 0, 2, 0)
    assert (refresh(folder).indexed, refresh(folder).removed) == (0, 0)
    put_result(folder, "a/english.pdf", made_page([["Quarterly", "Meadow"]]))
    assert documents(search(folder, "meadow")) == [("a/english.pdf", 1)]
    assert search(folder, "report") == []
    (folder / "中文.png.ocr.json").unlink()
    put_result(folder, "new.pdf", made_page([["发票"]]))
    second = refresh(folder)
    assert (second.indexed, second.removed, second.results) == (1, 1, 2)
    assert documents(search(folder, "发票")) == [("new.pdf", 1)]


def test_a_replacement_of_the_same_size_and_time_is_seen(folder: Path) -> None:
    before = (folder / "a/english.pdf.ocr.json").stat()
    refresh(folder)
    path = put_result(folder, "a/english.pdf", made_page([["Quarterly", "Rappor"], ["ferry", "at", "nine"]]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert documents(search(folder, "rappor")) == [("a/english.pdf", 1)]


def test_nothing_of_what_was_removed_stays_in_the_file(folder: Path) -> None:
    put_result(folder, "card.png", made_page([["6222020200112233", "机密"]]))
    assert search(folder, "6222020200112233")
    assert b"6222020200112233" in (folder / NAME).read_bytes()
    put_result(folder, "card.png", made_page([["****************"]]))
    assert search(folder, "机密") == []
    data = (folder / NAME).read_bytes()
    assert b"6222020200112233"[:8] not in data
    assert "机密".encode() not in data


def test_what_is_no_result_is_skipped_and_not_looked_into_again(folder: Path) -> None:
    good = encode(made_result(made_page([["lantern"]])))
    foreign = {
        "json": b'{"words": ["lantern"]}', "list": b"[1]", "broken": good[:-9], "empty": b"", "text": b"\xff\xfe",
        "deep": b"[" * 100_000, "other": good.replace(b"folio/1", b"folio/9"),
        "surrogate": good.replace(b"lantern", rb"\ud800"), "page": good.replace(b'"width":2000', b'"width":"x"'),
    }  # fmt: skip
    for name, data in foreign.items():
        (folder / f"{name}.ocr.json").write_bytes(data)
    (folder / "failed.ocr.error.json").write_bytes(good)
    os.mkfifo(folder / "pipe.ocr.json")
    (folder / "folder.ocr.json").mkdir()
    (folder / ".hidden").mkdir()
    put_result(folder / ".hidden", "lantern", made_page([["lantern"]]))
    (folder / "loop").symlink_to(folder)
    done = refresh(folder)
    assert (done.results, done.skipped) == (2, len(foreign))
    assert refresh(folder).indexed == 0
    assert documents(search(folder, "lantern")) == [("中文.png", 1)]


def test_results_of_some_pages_count_where_there_is_no_whole_one(folder: Path) -> None:
    data = encode(made_result(made_page([["heron"]], number=2)))
    for document in ("a/english.pdf", "part.pdf"):
        (folder / f"{document}.ocr").mkdir()
        (folder / keys.result_key(document, "2")).write_bytes(data)
    (hit,) = search(folder, "heron")
    assert (hit.document, hit.result, hit.page) == ("part.pdf", "part.pdf.ocr/pages-2.json", 2)


def test_corrections_count_and_those_of_another_document_do_not(folder: Path) -> None:
    assert search(folder, "eleven") == []
    edit = Edit(page=1, location="lines/1/words/2", read="nine", text="eleven", at=datetime(2026, 1, 3, tzinfo=UTC))
    review = folder / keys.review_key("a/english.pdf")
    review.parent.mkdir()
    review.write_bytes(encode(Review(source="etag", edits=(edit,))))
    (hit,) = search(folder, "eleven")
    assert boxes(hit) == [("eleven", word_box(1, 2))]
    assert search(folder, "nine") == []
    review.write_bytes(encode(Review(source="another", edits=(edit,))))
    assert documents(search(folder, "nine")) == [("a/english.pdf", 1)]
    review.write_bytes(b"{")
    assert documents(search(folder, "nine")) == [("a/english.pdf", 1)]


def test_codes_are_found(tmp_path: Path) -> None:
    import msgspec

    code = Code(kind="qr_code", value="https://example.org/heron", polygon=box(5, 6, 7, 8))
    put_result(tmp_path, "code", msgspec.structs.replace(made_page([["x"]]), codes=(code,)))
    (hit,) = search(tmp_path, "heron")
    assert (hit.kind, boxes(hit)) == ("code", [(code.value, (5, 6, 7, 8))])


def test_long_passages_are_cut_around_the_match(tmp_path: Path) -> None:
    put_result(tmp_path, "long", made_page([[*["meadow"] * 500, "heron", *["meadow"] * 500]]))
    (hit,) = search(tmp_path, "heron")
    assert "heron" in hit.text
    assert len(hit.text) <= MAX_TEXT + 2
    assert (hit.text[0], hit.text[-1]) == ("…", "…")


def test_names_that_are_no_text_are_returned_as_they_are(tmp_path: Path) -> None:
    name = os.fsdecode(b"scan-\xff.png")
    put_result(tmp_path, name, made_page([["heron"]]))
    assert [hit.document for hit in search(tmp_path, "heron")] == [name]


def damaged(kind: str, path: Path) -> None:
    if kind == "bytes":
        path.write_bytes(b"no database" * 1000)
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif kind == "link":
        path.rename(path.with_name("elsewhere"))
        path.symlink_to("elsewhere")
    elif kind == "pipe":
        path.unlink()
        os.mkfifo(path)
    else:
        statements = {
            "version": "UPDATE made_by SET version = 'x'",
            "trigger": "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM files; END",
            "table": "DROP TABLE passages",
            "parts": "UPDATE passages SET parts = 'x'",
            "name": "UPDATE files SET name = 7 WHERE id = 1",
            "words": "UPDATE passages SET parts = '[]'",
        }
        with sqlite3.connect(path) as connection:
            connection.execute(statements[kind])
        connection.close()


KINDS = ("bytes", "cut", "link", "pipe", "version", "trigger", "table", "parts", "name", "words")


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_that_cannot_be_right_is_made_again(kind: str, folder: Path) -> None:
    assert search(folder, "report")
    damaged(kind, folder / NAME)
    assert documents(search(folder, "report")) == [("a/english.pdf", 1)]
    assert not (folder / NAME).is_symlink()
    assert (refresh(folder).indexed, (folder / NAME).read_bytes()[:6]) == (0, b"SQLite")


def test_bytes_changed_anywhere_never_end_in_an_error_of_another_kind(folder: Path) -> None:
    refresh(folder)
    whole = (folder / NAME).read_bytes()
    chance = random.Random(18)
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 20, 400))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (folder / NAME).write_bytes(data)
        assert {hit.document for hit in search(folder, "report")} <= {"a/english.pdf"}


def test_another_that_writes_is_waited_for_and_then_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh(folder)
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert documents(search(folder, "report")) == [("a/english.pdf", 1)]  # nothing to write
    put_result(folder, "new", made_page([["heron"]]))
    with pytest.raises(Busy, match="Another search"):
        search(folder, "heron")
    connection.rollback()
    connection.close()
    assert documents(search(folder, "heron")) == [("new", 1)]


def test_where_nothing_can_be_written_the_index_is_in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode == os.R_OK)
    assert documents(search(folder, "report")) == [("a/english.pdf", 1)]
    assert not (folder / NAME).exists()


def test_a_folder_of_the_index_s_name_is_told(folder: Path) -> None:
    (folder / NAME).mkdir()
    with pytest.raises(StoreUnavailable, match="remove it yourself"):
        search(folder, "report")
