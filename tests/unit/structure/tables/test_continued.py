"""Tables that go on over pages."""

from folio.models import Block, BlockKind, Cell, Page, Table
from folio.structure.document import document_pages
from folio.transform import box


def page(number: int, columns: list[tuple[float, float]], *kinds: BlockKind, top: float = 100) -> Page:
    cells = tuple(
        Cell(
            text=f"{row}{column}", row=row, column=column, polygon=box(left, top + 30 * row, right, top + 30 * row + 20)
        )
        for row in range(3)
        for column, (left, right) in enumerate(columns)
    )
    blocks = tuple(
        Block(kind=kind, text="", polygon=box(50, top, 700, top + 90), table=0)
        if kind == "table"
        else Block(kind=kind, text=f"{kind} {number} words", polygon=box(50, top, 700, top + 90))
        for kind in kinds
    )
    return Page(number=number, width=800, height=1000, dpi=96, tables=(Table(cells=cells),), blocks=blocks)


SAME = [(100.0, 200.0), (300.0, 400.0), (500.0, 600.0)]


def continued(*pages: Page) -> list[bool]:
    return [one.tables[0].continues for one in document_pages(pages)]


def test_a_table_at_a_pages_start_goes_on_from_one_at_the_end_of_the_page_before() -> None:
    near = [(110.0, 220.0), (290.0, 380.0), (510.0, 590.0)]
    pages = page(1, SAME, "paragraph", "table"), page(2, near, "table"), page(3, SAME, "table", "paragraph")
    assert continued(*pages) == [False, True, True]


def test_notes_and_page_numbers_may_stand_between() -> None:
    pages = page(1, SAME, "table", "footnote", "page_number"), page(2, SAME, "header", "table")
    assert continued(*pages) == [False, True]


def test_text_between_or_other_columns_or_a_page_between_make_it_another_table() -> None:
    first = page(1, SAME, "table")
    assert continued(page(1, SAME, "table", "paragraph"), page(2, SAME, "table")) == [False, False]
    assert continued(first, page(2, SAME, "caption", "table")) == [False, False]
    assert continued(first, page(2, SAME[:2], "table")) == [False, False]
    shifted = [(210.0, 280.0), (410.0, 480.0), (610.0, 680.0)]
    assert continued(first, page(2, shifted, "table")) == [False, False]
    assert continued(first, page(3, SAME, "table")) == [False, False]
