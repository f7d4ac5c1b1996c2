"""Charts and tables across a page whose columns of characters run downwards, in tiers."""

from folio.models import Block, Line
from folio.structure.layout.across import inserted
from folio.structure.layout.blocks import with_blocks
from folio.structure.layout.frame import Frame
from folio.transform import box
from tests.support.pages import page_of, rows, written
from tests.unit.structure.test_directions import down

TIERS = ("河水从磨坊旁流过", "村子里没有人见过", "客人来到这里的时", "他却从来不谈起这")


def tier(number: int, rights: range) -> list[Line]:
    """Return columns of eight characters of 20 pixels, from the right one to the left one."""
    return [down(TIERS[number], right, 100 + 200 * number) for right in rights[::-1]]


def texts(*lines: Line) -> str:
    return "\n".join(block.text for block in with_blocks(page_of(*lines)).blocks)


def test_a_chart_beside_tiers_is_read_before_the_first_one_that_begins_below() -> None:
    chart = rows("Mill wheels in the valley", "North of the bridge", "South of the bridge", "West of old town", top=310)
    wide, narrow = range(50, 750, 40), range(390, 750, 40)
    said = texts(*chart, *tier(0, wide), *tier(1, narrow), *tier(2, wide), *tier(3, wide))
    places = [said.index(text) for text in (TIERS[0], TIERS[1], "Mill wheels", TIERS[2], TIERS[3])]
    assert places == sorted(places)


def test_a_headline_above_all_tiers_comes_first_and_a_note_below_them_last() -> None:
    wide = range(50, 750, 40)
    head = rows("News of the valley", "Number 12 of this year", top=20)
    note = rows("Printed in the old mill", "for the people of the valley", top=920)
    said = texts(*tier(0, wide), *tier(1, wide), *note, *head, *tier(2, wide))
    places = [said.index(text) for text in ("News", TIERS[0], TIERS[1], TIERS[2], "Printed")]
    assert places == sorted(places)


def test_charts_at_the_left_ends_of_tiers_are_read_after_them_each_with_its_caption() -> None:
    """The second one begins beside the second tier, and the third tier beside it."""
    narrow, wide = range(390, 750, 40), range(50, 750, 40)
    labels = ("North 12", "South 14", "West 9", "East 7")
    upper = [*rows("Fig. 1 Mills", top=100), *rows(*labels, top=130, pitch=32, height=14)]
    lower = [*rows("Fig. 2 Wheels", top=315), *rows(*labels, top=350, pitch=95, height=14)]
    tiers = [*tier(0, narrow), *tier(1, narrow), *tier(2, narrow), *tier(3, wide)]
    headline = rows("The news of the valley and everybody", top=20, height=34)
    said = texts(*headline, *upper, *lower, *tiers)
    places = [said.index(text) for text in ("The news", TIERS[0], "Fig. 1", TIERS[1], TIERS[2], "Fig. 2", TIERS[3])]
    assert places == sorted(places)


def test_tables_below_each_other_at_the_head_of_one_tier_are_read_before_it_not_before_the_rest_of_the_one_above() -> (
    None
):
    """The first stands beside the last columns of the tier above, whose others end above it; the second beside both."""
    upper = [*tier(0, range(390, 750, 40)), *tier(0, range(50, 350, 40))]
    upper = [line if at < 9 else down(TIERS[1], 310 - 40 * (at - 9), 120) for at, line in enumerate(upper)]
    first = [*rows("【表1】Mills", left=420, top=265), *rows("North 12", "South 14", left=420, top=290, pitch=40)]
    second = [*rows("[2] Wheels", left=420, top=405), *rows("West 9", "East 7", left=420, top=430, pitch=40)]
    lower = [down(TIERS[2], right, 300) for right in range(310, 10, -30)]
    last = [down(TIERS[3], right, 500) for right in range(710, 30, -40)]
    said = texts(*upper, *first, *second, *lower, *last)
    order = (TIERS[0], TIERS[1], "表1", "North", "Wheels", "East", TIERS[2], TIERS[3])
    places = [said.index(text) for text in order]
    assert places == sorted(places)


def test_a_caption_below_the_pages_head_belongs_to_its_chart_also_where_it_was_misread() -> None:
    """What stands at the chart's foot does too: nothing runs downwards between. A speck in it is no column."""
    narrow, wide = range(390, 750, 40), range(50, 750, 40)
    head = [*rows("Number 12 of this year", top=60), written("Valley news", 450, 60)]
    chart = [*rows("[国1] Mills of the valley", top=100), *rows("7 of them stand still", top=440), down("中", 200, 250)]
    said = texts(*head, *chart, *tier(0, narrow), *tier(1, narrow), *tier(2, wide), *tier(3, wide))
    places = [said.index(text) for text in ("Number", "Valley", TIERS[0], TIERS[1], "Mills", "7 of", TIERS[2])]
    assert places == sorted(places)


def test_what_stands_across_is_placed_by_its_lines_not_by_the_box_around_them_on_a_leaning_page() -> None:
    lines = [tier(0, range(50, 90, 40))[0], tier(1, range(50, 90, 40))[0], *rows("Mill wheels in the valley", top=330)]
    tiers = [Block(kind="paragraph", text=TIERS[at], polygon=lines[at].polygon, lines=(at,)) for at in range(2)]
    chart = Block(kind="figure", text="Mill wheels", polygon=box(50, 250, 400, 480), lines=(2,))
    read = inserted(tiers, [chart], lines, Frame(angle=90))
    assert [block.text for block in read] == [*TIERS[:2], "Mill wheels"]


def test_a_note_below_a_chart_joins_what_its_axis_and_its_caption_are_parts_of() -> None:
    """The axis stands to the right of the caption, the note below both; the next caption begins another chart."""
    narrow, wide = range(390, 750, 40), range(50, 750, 40)
    upper = [
        *rows("Fig. 1 Mills", top=112),
        written("1990 2000", 250, 305, 12),
        *rows("All mills of the valley", top=333),
    ]
    lower = [*rows("Fig. 2 Wheels", top=410), *rows("Wheels that stand still", top=460)]
    tiers = [*tier(0, narrow), *tier(1, narrow), *tier(2, wide), *tier(3, wide)]
    said = texts(*rows("The news of the valley and everybody", top=20, height=34), *upper, *lower, *tiers)
    order = (TIERS[0], "Fig. 1", "1990", "All mills", TIERS[1], "Fig. 2", "stand still", TIERS[2])
    places = [said.index(text) for text in order]
    assert places == sorted(places)
