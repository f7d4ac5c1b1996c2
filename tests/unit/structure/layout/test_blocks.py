"""Blocks of a page: paragraphs, headings, lists, running heads, columns, tables and charts in order."""

import math

import msgspec
import pytest
from msgspec.structs import replace

from folio.models import Cell, Line, Page, Seal, Table
from folio.structure.layout.blocks import with_blocks
from folio.transform import Polygon, box
from tests.support.pages import HEIGHT, WIDTH, page_of, rows, written

PROSE = (
    "The river ran past the mill and under the old stone bridge, and",
    "from there on to the sea, which nobody in the village had ever",
    "seen but the miller, who never spoke of it.",
)
CHINESE = (
    "　河水从磨坊旁流过，穿过古老的石桥，从那里一直流向大海，而村子里",
    "除了磨坊主以外没有人见过大海，他却从来不谈起这件事情，直到有一天来",
    "了一位客人。",
)


def kinds(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in with_blocks(page).blocks]


def names(page: Page) -> list[str]:
    return [kind for kind, _ in kinds(page)]


def test_every_line_is_in_one_block() -> None:
    page = page_of(*rows("A title of it", height=40), *rows(*PROSE, top=200), *rows(*PROSE, top=400))
    found = with_blocks(page).blocks
    assert sorted(index for block in found for index in block.lines) == list(range(len(page.lines)))
    assert all(block.polygon[0] <= page.lines[index].polygon[0] for block in found for index in block.lines)


def test_rows_are_one_paragraph_until_one_ends_early_or_is_set_in() -> None:
    first = rows(*PROSE, top=100)
    second = rows(*PROSE, top=100 + 3 * 28)
    third = rows("   " + PROSE[0], *PROSE[1:], top=100 + 6 * 28)
    third[0] = written(PROSE[0], 75, 100 + 6 * 28)
    found = kinds(page_of(*first, *second, *third))
    assert found == [("paragraph", " ".join(PROSE))] * 3


def test_divided_words_are_whole_and_chinese_has_no_spaces() -> None:
    lines = rows(
        "The river ran past the mill and under the old stone brid-",
        "ge and from there on to the sea, which nobody in the vil-",
        "lage had seen.",
    )
    chinese = rows(*(text.strip("　") for text in CHINESE), top=400, left=50)
    text = "The river ran past the mill and under the old stone bridge and from there on to the sea, which nobody in "
    assert kinds(page_of(*lines, *chinese)) == [
        ("paragraph", f"{text}the village had seen."),
        ("paragraph", "".join(CHINESE).strip("　")),
    ]


@pytest.mark.parametrize(
    ("text", "height", "level"),
    [
        ("Results", 40, 1),
        ("Results", 30, 2),
        ("Results", 25, 3),
        ("2.3 Where the river goes", 20, 2),
        ("2.3.1 Where the river goes", 20, 3),
        ("3. Where the river goes", 20, 1),
        ("第三章 河流", 20, 1),
        ("（二）河流的去向", 20, 2),
        ("Where the River Goes", 20, 3),
    ],
)
def test_headings_are_told_by_height_number_or_place(text: str, height: float, level: int) -> None:
    page = page_of(*rows(*PROSE, top=300), written(text, top=420, height=height), *rows(*PROSE, top=470))
    (heading,) = [block for block in with_blocks(page).blocks if block.kind == "heading"]
    assert (heading.text, heading.level) == (text, level)


@pytest.mark.parametrize(
    "text",
    ["and so on it went.", "Dear Sir,", "2,345.60 1,200.00 77.5", "where the river goes", "The end of it."],
)
def test_short_rows_of_the_texts_height_are_no_headings(text: str) -> None:
    page = page_of(*rows(*PROSE, top=300), written(text, top=420), *rows(*PROSE, top=470))
    assert "heading" not in names(page)


def test_items_of_a_list_have_levels_and_a_single_number_is_none() -> None:
    items = [
        written("• rivers", 50, 300),
        written("• bridges", 50, 328),
        written("• of stone", 90, 356),
        written("• mills", 50, 384),
    ]
    found = with_blocks(page_of(*rows(*PROSE), *items, *rows(*PROSE, top=600))).blocks
    assert [(block.text, block.level) for block in found if block.kind == "list_item"] == [
        ("• rivers", 1),
        ("• bridges", 1),
        ("• of stone", 2),
        ("• mills", 1),
    ]
    numbered = [written(f"{number}. of the rivers there are", 50, 300 + 28 * number) for number in (1, 2, 3)]
    assert names(page_of(*rows(*PROSE), *numbered)).count("list_item") == 3
    single = page_of(*rows(*PROSE), written("1. of the rivers that there are", 50, 300))
    assert "list_item" not in names(single)


def test_the_text_of_an_item_stands_beside_its_bullet() -> None:
    page = page_of(*rows(*PROSE), written("■", 50, 304, 12), written("a bullet has a box of its own", 90, 300))
    assert kinds(page)[-1] == ("list_item", "■ a bullet has a box of its own")


def test_columns_are_read_one_after_the_other_and_a_paragraph_goes_on() -> None:
    left = rows("The river ran past the mill", "and under the bridge, from", "there to the sea, as seen by", left=50)
    right = rows("the miller and his wife and", "by their daughter, who was", "the youngest.", left=430)
    mixed = [line for pair in zip(left, right, strict=True) for line in pair]
    found = with_blocks(page_of(*mixed)).blocks
    assert [block.text[:11] for block in found] == ["The river r", "the miller "]
    assert [block.continues for block in found] == [False, True]


def test_running_heads_and_page_numbers_stand_apart() -> None:
    head = [written("Annual report", 50, 30), written("2024", 700, 30)]
    page = page_of(*head, *rows(*PROSE, top=120), *rows(*PROSE, top=300), written("- 17 -", 380, 960))
    assert [kind for kind, _ in kinds(page)] == ["header", "page_number", "paragraph", "paragraph", "page_number"]


def test_the_title_of_a_letter_is_no_running_head() -> None:
    page = page_of(written("An offer", 300, 60, 40), *rows(*PROSE, top=150), *rows(*PROSE, top=300))
    assert kinds(page)[0] == ("heading", "An offer")


def test_text_at_the_pages_edges_stays_text() -> None:
    page = page_of(*(line for start in range(30, 960, 84) for line in rows(*PROSE, top=start)))
    assert set(names(page)) == {"paragraph"}


def test_a_table_stands_where_it_is_and_its_lines_nowhere_else() -> None:
    cells = (Cell(text="a", row=0, column=0), Cell(text="b", row=0, column=1))
    table = Table(cells=cells, polygon=box(40, 290, 760, 350))
    inside = [written("a", 60, 300), written("b", 400, 300)]
    page = page_of(*rows(*PROSE, top=150), *inside, *rows(*PROSE, top=400), tables=[table])
    found = with_blocks(page).blocks
    assert [(block.kind, block.table) for block in found] == [("paragraph", None), ("table", 0), ("paragraph", None)]
    assert (found[1].text, found[1].lines) == ("a\nb", (3, 4))


def test_tables_that_lap_over_each_other_stand_where_their_lines_do() -> None:
    cells = (Cell(text="a", row=0, column=0), Cell(text="b", row=0, column=1))
    below = Table(cells=cells, polygon=box(40, 200, 760, 480))
    above = Table(cells=cells, polygon=box(50, 220, 740, 330))
    inside = [written(text, left, top) for text, top in (("Mill", 300), ("North", 440)) for left in (60, 400)]
    cut = [written("Height of the mills", 50, 380)]
    tables = [
        replace(table, cells=tuple(_cell(line, at) for at, line in enumerate(lines)))
        for table, lines in ((below, inside[2:]), (above, inside[:2]))
    ]
    page = page_of(*inside, *cut, tables=tables)
    assert [block.text for block in with_blocks(page).blocks] == ["Mill\nMill", "Height of the mills", "North\nNorth"]


def _cell(line: Line, column: int) -> Cell:
    return Cell(text=line.text, row=0, column=column, polygon=line.polygon)


def test_what_a_caption_calls_a_table_is_no_figure() -> None:
    labels = [written(text, 60, 340 + 22 * at, 14) for at, text in enumerate(("品質低下", "7", "果実障害", "12"))]
    for caption in ("【表1】主な現象", "[表2] 主な現象", "Table 3. Wheels"):
        page = page_of(*rows(*PROSE), written(caption, 50, 300), *labels)
        assert "figure" not in names(page), caption


def test_the_lettering_of_a_chart_is_a_figure_and_prose_below_a_caption_is_not() -> None:
    figures = enumerate(("15", "10.2", "5", "0 3 4"))
    labels = [written(text, 60 + 37 * index, 340 + 22 * index, 14) for index, text in figures]
    caption = written("Figure 2. Rivers of the region", 50, 300)
    page = page_of(*rows(*PROSE), caption, *labels, *rows(*PROSE, top=500))
    assert names(page) == ["paragraph", "caption", "figure", "paragraph"]
    assert names(page_of(*rows(*PROSE), caption, *rows(*PROSE, top=340))) == ["paragraph", "caption", "paragraph"]


def test_a_japanese_caption_is_one_and_what_explains_its_chart_below_is_text() -> None:
    """Some figures of the axis were not read."""
    caption = written("【図2】全国の降水量", 50, 300)
    labels = [written(text, 60, top, 14) for text, top in (("500", 340), ("450", 360), ("50", 600), ("0", 620))]
    page = page_of(*rows(*PROSE), caption, *labels, written("棒は各年の年間発生回数の平年値からの差を示す", 50, 650))
    assert names(page) == ["paragraph", "caption", "figure", "paragraph"]


def test_small_print_with_a_mark_at_the_foot_is_a_footnote() -> None:
    notes = rows("[1] Of the rivers only.", "[2] Never seen since.", top=900, height=14, pitch=20)
    page = page_of(*rows(*PROSE, top=200), *rows(*PROSE, top=300), *notes)
    assert names(page)[-2:] == ["footnote", "footnote"]


def test_seals_are_stamps() -> None:
    seal = Seal(kind="seal", text="磨坊有限公司", polygon=box(500, 800, 600, 900))
    mark = Seal(kind="watermark", text="copy", polygon=box(0, 0, 600, 900))
    page = msgspec.structs.replace(page_of(*rows(*PROSE)), seals=(seal, mark))
    assert kinds(page)[-1] == ("stamp", "磨坊有限公司")


def _turned(line: Line, degrees: float) -> Line:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(polygon: Polygon) -> Polygon:
        p, q, r, s = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in polygon)
        return p, q, r, s

    words = tuple(msgspec.structs.replace(word, polygon=turn(word.polygon)) for word in line.words)
    return msgspec.structs.replace(line, polygon=turn(line.polygon), words=words)


@pytest.mark.parametrize("degrees", [90, 180, 270, 4, -6, 93])
def test_blocks_of_a_turned_page_are_those_of_the_upright_one(degrees: float) -> None:
    upright = page_of(written("Rivers", top=80, height=40), *rows(*PROSE, top=200), *rows(*PROSE, top=300))
    turned = msgspec.structs.replace(upright, lines=tuple(_turned(line, degrees) for line in upright.lines))
    assert kinds(turned) == kinds(upright)


def test_columns_from_right_to_left_are_paragraphs() -> None:
    def column(text: str, left: float) -> Line:
        return Line(text, 0.9, box(left, 100, left + 40, 100 + 40 * len(text)), ())

    page = page_of(column("我们在河边的小镇上的", 400), column("远处的钟声响了父亲。", 340))
    assert kinds(page) == [("paragraph", "我们在河边的小镇上的远处的钟声响了父亲。")]


def test_blocks_that_a_page_has_stay_and_an_empty_page_has_none() -> None:
    empty = Page(number=1, width=WIDTH, height=HEIGHT, dpi=None)
    assert with_blocks(empty) is empty
    page = with_blocks(page_of(*rows(*PROSE)))
    assert with_blocks(page) is page


def test_the_pages_of_an_open_book_follow_each_other() -> None:
    left, right = rows(*PROSE, top=200), [written(text, 900, 200 + 28 * at) for at, text in enumerate(PROSE)]
    page = page_of(written("22", 50, 60), written("23", 1500, 60), *left, *right)
    prose = ("paragraph", " ".join(PROSE))
    assert kinds(page) == [("page_number", "22"), prose, ("page_number", "23"), prose]


def test_a_letters_address_and_date_are_no_headings_and_come_before_the_text() -> None:
    sender = rows("Alder & Sons", "12 Quay Street", "Bristol BS1 4RW", top=100)
    buyer = rows("Mira Holt", "88 Elm Avenue", "Portland", top=230)
    day = [written("3 March 2024", 700, 345)]
    page = page_of(
        *sender, *buyer, *day, *rows("Dear Ms. Holt,", top=400), *rows(*PROSE, top=450), *rows(*PROSE, top=580)
    )
    found = kinds(page)
    assert {kind for kind, _ in found} == {"paragraph"}
    texts = [text for _, text in found]
    assert texts.index("3 March 2024") < texts.index("Dear Ms. Holt,") < texts.index(" ".join(PROSE))
    assert not any(block.continues for block in with_blocks(page).blocks)


@pytest.mark.parametrize("text", ["3 March 2024", "12. März 2024", "1 de marzo de 2024", "2nd Dec. 2024"])
def test_a_day_is_no_numbered_heading(text: str) -> None:
    assert names(page_of(*rows(*PROSE), *rows(text, top=220), *rows(*PROSE, top=280))) == ["paragraph"] * 3


def test_the_title_over_a_table_is_held_against_the_tables_text() -> None:
    texts = [("Mill", "wide", "deep"), ("North", "12", "30"), ("South", "14", "31"), ("West", "9", "28")]
    lines = [
        written(text, 50 + 200 * at, 200 + 30 * row) for row, cells in enumerate(texts) for at, text in enumerate(cells)
    ]
    table = Table(
        cells=tuple(
            Cell(text=text, row=row, column=at, polygon=lines[3 * row + at].polygon)
            for row, cells in enumerate(texts) for at, text in enumerate(cells)
        ),
        header_rows=1,
    )  # fmt: skip
    assert kinds(page_of(*rows("Price list", height=36), *lines, tables=(table,)))[0] == ("heading", "Price list")


@pytest.mark.parametrize("upwards", [True, False])
def test_a_stamp_in_the_margin_is_no_part_of_the_rows_beside_it_and_comes_after_them(upwards: bool) -> None:
    start, end = (900.0, 200.0) if upwards else (200.0, 900.0)
    near, far = (750.0, 780.0) if upwards else (780.0, 750.0)
    stamp = Line("arXiv:2401.01234v1 [cs.CL]", 0.9, ((near, start), (near, end), (far, end), (far, start)), ())
    text = [*rows(*PROSE, top=200), *rows(*PROSE, top=200 + 28 * 3), *rows(*PROSE, top=200 + 28 * 6)]
    expected = [("paragraph", " ".join(PROSE))] * 3 + [("paragraph", stamp.text)]
    assert kinds(page_of(*text, stamp)) == expected
    assert kinds(page_of(*text[:4], stamp, *text[4:])) == expected
