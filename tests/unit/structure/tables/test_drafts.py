"""Cells of a table lie beside each other, and what are none but boxes of a form."""

from folio.structure.tables.drafts import Draft, is_boxed_form, without_overlaps
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


def grid(*rows: str) -> list[Draft]:
    """Cells of rows such as `Mill|.|12`: a dot is a place that the cell before it takes too, nothing an empty one."""
    cells: list[Draft] = []
    for top, row in enumerate(rows):
        for left, text in enumerate(row.split("|")):
            if text == ".":
                cells[-1].right = left
            elif text:
                cells.append(draft(text, top, left, top, left))
    return cells


def test_boxes_whose_rows_are_divided_otherwise_each_are_a_forms() -> None:
    boxes = "Vendor|.|Order No.|Date", "Miller Mills|.|.|April", "Terms|Carrier|.|None", "Ship to|||Wanted"
    assert is_boxed_form(grid(*boxes), 0)
    assert is_boxed_form(grid(*boxes), 1)
    assert not is_boxed_form(grid(*(row.replace("|.", "|word") for row in boxes)), 0)


def test_columns_in_which_all_kinds_of_things_are_said_are_a_forms_boxes_but_below_a_heading() -> None:
    boxes = grid("Maker|MK 8|Section", "Length|99 mm|Kind 33", "Paper|White|Rod 27 mm", "Cartons|Blue|Shipping")
    assert is_boxed_form(boxes, 0)
    assert not is_boxed_form(boxes, 1)
    assert not is_boxed_form(grid("Maker|Mill 8|North", "Paper|Mill 9|West", "Labels|Mill 7|South"), 0)


def test_figures_are_a_tables_however_its_rows_are_divided() -> None:
    assert not is_boxed_form(grid("Mill|.|12|30", "North|4|.|.", "South|9|8|.", "West|7||31"), 0)
