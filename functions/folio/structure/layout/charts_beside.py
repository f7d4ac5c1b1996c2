"""Charts beside each other across other columns than those of the text above or below them: they are read together.

Two charts over three columns close one of their gutters, and leave another one open by chance. So the charts, with
their captions and sources, stand in the page's order as one, and within it each chart with its own.
"""

from collections.abc import Iterator, Sequence

from folio.structure.layout.frame import Row
from folio.structure.layout.kinds import is_caption
from folio.structure.layout.prose_rows import goes_on, stacks
from folio.text.reading_order import reading_order
from folio.transform import Box, bounds_of, overlap, overlap_across

_SAME_LEVEL = 0.5  # of the lower chart's height, that two share
# In heights of the text.
_MIN_ACROSS = 1.5  # of a chart on either column beside a gutter that it closes
_REACH = 40.0  # to the columns above and below
_MAX_GAP = 1.5  # of white space between a chart, its caption and its source
_MAX_SMALL = 0.95  # of a source
_PROSE = "text " * 20  # how a table or a figure counts among lines: as something that fills its column

type Members = list[int]


def charts_beside(figures: Sequence[Box], rows: Sequence[Row], body: float) -> list[list[Members]]:
    """Return charts that stand beside each other across a gutter of prose, each with what belongs to it, downwards.

    Indexes below the number of `rows` are of these, which are no lettering, the others of `figures`. `body` is the
    height of the page's text.
    """
    levels = [level for level in _levels(figures) if len(level) > 1]
    if not levels:
        return []
    order = sorted(range(len(rows)), key=lambda index: rows[index].box[1])
    prose = [stack for stack in stacks([rows[index] for index in order]) if not is_caption(stack[0].text)]
    read = {row.lines for stack in prose for row in stack}
    areas = [bounds_of(row.box for row in stack) for stack in prose]
    others = [index for index in order if rows[index].lines not in read]
    result = []
    for level in levels:
        around = bounds_of(figures[index] for index in level)
        near = [area for area in areas if max(area[1] - around[3], around[1] - area[3]) < _REACH * body]
        is_across = any(_closes_gutter(figures[index], near, body) for index in level)
        if is_across and not any(overlap(around, area) for area in near):
            parts = {index: [len(rows) + index] for index in level}
            for at in _beside(around, rows, others, body):
                parts[min(level, key=lambda index: _distance(figures[index], rows[at].box))].append(at)
            every = [row.box for row in rows] + [*figures]
            result.append([sorted(part, key=lambda item: every[item][1]) for part in parts.values()])
    return result


def ordered(rows: Sequence[Row], areas: Sequence[Box], beside: Sequence[Sequence[Members]]) -> list[list[list[int]]]:
    """Return blocks of rows of indexes as `reading_order` does, of `rows` and beyond them of `areas`.

    `beside` are charts that stand beside each other; these are read one after the other.
    """
    boxes, texts = [row.box for row in rows] + [*areas], [row.text for row in rows] + [_PROSE] * len(areas)
    inside = {item for parts in beside for part in parts for item in part}
    rest = [item for item in range(len(boxes)) if item not in inside]
    around = [bounds_of(boxes[item] for part in parts for item in part) for parts in beside]
    texts = [texts[item] for item in rest] + [_PROSE] * len(around)
    order = reading_order([boxes[item] for item in rest] + around, texts)
    return [one for block in order for one in _expanded(block, rest, beside)]


def _expanded(
    block: Sequence[Sequence[int]], rest: Sequence[int], beside: Sequence[Sequence[Members]]
) -> Iterator[list[list[int]]]:
    """Yield a block by the items' indexes, parted where charts stand in it."""
    rows: list[list[int]] = []
    for row in block:
        rows += [items] if (items := [rest[at] for at in row if at < len(rest)]) else []
        for parts in (beside[at - len(rest)] for at in row if at >= len(rest)):
            yield from ([rows] if rows else [])
            yield from ([[item] for item in part] for part in parts)
            rows = []
    if rows:
        yield rows


def _levels(figures: Sequence[Box]) -> list[list[int]]:
    """Return figures that stand beside each other, from left to right."""
    levels: list[list[int]] = []
    for index in sorted(range(len(figures)), key=lambda index: figures[index]):
        level = next((one for one in levels if all(_is_beside(figures[other], figures[index]) for other in one)), None)
        if level is None:
            levels.append([index])
        else:
            level.append(index)
    return levels


def _is_beside(one: Box, other: Box) -> bool:
    """Return whether a figure stands on the right of another one."""
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return one[2] <= other[0] and shared >= _SAME_LEVEL * min(one[3] - one[1], other[3] - other[1])


def _closes_gutter(figure: Box, prose: Sequence[Box], body: float) -> bool:
    """Return whether a figure stands over two columns of prose beside each other."""
    reach = _MIN_ACROSS * body
    before = [one for one in prose if figure[0] + reach < one[2]]
    after = [one for one in prose if figure[2] - reach > one[0]]
    return any(
        one[2] <= two[0] and one[1] < two[3] and two[1] < one[3] and one[2] > figure[0] and two[0] < figure[2]
        for one in before
        for two in after
    )


def _beside(around: Box, rows: Sequence[Row], others: Sequence[int], body: float) -> list[int]:
    """Return the rows between charts, of their captions, and small ones above and below them."""
    inside: list[int] = []
    rest = [at for at in others if overlap_across(rows[at].box, around)]
    while True:
        near = [
            at
            for at in rest
            if max(rows[at].box[1] - around[3], around[1] - rows[at].box[3]) <= _MAX_GAP * body
            and _belongs(rows[at], around, [rows[index] for index in inside], body)
        ]
        if not near:
            return inside
        inside += near
        rest = [at for at in rest if at not in near]
        around = bounds_of([around, *(rows[at].box for at in near)])


def _belongs(row: Row, around: Box, inside: Sequence[Row], body: float) -> bool:
    if row.box[1] < around[3] and around[1] < row.box[3]:
        return True
    goes_with = any(is_caption(one.text) and goes_on(one, row) for one in inside)
    return goes_with or is_caption(row.text) or row.height < _MAX_SMALL * body


def _distance(figure: Box, row: Box) -> tuple[float, float]:
    """Return how far a row is aside from a figure, and from its middle."""
    return max(row[0] - figure[2], figure[0] - row[2], 0.0), abs(row[0] + row[2] - figure[0] - figure[2])
