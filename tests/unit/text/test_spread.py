"""The two pages of an open book on one picture."""

import pytest

from folio.text.reading_order import reading_order
from folio.text.spread import pages_of_spread
from folio.transform import Box

HEIGHT, LEADING = 10.0, 14.0

type Piece = tuple[str, Box]


def piece(text: str, left: float, top: float) -> Piece:
    return text, (left, top, left + 5.0 * len(text), top + HEIGHT)


def table(left: float, side: str) -> list[Piece]:
    """Rows of a table, on the same lines of both pages."""
    return [
        piece(text, left + across, 60 + at * LEADING)
        for at in range(20)
        for across, text in ((0, f"{side}{at}"), (150, f"{at}.50"), (250, f"{at * 7}"))
    ]


def spread(first: str = "22 County", last: str = "of Kent 23") -> list[Piece]:
    return [piece(first, 20, 20), *table(20, "l"), piece(last, 620, 20), *table(400, "r")]


def sides(pieces: list[Piece]) -> list[list[str]]:
    pages = pages_of_spread([box for _, box in pieces], [text for text, _ in pieces])
    assert sorted(index for page in pages for index in page) == list(range(len(pieces)))
    return [[pieces[index][0] for index in page] for page in pages]


def test_pages_numbered_one_after_the_other_part_at_the_fold() -> None:
    pieces = spread()
    assert sides(pieces) == [[text for text, _ in pieces[:61]], [text for text, _ in pieces[61:]]]


def test_the_left_page_is_read_before_the_right_one() -> None:
    pieces = spread()
    order = reading_order([box for _, box in pieces], [text for text, _ in pieces])
    texts = [pieces[index][0] for block in order for row in block for index in row]
    assert texts == [text for text, _ in pieces]


def test_numbers_may_stand_alone_in_the_middle_of_both_feet() -> None:
    pieces = [*table(20, "l"), piece("- 22 -", 150, 380), *table(400, "r"), piece("- 23 -", 530, 382)]
    assert len(sides(pieces)) == 2


@pytest.mark.parametrize("lean", [-0.08, 0.05, 0.1])
def test_the_fold_may_lean(lean: float) -> None:
    pieces = [(text, (a + lean * b, b, c + lean * b, d)) for text, (a, b, c, d) in spread()]
    assert [len(side) for side in sides(pieces)] == [61, 61]


@pytest.mark.parametrize(
    ("first", "last"),
    [("22 County", "of Kent 24"), ("21 County", "of Kent 22"), ("County", "of Kent"), ("2020", "2021")],
)
def test_other_numbers_are_not_those_of_two_pages(first: str, last: str) -> None:
    """An even number is a left page's; years name the columns of a wide table."""
    assert len(sides(spread(first, last))) == 1


def test_numbers_of_columns_are_not_those_of_pages() -> None:
    """They have other columns beyond them."""
    heads = [piece(text, left, 20) for text, left in (("Name", 20), ("2", 170), ("3", 420), ("4", 560))]
    assert len(sides([*heads, *table(20, "l"), *table(400, "r")])) == 1


def test_what_stands_across_the_middle_is_one_page() -> None:
    across = [
        piece(f"{at} a line of text that stands on both halves of the page", 200, 400 + at * 14) for at in range(9)
    ]
    assert len(sides([*spread(), *across])) == 1


def test_a_page_that_is_higher_than_wide_is_one() -> None:
    higher = [(text, (a, 3 * b, c, 3 * b + HEIGHT)) for text, (a, b, c, d) in spread()]
    assert len(sides(higher)) == 1


def test_nothing_is_one_page() -> None:
    assert pages_of_spread([], []) == [[]]


def prose(left: float, side: str, lines: int = 5) -> list[Piece]:
    """Lines as wide as a page, below its table."""
    text = "It was a bright cold day in April, and the clocks were striking "
    return [piece(f"{side} {text}", left, 360 + at * LEADING) for at in range(lines)]


def test_prose_on_both_sides_of_white_space_down_the_middle_is_two_pages() -> None:
    pieces = [*table(20, "l"), *prose(20, "l"), *table(400, "r"), *prose(400, "r")]
    assert [len(side) for side in sides(pieces)] == [65, 65]


def test_a_title_across_the_middle_is_one_page_s() -> None:
    title = piece("An Account of the County, its Towns, its Rivers and its Roads", 200, 20)
    assert len(sides([title, *table(20, "l"), *prose(20, "l"), *table(400, "r"), *prose(400, "r")])) == 1


def test_two_columns_of_prose_are_one_page() -> None:
    assert len(sides([*prose(20, "l", 20), *prose(400, "r", 20)])) == 1


def test_prose_beside_a_table_alone_is_one_page() -> None:
    assert len(sides([*table(20, "l"), *table(400, "r"), *prose(400, "r")])) == 1


def across(*, label: str = "") -> list[Piece]:
    """Rows that begin on the left half, and go on with figures on the right one, or with labels that rise."""
    return [
        piece(text.format(at), left, 60 + at * LEADING)
        for at in range(20)
        for left, text in (
            (20, "Place {}"),
            (150, "{}.50"),
            (270, "{}.75"),
            (400, label or f"{at * 7 % 5}.{at}5"),
            (500, "{}.10"),
            (600, "{}.20"),
        )
    ]


def test_a_table_whose_rows_go_on_with_figures_beyond_the_middle_is_one_page_s() -> None:
    assert len(sides([*across(), *prose(20, "l"), *prose(400, "r")])) == 1


def test_years_on_the_right_begin_rows_of_another_page() -> None:
    assert len(sides([*across(label="18{}0"), *prose(20, "l"), *prose(400, "r")])) == 2


def test_figures_of_thousands_of_digits_are_figures() -> None:
    assert len(sides([*across(label="9" * 5000), *prose(20, "l"), *prose(400, "r")])) == 1


def test_rows_that_were_read_as_one_line_are_a_table_s_by_their_figures() -> None:
    joined = [
        piece(f"Place {at} {at}.50 1,{at}07 {at * 7}%", left, 60 + at * LEADING)
        for left in (20, 400)
        for at in range(20)
    ]
    assert [len(side) for side in sides([*joined, *prose(20, "l"), *prose(400, "r")])] == [25, 25]
