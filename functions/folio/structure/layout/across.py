"""Where charts, tables and headlines whose lines run across stand among columns of text that run downwards.

A page of Chinese or Japanese columns is read tier by tier. What stands across it belongs before the first tier that
begins below: it closes no gutter between tiers, so they are ordered without it.
"""

from collections.abc import Sequence

from folio.models import Block
from folio.structure.layout.frame import Frame
from folio.transform import Box, bounds

_MAX_GAP = 0.02  # of the height of all, between parts of what stands across together: a chart and its caption


def inserted(downwards: Sequence[Block], across: Sequence[Block], frame: Frame) -> list[Block]:
    """Return the blocks of a page in order; both kinds are in their own order already, in `frame` lines run across."""
    blocks, boxes = list(downwards), [frame.box(block.polygon) for block in downwards]
    _, top, _, bottom = bounds(*(block.polygon for block in (*downwards, *across)))
    for cluster in _clusters(across, _MAX_GAP * (bottom - top))[::-1]:
        start = min(frame.box(block.polygon)[0] for block in cluster)
        index = next((index for index, tier in enumerate(boxes) if tier[0] > start), len(boxes))
        blocks[index:index] = cluster
        boxes[index:index] = [(start, *frame.box(block.polygon)[1:]) for block in cluster]
    return blocks


def _clusters(blocks: Sequence[Block], gap: float) -> list[list[Block]]:
    """Return blocks that stand below each other with little white space between, together."""
    clusters: list[list[Block]] = []
    for block in blocks:
        if clusters and any(_are_near(bounds(block.polygon), bounds(other.polygon), gap) for other in clusters[-1]):
            clusters[-1].append(block)
        else:
            clusters.append([block])
    return clusters


def _are_near(one: Box, other: Box, gap: float) -> bool:
    is_beside = one[0] < other[2] and other[0] < one[2]
    return is_beside and one[1] - other[3] <= gap and other[1] - one[3] <= gap
