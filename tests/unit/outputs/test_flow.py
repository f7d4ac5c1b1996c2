"""What goes on over columns and pages is one passage; tables over pages are one table."""

import msgspec

from folio.models import Block, Cell, Page, Table
from folio.outputs.currency import join_signs
from folio.outputs.flow import Flow, Passage, join_tables
from folio.structure.document import document_pages
from folio.transform import box
from tests.support.pages import HEIGHT, WIDTH, page_of, rows
from tests.unit.structure.layout.test_blocks import PROSE

AREA = box(0, 0, 100, 100)


def passages(*pages: Page) -> list[Passage]:
    flow = Flow()
    found = [passage for page in pages for passage in flow.add(page)]
    return [*found, *flow.finish()]


def of_blocks(*blocks: Block, number: int = 1, tables: tuple[Table, ...] = ()) -> Page:
    return Page(number=number, width=WIDTH, height=HEIGHT, dpi=None, blocks=blocks, tables=tables)


def table(*texts: tuple[str, ...], header_rows: int = 1, continues: bool = False) -> Table:
    places = ((row, column) for row, line in enumerate(texts) for column in range(len(line)))
    cells = [Cell(text=texts[row][column], row=row, column=column) for row, column in places]
    return Table(cells=tuple(cells), header_rows=header_rows, continues=continues)


def test_a_paragraph_over_a_pages_end_is_one_with_both_places() -> None:
    third = "known there, and he said so in the tavern every night until he"
    first, second = page_of(*rows(*PROSE[:2], top=500)), page_of(*rows(third, PROSE[2]), number=2)
    (passage,) = passages(*document_pages([first, second]))
    assert passage.text == " ".join((*PROSE[:2], third, PROSE[2]))
    assert [source.page.number for source in passage.sources] == [1, 2]
    assert [len(source.lines) for source in passage.sources] == [2, 2]


def test_a_footnote_between_does_not_part_a_paragraph_and_order_stays() -> None:
    blocks = [
        Block(kind="paragraph", text="and so", polygon=AREA),
        Block(kind="footnote", text="* a note", polygon=AREA),
        Block(kind="paragraph", text="it ended", polygon=AREA, continues=True),
        Block(kind="paragraph", text="The end.", polygon=AREA),
    ]
    found = passages(of_blocks(*blocks[:2]), of_blocks(*blocks[2:], number=2))
    assert [passage.text for passage in found] == ["and so it ended", "* a note", "The end."]


def test_running_heads_are_not_in_it() -> None:
    kinds = ("header", "paragraph", "footer", "page_number")
    page = of_blocks(*(Block(kind=kind, text=kind, polygon=AREA) for kind in kinds))  # type: ignore[arg-type]
    assert [passage.text for passage in passages(page)] == ["paragraph"]


def test_what_continues_nothing_stays() -> None:
    assert len(passages(of_blocks(Block(kind="paragraph", text="a", polygon=AREA, continues=True)))) == 1


def test_tables_over_pages_are_one_without_the_repeated_header() -> None:
    first, second = table(("A", "B"), ("1", "2")), table(("a", "B "), ("3", "4"), continues=True)
    block = Block(kind="table", text="", polygon=AREA, table=0)
    (passage,) = passages(of_blocks(block, tables=(first,)), of_blocks(block, number=2, tables=(second,)))
    assert passage.table is not None
    assert [cell.text for cell in passage.table.cells] == ["A", "B", "1", "2", "3", "4"]
    assert [cell.row for cell in passage.table.cells] == [0, 0, 1, 1, 2, 2]


def test_another_header_stays() -> None:
    joined = join_tables(table(("A",), ("1",)), table(("C",), ("2",), continues=True))
    assert [cell.text for cell in joined.cells] == ["A", "1", "C", "2"]
    assert [cell.row for cell in joined.cells] == [0, 1, 2, 3]


def test_signs_of_currency_stand_with_their_amounts() -> None:
    signed = table(("", "", "2022"), ("Gross", "$", "24"), ("Ceded", "", "4"))
    header = Cell(text="2022", row=0, column=1, column_span=2)
    spanning = msgspec.structs.replace(signed, cells=(signed.cells[0], header, *signed.cells[3:]))
    rows_of = [[cell.text for cell in join_signs(one).cells] for one in (signed, spanning)]
    assert rows_of == [["", "2022", "Gross", "$ 24", "Ceded", "4"]] * 2
    assert {(cell.column, cell.column_span) for cell in join_signs(spanning).cells} == {(0, 1), (1, 1)}


def test_a_column_that_holds_more_than_signs_stays() -> None:
    for one in (
        table(("Price", "Unit"), ("$", "each")),
        table(("A", "$", "3"), ("B", "kg", "4")),
        table(
            ("A", "$"),
        ),
    ):
        assert join_signs(one) == one
