"""The lines of a page in reading order; the cells of a table's row as one line."""

from collections.abc import Sequence
from typing import Literal

from folio.models import Line, PageText, weighted_mean
from folio.text.reading_order import reading_order
from folio.transform import Polygon, Transform, bounds

# To the page as it would be if it lay upright; where its corners are does not matter for the order.
_UPRIGHT = {
    0: Transform(),
    90: Transform((0, 1, 0, -1, 0, 0, 0, 0, 1)),
    180: Transform((-1, 0, 0, 0, -1, 0, 0, 0, 1)),
    270: Transform((0, -1, 0, 1, 0, 0, 0, 0, 1)),
}


def in_order(lines: Sequence[Line], rotation: Literal[0, 90, 180, 270]) -> PageText:
    """Return the lines of a page that is turned clockwise by `rotation`, in reading order."""
    turn = _UPRIGHT[rotation]
    blocks = reading_order([bounds(turn.polygon(line.polygon)) for line in lines], [line.text for line in lines])
    read = [[_row([lines[index] for index in row], turn) for row in block] for block in blocks]
    text = "\n\n".join("\n".join(line.text for line in block) for block in read)
    return PageText(text, tuple(line for block in read for line in block), rotation=rotation)


def _row(cells: Sequence[Line], turn: Transform) -> Line:
    if len(cells) == 1:
        return cells[0]
    return Line(
        " ".join(cell.text for cell in cells),
        weighted_mean((cell.confidence, len(cell.text)) for cell in cells),
        _around([cell.polygon for cell in cells], turn),
        tuple(word for cell in cells for word in cell.words),
    )


def _around(polygons: Sequence[Polygon], turn: Transform) -> Polygon:
    left, top, right, bottom = bounds(*(turn.polygon(polygon) for polygon in polygons))
    back = turn.inverse()
    return back.polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
