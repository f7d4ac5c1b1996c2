"""Finding ruled tables: their lines, their cells (merged ones too) and what stands in them."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from tests.fakes.cloud.fields import SPARSE
from tests.fakes.cloud.reading import CHINESE, Box, Line, read

type Mask = NDArray[np.uint8]

SHORTEST_RULE = 60  # pixels; no stroke of a character is that long
DRAWN = 0.6  # of a cell's side must be ink for the side to be there


class Cell(Struct, frozen=True):
    """Rows and columns count from 0; `bottom_row` and `right_column` are the first ones that are no longer in it."""

    row: int
    column: int
    bottom_row: int
    right_column: int
    box: Box
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        return min((line.confidence for line in self.lines), default=0.0)


class Table(Struct, frozen=True):
    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]


class Page(Struct, frozen=True):
    tables: tuple[Table, ...]
    above: tuple[Line, ...]  # what stands in no table, above the first one or below it
    below: tuple[Line, ...]


def page(image: bytes) -> Page:
    with Image.open(io.BytesIO(image)) as opened:
        picture = np.asarray(opened.convert("L"))
    ink = np.where(picture < 128, 255, 0).astype(np.uint8)
    across, down = _rules(ink, SHORTEST_RULE, 1), _rules(ink, 1, SHORTEST_RULE)
    lines = read(image, CHINESE, SPARSE)
    tables = tuple(_table(across, down, box, lines) for box in _frames(across, down))
    inside = {line.box for table in tables for cell in table.cells for line in cell.lines}
    outside = [line for line in lines if line.box not in inside]
    top = tables[0].box[1] if tables else 0
    above = tuple(line for line in outside if tables and line.box[3] <= top)
    return Page(tables, above, tuple(line for line in outside if line not in above))


def _rules(ink: Mask, width: int, height: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, height))
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.uint8)


def _frames(across: Mask, down: Mask) -> Iterator[Box]:
    """What hangs together and has at least two lines either way."""
    both = np.asarray(cv2.bitwise_or(across, down), np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(both)
    for number in range(1, count):
        x, y, width, height = (int(value) for value in stats[number][:4])
        box = x, y, x + width, y + height
        if len(_places(across, box, axis=1)) > 1 and len(_places(down, box, axis=0)) > 1:
            yield box


def _places(mask: Mask, box: Box, axis: int) -> list[int]:
    """The middles of the lines, in pixels of the picture: rows for axis 1, columns for axis 0."""
    left, top, right, bottom = box
    there = np.flatnonzero(mask[top:bottom, left:right].any(axis=axis))
    groups = np.split(there, np.flatnonzero(np.diff(there) > 8) + 1)
    start = top if axis == 1 else left
    return [start + int(group.mean()) for group in groups if len(group)]


def _table(across: Mask, down: Mask, box: Box, lines: tuple[Line, ...]) -> Table:
    ys, xs = _places(across, box, axis=1), _places(down, box, axis=0)
    rows, columns = len(ys) - 1, len(xs) - 1
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            right, bottom = column + 1, row + 1
            while right < columns and not _drawn(down, xs[right], ys[row], ys[row + 1], upright=True):
                right += 1
            while bottom < rows and not _drawn(across, ys[bottom], xs[column], xs[column + 1], upright=False):
                bottom += 1
            taken |= {(r, c) for r in range(row, bottom) for c in range(column, right)}
            place = xs[column], ys[row], xs[right], ys[bottom]
            cells.append(Cell(row, column, bottom, right, place, _within(lines, place)))
    return Table(box, rows, columns, tuple(cells))


def _drawn(mask: Mask, at: int, begin: int, end: int, *, upright: bool) -> bool:
    """Is there a line at this place, from here to there? It may be a few pixels off."""
    strip = mask[begin:end, max(0, at - 4) : at + 5] if upright else mask[max(0, at - 4) : at + 5, begin:end].T
    return bool(strip.any(axis=1).mean() >= DRAWN)


def _within(lines: tuple[Line, ...], place: Box) -> tuple[Line, ...]:
    left, top, right, bottom = place
    return tuple(
        line
        for line in lines
        if left <= (line.box[0] + line.box[2]) / 2 <= right and top <= (line.box[1] + line.box[3]) / 2 <= bottom
    )
