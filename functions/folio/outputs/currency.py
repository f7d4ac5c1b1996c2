"""Columns of a table that hold nothing but currency signs, which a reader takes as part of the amounts beside them."""

import msgspec

from folio.models import Cell, Table

_SIGNS = frozenset(("$", "€", "£", "¥", "￥", "US$", "HK$", "RMB", "USD", "EUR"))


def join_signs(table: Table) -> Table:
    """Return a table whose amounts have their signs in their own cells."""
    for column in sorted({cell.column for cell in table.cells if cell.text.strip() in _SIGNS}, reverse=True):
        if _holds_signs(table, column):
            table = _without(table, column)
    return table


def _holds_signs(table: Table, column: int) -> bool:
    single = [cell for cell in table.cells if cell.column == column and cell.column_span == 1 and cell.text.strip()]
    signed = {cell.row for cell in single}
    amounts = {cell.row for cell in table.cells if cell.column == column + 1 and any(map(str.isdigit, cell.text))}
    return all(cell.text.strip() in _SIGNS for cell in single) and signed <= amounts


def _without(table: Table, column: int) -> Table:
    signs = {cell.row: cell.text.strip() for cell in table.cells if cell.column == column and cell.column_span == 1}
    cells = [_moved(cell, column, signs) for cell in table.cells if (cell.column, cell.column_span) != (column, 1)]
    return msgspec.structs.replace(table, cells=tuple(cells))


def _moved(cell: Cell, column: int, signs: dict[int, str]) -> Cell:
    if cell.column <= column:
        is_across = cell.column + cell.column_span > column
        return msgspec.structs.replace(cell, column_span=cell.column_span - 1) if is_across else cell
    sign = signs.get(cell.row, "") if cell.column == column + 1 else ""
    return msgspec.structs.replace(cell, column=cell.column - 1, text=f"{sign} {cell.text}" if sign else cell.text)
