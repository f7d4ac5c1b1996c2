"""Lines of a page that stand in the cells of a form: a number or a name, one character in each cell."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character, printed
from folio.providers.ppocr.page.combs import Comb, count_unlike_dividers, find_comb, is_of_table, may_be_in_cells
from folio.providers.ppocr.text.crop import Crop, crop

if TYPE_CHECKING:
    from folio.providers.ppocr.lines.detection import Corners

type Read = tuple[Crop, list[Character]]

# In heights of a part of such a line: how long one without neighbors is at most, how far the next one is, and by how
# much their middles differ.
_MAX_LENGTH, _MAX_GAP, _MAX_STEP = 1.8, 1.5, 0.35
_MIN_CHARACTERS = 4
_MIN_LEFT = 0.7  # of the characters that do not look like dividers, without these: some are read otherwise


def with_cells(page: Grey, lines: Sequence[Read], read: Callable[[Crop, Comb], Read | None]) -> list[Read]:
    """Return the lines of an upright page, those in cells as `read` reads them; it returns None for others."""
    made = [_in_cells(one, characters, read) or (one, characters) for one, characters in lines]
    for row in _rows(made):
        count = sum(len(printed(made[index][1])) for index in row)
        if count < _MIN_CHARACTERS:
            continue
        whole = crop(page, _around([made[index][0] for index in row]))
        comb = find_comb(whole.image)
        if comb is None or is_of_table(page, whole, comb):
            continue
        if (joined := read(whole, comb)) and joined[0].pitch and len(printed(joined[1])) == count:
            made[row[0]] = joined
            for index in row[1:]:
                made[index] = made[index][0], []
    return [one for one in made if one[1]]


def _in_cells(line: Crop, characters: list[Character], read: Callable[[Crop, Comb], Read | None]) -> Read | None:
    comb = find_comb(line.image) if may_be_in_cells(line, characters) else None
    made = read(line, comb) if comb else None
    return made if made and len(printed(made[1])) >= _MIN_LEFT * count_unlike_dividers(characters) else None


def _rows(lines: Sequence[Read]) -> list[list[int]]:
    """Return the indices of single characters, and of lines in cells, that stand beside each other."""
    singles = [index for index, (line, characters) in enumerate(lines) if _is_single(line, characters)]
    boxes = {index: _box(lines[index][0]) for index in singles}
    singles.sort(key=lambda index: boxes[index])
    rows: list[list[int]] = []
    for index in singles:
        row = next((row for row in rows if _follows(boxes[row[-1]], boxes[index])), None)
        if row:
            row.append(index)
        else:
            rows.append([index])
    return [row for row in rows if len(row) > 1]


def _is_single(line: Crop, characters: Sequence[Character]) -> bool:
    if line.is_turned or line.strip or not characters:
        return False
    return bool(line.pitch) or line.length <= _MAX_LENGTH * line.image.shape[0]


def _around(lines: Sequence[Crop]) -> "Corners":
    """Return the corners of what holds all lines, and the dividers beside the outer ones."""
    import numpy as np

    boxes = np.array([_box(one) for one in lines], np.float32)
    beside = (boxes[:, 3] - boxes[:, 1]).max() / 2
    (left, top), (right, bottom) = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    left, right = left - beside, right + beside
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def _box(line: Crop) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = line.corners.min(0).tolist(), line.corners.max(0).tolist()
    return left, top, right, bottom


def _follows(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Return whether a box stands to the right of another, near it and as high."""
    height = max(before[3] - before[1], after[3] - after[1])
    step = abs(before[1] + before[3] - after[1] - after[3]) / 2
    return step <= _MAX_STEP * height and -_MAX_STEP * height <= after[0] - before[2] <= _MAX_GAP * height
