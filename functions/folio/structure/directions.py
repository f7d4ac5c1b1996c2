"""Which way the lines of a page run: a newspaper's columns downwards, its charts and tables beside them across."""

from collections import defaultdict
from collections.abc import Sequence

from folio.models import Line
from folio.outputs.base import is_written_down
from folio.transform import angle_of, quarter_of

_MIN_LINES, _MIN_CHARACTERS = 4, 3  # of a direction besides the page's own; and of each of these lines

type _Direction = int | None  # quarters clockwise; None is downwards, character below character


def by_direction(lines: Sequence[Line]) -> list[list[int]]:
    """Return the indexes of lines that run as most of the text does, then those that run another way, group by group.

    A few lines that run otherwise stay with the others: they are a stamp, or labels in a margin or a table.
    """
    groups: defaultdict[_Direction, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        groups[direction_of(line)].append(index)
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


def direction_of(line: Line) -> _Direction:
    if is_written_down(line):
        return None
    return quarter_of(angle_of(line.polygon))
