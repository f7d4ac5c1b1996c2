"""A table as HTML, with its spans."""

from folio.models import Cell, Table
from folio.outputs.base import xml_text


def html_table(table: Table) -> str:
    """Return `<table>`, a row a line; cells that name the columns are `<th>`, missing ones are empty."""
    height = max((cell.row + cell.row_span for cell in table.cells), default=0)
    width = max((cell.column + cell.column_span for cell in table.cells), default=0)
    by_place = {(cell.row, cell.column): cell for cell in table.cells}
    covered = {position for cell in table.cells for position in _covered(cell)}
    rows = []
    for row in range(height):
        cells = [
            _cell(by_place.get((row, column)), "th" if row < table.header_rows else "td")
            for column in range(width)
            if (row, column) in by_place or (row, column) not in covered
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(["<table>", *rows, "</table>"])


def _covered(cell: Cell) -> set[tuple[int, int]]:
    """Return the places that a cell takes beside its own."""
    rows, columns = range(cell.row, cell.row + cell.row_span), range(cell.column, cell.column + cell.column_span)
    return {(row, column) for row in rows for column in columns} - {(cell.row, cell.column)}


def _cell(cell: Cell | None, tag: str) -> str:
    if cell is None:
        return f"<{tag}></{tag}>"
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return f"<{tag}{spans}>{'<br>'.join(xml_text(line) for line in cell.text.splitlines())}</{tag}>"
