"""Lines that were found across a narrow gutter, divided there: the detector joins what stands close.

A line is divided in a wide gap of its words where lines above and below it end and others begin. What is one row in
spite of that is joined again when the page is put in order.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

from folio.models import Line, Word, weighted_mean
from folio.text.spacing import join
from folio.transform import Box, bounds_of

# In heights of a line, the median of the page's.
_MIN_GAP, _MIN_CLEAR_GAP = 0.6, 0.35  # as wide as a gutter is to be; where the edges of columns are near to it
_MIN_RATIO = 2.0  # of a gap to the line's usual one: a heading's words are far from each other all along
_RULES, _MAX_RULE = ("一", "ー", "―", "—", "-", "丨", "|", "｜"), 0.35  # what a rule is read as; how thick it is
_REACH = 6.0  # above and below a line, of those that tell whether there is a gutter
_RAGGED, _MAX_NARROW_RAGGED = 1.5, 0.7  # by which lines of a column begin or end apart from its edge
_MIN_LINES = 2  # that end at a gutter, and that begin there; for each one that goes on across it so many more
_MIN_ONE_SIDED = 3  # of either, above a line or below it, where none goes on across
_MAX_HIGH = 1.4  # of a line that is divided at a narrow gutter: a headline stands across columns
_MIN_SURE, _MIN_SURE_GAP = 4, 0.2  # of both, to tell the same of a gap that is hardly more than the line's others

type _Gap = tuple[float, float]
type _Other = tuple[Box, Sequence[_Gap]]  # a line near, with its wide gaps


def divided(lines: Sequence[Line], boxes: Sequence[Sequence[Box]]) -> Iterator[Line]:
    """Yield the lines, or their parts; `boxes` are those of each line's words, upright as the page lies straight."""
    around = [bounds_of(words) for words in boxes]
    height = median([bottom - top for _, top, _, bottom in around] or [0.0])
    gaps = [_gaps(line, words, height) for line, words in zip(lines, boxes, strict=True)]
    wide = [_wide_gaps([gap for _, _, gap in one], _MIN_GAP * height) for one in gaps]
    rights = sorted(right for _, _, right, _ in around)
    for index, line in enumerate(lines):
        possible = [gap for gap in gaps[index] if _has_end(gap[2], rights, _RAGGED * height)]
        if not possible:
            yield line
            continue
        high = median(box[3] - box[1] for box in boxes[index])
        near = [number for number in range(len(lines)) if number != index]
        others = [(around[number], wide[number]) for number in near if _is_near(around[index], around[number], height)]
        middle = (around[index][1] + around[index][3]) / 2
        sides = [[other for other in others if _is_above(other[0], middle) is side] for side in (True, False)]
        within = [gap for _, _, gap in gaps[index]]
        cuts = [0]
        for end, start, gap in possible:
            is_wide = gap in wide[index] and _is_gutter(gap, sides, height)
            is_narrow = high <= _MAX_HIGH * height and _is_narrow_gutter(
                gap, sides, height, _needed(gap, within, height)
            )
            if is_wide or is_narrow:
                cuts += [end, start]
        cuts.append(len(line.words))
        parts = zip(cuts[::2], cuts[1::2], strict=True)
        yield from [line] if len(cuts) == 2 else (_part(line, *part) for part in parts)


def _gaps(line: Line, words: Sequence[Box], height: float) -> list[tuple[int, int, _Gap]]:
    """Return the gaps between words: the index at which the words before end, at which those after start, and where."""
    indexes = [at for at, both in enumerate(zip(line.words, words, strict=True)) if not _is_rule(*both, height)]
    return [(before + 1, after, (words[before][2], words[after][0])) for before, after in pairwise(indexes)]


def _has_end(gap: _Gap, rights: Sequence[float], ragged: float) -> bool:
    """Return whether any line of the page ends near a gap; `rights` are sorted. Most gaps have none."""
    first = bisect_left(rights, gap[0] - ragged)
    return first < len(rights) and rights[first] <= gap[1] + ragged


def _is_rule(word: Word, box: Box, height: float) -> bool:
    """Return whether a word is a rule that a line of text runs across, as between the tiers of a newspaper."""
    return word.text in _RULES and box[2] - box[0] < _MAX_RULE * height


def _wide_gaps(gaps: Sequence[_Gap], least: float) -> list[_Gap]:
    """Return those of a line's gaps between words that are wide for it."""
    usual = median([end - start for start, end in gaps] or [0.0])
    return [(start, end) for start, end in gaps if end - start >= max(least, _MIN_RATIO * usual)]


def _is_near(box: Box, other: Box, height: float) -> bool:
    return other[1] <= box[3] + _REACH * height and other[3] >= box[1] - _REACH * height


def _is_above(box: Box, middle: float) -> bool:
    return (box[1] + box[3]) / 2 < middle


def _is_gutter(gap: _Gap, sides: Sequence[Sequence[_Other]], height: float) -> bool:
    """Return whether lines end and begin at a gap, and fewer go on across it that have no gap there.

    `sides` are the lines above and those below: a headline may stand across the first lines of columns.
    """
    above, below = (_Count.of(gap, others, _RAGGED * height) for others in sides)
    if any(side.is_open(_MIN_LINES) for side in (above, below)):
        return True
    both = min(above.ending + below.ending, above.beginning + below.beginning)
    return both >= max(_MIN_LINES, _MIN_LINES * (above.across + below.across))


def _needed(gap: _Gap, gaps: Sequence[_Gap], height: float) -> int | None:
    """Return how many lines are to end and to begin at a gap on one side, if it is one of the line's wider `gaps`."""
    if gap in _wide_gaps(gaps, _MIN_CLEAR_GAP * height):
        return _MIN_LINES
    return _MIN_SURE if gap in _wide_gaps(gaps, _MIN_SURE_GAP * height) else None


def _is_narrow_gutter(gap: _Gap, sides: Sequence[Sequence[_Other]], height: float, needed: int | None) -> bool:
    """Return whether columns are above and below a gap, which a reader may have seen as a blank, or not at all.

    If it is clearly one of the line's wider ones, above or below is enough, where so many lines as `needed` tell.
    """
    start, end = gap
    slack = _MAX_NARROW_RAGGED * height / 2
    widened = min(start, end) - slack, max(start, end) + slack
    counts = [_Count.of(widened, [(other, ()) for other, _ in others], slack) for others in sides]
    if needed and any(side.is_open(needed) for side in counts):
        return True
    return all(side.least >= max(_MIN_LINES, _MIN_LINES * side.across) for side in counts)


class _Count(Struct, frozen=True):
    """How many lines end at a gap, begin at it, and go on across it without a gap there."""

    ending: int
    beginning: int
    across: int

    @property
    def least(self) -> int:
        return min(self.ending, self.beginning)

    def is_open(self, needed: int) -> bool:
        """Return whether columns are on this side alone: of one of them lines may end early."""
        return self.least >= needed and max(self.ending, self.beginning) >= _MIN_ONE_SIDED and not self.across

    @classmethod
    def of(cls, gap: _Gap, others: Sequence[_Other], ragged: float) -> "_Count":
        start, end = gap
        ending = beginning = across = 0
        for (left, _, right, _), gaps in others:
            ending += start - ragged <= right < end
            beginning += start < left <= end + ragged
            has_gap = any(first < end and last > start for first, last in gaps)
            across += left < start - ragged and right > end + ragged and not has_gap
        return cls(ending, beginning, across)


def _part(line: Line, start: int, end: int) -> Line:
    """Return some words of a line as one; its polygon is from the first to the last of them."""
    words = line.words[start:end]
    first, last = words[0].polygon, words[-1].polygon
    confidence = weighted_mean((word.confidence, len(word.text)) for word in words)
    return Line(join(words), confidence, (first[0], last[1], last[2], first[3]), words)
