"""Bands of a page, and the gutters that part them into columns."""

from folio.text.bands import bands_of
from folio.text.columns import make_item
from tests.unit.text.test_reading_order import HEIGHT, LEADING, PROSE, column, names, piece, read


def test_a_gutter_between_prose_may_narrow_to_nothing_where_columns_still_lean() -> None:
    left = column("l", 20, 20, 24)
    right = [piece(f"r{at} {PROSE}", 267.0 - 0.28 * at, 20 + at * LEADING, 240) for at in range(24)]
    assert read([*left, *right]) == [*names("l", 24), *names("r", 24)]


def test_what_stands_on_one_level_with_the_line_that_begins_a_band_is_of_that_band() -> None:
    marks = [piece("1", 235, 44, 25), piece("2", 235, 68, 25)]
    before = column("a", 20, 20, 6, 180)
    left = column("l", 20, 20 + 6 * LEADING, 8, 225)
    right = column("r", 255, 19 + 6 * LEADING, 8, 225)
    assert read([*before, *marks, *left, *right])[-16:] == [*names("l", 8), *names("r", 8)]


def test_a_line_from_beside_the_sheet_keeps_no_band_open_in_which_columns_end_and_others_begin() -> None:
    stray = [piece("x", -90, 60, 20)]
    cells = [piece(f"{at}{x}.50", x, 20 + at * LEADING, 60) for at in range(4) for x in (40, 220, 400)]
    across = [piece(f"note {PROSE} {PROSE}", 20, 20 + 4 * LEADING, 470)]
    left = column("l", 20, 20 + 5 * LEADING, 12, 225)
    right = column("r", 255, 20 + 5 * LEADING, 12, 225)
    pieces = enumerate([*stray, *cells, *across, *left, *right])
    items = sorted((make_item(at, *box, text) for at, (text, box) in pieces), key=lambda item: (item.top, item.left))
    assert [len(band) for band, _ in bands_of(items, HEIGHT)] == [13, 1, 24]
