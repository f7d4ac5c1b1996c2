"""Searchable PDFs as poppler and qpdf see them: text in its boxes, pages as they were, no complaints."""

import html
import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from folio.deadline import Deadline
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.models import Line, Page, Result, Word, decode
from folio.outputs.base import spaced
from folio.outputs.writers import Outputs
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.transform import Polygon, box
from folio.wiring import make_services
from tests.support.defaults import settings as english_settings
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.paths import DATA, SHARED
from tests.support.tools import NO_DOCUMENTS, needs_tools

pytestmark = needs_tools
SETTINGS = english_settings()


def line(text: str, polygon: Polygon) -> Line:
    """A line of one word."""
    return Line(text, 0.9, polygon, (Word(text, 0.9, polygon),))


def searchable(
    source: Path, folder: Path, *lines: Sequence[Line], dpi: int = 144
) -> tuple[Path | None, list[str], Page]:
    """A searchable PDF of a document whose pages hold these lines; the last of the pages too."""
    document = open_document(source, SETTINGS, 60)
    outputs = Outputs(("pdf",), document, folder, SETTINGS)
    page = None
    for number, there in enumerate(lines, start=1):
        image = rasterize(document, number, dpi, folder, SETTINGS, 60)
        page = Page(number=number, width=image.width, height=image.height, dpi=image.dpi, lines=tuple(there))
        outputs.add(page)
    files, warnings = outputs.finish()
    assert page
    return files.get("pdf"), warnings, page


def run(*command: str | Path) -> bytes:
    """What a program prints; it may not complain."""
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


def text_in(pdf: Path, *more: str) -> str:
    return run("pdftotext", *more, pdf, "-").decode()


def found_at(pdf: Path, area: tuple[int, int, int, int], dpi: int = 144) -> str:
    """The text inside left, top, right and bottom of the page as it is shown, in pixels."""
    left, top, right, bottom = area
    place = ["-x", left, "-y", top, "-W", right - left, "-H", bottom - top]
    return text_in(pdf, "-r", str(dpi), "-cropbox", *map(str, place)).strip()


def complaints(pdf: Path) -> list[str]:
    with pikepdf.open(pdf) as opened:
        return list(opened.check_pdf_syntax())


def drawn(pdf: Path) -> bytes:
    return run("pdftoppm", "-r", "50", "-cropbox", pdf)


BOXES = {"lantern": (80, 90, 240, 130), "图书馆": (300, 200, 420, 240), "a😀b": (100, 400, 200, 440)}
LINES = [line(text, box(*area)) for text, area in BOXES.items()]


@pytest.mark.parametrize("crop", [None, (60.0, 90.0, 400.0, 500.0)])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_are_found_where_they_are_shown(turn: int, crop: tuple[float, ...] | None, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    picture = words("lantern")
    source.write_bytes(make_pdf(PdfPage(picture=picture, rotate=turn, crop=crop, extra=b"/UserUnit 2.0")))  # type: ignore[arg-type]
    pdf, warnings, _ = searchable(source, tmp_path, LINES, dpi=72)  # of units that are two points: 144 for pdftotext
    assert pdf
    assert warnings == []
    # pdftotext counts from the corner of the whole page: what of it is left out, left of and above what is shown.
    left, bottom, right, top = (0.0, 0.0, 420.0, 595.0) if crop is None else crop
    outside = {0: (left, 595 - top), 90: (bottom, left), 180: (420 - right, bottom), 270: (595 - top, 420 - right)}
    across, down = (round(points * 2) for points in outside[turn])
    for text, (x1, y1, x2, y2) in BOXES.items():
        assert found_at(pdf, (x1 + across, y1 + down, x2 + across, y2 + down)) == text
        assert found_at(pdf, (x1 + across, y2 + down + 5, x2 + across, y2 + down + 45)) == ""
    assert pdf.read_bytes().startswith(source.read_bytes())
    assert drawn(pdf) == drawn(source)
    assert complaints(pdf) == complaints(source) == []


def test_a_page_that_leaves_its_state_behind_moves_no_text(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(content=b"q 3 0 0 3 100 100 cm 0 0 20 20 re f")))
    pdf, _, _ = searchable(source, tmp_path, LINES)
    assert pdf
    assert found_at(pdf, BOXES["lantern"]) == "lantern"


def test_turned_and_downward_text_is_found(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    upward: Polygon = ((100, 600), (100, 400), (140, 400), (140, 600))
    tilted: Polygon = ((300, 300), (500, 320), (496, 360), (296, 340))
    pdf, _, _ = searchable(
        source, tmp_path, [line("upward", upward), line("tilted", tilted), line("竖排文字", box(600, 100, 640, 260))]
    )
    assert pdf
    assert "upward" in found_at(pdf, (90, 390, 150, 610))
    assert "tilted" in found_at(pdf, (290, 290, 510, 370))
    assert "".join(found_at(pdf, (590, 90, 650, 270)).split()) == "竖排文字"


def test_words_have_spaces_between_them_and_chinese_has_none(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(PdfPage(picture=words("x"))))
    latin = [Word(text, 0.9, box(x, 100, x + 60, 130)) for text, x in (("one", 50), ("two", 112), ("three", 200))]
    chinese = [Word(text, 0.9, box(x, 200, x + 60, 230)) for text, x in (("图书", 50), ("馆", 130), ("开放", 215))]
    lines = [
        Line("one two three", 0.9, box(50, 100, 260, 130), tuple(latin)),
        Line("图书馆开放", 0.9, box(50, 200, 275, 230), tuple(chinese)),
    ]
    pdf, _, _ = searchable(source, tmp_path, lines)
    assert pdf
    assert [line for line in text_in(pdf).splitlines() if line.strip("\f")] == ["one two three", "图书馆开放"]


@pytest.mark.parametrize("damage", ["encrypted", "no table", "behind junk"])
def test_a_pdf_that_cannot_grow_is_a_warning(damage: str, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    data = make_pdf(PdfPage(picture=words("x")), user_password="" if damage == "encrypted" else None)
    if damage == "no table":
        data = re.sub(rb"startxref\n\d+", b"startxref\n7", data)
    source.write_bytes(b"junk\n" * (damage == "behind junk") + data)
    pdf, warnings, _ = searchable(source, tmp_path, LINES)
    assert pdf is None
    assert len(warnings) == 1
    assert warnings[0].startswith("No searchable PDF was made: ")


def test_a_page_of_another_shape_gets_no_text(tmp_path: Path) -> None:
    document = open_document(DATA / "english.pdf", SETTINGS, 60)
    outputs = Outputs(("pdf",), document, tmp_path, SETTINGS)
    outputs.add(Page(number=1, width=1000, height=1000, dpi=300, lines=tuple(LINES)))
    _, warnings = outputs.finish()
    assert warnings == ["Page 1 of the searchable PDF has no text: its shape there is another."]


def picture(mode: str) -> Image.Image:
    grey = words("lantern", size=(600, 400))
    if mode == "I;16":
        return Image.frombytes("I;16", grey.size, b"".join(bytes((value, value)) for value in grey.tobytes()))
    if mode == "RGBA":
        return Image.merge("RGBA", (grey, grey, grey, grey.point(lambda value: 255 - value // 2)))
    return grey.convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("1", "TIFF"), ("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG"),
        ("I;16", "TIFF"), ("L", "TIFF"), ("CMYK", "TIFF"), ("L", "JPEG"), ("RGB", "JPEG"), ("CMYK", "JPEG"),
        ("RGB", "WEBP"), ("P", "GIF"), ("RGB", "BMP"), ("L", "JPEG2000"), ("1", "BMP"),
    ],
)  # fmt: skip
def test_a_picture_becomes_a_page_that_looks_the_same(mode: str, form: str, tmp_path: Path) -> None:
    source = tmp_path / "picture"
    shown = picture(mode)
    shown.save(source, form, dpi=(144, 144))
    spot = line("lantern", box(80, 90, 240, 130))
    pdf, warnings, page = searchable(source, tmp_path, [spot])
    assert pdf
    assert warnings == []
    assert complaints(pdf) == []
    assert text_in(pdf).strip() == "lantern"
    # CMYK is turned into grey by two programs in two ways; what is black and what is white they agree on.
    out = Image.open(io.BytesIO(run("pdftoppm", "-scale-to-x", "600", "-scale-to-y", "400", "-gray", pdf)))
    there = Image.open(rasterize(open_document(source, SETTINGS, 60), 1, 300, tmp_path, SETTINGS, 60).path)
    off = sum(abs(a - b) > 64 for a, b in zip(out.tobytes(), there.tobytes(), strict=True))
    assert off < 600 * 400 * 0.004  # resampled at the edges of the letters
    assert (page.width, page.height) == (600, 400)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(orientation: int, tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    words("lantern", size=(600, 400)).save(source, exif=exif, dpi=(72, 72), quality=95)
    pdf, _, page = searchable(source, tmp_path, [line("here", box(10, 10, 90, 30))])
    assert pdf
    out = Image.open(io.BytesIO(run("pdftoppm", "-r", "72", "-gray", pdf)))
    assert out.size == (page.width, page.height) == ((600, 400) if orientation < 5 else (400, 600))
    there = Image.open(rasterize(open_document(source, SETTINGS, 60), 1, 300, tmp_path, SETTINGS, 60).path)
    assert sum(abs(a - b) > 64 for a, b in zip(out.tobytes(), there.tobytes(), strict=True)) < 600
    assert found_at(pdf, (5, 5, 95, 35), 72) == "here"
    assert source.read_bytes() in pdf.read_bytes()


def test_every_frame_is_a_page_also_if_it_was_not_read(tmp_path: Path) -> None:
    source = tmp_path / "fax.tif"
    frames = [words(text, size=(800, 600)).convert("1") for text in ("one", "two", "three")]
    frames[0].save(source, save_all=True, append_images=frames[1:], dpi=(200, 100), compression="group4")
    document = open_document(source, SETTINGS, 60)
    outputs = Outputs(("pdf",), document, tmp_path, SETTINGS)
    outputs.add(Page(number=2, width=800, height=600, dpi=200, lines=(line("two", box(80, 90, 240, 130)),)))
    files, warnings = outputs.finish()
    assert warnings == []
    assert [text.strip() for text in text_in(files["pdf"]).split("\f")] == ["", "two", "", ""]
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", run("pdfinfo", "-l", "3", files["pdf"]).decode())
    assert sizes == [("288", "432")] * 3
    assert files["pdf"].stat().st_size < source.stat().st_size * 1.15 + 3000


def test_a_real_scan_is_found_word_by_word_in_its_boxes(tmp_path: Path) -> None:
    """Through Tesseract: every word of the result lies inside its box for pdftotext, to three pixels."""
    for name, languages in (("english.pdf", "eng"), ("chinese.png", "chi_sim")):
        shutil.copy(DATA / name, tmp_path)
        source = tmp_path / name
        result = read(source, languages)
        pdf = tmp_path / result.outputs["pdf"]
        # The fonts are 2 KB in every document, and our samples are small.
        assert pdf.stat().st_size < source.stat().st_size * 1.15 + 2000
        assert complaints(pdf) == []
        (page,) = result.pages
        frame, spots = spots_in(pdf)
        scale = page.width / frame
        found = [word for one in page.lines for word, end in reaching(one) if is_in(word, spots, scale, end)]
        assert len(found) >= 0.98 * sum(len(one.words) for one in page.lines)
        assert "".join(text_in(pdf).split()) == "".join(page.text.split())


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason=NO_DOCUMENTS)
def test_the_densest_scan_grows_by_no_more_than_17_percent(tmp_path: Path) -> None:
    """730 words on a page that JBIG2 packs into 43 KB: nothing is smaller."""
    source = Path(shutil.copy(SHARED / "encodings" / "jbig2.pdf", tmp_path))
    result = read(source, "eng")
    pdf = tmp_path / result.outputs["pdf"]
    assert result.text.count(" ") > 500
    assert pdf.stat().st_size <= source.stat().st_size * 1.17
    assert complaints(pdf) == []


def read(source: Path, languages: str) -> Result:
    services = make_services(FolderStore(source.parent), SETTINGS)
    with services.pool:
        options = {"languages": languages, "outputs": "pdf", "ocr": "always"}
        outcome = read_upload(Request(key=source.name, options=options), services, Deadline())
    assert outcome.written
    return decode((source.parent / outcome.written).read_bytes(), Result)


def spots_in(pdf: Path) -> tuple[float, list[tuple[str, float, float, float, float]]]:
    """The width of the page and pdftotext's words with their boxes, in points."""
    told = text_in(pdf, "-bbox")
    frame = re.search(r'<page width="([\d.]+)"', told)
    assert frame
    boxes = re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', told)
    return float(frame[1]), [(html.unescape(t), float(a), float(b), float(c), float(d)) for a, b, c, d, t in boxes]


def reaching(line: Line) -> list[tuple[Word, float]]:
    """The words of a line, and where their text may end: a word without a space after it reaches to the next one."""
    pairs = spaced(line)
    starts = [word.polygon[0][0] for word, _ in pairs[1:]] + [0.0]
    return [(one, max(one.polygon[2][0], start * (not gap))) for (one, gap), start in zip(pairs, starts, strict=True)]


def is_in(word: Word, spots: list[tuple[str, float, float, float, float]], scale: float, right: float) -> bool:
    """Whether a word was found inside its box; Chinese words are found as parts of longer ones, which begin earlier."""
    (left, top), (_, bottom) = word.polygon[0], word.polygon[2]
    for text, *edges in spots:
        x1, y1, x2, y2 = (edge * scale for edge in edges)
        if text == word.text and left - 3 <= x1 <= x2 <= right + 3 and top - 3 <= y1 <= y2 <= bottom + 3:
            return True
        if word.text in text and x1 <= right + 3 and x2 >= left - 3 and y1 <= bottom and y2 >= top:
            return word.text != text
    return False
