"""Columns of prose above or below a table whose own columns go on in theirs: where the one ends and the other begins.

No line closes the gutter there, so that both are one band: the table's figures would have the prose read row by row, or
the prose would have the table read column by column.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from folio.text.bands import Span, bands_of
from folio.text.columns import Item, are_columns, is_prose, rows_of

_MIN_PROSE_LINES = 5  # of either column
_MIN_ROWS = 3  # of what is no prose
_MIN_WORDS = 3.0  # of a line of prose
_MAX_LAP = 0.25  # heights of a line, by which what is below one lies over it
_MIN_ALIKE = 0.5  # of the rows on one side of a gutter, that begin with a figure or do not


class _Cut(NamedTuple):
    prose: list[Item]
    rest: list[Item]
    is_below: bool  # the rest, below the prose


def parted_at_prose(band: list[Item], gutters: Sequence[Span], height: float) -> list[list[Item]]:
    """Return a band's items, sorted by their tops, in two parts from top to bottom; in one where it is all alike."""
    cuts = _cuts(band, height) if gutters else []
    for cut, table in zip(cuts, _between(cuts), strict=True):
        if any(_is_end(table, gutter, band, height) for gutter in gutters):
            return [cut.prose, cut.rest] if cut.is_below else [cut.rest, cut.prose]
    return [band]


def _between(cuts: Sequence[_Cut]) -> list[_Cut]:
    """Return cuts, of two above and below a table those that have the table alone for their rest."""
    if len(cuts) < 2:
        return [*cuts]
    prose = {item.index for cut in cuts for item in cut.prose}
    table = [item for item in cuts[0].rest if item.index not in prose]
    return [cut._replace(rest=table) for cut in cuts] if len(rows_of(table)) >= _MIN_ROWS else [*cuts]


def ends_of_prose(items: list[Item], height: float) -> list[float]:
    """Return where parts of a page begin that `parted_at_prose` tells apart, by their tops, from top to bottom."""
    tops: list[float] = []
    for band, gutters in bands_of(items, height):
        parts = parted_at_prose(band, gutters, height)
        if len(parts) > 1:
            tops += [*ends_of_prose(parts[0], height), min(item.top for item in parts[1])]
            tops += ends_of_prose(parts[1], height)
    return tops


def _cuts(band: list[Item], height: float) -> list[_Cut]:
    """Return how a band may be parted, with prose above and with prose below, as far as most lines have its words."""
    strips = _strips(band, height)
    scores = [sum(1 if _has_words(item) else -1 for item in strip) for strip in strips]
    cuts = []
    for is_below in (True, False):
        order = strips if is_below else strips[::-1]
        sums = [0, *accumulate(scores if is_below else scores[::-1])]
        count = sums.index(max(sums))
        prose, rest = ([item for strip in part for item in strip] for part in (order[:count], order[count:]))
        if prose and len(rows_of(sorted(rest, key=_place))) >= _MIN_ROWS:
            cuts.append(_Cut(sorted(prose, key=_place), sorted(rest, key=_place), is_below))
    return cuts


def _is_end(cut: _Cut, gutter: Span, band: list[Item], height: float) -> bool:
    """Return whether a gutter is between columns of prose, and not between what else the band has."""
    left, right = _columns(cut.prose, [gutter])
    if min(len(left), len(right)) < _MIN_PROSE_LINES or not (is_prose(left) and is_prose(right)):
        return False
    before, after = _columns(cut.rest, [gutter])
    if not before or not after or are_columns(before, after, height):
        return False
    left, right = _columns(band, [gutter])
    return _is_one_table(before, after) or not are_columns(left, right, height)


def _is_one_table(left: list[Item], right: list[Item]) -> bool:
    """Return whether rows go on across a gutter: of two tables beside each other, both begin with labels or figures."""
    before, after = ([row[0].is_figure for row in rows_of(side)] for side in (left, right))
    return sum(before) < _MIN_ALIKE * len(before) and sum(after) > _MIN_ALIKE * len(after)


def _columns(items: list[Item], gutters: Sequence[Span]) -> list[list[Item]]:
    edges = [float("-inf"), *(start for start, _ in gutters), float("inf")]
    return [[item for item in items if start <= item.left < end] for start, end in pairwise(edges)]


def _strips(items: list[Item], height: float) -> list[list[Item]]:
    """Return the items in strips between which white space goes across the band."""
    strips: list[list[Item]] = []
    bottom = float("-inf")
    for item in items:
        if item.top >= bottom - _MAX_LAP * height:
            strips.append([])
        strips[-1].append(item)
        bottom = max(bottom, item.bottom)
    return strips


def _has_words(item: Item) -> bool:
    """Return whether an item may be a line of prose; a cipher is as long as one."""
    return item.words >= _MIN_WORDS and not item.is_figure


def _place(item: Item) -> tuple[float, float]:
    return item.top, item.left
