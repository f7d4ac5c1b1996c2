"""Lines that were found across a gutter are divided there, and only there."""

from folio.models import Line, Word
from folio.providers.ppocr.gutters import divided
from folio.providers.ppocr.layout import in_order
from folio.transform import bounds, box

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
