"""The lettering of charts: rows of figures and short labels between a figure's caption and the text.

A chart is as wide as its caption's column, or wider: what stands beside it is text of other columns.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from folio.structure.layout.axes import Word, axes, plots, united
from folio.structure.layout.frame import Row, is_sideways
from folio.structure.layout.kinds import is_caption
from folio.structure.layout.prose_rows import goes_on, reads_as_prose, stacks
from folio.text.spacing import is_wide
from folio.transform import Box, bounds_of, overlap_across

_MIN_ROWS = 4
_MIN_LABELS = 0.6  # of the rows, that are labels
_MAX_SMALL, _MIN_HEADING, _MIN_TITLE = 0.88, 0.95, 1.2  # of the text's height
_MAX_LABEL = 12.0  # letters' widths of a label; a Chinese character is two wide
# In heights of the text.
_MAX_ROW_GAP = 6.0  # between two rows of a chart
_MAX_TICK_GAP = 20.0  # the same to figures of an axis, some of which were not read
_MAX_NAME_GAP = 2.5  # between an axis and its name
_NEAR_PROSE = 1.5  # above and below prose: what stands there is of its column
_SAME = 0.5  # of a chart's area, that it shares with one that is known already
_MAX_CAPTION_GAP, _MAX_CAPTION_ROWS = 0.6, 4
_UNIT = re.compile(r"[（(]?(?:单位|單位|単位|unit)", re.IGNORECASE)
_BRACKETS, _TABLE = "【［〔[", ("表", "附表", "tab")


class _Border(NamedTuple):
    """An x that charts do not cross between `top` and `bottom`."""

    x: float
    top: float
    bottom: float


class _Page(Struct, frozen=True):
    """A page's rows from top to bottom, its prose, and the indexes of the rows that are in prose, or no labels."""

    rows: list[Row]
    body: float
    prose: list[list[Row]]
    prose_areas: list[Box]
    text: set[int]
    borders: list[_Border]

    def area(self, indexes: Iterable[int]) -> Box:
        return _around(self.rows[index] for index in indexes)


def charts(rows: Sequence[Row], numbers: Sequence[Word], body: float) -> list[tuple[Box, list[Row]]]:
    """Return where charts are, told by a caption or an axis, and the rows in each; prose is in none.

    `rows` are those that are in no table, `numbers` the words in them that `may_be_tick`, `body` is the height of the
    page's text; boxes are upright in the page's frame.
    """
    order = sorted(rows, key=lambda row: row.box[1])
    captions = [index for index, row in enumerate(order) if is_caption(row.text)]
    ticks = [*axes(numbers)]
    if not captions and not ticks:
        return []
    prose = stacks(order)
    read = {row.lines for stack in prose for row in stack}
    others = [row for row in order if row.lines not in read]
    text = {index for index, row in enumerate(order) if row.lines in read or _is_text(row, body)}
    text.update(captions)
    labels = [row for index, row in enumerate(order) if index not in text]
    borders = _borders([order[index].box for index in captions], prose, labels, body)
    areas = _figures(_Page(order, body, prose, [*map(_around, prose)], text, borders), captions)
    lines = [row for stack in prose for row in stack]
    areas = united([*areas, *plots(others, lines, ticks, lambda axis: _column(borders, axis))])
    areas = _with_names(areas, [row.box for row in others if is_sideways(row)], body)
    return [(area, [row for row in others if _is_in(row.box, area)]) for area in areas]


def _with_names(areas: Sequence[Box], names: Sequence[Box], body: float) -> list[Box]:
    """Return charts' areas, each with the names of axes that run up or down right beside it and are in no other."""
    result = [*areas]
    for name in names:
        gaps = [
            (max(area[0] - name[2], name[0] - area[2]), index)
            for index, area in enumerate(result)
            if min(name[3], area[3]) - max(name[1], area[1]) >= _SAME * (name[3] - name[1])
        ]
        gap, nearest = min(gaps, default=(_MAX_NAME_GAP * body, -1))
        if 0 < gap < _MAX_NAME_GAP * body:
            result[nearest] = bounds_of((result[nearest], name))
    return result


def _is_in(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _around(rows: Iterable[Row]) -> Box:
    return bounds_of(row.box for row in rows)


def _figures(page: _Page, captions: Sequence[int]) -> list[Box]:
    """Return the areas of charts below a caption, or above it."""
    areas: list[Box] = []
    for index in captions:
        if page.rows[index].text.lstrip(_BRACKETS).casefold().startswith(_TABLE):
            continue
        near = [chart for chart in _charts(page, index) if not any(_is_within(chart, area) for area in areas)]
        areas += near[:1]
    return areas


def _charts(page: _Page, index: int) -> list[Box]:
    """Return the areas that may be a caption's chart, the nearest first."""
    caption = _whole_caption(page, index)
    area = page.area(caption)
    below = [at for at in range(index, len(page.rows)) if at not in caption]
    above = sorted(range(index), key=lambda at: -page.rows[at].box[3])
    matches = (_chart(page, area, near) for near in (below, above))
    return [chart for _, chart in sorted(match for match in matches if match)]


def _whole_caption(page: _Page, index: int) -> list[int]:
    """Return the rows of a caption: those of its prose, or a few right below each other that its width parted."""
    for stack in page.prose:
        if page.rows[index] in stack:
            rest = {row.lines for row in stack[stack.index(page.rows[index]) :]}
            return [at for at, row in enumerate(page.rows) if row.lines in rest]
    caption = [index]
    for at in range(index + 1, len(page.rows)):
        first, last, row = page.rows[index], page.rows[caption[-1]], page.rows[at]
        if row.box[1] - last.box[3] > _MAX_CAPTION_GAP * last.height or len(caption) == _MAX_CAPTION_ROWS:
            break
        if goes_on(last, row) and row.width <= last.width + first.height and at not in page.text:
            caption.append(at)
    return caption


def _chart(page: _Page, caption: Box, near: Sequence[int]) -> tuple[float, Box] | None:
    """Return how far from its caption the area of a chart is, and that area; `near` are rows by their distance."""
    chart: list[int] = []
    area, (left, right) = caption, _column(page.borders, caption)
    for at in near:
        row = page.rows[at]
        widest = _MAX_TICK_GAP if chart and _is_number(row) else _MAX_ROW_GAP
        is_over = overlap_across(row.box, area)
        if _gap(row.box, area) > widest * page.body:
            break
        if is_over and at in page.text:
            chart = _without_headings(page, chart, row.box)
            break
        if at in page.text:
            left, right = (left, min(right, row.box[0])) if row.box[0] >= area[2] else (max(left, row.box[2]), right)
        elif left <= row.box[0] and row.box[2] <= right and (is_over or not _is_beside_prose(page, row.box, area)):
            chart.append(at)
            area = bounds_of((area, row.box))
    labels = sum(_is_label(page.rows[at], page.body) for at in chart)
    if len(chart) < _MIN_ROWS or labels < _MIN_LABELS * len(chart):
        return None
    area = page.area(chart)
    return _gap(area, caption), area


def _borders(
    captions: Sequence[Box], prose: Sequence[Sequence[Row]], rows: Sequence[Row], body: float
) -> list[_Border]:
    """Return what parts the charts of captions beside each other; `rows` are the labels of these and of other charts.

    That is where the next caption begins, if they begin where text does. Else they are centered, and it is in the
    middle of both. If one does, it is where more white space is.
    """
    reach = _MAX_TICK_GAP * body
    edges = [_around(stack)[0] for stack in prose]
    borders = []
    for one, two in _neighbors(captions, reach):
        top, bottom = min(one[1], two[1]) - reach, max(one[3], two[3]) + reach
        is_set_left = {any(abs(edge - at[0]) <= body for edge in edges) for at in (one, two)}
        near = [row.box for row in rows if top < row.box[1] and row.box[3] < bottom]
        borders_at = {True: two[0] - body / 2, False: (one[0] + one[2] + two[0] + two[2]) / 4}
        x = max((borders_at[is_left] for is_left in is_set_left), key=partial(_space_at, boxes=near))
        borders.append(_Border(x, top, bottom))
    return borders


def _neighbors(captions: Sequence[Box], reach: float) -> Iterator[tuple[Box, Box]]:
    """Yield captions beside each other, the left one first, between which there is no other."""
    for one, two in combinations(sorted(captions), 2):
        near = [other for other in captions if max(_gap(one, other), _gap(two, other)) <= reach]
        is_beside = two in near and one[2] <= two[0]
        if is_beside and not any(one[2] <= other[0] and other[2] <= two[0] for other in near):
            yield one, two


def _space_at(x: float, boxes: Sequence[Box]) -> float:
    """Return how wide the white space is in which an x is, and less than 0 where boxes stand on it: how many."""
    across = sum(left < x < right for left, _, right, _ in boxes)
    start = max((box[2] for box in boxes if box[2] <= x), default=float("-inf"))
    return -across or min((box[0] for box in boxes if box[0] >= x), default=float("inf")) - start


def _column(borders: Sequence[_Border], area: Box) -> tuple[float, float]:
    """Return how far to the left and right a chart of which a part is known may reach."""
    middle = (area[0] + area[2]) / 2
    beside = [border.x for border in borders if border.top < area[1] and area[3] < border.bottom]
    return (
        max((x for x in beside if x <= middle), default=float("-inf")),
        min((x for x in beside if x > middle), default=float("inf")),
    )


def _gap(one: Box, other: Box) -> float:
    """Return the white space between two boxes from top to bottom; less than 0 if they stand beside each other."""
    return max(one[1] - other[3], other[1] - one[3])


def _is_beside_prose(page: _Page, row: Box, area: Box) -> bool:
    """Return whether a row stands right above or below prose beside an area, as headings and ends of paragraphs do."""
    beside = (one for one in page.prose_areas if one[0] >= area[2] or one[2] <= area[0])
    near = _NEAR_PROSE * page.body
    return any(overlap_across(row, one) and _gap(row, one) <= near for one in beside)


def _without_headings(page: _Page, chart: Sequence[int], text: Box) -> list[int]:
    """Return a chart's rows without the last ones, if these are as high as the text behind them, and nearer to it."""
    rest = [*chart]
    while len(rest) > 1:
        row = page.rows[rest[-1]]
        is_near = _gap(row.box, text) < _gap(row.box, page.area(rest[:-1]))
        if not is_near or row.height < _MIN_HEADING * page.body:
            break
        rest.pop()
    return rest


def _is_within(chart: Box, area: Box) -> bool:
    """Return whether most of a chart is in an area."""
    width, height = (min(chart[at + 2], area[at + 2]) - max(chart[at], area[at]) for at in (0, 1))
    size = (chart[2] - chart[0]) * (chart[3] - chart[1])
    return min(width, height) > 0 and width * height > _SAME * size


def _is_label(row: Row, body: float) -> bool:
    tokens = row.text.split()
    sizes = [len(token) + sum(map(is_wide, token)) for token in tokens]
    return row.height <= _MAX_SMALL * body or median(sizes) <= _MAX_LABEL / 2 or sum(sizes) <= _MAX_LABEL


def _is_number(row: Row) -> bool:
    return not any(map(str.isalpha, row.text))


def _is_text(row: Row, body: float) -> bool:
    """Return whether a row is prose by itself, a title, or says where a chart's figures are from; a unit is none."""
    if (
        is_sideways(row)
        or _UNIT.match(row.text)
        or sum(map(str.isalpha, row.text)) <= 2 * sum(map(str.isdigit, row.text))
    ):
        return False
    is_title = row.height >= _MIN_TITLE * body
    return is_title or "：" in row.text or ":" in row.text or reads_as_prose(row.text)
