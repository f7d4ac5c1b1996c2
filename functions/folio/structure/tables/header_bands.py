"""A header whose names take several lines: the rows between two lines that run across a table, at its head.

The lines of a name stand at other heights than those of the name beside it, so that rows say nothing of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from folio.structure.tables.columns import Cells
from folio.structure.tables.rules import Rule, covered
from folio.structure.tables.tokens import Band, Segment, is_figure, left_of, right_of, text_of
from folio.text.joining import is_divided

# In heights of the text.
_SAME_LINE = 0.8  # between parts of one line across, on a page that is not quite flat
_MAX_ABOVE = 3.0  # from the line above a header to the middle of its first row
_MAX_PITCH = 1.2  # of white space between two of its rows
_MIN_ACROSS = 0.8  # of the rows' width, that the lines above and below them cover
_MIN_ROWS, _MAX_ROWS = 2, 12  # of lines that stand at other heights in each column
_MIN_GOING_ON = 0.5  # of the pieces below another one, that go on with it


def header_band(bands: Sequence[Band], level: Sequence[Rule], height: float, before: Band | None = None) -> int:
    """Return how many rows at the head of a table are its header by the lines around them; 0 if nobody can tell.

    `before` is the row above them, if there is one: the upper line stands below it.
    """
    if len(bands) <= _MIN_ROWS:
        return 0
    first, last = bands[0].middle, bands[min(_MAX_ROWS, len(bands) - 1)].middle
    highest = max(first - _MAX_ABOVE * height, before.middle if before else float("-inf"))
    near = [rule for rule in level if highest <= rule.at <= last]
    if not any(rule.at < first for rule in near):
        return 0
    for count in range(_MIN_ROWS, min(_MAX_ROWS, len(bands) - 1) + 1):
        head, after = bands[:count], bands[count]
        lines = _lines_across(near, head, height)
        if any(first < at < head[-1].middle for at in lines):
            return 0
        if any(head[-1].middle < at < after.middle for at in lines):
            return count if lines[0] < first and _is_of_names(head, height) else 0
    return 0


def with_headers(blocks: Iterable[list[Band]], level: Sequence[Rule], height: float, gap: float) -> list[list[Band]]:
    """Return blocks of rows, each header with the rows below the line under it, which may be up to `gap` lower."""
    joined: list[list[Band]] = []
    for block in blocks:
        above = joined[-1] if joined and block[0].top - joined[-1][-1].bottom <= gap else []
        first = max(0, len(above) - _MAX_ROWS)
        tried = (at for at in range(first, len(above)) if _begins_header(at, above, block, level, height))
        start = next(tried, len(above))
        joined[len(joined) - bool(above) :] = [above[:start]] if start else []
        joined += _parted([*above[start:], *block], level, height)
    return joined


def _begins_header(at: int, above: list[Band], block: list[Band], level: Sequence[Rule], height: float) -> bool:
    """Return whether the rows of a block from an index on are the header of the block below."""
    before = above[at - 1] if at else None
    return header_band([*above[at:], *block[: _MAX_ROWS + 1]], level, height, before) == len(above) - at


def _parted(block: list[Band], level: Sequence[Rule], height: float) -> Iterator[list[Band]]:
    """Yield a block's parts, of which all but the first begin with a header."""
    begin = 0
    for start in range(1, len(block)):
        if header_band(block[start : start + _MAX_ROWS + 1], level, height, block[start - 1]):
            yield block[begin:start]
            begin = start
    yield block[begin:]


def names_in(head: Sequence[Band], columns: int) -> Cells | None:
    """Return the names of a header by their own edges, None if there are not as many as columns."""
    names: list[tuple[float, Segment]] = []  # where one ends, and its words
    for segment in sorted((segment for band in head for segment in band.row), key=left_of):
        if names and left_of(segment) < names[-1][0]:
            end, words = names[-1]
            names[-1] = max(end, right_of(segment)), [*words, *segment]
        else:
            names.append((right_of(segment), segment))
    return {(index, index): words for index, (_, words) in enumerate(names)} if len(names) == columns else None


def _lines_across(level: Sequence[Rule], bands: Sequence[Band], height: float) -> list[float]:
    """Return the heights at which level lines, or parts of one, cover most of what rows do."""
    left, right = min(left_of(band.tokens) for band in bands), max(right_of(band.tokens) for band in bands)
    groups: list[list[Rule]] = []
    for rule in sorted(level, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][-1].at <= _SAME_LINE * height:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    least = _MIN_ACROSS * (right - left)
    across = (group for group in groups if covered(group, left, right) >= least)
    return [max(group, key=lambda rule: rule.end - rule.start).at for group in across]


def _is_of_names(head: Sequence[Band], height: float) -> bool:
    """Return whether rows are the lines of names without figures, most of which go on in the next one."""
    if any(is_figure(text_of(segment)) for band in head for segment in band.row):
        return False
    if any(after.top - before.bottom > _MAX_PITCH * height for before, after in pairwise(head)):
        return False
    pairs = [*_pairs(head)]
    return bool(pairs) and sum(map(_goes_on, pairs)) >= _MIN_GOING_ON * len(pairs)


def _pairs(head: Sequence[Band]) -> Iterator[tuple[str, str]]:
    """Yield the texts of pieces that stand below each other, one right below the other."""
    for index, band in enumerate(head):
        for segment in band.row:
            above = (other for before in head[:index][::-1] for other in before.row if _are_over(other, segment))
            if (one := next(above, None)) is not None:
                yield text_of(one), text_of(segment)


def _are_over(one: Segment, other: Segment) -> bool:
    return left_of(one) < right_of(other) and left_of(other) < right_of(one)


def _goes_on(pair: tuple[str, str]) -> bool:
    before, after = pair
    return is_divided(before, after) or before.endswith((",", "-", "，", "、")) or after[:1].islower()
