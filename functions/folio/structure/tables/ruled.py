"""Ruled tables: grids of level and upright lines, whose missing lines make cells that span."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from folio.structure.tables.drafts import Draft, DraftTable, is_table, without_empty
from folio.structure.tables.headers import header_rows
from folio.structure.tables.refine import refined
from folio.structure.tables.rules import Rule, Rules, covered
from folio.structure.tables.tokens import Token, rows_of, segments_of
from folio.structure.tables.unruled import table_inside
from folio.transform import Box

# In heights of the text.
_TOUCH = 0.5  # between lines that cross
_SAME_LINE = 0.45  # between lines of which one is drawn double, or in parts
_OVERHANG = 1.0  # of level lines over the last upright one, beside which a column is open
_MIN_COVERED = 0.5  # of an edge between two cells, by lines
_MIN_COARSE_ROWS, _MIN_COARSE = 2, 0.4  # rows of a cell that have gaps; of all text, what stands in those
_MIN_CELLS, _MIN_FULL = 4, 0.2  # that have text; of all cells
_MIN_TOKENS, _MAX_RULES = 4, 400
_MAX_CELL_DOWNWARDS = 20  # characters of a cell on the mean; tiers and advertisements in frames have more


class Grid(Struct):
    """The lines of a table: `xs` and `ys` are where its columns and rows begin, and where the last ones end."""

    xs: list[float]
    ys: list[float]
    rules: Rules
    tolerance: float

    def cells(self) -> list[Draft]:
        """Return the cells, those without a line between them as one; without words."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        groups = _Groups(rows * columns)
        for row in range(rows):
            for column in range(columns):
                here = row * columns + column
                beside, below = column + 1 < columns, row + 1 < rows
                if beside and not self._is_ruled(self.rules.upright, self.xs[column + 1], self.ys, row):
                    groups.join(here, here + 1)
                if below and not self._is_ruled(self.rules.level, self.ys[row + 1], self.xs, column):
                    groups.join(here, here + columns)
        return [_around(members, columns) for members in groups.members()]

    def _is_ruled(self, rules: Sequence[Rule], at: float, edges: list[float], index: int) -> bool:
        start, end = edges[index] + self.tolerance / 2, edges[index + 1] - self.tolerance / 2
        near = (rule for rule in rules if abs(rule.at - at) <= self.tolerance)
        return covered(near, start, end) >= _MIN_COVERED * (end - start)


def _around(members: list[int], columns: int) -> Draft:
    rows, across = [member // columns for member in members], [member % columns for member in members]
    return Draft(min(rows), min(across), max(rows), max(across), [])


class _Groups:
    """Disjoint sets of numbers from 0."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def find(self, one: int) -> int:
        while self._parents[one] != one:
            self._parents[one] = self._parents[self._parents[one]]
            one = self._parents[one]
        return one

    def join(self, one: int, other: int) -> None:
        self._parents[self.find(other)] = self.find(one)

    def members(self) -> list[list[int]]:
        result: defaultdict[int, list[int]] = defaultdict(list)
        for one in range(len(self._parents)):
            result[self.find(one)].append(one)
        return list(result.values())


def ruled_tables(
    tokens: Sequence[Token], rules: Rules, height: float, *, downwards: bool = False
) -> tuple[list[DraftTable], list[Token]]:
    """Return the tables that lines make, and the tokens that are in none.

    The rules between the tiers of text that runs downwards, and the frames around its parts, are no table's.
    """
    tables: list[DraftTable] = []
    rest = list(tokens)
    for group in _crossing(rules, _TOUCH * height):
        grid = _grid(group, height)
        if grid is None:
            continue
        box = grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]
        inside = [token for token in rest if _is_inside(token, box)]
        table = _table(grid, inside, height) if len(inside) >= _MIN_TOKENS else None
        if table is None or (downwards and _are_texts(table.cells)):
            continue
        tables.append(table)
        taken = set(inside)
        rest = [token for token in rest if token not in taken]
    return tables, rest


def _table(grid: Grid, inside: list[Token], height: float) -> DraftTable | None:
    cells = grid.cells()
    at = {
        (row, column): cell
        for cell in cells
        for row in range(cell.top, cell.bottom + 1)
        for column in range(cell.left, cell.right + 1)
    }
    for token in inside:
        row = _index(grid.ys, token.middle)
        at[row, _index(grid.xs, (token.left + token.right) / 2)].tokens.append(token)
    full = [cell for cell in cells if cell.tokens]
    if len(full) < max(_MIN_CELLS, _MIN_FULL * len(cells)):
        return None
    if _is_coarse(full, height) and (table := table_inside(inside, grid.rules.level, height)):
        return table
    full = without_empty(refined(full, grid.xs, grid.ys, height))
    box = grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]
    return DraftTable(box, full, header_rows(full), is_ruled=True) if is_table(full) else None


def _is_coarse(cells: list[Draft], height: float) -> bool:
    """Return whether most rows have several columns within one cell: the lines are those of a frame, or of a header."""
    rows = [segments_of(row, height) for cell in cells for row in rows_of(cell.tokens)]
    parted = [row for row in rows if len(row) > 1]
    spread = sum(map(len, parted))
    return len(parted) >= _MIN_COARSE_ROWS and spread > _MIN_COARSE * (spread + len(rows) - len(parted))


def _are_texts(cells: Sequence[Draft]) -> bool:
    """Return whether cells are longer than those of tables in text that runs downwards."""
    return sum(len(token.text) for cell in cells for token in cell.tokens) > _MAX_CELL_DOWNWARDS * len(cells)


def _index(edges: list[float], at: float) -> int:
    return min(max(bisect_right(edges, at) - 1, 0), len(edges) - 2)


def _is_inside(token: Token, box: Box) -> bool:
    return box[0] < (token.left + token.right) / 2 < box[2] and box[1] < token.middle < box[3]


def _crossing(rules: Rules, touch: float) -> list[Rules]:
    """Return the lines in groups that cross each other, the largest first."""
    level, upright = _longest(rules.level), _longest(rules.upright)
    groups = _Groups(len(level) + len(upright))
    for index, one in enumerate(level):
        for other, two in enumerate(upright, len(level)):
            across = one.start - touch <= two.at <= one.end + touch
            if across and two.start - touch <= one.at <= two.end + touch:
                groups.join(index, other)
    result = []
    for members in groups.members():
        lines = [level[one] for one in members if one < len(level)]
        across_lines = [upright[one - len(level)] for one in members if one >= len(level)]
        if len(lines) > 1 and across_lines:
            result.append(Rules(lines, across_lines))
    return sorted(result, key=lambda group: -len(group.level) - len(group.upright))


def _longest(rules: list[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: rule.start - rule.end)[:_MAX_RULES]


def _grid(group: Rules, height: float) -> Grid | None:
    tolerance = _SAME_LINE * height
    xs = _clustered([rule.at for rule in group.upright], tolerance)
    ys = _clustered([rule.at for rule in group.level], tolerance)
    left, right = min(rule.start for rule in group.level), max(rule.end for rule in group.level)
    top, bottom = min(rule.start for rule in group.upright), max(rule.end for rule in group.upright)
    over = _OVERHANG * height
    xs = [*([left] if xs[0] - left > over else []), *xs, *([right] if right - xs[-1] > over else [])]
    ys = [*([top] if ys[0] - top > over else []), *ys, *([bottom] if bottom - ys[-1] > over else [])]
    return Grid(xs, ys, group, tolerance) if len(xs) > 2 and len(ys) > 1 else None


def _clustered(positions: list[float], tolerance: float) -> list[float]:
    clusters: list[list[float]] = []
    for in_columns in sorted(positions):
        if clusters and in_columns - clusters[-1][-1] <= tolerance:
            clusters[-1].append(in_columns)
        else:
            clusters.append([in_columns])
    return [sum(cluster) / len(cluster) for cluster in clusters]
