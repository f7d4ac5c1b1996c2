"""Lines across columns are known by a white strip with prose on both sides."""

import pytest

from folio.models import Line, PageText, Word
from folio.providers.tesseract.columns import crosses_columns, keeping_columns_apart
from folio.text.geometry import join_words
from folio.transform import box


def line(number: int, *starts: int, confidence: float = 0.9) -> Line:
    """Words of 50 pixels at these places, in a line of 20 pixels."""
    top = 30 * number
    return join_words(tuple(Word("harbour", confidence, box(x, top, x + 50, top + 20)) for x in starts))


def page(*lines: Line) -> PageText:
    return PageText("\n".join(one.text for one in lines), lines)


LEFT = [0, 56, 112, 168, 224]
RIGHT = [290, 346, 402, 458]
ACROSS = page(*[line(n, *(x - n % 3 for x in LEFT), *RIGHT) for n in range(8)])
APART = page(*[line(n, *LEFT) for n in range(8)], *[line(n, *RIGHT) for n in range(8)])


def test_lines_across_two_columns_are_known() -> None:
    assert crosses_columns(ACROSS)


@pytest.mark.parametrize(
    "text",
    [
        APART,
        page(*ACROSS.lines[:4]),
        page(*[line(n, *LEFT, *(x - 10 for x in RIGHT)) for n in range(8)]),
        page(*[line(n, *LEFT, 290, 346, 402) for n in range(8)]),
        page(*[line(n, *(x + 60 * (n % 2) for x in LEFT), *(x + 60 * (n % 2) for x in RIGHT)) for n in range(8)]),
        page(),
    ],
    ids=["apart", "few lines", "spaces", "a table's cell", "gaps that do not meet", "nothing"],
)
def test_other_pages_do_not_cross_columns(text: PageText) -> None:
    assert not crosses_columns(text)


def test_the_reading_that_keeps_columns_apart_is_taken_unless_it_loses_something() -> None:
    unsure = page(*[line(n, *LEFT, confidence=0.8) for n in range(16)])
    assert keeping_columns_apart(ACROSS, APART) is APART
    assert keeping_columns_apart(ACROSS, ACROSS) is ACROSS
    assert keeping_columns_apart(ACROSS, unsure) is ACROSS
    assert keeping_columns_apart(ACROSS, page(*APART.lines[:8])) is ACROSS
