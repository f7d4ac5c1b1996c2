"""Cards and invoices as pages of text, and tables as cells, whatever the provider calls their parts."""

from collections.abc import Iterable, Sequence

from folio.models import Cell, Field, Line, PageText, Table
from folio.providers.cloud.lines import line, page_text
from folio.text.field_values import ITEM, NAMES


def fields_text(fields: Iterable[Field | None], warnings: Iterable[str] = (), tables: Sequence[Table] = ()) -> PageText:
    """A card or an invoice, in the order of `NAMES`: its values are its text, and lines where they have a place."""
    present = tuple(sorted((one for one in fields if one), key=lambda one: NAMES.index(one.name)))
    lines = tuple(line(one.value, one.confidence, one.polygon) for one in present if one.polygon)
    return PageText("\n".join(one.value for one in present), lines, present, tuple(tables), tuple(warnings))


def table_text(tables: Sequence[Table], others: Sequence[Line] = ()) -> PageText:
    """Tables and the lines around them: each cell is a line; in the text a row is one, its cells set apart by tabs."""
    lines = tuple(
        line(cell.text, cell.confidence, cell.polygon)
        for table in tables
        for cell in table.cells
        if cell.polygon and cell.text
    )
    texts = [page_text(others).text, *(_rows(table) for table in tables)]
    return PageText("\n\n".join(text for text in texts if text), (*others, *lines), tables=tuple(tables))


def item_table(rows: Sequence[Sequence[str]]) -> tuple[Table, ...]:
    """The items of an invoice, under a row with the names of `ITEM`; none if there are none."""
    if not rows:
        return ()
    cells = (
        Cell(text=text, row=row, column=column)
        for row, texts in enumerate((ITEM, *rows))
        for column, text in enumerate(texts)
        if text
    )
    return (Table(cells=tuple(cells)),)


def _rows(table: Table) -> str:
    numbers = sorted({cell.row for cell in table.cells})
    rows = ([cell for cell in table.cells if cell.row == number] for number in numbers)
    return "\n".join(
        "\t".join(cell.text.replace("\n", " ") for cell in sorted(row, key=lambda cell: cell.column)) for row in rows
    )
