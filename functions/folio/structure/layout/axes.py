"""Charts without a caption, told by an axis: numbers below each other, evenly spaced, that fall by even steps."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from folio.structure.layout.frame import Row
from folio.text.spacing import is_wide
from folio.transform import Box, Polygon, bounds, bounds_of, box

_NUMBER = re.compile(r"[-–−]?\d{1,3}(?:[,.]?\d{3})*(?:[.,]\d{1,2})?%?")
_MIN_TICKS = 4
_UNEVEN = 0.15  # of the distance between two ticks
_YEARS = range(1900, 2101)  # which tables list from the last one down
# In heights of a tick.
_ALIGNED = 0.5  # between the edges of two
_MIN_STEP = 1.3  # from one to the next: lines of text are as near
_MAX_GAP_ABOVE, _MAX_GAP_BELOW = 2.0, 2.5  # to a unit above the axis, and to rows of names or a legend below
_MAX_LABEL_HEIGHT = 1.2  # of names and legends: a heading below a chart is higher
_MIN_LEGEND_GAP = 1.0  # of white space in a legend's row, if it is one line
_MAX_LEGEND_ROWS = 3
_MIN_SCALE = 8  # figures below an axis
_MAX_LABEL, _MAX_UNIT = 24, 12  # letters' widths, figures left out; a Chinese character is two wide

type Word = tuple[str, Box]
type Span = tuple[float, float]
type Axis = tuple[Box, float, float]  # where its ticks stand, how high they are, how far from each other


def plots(rows: Sequence[Row], prose: Sequence[Row], ticks: Iterable[Axis], column: Callable[[Box], Span]) -> list[Box]:
    """Return the areas of charts that have one of the axes, with the labels around them.

    `rows` are those that are in no table, and in no `prose`; boxes are upright in the page's frame. `column` says from
    where to where the chart of an axis may reach.
    """
    areas = []
    for axis in dict.fromkeys(ticks):
        left, right = column(axis[0])
        inside = [row for row in rows if left <= row.box[0] and row.box[2] <= right]
        areas.append(_plot(*axis, inside, prose))
    return areas


def axes(numbers: Sequence[Word]) -> Iterator[Axis]:
    """Yield the axes among numbers, words of a page that `may_be_tick`."""
    ticks = [(_value(text), box) for text, box in numbers]
    for edge in (2, 0):
        column: list[tuple[float, Box]] = []
        for number in [*sorted(ticks, key=lambda number: number[1][edge]), None]:
            if number and column and number[1][edge] - column[-1][1][edge] <= _ALIGNED * _height(number[1]):
                column.append(number)
                continue
            yield from _ticks(sorted(column, key=lambda one: one[1][1]))
            column = [number] if number else []


def _ticks(column: Sequence[tuple[float, Box]]) -> Iterator[Axis]:
    run = list(column[:1])
    for number in [*column[1:], None]:
        if number and run and _goes_on(run, number):
            run.append(number)
            continue
        if len(run) >= _MIN_TICKS and not all(value in _YEARS for value, _ in run):
            step = (_middle(run[-1][1]) - _middle(run[0][1])) / (len(run) - 1)
            yield bounds_of(tick for _, tick in run), median(_height(tick) for _, tick in run), step
        run = [*(run[-1:] if run and number and _is_step(run[-1], number) else []), *([number] if number else [])]


def _goes_on(run: Sequence[tuple[float, Box]], number: tuple[float, Box]) -> bool:
    """Return whether a number is the next of an axis's ticks."""
    if not _is_step(run[-1], number):
        return False
    if len(run) < 2:
        return True
    steps = [_middle(after[1]) - _middle(before[1]) for before, after in ((run[-2], run[-1]), (run[-1], number))]
    falls = run[-2][0] - run[-1][0], run[-1][0] - number[0]
    return abs(steps[0] - steps[1]) <= _UNEVEN * max(steps) and abs(falls[0] - falls[1]) <= 1e-6 * abs(falls[0])


def _is_step(before: tuple[float, Box], after: tuple[float, Box]) -> bool:
    is_apart = _middle(after[1]) - _middle(before[1]) >= _MIN_STEP * _height(after[1])
    return is_apart and after[0] < before[0]


def _value(text: str) -> float:
    digits = re.sub(r"[,.](?=\d{3})", "", text.rstrip("%")).replace(",", ".")
    return float(re.sub(r"^[–−]", "-", digits))


def _plot(axis: Box, size: float, step: float, rows: Sequence[Row], prose: Sequence[Row]) -> Box:
    """Return the area of an axis's chart: labels at its level up to the text beside it, and those above and below."""
    level, text = (
        [row for row in some if axis[1] - size < _middle(row.box) < axis[3] + size] for some in (rows, prose)
    )
    others = [*text, *(row for row in level if not _is_label(row))]
    left = max((row.box[2] for row in others if row.box[2] <= axis[0]), default=float("-inf"))
    right = min((row.box[0] for row in others if row.box[0] >= axis[2]), default=float("inf"))
    inside = [row for row in rows if left <= row.box[0] and row.box[2] <= right]
    labels = [row.box for row in inside if row in level and _is_label(row)]
    area = bounds(*map(_corners, [axis, *labels]))
    for row in sorted(inside, key=lambda row: row.box[1])[::-1]:
        if -size < area[1] - row.box[3] < _MAX_GAP_ABOVE * size and _widths(row) <= _MAX_UNIT and _is_over(row, area):
            area = bounds(_corners(area), _corners(row.box))
            break
    return _with_legend(area, inside, size, step)


def _with_legend(area: Box, rows: Sequence[Row], size: float, step: float) -> Box:
    """Return a chart's area with the rows of names and the legend right below it."""
    legend = 0
    for row in sorted(rows, key=lambda row: row.box[1]):
        gap = row.box[1] - area[3]
        is_below = -size < gap < _MAX_GAP_BELOW * size and row.box[3] > area[3]
        is_legend = row.height <= _MAX_LABEL_HEIGHT * size and _has_parts(row, rows, size)
        is_one = is_below and (is_legend or gap < size / 2) and _is_over(row, area)
        is_one = is_one or (not legend and _is_scale(row, area, size, step))
        if is_one and legend < _MAX_LEGEND_ROWS:
            area = bounds(_corners(area), *(_corners(other.box) for other in _beside(row, rows, size)))
            legend += 1
    return area


def _is_scale(row: Row, area: Box, size: float, step: float) -> bool:
    """Return whether a row is the figures of another axis: a step below, for the last tick is often not read."""
    is_below = -size < row.box[1] - area[3] < step + _MAX_GAP_BELOW * size and row.box[3] > area[3]
    is_near = row.box[0] < area[2] + step and row.box[2] > area[0] - step
    figures = sum(map(str.isdigit, row.text))
    return is_below and is_near and _is_label(row) and figures >= _MIN_SCALE and 2 * figures > len(row.text)


def _has_parts(row: Row, rows: Sequence[Row], size: float) -> bool:
    """Return whether a row is several texts side by side, as those of a legend are."""
    return row.gap >= _MIN_LEGEND_GAP * size or len(_beside(row, rows, size)) > 1


def _beside(row: Row, rows: Sequence[Row], size: float) -> list[Row]:
    """Return a row and the labels on one level with it."""
    level = (other for other in rows if abs(_middle(other.box) - _middle(row.box)) < size / 2)
    return [other for other in level if other is row or _is_label(other)]


def _is_label(row: Row) -> bool:
    return _widths(row) <= _MAX_LABEL


def _widths(row: Row) -> int:
    return sum(1 + is_wide(one) for one in row.text if not (one.isspace() or one.isdigit()))


def _is_over(row: Row, area: Box) -> bool:
    return row.box[0] < area[2] and row.box[2] > area[0]


def may_be_tick(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def united(areas: Sequence[Box]) -> list[Box]:
    """Return areas, those that lap over each other as one."""
    united: list[Box] = []
    for area in areas:
        near = [
            one for one in united if one[0] < area[2] and area[0] < one[2] and one[1] < area[3] and area[1] < one[3]
        ]
        united = [*(one for one in united if one not in near), bounds(*map(_corners, [area, *near]))]
    return united


def _corners(area: Box) -> Polygon:
    return box(*area)


def _height(area: Box) -> float:
    return area[3] - area[1]


def _middle(area: Box) -> float:
    return (area[1] + area[3]) / 2
