"""Lines that were found across a gutter are divided there, and only there."""

from folio.models import Line, Word
from folio.providers.ppocr.lines.gutters import divided
from folio.providers.ppocr.page.layout import in_order
from folio.transform import Box, Polygon, bounds, box

HEIGHT, PITCH = 20, 26
LEFT, RIGHT = (0, 500), (516, 1016)  # columns of eight words each, a gutter of 0.8 heights between


def words(texts: str, left: float, right: float, row: int, height: int = HEIGHT) -> list[Word]:
    """Words of equal widths with gaps of a fifth of a height, from `left` to `right`."""
    parts, gap = texts.split(), height / 5
    width = (right - left - gap * (len(parts) - 1)) / len(parts)
    lefts = [left + index * (width + gap) for index in range(len(parts))]
    top = row * PITCH
    return [Word(one, 0.9, box(x, top, x + width, top + height)) for one, x in zip(parts, lefts, strict=True)]


def line(*parts: Word) -> Line:
    (left, top, _, _), (_, _, right, bottom) = bounds(parts[0].polygon), bounds(parts[-1].polygon)
    return Line(" ".join(word.text for word in parts), 0.9, box(left, top, right, bottom), parts)


def page(*across: int, rows: int = 8) -> list[Line]:
    """Two columns; the lines of some rows were found as one."""
    lines: list[Line] = []
    for row in range(rows):
        left = words(f"left{row} of the page is written here again", *LEFT, row)
        right = words(f"right{row} of the page is written here again", *RIGHT, row)
        lines += [line(*left, *right)] if row in across else [line(*left), line(*right)]
    return lines


def texts(lines: list[Line]) -> list[str]:
    boxes = [[bounds(word.polygon) for word in one.words] for one in lines]
    return [one.text for one in divided(lines, boxes)]


def test_a_line_across_a_gutter_is_divided_there() -> None:
    assert texts(page(3, 4)) == texts(page())


def test_columns_are_read_one_after_the_other_though_lines_were_found_across() -> None:
    assert in_order(page(3, 4), 0).text == in_order(page(), 0).text
    assert in_order(page(3, 4), 0).text.split()[8:11] == ["left1", "of", "the"]


def test_a_heading_across_the_columns_stays_whole() -> None:
    heading = line(*words("An Account of the Year", 0, 1016, -2, 40))
    assert heading.text in texts([heading, *page(3)])


def test_prose_with_one_wide_blank_stays_whole() -> None:
    lines = [line(*words("all of the page is written here again", 0, 1016, row)) for row in range(8)]
    wide = line(*words("a wide", *LEFT, 8), *words("blank here", *RIGHT, 8))
    assert wide.text in texts([*lines, wide])
    assert texts([]) == []


def test_the_first_line_below_headlines_across_the_columns_is_divided() -> None:
    headlines = [line(*words("An Account of the Year in which", 0, 1016, row)) for row in (-2, -1)]
    assert texts([*headlines, *page(0)]) == [*(one.text for one in headlines), *texts(page())]


def test_a_line_is_divided_where_no_blank_is_if_both_columns_are_above_and_below_it() -> None:
    left, right = words("left3 of the page is written here again", 0, 508, 3), words("right3 of the page", 508, 1016, 3)
    lines = [line(*left, *right) if one.text.startswith("left3") else one for one in page(3)]
    assert " ".join(word.text for word in left) in texts(lines)


def test_a_rule_between_tiers_that_was_read_as_a_dash_goes() -> None:
    left, right = words("left7 of the page is written here again", *LEFT, 7), words("right7 of the page", *RIGHT, 7)
    rule = Word("一", 0.9, box(506, 7 * PITCH, 510, 7 * PITCH + HEIGHT))
    lines = [line(*left, rule, *right) if one.text.startswith("left7") else one for one in page(7)]
    assert texts(lines)[-2:] == [" ".join(word.text for word in part) for part in (left, right)]


def test_columns_on_one_side_tell_though_a_line_of_one_of_them_ends_early() -> None:
    """A rule in the gutter was taken for ink, so that less than half of it is white."""
    first = line(*words("left0 of the page is written here again", 0, 508, 0), *words("right0 of the page", *RIGHT, 0))
    below = [line(*words("short", 0, 200, 2)) if one.text.startswith("left2") else one for one in page(rows=4)[2:]]
    assert [one.split()[0] for one in texts([first, *below])[:2]] == ["left0", "right0"]


def test_a_headline_between_columns_above_and_below_it_stays_whole() -> None:
    """Its words are as far from each other as columns are."""
    upper = page(rows=6)
    lower = [line(*(Word(word.text, 0.9, box(*_lower(word.polygon))) for word in one.words)) for one in page(rows=6)]
    headline = line(*words("An Account of the Year in which all", 0, 1016, 7, 36))
    assert headline.text in texts([*upper, headline, *lower])


def _lower(polygon: Polygon) -> Box:
    left, top, right, bottom = bounds(polygon)
    return left, top + 10 * PITCH, right, bottom + 10 * PITCH
