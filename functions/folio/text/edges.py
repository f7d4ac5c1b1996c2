"""Edges of columns made even: boxes around read lines reach a little beyond their ink, into narrow gutters.

One box that ends too far closes the white space between two columns, and their lines are taken for rows.
"""

from collections.abc import Sequence
from statistics import median

from folio.transform import Box

# In heights of a line (the median of the boxes).
_REACH = 4.0  # above and below a box, of those that tell where its column's edge is
_MAX_BEYOND = 0.8  # by which a box reaches beyond that edge; more is a line that goes on
_MIN_NEIGHBORS, _MAX_NEIGHBORS = 3, 4  # that tell; above and below each
_MAX_LOOK = 30  # boxes above and below, among which these are


def with_even_edges(boxes: Sequence[Box]) -> list[Box]:
    """Return the boxes, those cut that reach beyond the edge of the column in which they stand.

    `boxes` (left, top, right, bottom; any unit, y downwards) are upright, and so are their columns.
    """
    height = median([bottom - top for _, top, _, bottom in boxes] or [0.0])
    order = sorted(range(len(boxes)), key=lambda index: boxes[index][1])
    even = list(boxes)
    for at, index in enumerate(order):
        near = _near(boxes, order, at, _REACH * height)
        left, top, right, bottom = boxes[index]
        left = max(left, _edge([box[0] for box in near], left, _MAX_BEYOND * height))
        right = min(right, -_edge([-box[2] for box in near], -right, _MAX_BEYOND * height))
        if right - left > 0:
            even[index] = left, top, right, bottom
    return even


def _near(boxes: Sequence[Box], order: Sequence[int], at: int, reach: float) -> list[Box]:
    """Return what stands above or below a box, nearby."""
    left, top, right, bottom = boxes[order[at]]
    near: list[Box] = []
    for side in (order[max(0, at - _MAX_LOOK) : at][::-1], order[at + 1 : at + 1 + _MAX_LOOK]):
        count = 0
        for index in side:
            box = boxes[index]
            if count == _MAX_NEIGHBORS or box[1] < top - reach or box[1] > bottom + reach:
                break
            if box[0] < right and box[2] > left:
                near.append(box)
                count += 1
    return near


def _edge(edges: Sequence[float], side: float, beyond: float) -> float:
    """Return where the edge is that a box reaches beyond, that side if nobody tells."""
    near = [edge for edge in edges if abs(edge - side) <= beyond]
    return median(near) if len(near) >= _MIN_NEIGHBORS else side
