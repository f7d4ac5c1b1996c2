"""`folio corrections`: a word corrected in a folder, in the outputs and in a set for `folio bench`."""

import json
from pathlib import Path

import pytest

from tests.support.documents.drawings import draw
from tests.support.processes.running import folio
from tests.support.tools import needs_tools

pytestmark = [needs_tools, pytest.mark.slow("several commands, one of which reads")]


def test_a_word_is_corrected_applied_exported_and_measured(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    draw("lantern and meadow", "ferry at nine", size=(900, 400)).image.save(documents / "note.png")
    read = folio("read", "documents", "--outputs", "text", "--recipe", "none", cwd=tmp_path)
    assert read.code == 0, read.err
    before = (documents / "note.png.ocr.json").read_bytes()
    add = ("corrections", "add", "documents/note.png", "1")
    done = folio(*add, "lines/1/words/2", "eleven", "--by", "Ann", cwd=tmp_path)
    assert (done.code, done.summary) == (0, "documents/note.png: 1 correction")
    assert folio("corrections", "apply", "documents", cwd=tmp_path).code == 0
    assert (documents / "note.png.ocr" / "text.txt").read_text().split()[-1] == "eleven"
    assert json.loads((documents / "note.png.ocr.json").read_bytes())["pages"] == json.loads(before)["pages"]
    done = folio("corrections", "export", "documents", "truth", cwd=tmp_path)
    assert (done.code, done.summary) == (0, "truth: 1 document")
    (line,) = (tmp_path / "truth" / "index.jsonl").read_text().splitlines()
    assert json.loads(line)["text"].split() == ["lantern", "and", "meadow", "ferry", "at", "eleven"]
    measured = folio("bench", "truth", "--recipe", "none", "--baseline", "none", cwd=tmp_path)
    assert measured.code == 0, measured.err
    assert "83.3" in measured.out, "five of six words are as the person says"


def test_what_cannot_be_corrected_is_told(tmp_path: Path) -> None:
    draw("lantern", size=(400, 200)).image.save(tmp_path / "note.png")
    unread = folio("corrections", "add", "note.png", "1", "lines/0/words/0", "x", cwd=tmp_path)
    assert unread.code == 65
    assert "no result" in unread.err
    assert folio("read", "note.png", "--recipe", "none", cwd=tmp_path).code == 0
    for location in ("lines/0/words/9", "words/1", "fields/0", "tables/0/cells/0"):
        wrong = folio("corrections", "add", "note.png", "1", location, "x", cwd=tmp_path)
        assert wrong.code == 2
        assert "lines/0/words/2" in wrong.err
    none = folio("corrections", "export", ".", "truth", cwd=tmp_path)
    assert none.code == 65
