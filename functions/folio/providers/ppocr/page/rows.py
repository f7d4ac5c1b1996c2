"""Lines above each other that the detector took for one, parted where there is no ink: figures in a table's column.

They are closer than lines of text, and shorter than they are high together.
"""

from collections.abc import Iterator, Sequence

from folio.providers.ppocr.onnx.characters import Character, mean, mean_probability, printed
from folio.providers.ppocr.page.turning import MIN_GAIN, Recognize
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.ink import Ink

_MIN_HEIGHT = 1.5  # of a line, in heights of the page's usual one; what is higher may be several
# Of ink between rows without any, in heights of a usual line, whose rectangle is twice as high as its letters: lower
# ones are dots and accents, which belong to letters that are so near, in heights of these.
_MIN_ROW, _MAX_ACCENT_GAP = 0.3, 0.2
_MAX_UNLIKE = 1.8  # heights of one row to those of another
_MARGIN = 0.25  # of a row's height, above and below it


def with_rows(lines: Sequence[Crop], recognize: Recognize, attempt: Recognize) -> list[Crop]:
    """Return the lines of an upright page, those apart that stand above each other in one and are clearer so.

    `recognize` reads a line, `attempt` what may be none.
    """
    usual, parted = usual_height(lines), []
    for line in lines:
        rows = rows_of(line, usual)
        apart = [attempt(row) for row in rows]
        is_better = rows and not _are_of_one(line, apart) and _are_clearer(apart, recognize(line))
        parted += rows if is_better else [line]
    return parted


def _are_of_one(line: Crop, rows: Sequence[Sequence[Character]]) -> bool:
    """Return whether rows of one character each may be those of a line that runs down or up, read as they lie."""
    return line.is_turned and all(len(printed(row)) <= 1 for row in rows)


def _are_clearer(rows: Sequence[Sequence[Character]], together: Sequence[Character]) -> bool:
    if not all(any(one.text.isalnum() for one in row) for row in rows):
        return False
    apart, least = mean([mean_probability(row) for row in rows]), mean_probability(together)
    is_same = "".join(map(printed, rows)) == printed(together)
    return apart >= least if is_same else apart > least + MIN_GAIN


def usual_height(lines: Sequence[Crop]) -> float:
    """Return the height of lines in their page's pixels, half of their whole length being in lower ones."""
    ordered = sorted((one.image.shape[0], one.length) for one in lines)
    half, passed = sum(length for _, length in ordered) / 2, 0.0
    for height, length in ordered:
        passed += length
        if passed >= half:
            return float(height)
    return 0.0


def rows_of(line: Crop, usual: float) -> list[Crop]:
    """Return the lines that stand above each other in one, from the top down; none where it is one line.

    The page lies upright. `usual` is the height of its lines.
    """
    if line.strip:
        return []
    upright = line.standing() if line.is_turned else line
    if upright.image.shape[0] < _MIN_HEIGHT * usual:
        return []
    rows = list(_rows(upright, usual))
    heights = [bottom - top for top, bottom in rows]
    if len(rows) < 2 or max(heights) > _MAX_UNLIKE * min(heights):
        return []
    edges = [(0, 0), *rows, (upright.image.shape[0],) * 2]
    return [_part(upright, *part) for part in zip(edges, rows, edges[2:], strict=False)]


def _rows(upright: Crop, usual: float) -> Iterator[tuple[int, int]]:
    """Yield where rows of letters begin and end, with their accents."""
    before = (0, 0)
    for top, bottom in Ink(upright.image).row_runs():
        if bottom - top >= _MIN_ROW * usual:
            is_accent = 0 < before[1] - before[0] < _MIN_ROW * usual and top - before[1] < _MAX_ACCENT_GAP * (
                bottom - top
            )
            yield before[0] if is_accent else top, bottom
        before = top, bottom


def _part(upright: Crop, above: tuple[int, int], row: tuple[int, int], below: tuple[int, int]) -> Crop:
    """Return a row with as much of what is around it as has no ink of its neighbors."""
    import numpy as np

    margin = round(_MARGIN * (row[1] - row[0]))
    top, bottom = max(above[1], row[0] - margin), min(below[0], row[1] + margin)
    height = upright.image.shape[0]
    first, across, end, down = upright.corners
    shares = np.array([[top / height], [bottom / height]], np.float32)
    left, right = first + (down - first) * shares, across + (end - across) * shares
    corners = np.stack([left[0], right[0], right[1], left[1]]).astype(np.float32)
    return Crop(np.ascontiguousarray(upright.image[top:bottom]), corners)
