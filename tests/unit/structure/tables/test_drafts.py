"""Cells of a table lie beside each other."""

from folio.structure.tables.drafts import Draft, without_overlaps
from folio.structure.tables.tokens import Token


def draft(text: str, top: int, left: int, bottom: int, right: int) -> Draft:
    return Draft(top, left, bottom, right, [Token(text, 0, 0, 1, 1, None, 0)])


def spans(cells: list[Draft]) -> dict[str, tuple[int, int, int, int]]:
    return {
        " ".join(token.text for token in cell.tokens): (cell.top, cell.left, cell.bottom, cell.right) for cell in cells
    }


def test_a_span_ends_before_the_next_cell() -> None:
    cells = [draft("wide", 0, 0, 0, 2), draft("b", 0, 2, 0, 2), draft("tall", 1, 0, 2, 0), draft("c", 2, 0, 2, 0)]
    expected = {"wide": (0, 0, 0, 1), "b": (0, 2, 0, 2), "tall": (1, 0, 1, 0), "c": (2, 0, 2, 0)}
    assert spans(without_overlaps(cells)) == expected


def test_what_begins_in_the_same_cell_is_part_of_it() -> None:
    assert spans(without_overlaps([draft("a", 0, 0, 0, 1), draft("b", 0, 0, 0, 0)])) == {"a b": (0, 0, 0, 1)}
