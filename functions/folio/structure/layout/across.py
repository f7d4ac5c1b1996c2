"""Where charts, tables and headlines whose lines run across stand among columns of text that run downwards.

A page of Chinese or Japanese columns is read tier by tier, each from right to left. What stands across it closes no
gutter between tiers, so they are ordered without it. It belongs before the first tier that begins below its top, with
what stands right below it at the head of the same tier; where tiers end at it on the left, after the last one that
does.
"""

import re
from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct

from folio.models import Block, Line
from folio.structure.layout.frame import Frame
from folio.text.spacing import is_wide
from folio.transform import Box, bounds_of, overlap

_MAX_GAP = 0.02  # of the height of all, between parts of what stands across together: a chart and its caption
_MAX_CHART_GAP = 0.25  # the same within a chart that begins with its caption, where nothing runs downwards
_MIN_HEADLINE = 0.8  # of the width of all, of what stands above all of it
_MIN_BESIDE = 0.5  # of a tier's height, that stands beside a chart
_LAST_START = 0.75  # of a chart's height, above which the last tier beside it begins
_MIN_BEFORE = 0.9  # of the tiers beside a chart, that end at it: what was read in the chart itself does not
_LEVEL = 0.1  # of most tiers' height, by which one begins above what stands at its head, on the right
_SAME_TIER = 0.25  # of the height of the lower of two parts, by which those of one tier begin apart at most
_MIN_AT_HEAD = 0.2  # of a tier's height, beside which a second table at its head stands
_MIN_CHARACTERS = 3  # of what is no speck
_MIN_LINES = 3  # of a tier that tells where the page's head ends

# A caption, of which the character for a picture or a table was misread.
_NUMBERED = re.compile(r"[【［〔\[（(].{0,2}\d")


class _Part(Struct, frozen=True):
    """A block and where it stands in the frame in which lines run across the tiers' columns."""

    block: Block
    area: Box

    @property
    def is_caption(self) -> bool:
        return self.block.kind == "caption" or _NUMBERED.match(self.block.text) is not None


def inserted(downwards: Sequence[Block], across: Sequence[Block], lines: Sequence[Line], frame: Frame) -> list[Block]:
    """Return the blocks of a page in order; both kinds are in their own order already, in `frame` lines run across.

    `lines` are the page's.
    """
    indexes = [index for block in downwards for index in block.lines]
    columns = {index for index in indexes if _is_column(lines[index].text)} or {*indexes}
    tiers = {
        index: _place(block, lines, frame)
        for index, block in enumerate(downwards)
        if not block.lines or not columns.isdisjoint(block.lines)
    }
    large = [tier for index, tier in tiers.items() if len(downwards[index].lines) >= _MIN_LINES]
    head = min((tier[0] for tier in large or tiers.values()), default=0.0)
    parts = [_Part(block, _place(block, lines, frame)) for block in across]
    placed: list[tuple[int, Box, list[Block]]] = []
    for cluster in _clusters(parts, head, [frame.box(lines[index].polygon) for index in columns]):
        around = bounds_of(part.area for part in _readable(cluster))
        stacked = (at for at, above, _ in placed[::-1] if _is_stacked(above, around, tiers.get(at)))
        index = next(stacked, None)
        placed.append((_index(around, tiers) if index is None else index, around, [part.block for part in cluster]))
    blocks = list(downwards)
    for index, _, cluster_blocks in sorted(placed, key=lambda one: one[0])[::-1]:
        blocks[index:index] = cluster_blocks
    return blocks


def _readable(cluster: Sequence[_Part]) -> Sequence[_Part]:
    """Return the parts that are no specks, if there are any: these tell where the cluster stands."""
    return [part for part in cluster if sum(map(str.isalnum, part.block.text)) >= _MIN_CHARACTERS] or cluster


def _is_column(text: str) -> bool:
    """Return whether a line is one of columns: specks of a chart or a table are read as a character or two."""
    return sum(map(is_wide, text)) >= _MIN_CHARACTERS


def _place(block: Block, lines: Sequence[Line], frame: Frame) -> Box:
    """Return where a block stands in a frame: where its lines do, for a box around them on a leaning page is larger."""
    if not block.lines:
        return frame.box(block.polygon)
    return bounds_of(frame.box(lines[index].polygon) for index in block.lines)


def _is_stacked(above: Box, around: Box, tier: Box | None) -> bool:
    """Return whether an area stands below another one, both at the head of the tier before which that one is read."""
    if tier is None or around[0] < (above[0] + above[2]) / 2 or not _are_over(above, around):
        return False
    beside = min(around[2], tier[2]) - max(around[0], tier[0])
    return tier[0] < around[0] and tier[1] > around[1] and beside >= _MIN_AT_HEAD * (tier[2] - tier[0])


def _are_over(one: Box, other: Box) -> bool:
    """Return whether of two areas one stands above the other on the page."""
    return one[1] < other[3] and other[1] < one[3]


def _index(around: Box, tiers: Mapping[int, Box]) -> int:
    """Return the index of the block before which the text of an area stands; `tiers` are by index, in a frame too."""
    start, near, end, _ = around
    beside = [
        (index, tier)
        for index, tier in tiers.items()
        if min(end, tier[2]) - max(start, tier[0]) >= _MIN_BESIDE * (tier[2] - tier[0])
        and tier[0] < start + _LAST_START * (end - start)
    ]
    before = [(index, _size(tier)) for index, tier in beside if (tier[1] + tier[3]) / 2 < near]
    if beside and sum(size for _, size in before) >= _MIN_BEFORE * sum(_size(tier) for _, tier in beside):
        return before[-1][0] + 1
    level = _LEVEL * median([tier[2] - tier[0] for tier in tiers.values()] or [0.0])
    last: Box | None = None
    for index, tier in tiers.items():
        begins = tier[0] + (level if tier[1] > near else 0.0)
        if begins > start and not (last and _goes_on(last, tier)):
            return index
        last = tier
    return max(tiers, default=-1) + 1


def _goes_on(before: Box, tier: Box) -> bool:
    """Return whether a part of a tier stands on the left of the one before it: nothing is read between them."""
    lower, higher = sorted((before[2] - before[0], tier[2] - tier[0]))
    beside = min(before[2], tier[2]) - max(before[0], tier[0])
    is_level = abs(tier[0] - before[0]) <= _SAME_TIER * lower or beside >= _MIN_BESIDE * higher
    return tier[1] > before[1] and is_level


def _size(tier: Box) -> float:
    return (tier[2] - tier[0]) * (tier[3] - tier[1])


def _clusters(parts: Sequence[_Part], head: float, columns: Sequence[Box]) -> list[list[_Part]]:
    """Return what stands across below each other with little white space between, or within one chart, together.

    What is as wide as a headline is alone, what stands above all tiers is no part of what stands among them, and where
    captions stand above charts, each begins with its own. What stands near several is one with them: a note below an
    axis that ends beside its caption. `head` is where the tiers begin, `columns` are the boxes of
    lines that run downwards.
    """
    top, left, bottom, right = bounds_of([*columns, *(part.area for part in parts)])
    headline = _MIN_HEADLINE * (right - left)

    def is_one(part: _Part, cluster: Sequence[_Part]) -> bool:
        return any(
            max(_width(part.area), _width(other.area)) < headline
            and (_middle(part.area) < head) == (_middle(other.area) < head)
            and _belong(part, other, cluster[0], bottom - top, columns)
            for other in cluster
        )

    clusters: list[list[_Part]] = []
    for part in parts:
        have_captions = any(cluster[0].is_caption for cluster in clusters)
        near = [] if part.is_caption and have_captions else [one for one in clusters if is_one(part, one)]
        captioned = [one for one in near if one[0].is_caption][-1:]
        joined = [*captioned, *(one for one in near if not one[0].is_caption)]
        clusters = [one for one in clusters if not any(one is other for other in joined)]
        clusters.append([*(other for one in joined for other in one), part])
    return clusters


def _belong(part: _Part, other: _Part, first: _Part, height: float, columns: Sequence[Box]) -> bool:
    """Return whether two parts stand near each other, or both in the chart below a caption that is the first one."""
    one, two = part.area, other.area
    if not _are_over(one, two):
        return False
    upper, lower = sorted((one, two))
    gap = lower[0] - upper[2]
    if gap <= _MAX_GAP * height:
        return True
    between = upper[2], max(one[1], two[1]), lower[0], min(one[3], two[3])
    is_chart = first.is_caption and first.block.kind != "table" and part.block.kind != "table"
    return is_chart and gap <= _MAX_CHART_GAP * height and not any(overlap(between, column) for column in columns)


def _middle(area: Box) -> float:
    return (area[0] + area[2]) / 2


def _width(area: Box) -> float:
    return area[3] - area[1]
