"""Edges of columns are made even where single boxes reach beyond them."""

from folio.text.edges import with_even_edges
from folio.transform import Box


def column(left: float, right: float, lines: int = 8) -> list[Box]:
    return [(left, row * 14.0, right, row * 14.0 + 10) for row in range(lines)]


def test_a_box_that_reaches_beyond_its_column_is_cut_at_the_edge() -> None:
    boxes = column(20, 260)
    boxes[3], boxes[5] = (14, 42, 260, 52), (20, 70, 266, 80)
    assert with_even_edges(boxes) == column(20, 260)


def test_what_goes_on_across_and_what_ends_early_stays() -> None:
    boxes = column(20, 260)
    boxes[3], boxes[5] = (20, 42, 520, 52), (32, 70, 180, 80)
    assert with_even_edges(boxes) == boxes


def test_few_lines_do_not_tell() -> None:
    assert with_even_edges([]) == []
    boxes = [(20.0, 0.0, 266.0, 10.0), *column(20, 260, 3)[1:]]
    assert with_even_edges(boxes) == boxes
