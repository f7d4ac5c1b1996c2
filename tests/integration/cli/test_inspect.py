"""`folio inspect` and `folio bench` as a person runs them."""

import base64
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from folio.models import Result, decode
from tests.support.documents.drawings import draw
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import folio
from tests.support.tools import needs_tools
from tests.unit.desk.test_report import Reader, polygons

pytestmark = needs_tools
TEXT = "lantern and meadow"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    draw(TEXT, size=(700, 140), at=(40, 40), gap=0.45).image.save(folder / "a.png")
    return folder


def pictures(page: Reader) -> list[Image.Image]:
    data = [base64.b64decode(str(image["src"]).partition(",")[2]) for image in page.all("img")]
    return [Image.open(io.BytesIO(one)) for one in data]


def test_the_report_has_the_boxes_of_the_result(desk: Path) -> None:
    assert folio("read", "a.png", "--recipe", "classic", cwd=desk).code == 0
    ran = folio("inspect", "a.png", "--recipe", "classic", "-o", "report.html", cwd=desk)
    assert (ran.code, ran.out, ran.err) == (0, "report.html\n", "")
    page = Reader((desk / "report.html").read_text("utf-8"))
    (read,) = decode((desk / "a.png.ocr.json").read_bytes(), Result).pages
    there = [list(word.polygon) for line in read.lines for word in line.words]
    assert len(there) == 3
    assert polygons(page) == there * 2  # this recipe moves nothing, so the prepared image has the same
    assert [picture.size for picture in pictures(page)] == [(700, 140)] * 2


def test_the_report_lies_beside_the_file_and_leaves_no_result(desk: Path) -> None:
    assert folio("inspect", "a.png", cwd=desk).code == 0
    assert sorted(file.name for file in desk.iterdir()) == ["a.png", "a.png.inspect.html"]


@pytest.mark.slow("a page of the largest size, encoded until it fits")
def test_a_large_page_is_shown_smaller_and_as_no_more_bytes_than_fit(desk: Path) -> None:
    Image.effect_noise((4000, 5000), 12).point(lambda value: value + 60).save(desk / "large.png")  # rough paper
    assert folio("inspect", "large.png", cwd=desk).code == 0
    report = desk / "large.png.inspect.html"
    assert report.stat().st_size < 900_000
    page = Reader(report.read_text("utf-8"))
    assert "No engine read this image." in page.texts
    (picture,) = pictures(page)
    assert max(picture.size) <= 1600


@pytest.mark.slow("two runs of folio, one with a report of twenty pages")
def test_of_a_long_document_the_first_pages_are_shown(desk: Path) -> None:
    blank = words("", size=(60, 60), at=(9, 9))
    (desk / "long.pdf").write_bytes(make_pdf(*[PdfPage(picture=blank)] * 23))
    assert folio("inspect", "long.pdf", "--dpi", "50", cwd=desk).code == 0
    page = Reader((desk / "long.pdf.inspect.html").read_text("utf-8"))
    assert len(page.all("section")) == 20
    assert "Shown are pages 1 to 20 of 23; choose others with --pages." in page.texts
    assert folio("inspect", "long.pdf", "--dpi", "50", "--pages", "22-", "-o", "end.html", cwd=desk).code == 0
    assert len(Reader((desk / "end.html").read_text("utf-8")).all("section")) == 2


@pytest.mark.slow("the command is a process of its own, and starts anew each time")
def test_what_cannot_be_inspected_is_told(desk: Path) -> None:
    (desk / "a.txt").write_text("\x00no document")
    for arguments, says in (
        (("b.png",), "There is no file 'b.png'."),
        (("a.txt",), "not a type of document"),
        (("a.png", "-o", "a.png"), "would overwrite the document"),
        (("a.png", "--recipe", "x"), "recipe='x' is not known"),
        (("a.png", "-o", "no/such/report.html"), "cannot be written"),
    ):
        ran = folio("inspect", *arguments, cwd=desk)
        assert ran.code not in (0, 1)
        assert says in ran.err
        assert "Traceback" not in ran.err
    assert sorted(file.name for file in desk.iterdir()) == ["a.png", "a.txt"]


@pytest.mark.slow("every reader reads every document")
def test_bench_measures_everybody_on_the_same_documents(desk: Path) -> None:
    draw("rain on the orchard", size=(700, 140), at=(40, 40), gap=0.45).image.save(desk / "b.png")
    (desk / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")
    rows = [
        {"file": "a.png", "text": TEXT, "ordered": True, "words": [{"box": [40, 40, 200, 90], "text": "lantern"}]},
        {"file": "b.png", "text": "rain on the orchard in autumn"},
        {"file": "broken.pdf", "text": "words"},
    ]
    (desk / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    ran = folio("bench", ".", "--recipe", "auto", "--details", "-o", "rows.jsonl", cwd=desk)
    assert ran.code == 1
    assert "- desk/broken.pdf, auto: DamagedDocument:" in ran.out
    kept = [json.loads(row) for row in (desk / "rows.jsonl").read_text().splitlines()]
    assert [(row["id"], row["reader"]) for row in kept] == [
        (name, who) for name in ("a.png", "b.png", "broken.pdf") for who in ("bare", "textbook", "auto")
    ]
    for row in kept[:3]:
        assert (row["recall"], row["cer"], row["wer"]) == (1.0, 0.0, 0.0)
    assert [row["boxes"] for row in kept[:3]] == [1.0, None, 1.0]
    assert [round(row["recall"], 2) for row in kept[3:6]] == [0.67] * 3
    assert [row["recall"] for row in kept[6:]] == [0.0] * 3
    assert all(row["cpu"] > 0 and row["wall"] > 0 for row in kept)
    assert re.search(r"\| desk \| auto \| 3 \| 55\.6 \|", ran.out)
