"""Which way the lines of a page run: a newspaper's columns downwards, its charts and tables beside them across."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from folio.models import Line
from folio.outputs.base import is_written_down
from folio.text.spacing import is_wide
from folio.transform import Box, angle_of, bounds, quarter_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]

_MIN_LINES, _MIN_CHARACTERS = 4, 3  # of a direction besides the page's own; and of each of these lines

_DOWNWARDS = (None, 1)

type Direction = int | None  # quarters clockwise; None is downwards, character below character


def by_direction(lines: Sequence[Line], directions: Sequence[Direction] | None = None) -> list[list[int]]:
    """Return the indexes of lines that run as most of the text does, then those that run another way, group by group.

    A few lines that run otherwise stay with the others: they are a stamp, or labels in a margin or a table.
    `directions` are the lines', if not those that their polygons say.
    """
    groups: defaultdict[Direction, list[int]] = defaultdict(list)
    for index, direction in enumerate(directions or map(direction_of, lines)):
        groups[direction].append(index)
    ordered = sorted(groups.values(), key=lambda group: -sum(len(lines[index].text) for index in group))
    if len(ordered) < 2:
        return ordered or [[]]
    main, others = ordered[0], []
    for group in ordered[1:]:
        if sum(len(lines[index].text) >= _MIN_CHARACTERS for index in group) >= _MIN_LINES:
            others.append(group)
        else:
            main = sorted([*main, *group])
    return [main, *others]


def directions_around(lines: Sequence[Line]) -> list[Direction]:
    """Return the lines' directions; a figure or two, which have none of their own, have that of what is near."""
    directions = [direction_of(line) for line in lines]
    long = [index for index, line in enumerate(lines) if len(line.text) >= _MIN_CHARACTERS]
    if len({directions[index] for index in long}) < 2:
        return directions
    import numpy as np  # hardly any page comes so far

    boxes = np.array([bounds(lines[index].polygon) for index in long])
    for index, line in enumerate(lines):
        if len(line.text) < _MIN_CHARACTERS and not any(map(str.isalpha, line.text)):
            directions[index] = directions[long[int(np.argmin(_distances(boxes, bounds(line.polygon))))]]
    return directions


def _distances(boxes: "Floats", one: Box) -> "Floats":
    """Return how far boxes (N x 4) are from one, and where they lap over it, how deep they do, below 0."""
    import numpy as np

    aside, down = (np.maximum(boxes[:, at] - one[at + 2], one[at] - boxes[:, at + 2]) for at in (0, 1))
    deep = np.maximum(aside, down)
    return np.where(deep > 0, np.hypot(np.maximum(aside, 0.0), np.maximum(down, 0.0)), deep)


def run_downwards(lines: Sequence[Line]) -> bool:
    """Return whether most text is columns of Chinese or Japanese, of which an engine may say that they lie."""
    text = "".join(line.text for line in lines)
    down = sum(len(line.text) for line in lines if direction_of(line) in _DOWNWARDS)
    return 2 * down > len(text) and 2 * sum(map(is_wide, text)) > len(text)


def direction_of(line: Line) -> Direction:
    if is_written_down(line):
        return None
    return quarter_of(angle_of(line.polygon))
