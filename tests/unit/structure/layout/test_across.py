"""Charts and tables across a page whose columns of characters run downwards, in tiers."""

from folio.models import Line
from folio.structure.layout.blocks import with_blocks
from tests.support.pages import page_of, rows
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
