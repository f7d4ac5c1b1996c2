"""Where charts, tables and headlines whose lines run across stand among columns of text that run downwards.

A page of Chinese or Japanese columns is read tier by tier, each from right to left. What stands across it closes no
gutter between tiers, so they are ordered without it. It belongs before the first tier that begins below its top; where
tiers end at it on the left, after the last one that does.
"""

from collections.abc import Iterable, Sequence

from folio.models import Block, Line
from folio.structure.layout.frame import Frame
from folio.transform import Box, bounds, box

_MAX_GAP = 0.02  # of the height of all, between parts of what stands across together: a chart and its caption
_MIN_HEADLINE = 0.8  # of the width of all, of what stands above all of it
_MIN_BESIDE = 0.5  # of a tier's height, that stands beside a chart
_LAST_START = 0.75  # of a chart's height, above which the last tier beside it begins
_MIN_BEFORE = 0.9  # of the tiers beside a chart, that end at it: what was read in the chart itself does not


def inserted(downwards: Sequence[Block], across: Sequence[Block], lines: Sequence[Line], frame: Frame) -> list[Block]:
    """Return the blocks of a page in order; both kinds are in their own order already, in `frame` lines run across.

    `lines` are the page's.
    """
    tiers = [_place(block, lines, frame) for block in downwards]
    left, top, right, bottom = bounds(*(block.polygon for block in (*downwards, *across)))
    blocks = list(downwards)
    clusters = [
        (_index(_around(_place(block, lines, frame) for block in cluster), tiers), cluster)
        for cluster in _clusters(across, _MAX_GAP * (bottom - top), _MIN_HEADLINE * (right - left))
    ]
    for index, cluster in sorted(clusters, key=lambda one: one[0])[::-1]:
        blocks[index:index] = cluster
    return blocks


def _place(block: Block, lines: Sequence[Line], frame: Frame) -> Box:
    """Return where a block stands in a frame: where its lines do, for a box around them on a leaning page is larger."""
    if not block.lines:
        return frame.box(block.polygon)
    return _around(frame.box(lines[index].polygon) for index in block.lines)


def _around(boxes: Iterable[Box]) -> Box:
    return bounds(*(box(*one) for one in boxes))


def _index(around: Box, tiers: Sequence[Box]) -> int:
    """Return the index of the tier before which the text of an area stands; both are in a frame."""
    start, near, end, _ = around
    beside = [
        (index, tier)
        for index, tier in enumerate(tiers)
        if min(end, tier[2]) - max(start, tier[0]) >= _MIN_BESIDE * (tier[2] - tier[0])
        and tier[0] < start + _LAST_START * (end - start)
    ]
    before = [(index, _size(tier)) for index, tier in beside if (tier[1] + tier[3]) / 2 < near]
    if beside and sum(size for _, size in before) >= _MIN_BEFORE * sum(_size(tier) for _, tier in beside):
        return before[-1][0] + 1
    return next((index for index, tier in enumerate(tiers) if tier[0] > start), len(tiers))


def _size(tier: Box) -> float:
    return (tier[2] - tier[0]) * (tier[3] - tier[1])


def _clusters(blocks: Sequence[Block], gap: float, headline: float) -> list[list[Block]]:
    """Return blocks that stand below each other with little white space between, together.

    What is as wide as a headline is alone, and where captions stand above charts, each begins with its own.
    """
    clusters: list[list[Block]] = []
    for block in blocks:
        here = bounds(block.polygon)
        near = (bounds(other.polygon) for other in (clusters[-1] if clusters else ()))
        is_next = bool(clusters) and block.kind == clusters[-1][0].kind == "caption"
        if not is_next and any(_are_near(here, other, gap) and _width(here, other) < headline for other in near):
            clusters[-1].append(block)
        else:
            clusters.append([block])
    return clusters


def _width(one: Box, other: Box) -> float:
    return max(one[2] - one[0], other[2] - other[0])


def _are_near(one: Box, other: Box, gap: float) -> bool:
    is_beside = one[0] < other[2] and other[0] < one[2]
    return is_beside and one[1] - other[3] <= gap and other[1] - one[3] <= gap
