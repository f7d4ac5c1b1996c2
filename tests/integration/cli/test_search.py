"""`folio search`: what was read is found with its boxes, in English and Chinese, and among a thousand results."""

import json
import random
import time
from pathlib import Path

import pytest

from folio.search.database import NAME
from folio.search.index import refresh, search
from folio.transform import bounds
from tests.support.documents.drawings import draw
from tests.support.paths import DATA
from tests.support.processes.running import folio
from tests.support.results import made_page, put_result, word_box
from tests.support.tools import needs_tools

_FEW_PIXELS = 12


@needs_tools
@pytest.mark.slow("reads two pictures with Tesseract, and several processes of folio")
def test_words_that_were_read_are_found_with_their_boxes(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    drawn = draw("lantern and meadow", "ferry at nine", size=(900, 400))
    drawn.image.save(scans / "note.png")
    (scans / "chinese.png").write_bytes((DATA / "chinese.png").read_bytes())
    read = folio("read", "scans", "--languages", "eng+chi_sim", "--provider", "tesseract", cwd=tmp_path)
    assert read.code == 0, read.err
    found = folio("search", "scans", "Meadow", "--json", cwd=tmp_path)
    assert (found.code, found.err) == (0, "The index was brought up to date: 2 results.\n")
    hit = json.loads(found.out)
    assert (hit["document"], hit["page"], [word["text"] for word in hit["words"]]) == ("note.png", 1, ["meadow"])
    box = next(spot.box for spot in drawn.words if spot.text == "meadow")
    assert bounds(hit["words"][0]["polygon"]) == pytest.approx(box, abs=_FEW_PIXELS)

    result = json.loads((scans / "chinese.png.ocr.json").read_bytes())
    line = max(result["pages"][0]["lines"], key=lambda line: len(line["text"]))
    asked = "".join(line["text"].split())[2:6]
    hit = json.loads(folio("search", "scans", asked, "--json", "-n", "1", cwd=tmp_path).out)
    assert hit["document"] == "chinese.png"
    assert asked in "".join(hit["text"].split())
    assert asked in "".join(word["text"] for word in hit["words"])
    words = [(word["text"], word["polygon"]) for word in line["words"]]
    assert all((word["text"], word["polygon"]) in words for word in hit["words"])


def test_a_hit_is_a_line_without_what_would_steer_a_terminal(tmp_path: Path) -> None:
    put_result(tmp_path, "a.pdf", made_page([["heron", "\x1b[2J blue\n"]], number=4))
    ran = folio("search", ".", "blue heron", cwd=tmp_path)
    assert ran.out == "a.pdf: page 4 [0,0,90,40 100,0,190,40]: heron [2J blue\n"
    assert folio("search", ".", "heron", cwd=tmp_path).err == ""


def test_what_finds_nothing_says_so(tmp_path: Path) -> None:
    none = folio("search", ".", "heron", cwd=tmp_path)
    assert (none.code, none.out) == (65, "")
    assert none.summary == "folio: There are no results here; folio read makes them."
    put_result(tmp_path, "a.pdf", made_page([["heron"]]))
    nothing = folio("search", ".", "meadow", cwd=tmp_path)
    assert (nothing.code, nothing.summary) == (65, "folio: Nothing was found in 1 result.")


def test_what_cannot_be_searched_for_is_refused(tmp_path: Path) -> None:
    wrong = folio("search", ".", "!?", cwd=tmp_path)
    assert (wrong.code, "nothing to search for" in wrong.summary) == (2, True)
    assert folio("search", "elsewhere", "heron", cwd=tmp_path).code == 2


def test_the_index_is_no_document(tmp_path: Path) -> None:
    put_result(tmp_path, "a.pdf", made_page([["heron"]]))
    refresh(tmp_path)
    assert (tmp_path / NAME).is_file()
    assert "nothing to read" in folio("read", ".", cwd=tmp_path).err


@pytest.mark.slow("makes a thousand results and indexes them")
def test_a_thousand_results_are_searched_in_under_a_second(tmp_path: Path) -> None:
    chance = random.Random(18)
    words = ["".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(2000)]
    characters = [chr(0x4E00 + number) for number in range(1500)]
    for number in range(1000):
        lines = [chance.choices(words, k=8) for _ in range(12)]
        lines += [["".join(chance.choices(characters, k=4)) for _ in range(4)] for _ in range(12)]
        if number % 100 == 7:
            lines.append(["quarterly", "xylophone", "龘龘报", "告"])
        put_result(tmp_path, f"{number // 100}/{number}.pdf", made_page(lines))
    assert refresh(tmp_path).indexed == 1000
    for asked, indexes in (("Xylophone quarterly", (0, 1)), ("龘报告", (2, 3))):
        before = time.process_time()  # another process on this machine does not count
        hits = search(tmp_path, asked)
        spent = time.process_time() - before
        print(f"{asked}: {spent:.3f} s of a processor among 1,000 results")
        assert spent < 1
        assert sorted(hit.document for hit in hits) == sorted(f"{n}/{n * 100 + 7}.pdf" for n in range(10))
        boxes = [word_box(24, index) for index in indexes]
        assert all([bounds(word.polygon) for word in hit.words if word.polygon] == boxes for hit in hits)
