"""Characters that the detector sees one by one because they run downwards: numbers stamped along a page's edge.

Each alone would be read as if it stood upright. Together they are a line that runs downwards.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.transform import box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.lines.detection import Corners

    type Boxes = NDArray[np.float64]

_MIN_PARTS = 4
# In widths of a part, which are the height of the line.
_MAX_LENGTH = 2.5  # of a part: more than one or two characters
_MIN_LENGTH = 0.4
_MAX_OFF, _MAX_UNEVEN = 0.3, 0.5  # between the middles and between the widths of two that follow each other
_MAX_OVERLAP, _MAX_GAP = 0.5, 0.8  # between two that follow each other; rectangles are larger than characters


def find_stacks(parts: Sequence["Corners"]) -> list[tuple[list[int], "Corners"]]:
    """Return the indices of parts that follow each other downwards, and the corners around them."""
    import numpy as np

    if len(parts) < _MIN_PARTS:
        return []
    corners = np.stack(parts).astype(float)
    boxes = np.concatenate([corners.min(1), corners.max(1)], 1)
    stacks = (stack for stack in _chains(boxes) if len(stack) >= _MIN_PARTS)
    return [(stack, _around(boxes[stack])) for stack in stacks]


def _chains(boxes: "Boxes") -> list[list[int]]:
    """Return parts that follow each other; each belongs to one chain at most."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    order = [
        index
        for index in boxes[:, 1].argsort().tolist()
        if _MIN_LENGTH * width[index] <= height[index] <= _MAX_LENGTH * width[index]
    ]
    chains: list[list[int]] = []
    open_chains: list[list[int]] = []
    for index in order:
        open_chains = [chain for chain in open_chains if boxes[index, 1] - boxes[chain[-1], 3] <= _reach(boxes, chain)]
        chain = next((chain for chain in open_chains if _follows(boxes[chain[-1]], boxes[index])), None)
        if chain is None:
            chain = []
            chains.append(chain)
            open_chains.append(chain)
        chain.append(index)
    return chains


def _reach(boxes: "Boxes", chain: Sequence[int]) -> float:
    return _MAX_GAP * float(boxes[chain[-1], 2] - boxes[chain[-1], 0])


def _follows(above: "Boxes", below: "Boxes") -> bool:
    width, other = float(above[2] - above[0]), float(below[2] - below[0])
    off = abs(float(above[0] + above[2] - below[0] - below[2])) / 2
    gap = float(below[1] - above[3])
    wider = max(width, other)
    return (
        off <= _MAX_OFF * wider
        and abs(width - other) <= _MAX_UNEVEN * wider
        and -_MAX_OVERLAP * wider <= gap <= (_MAX_GAP * wider)
    )


def _around(boxes: "Boxes") -> "Corners":
    import numpy as np

    left, top = boxes[:, :2].min(0).tolist()
    right, bottom = boxes[:, 2:].max(0).tolist()
    return np.array(box(left, top, right, bottom), np.float32)
