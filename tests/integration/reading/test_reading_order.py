"""Text layers in the order in which a page is read, whichever way it lies and whatever stands in its margins."""

import math
from pathlib import Path

import pytest

from folio.models import Page
from tests.integration.reading.test_documents import Desk
from tests.support.documents.fonts import placed_chinese_pdf
from tests.support.documents.pdfs import PdfPage
from tests.support.tools import needs_tools

pytestmark = needs_tools

STORY = (
    "The survey of the northern harbour was begun",
    "in the spring and finished in the autumn of",
    "that year, and nobody had asked for it at all.",
    "Orchards were planted along the road before",
    "the bridge was built, and some of them are",
    "still there, as one can see from the train.",
)
OTHER = (
    "Of the second part of the report there is not",
    "much to say: the figures are those of the year",
    "before, the names have changed, and the maps",
    "were drawn again by somebody else in a hurry.",
)
ROWS = (("Item", "Count", "Price"), ("Screws", "12", "4.50"), ("Washers", "30", "1.20"), ("Bolts", "7", "9.99"))
SIZE = 420, 595


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def shown(text: str, x: float, y: float, *, height: float = 9, degrees: float = 0) -> bytes:
    """One line, its base line beginning at that point, turned counterclockwise."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    matrix = b"%.5f %.5f %.5f %.5f %.2f %.2f" % (cos, sin, -sin, cos, x, y)
    return b"BT /F %.2f Tf %s Tm (%s) Tj ET\n" % (height, matrix, text.encode("cp1252"))


def flow(*lines: str, x: float, y: float, leading: float = 12) -> bytes:
    return b"".join(shown(line, x, y - leading * at) for at, line in enumerate(lines))


def table(x: float, y: float) -> bytes:
    return b"".join(shown(text, x + 110 * at, y - 20 * row) for row in range(4) for at, text in enumerate(ROWS[row]))


TURNS = {
    "upwards": b"q 0 1 -1 0 420 0 cm\n%sQ",
    "downwards": b"q 0 -1 1 0 0 595 cm\n%sQ",
    "upside down": b"q -1 0 0 -1 420 595 cm\n%sQ",
}


def read(desk: Desk, content: bytes) -> Page:
    desk.put("page.pdf", PdfPage(content=content))
    (page,) = desk.result("page.pdf").pages
    assert page.origin == "text-layer"
    return page


def lines(page: Page) -> list[str]:
    return [line.text for line in page.lines]


@pytest.mark.parametrize("way", TURNS)
def test_pages_that_lie_on_their_side_are_read_from_their_top(desk: Desk, way: str) -> None:
    top = 400 if way != "upside down" else 560
    content = shown("Report of the year", 40, top, height=14) + flow(*STORY, x=40, y=top - 40)
    content += flow(*OTHER, x=40, y=top - 160) + shown("Page 7", 200, 30)
    page = read(desk, TURNS[way] % content)
    assert lines(page) == ["Report of the year", *STORY, *OTHER, "Page 7"]
    # Corners begin where the text does, and lie on its words.
    (x, y), (end_x, end_y) = page.lines[0].polygon[:2]
    assert {"upwards": end_y < y, "downwards": end_y > y, "upside down": end_x < x}[way]
    first, last = page.lines[0].words[0].polygon, page.lines[0].words[-1].polygon
    assert page.lines[0].polygon == (first[0], last[1], last[2], first[3])


@pytest.mark.parametrize("way", TURNS)
def test_rows_of_tables_on_their_side_are_rows(desk: Desk, way: str) -> None:
    page = read(desk, TURNS[way] % table(40, 380))
    assert lines(page) == [" ".join(row) for row in ROWS]


@pytest.mark.parametrize(("x", "y", "degrees"), [(25, 150, 90), (400, 450, -90)])
def test_stamps_in_the_margins_come_last(desk: Desk, x: float, y: float, degrees: float) -> None:
    content = shown("arXiv 2401.01234v2 12 Jan 2024", x, y, height=14, degrees=degrees)
    content += shown("Title of the paper", 120, 540, height=14) + flow(*STORY, x=80, y=500) + flow(*OTHER, x=80, y=400)
    page = read(desk, content)
    assert lines(page) == ["Title of the paper", *STORY, *OTHER, "arXiv 2401.01234v2 12 Jan 2024"]


@pytest.mark.parametrize("lower", [-60.0, 0.0, 60.0])
def test_columns_may_begin_at_different_heights(desk: Desk, lower: float) -> None:
    content = shown("Title of the paper", 40, 560, height=14)
    content += flow(*STORY, x=10, y=450) + flow(*OTHER, x=225, y=450 - lower)
    assert lines(read(desk, content)) == ["Title of the paper", *STORY, *OTHER]


def test_figures_stand_beside_their_labels(desk: Desk) -> None:
    content = flow(*STORY, x=40, y=540) + table(40, 440) + flow(*OTHER, x=40, y=330)
    assert lines(read(desk, content)) == [*STORY, *(" ".join(row) for row in ROWS), *OTHER]


def test_spaced_letters_are_words(desk: Desk) -> None:
    content = shown("H E A D I N G   T W O", 40, 540, height=14) + flow(*STORY, x=40, y=500)
    page = read(desk, content)
    assert lines(page)[0] == "HEADING TWO"
    assert [word.text for word in page.lines[0].words] == ["HEADING", "TWO"]


@pytest.mark.parametrize("degrees", [30, 45, 60, -45])
def test_a_watermark_is_one_line_at_the_end(desk: Desk, degrees: float) -> None:
    content = shown("STRICTLY SECRET", 90, 120 if degrees > 0 else 480, height=40, degrees=degrees)
    content += b"".join(flow(*STORY, x=80, y=540 - 80 * at) for at in range(6))
    assert lines(read(desk, content)) == [*STORY * 6, "STRICTLY SECRET"]


def test_superscripts_stay_in_their_line(desk: Desk) -> None:
    content = shown("The area is 12 m", 40, 540) + shown("2", 107, 544, height=6)
    content += shown("and not more", 116, 540) + flow(*STORY, x=40, y=526)
    content += shown("1", 42, 104, height=6) + shown("See the report of the year before.", 47, 100, height=7)
    page = read(desk, content)
    assert lines(page)[0] == "The area is 12 m2 and not more"
    assert [word.text for word in page.lines[0].words][4:6] == ["m", "2"]
    assert lines(page)[-1] == "1 See the report of the year before."


def test_an_index_is_read_by_columns_and_contents_by_rows(desk: Desk) -> None:
    index = [[f"{word} {at}, {7 * at + 3}" for at in range(8)] for word in ("apple", "lantern")]
    contents = [("Introduction", "3"), ("Methods and sources", "17"), ("Results", "131")]
    content = flow(*index[0], x=40, y=540) + flow(*index[1], x=220, y=540) + flow(*STORY, x=40, y=400)
    content += b"".join(
        shown(text, 40 + 300 * at, 300 - 14 * row) for row in range(3) for at, text in enumerate(contents[row])
    )
    expected = [*index[0], *index[1], *STORY, *(" ".join(row) for row in contents)]
    assert lines(read(desk, content)) == expected


def test_vertical_chinese_is_columns_from_right_to_left(desk: Desk) -> None:
    columns = ["床前明月光疑是地上霜", "举头望明月低头思故乡", "图书馆将于下周一开放"]
    placed = [
        (char, 300 - 30 * at, 500 - 19 * place)
        for at, column in enumerate(columns)
        for place, char in enumerate(column)
    ]
    (desk.folder / "page.pdf").write_bytes(placed_chinese_pdf(placed))
    (page,) = desk.result("page.pdf", ocr="never").pages
    assert lines(page) == columns


def test_fonts_that_write_downwards_have_boxes_on_their_ink(desk: Desk) -> None:
    columns = ["床前明月光疑是地上霜", "举头望明月低头思故乡"]
    placed = [(column, 300 - 30 * at, 500.0) for at, column in enumerate(columns)]
    (desk.folder / "page.pdf").write_bytes(placed_chinese_pdf(placed, encoding=b"UniGB-UCS2-V"))
    (page,) = desk.result("page.pdf", ocr="never", dpi="72").pages
    assert lines(page) == columns
    for line, (_, x, y) in zip(page.lines, placed, strict=True):
        assert line.bounds == pytest.approx((x - 8, 595 - y, x + 8, 595 - y + 160), abs=1)


@pytest.mark.parametrize("way", TURNS)
def test_chinese_pages_on_their_side_are_not_columns(desk: Desk, way: str) -> None:
    top = 560 if way == "upside down" else 380
    rows = [("项目", "本期金额", "上期金额"), ("营业收入", "1,234.50", "1,100.00"), ("净利润", "667.50", "601.80")]
    story = ["图书馆将于下周一恢复开放，请各位读者携带借书证", "到一楼服务台办理登记手续，谢谢配合。"]
    placed = [(line, 20.0, top - 24.0 * at) for at, line in enumerate(story)]
    placed += [(cell, 20 + 120.0 * at, top - 80 - 30.0 * row) for row in range(3) for at, cell in enumerate(rows[row])]
    (desk.folder / "page.pdf").write_bytes(placed_chinese_pdf(placed, turned=TURNS[way]))
    (page,) = desk.result("page.pdf", ocr="never").pages
    assert lines(page) == [*story, *(" ".join(row) for row in rows)]


def test_typed_spaces_beside_chinese_stay(desk: Desk) -> None:
    placed = [("金额为", 40, 500), ("RMB 1,234.50", 92, 500), ("元含税", 192, 500), ("13%", 244, 500)]
    (desk.folder / "page.pdf").write_bytes(placed_chinese_pdf(placed))
    (page,) = desk.result("page.pdf", ocr="never").pages
    assert lines(page) == ["金额为 RMB 1,234.50 元含税 13%"]
