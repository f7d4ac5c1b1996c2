"""Whether a table goes on from the last one of the page before."""

from folio.models import Block, Page, Table
from folio.transform import bounds

_MIN_OVER = 0.6  # of a column's width, on both pages, that they share
_MIN_COLUMNS = 0.7  # of the columns that stand one below the other
_BESIDE = ("header", "footer", "page_number", "footnote", "stamp")  # what may stand between a table and a page's edge


def goes_on(before: Page, page: Page) -> tuple[int, int] | None:
    """Return the table that goes on and the one that goes on from it, by their indexes; None if there are none.

    Nothing but running text stands between them, and their columns are the same.
    """
    ends = [block for block in before.blocks if block.kind not in _BESIDE]
    starts = [block for block in page.blocks if block.kind not in _BESIDE]
    if not ends or not starts or page.number != before.number + 1:
        return None
    last, first = _table(before, ends[-1]), _table(page, starts[0])
    if last is None or first is None or not _same_columns(before, before.tables[last], page, page.tables[first]):
        return None
    return last, first


def _table(page: Page, block: Block) -> int | None:
    return block.table if block.table is not None and block.table < len(page.tables) else None


def _same_columns(before: Page, one: Table, page: Page, other: Table) -> bool:
    columns, others = _columns(one, before.width), _columns(other, page.width)
    if _width(one) != _width(other) or not columns or not others:
        return False
    shared = columns.keys() & others.keys()
    over = sum(_over(columns[column], others[column]) >= _MIN_OVER for column in shared)
    return len(shared) > 0 and over >= _MIN_COLUMNS * len(shared)


def _width(table: Table) -> int:
    return max((cell.column + cell.column_span for cell in table.cells), default=0)


def _columns(table: Table, width: int) -> dict[int, tuple[float, float]]:
    """Return where the texts of each column begin and end, in shares of the page's width."""
    columns: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        if cell.column_span == 1 and cell.polygon and cell.text:
            left, _, right, _ = bounds(cell.polygon)
            start, end = columns.get(cell.column, (1.0, 0.0))
            columns[cell.column] = min(start, left / max(width, 1)), max(end, right / max(width, 1))
    return columns


def _over(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return which share of the narrower of two columns the wider one has beside it."""
    narrower = min(one[1] - one[0], other[1] - other[0]) or 1e-6
    return (min(one[1], other[1]) - max(one[0], other[0])) / narrower
