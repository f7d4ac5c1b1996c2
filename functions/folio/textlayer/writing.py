"""Lines of writing in a mask of ink: long, low, and changing between ink and paper."""

from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Components, components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Pixels of a drawing whose longer side has 640.
_MIN_ROW_PX, _MAX_ROW_PX = 4, 80  # height of rows of writing; nobody can read what is lower
_MIN_ROW_LENGTH_PX = 12
_CHARACTER_GAP_PX = 7  # closed to make a row of a line's characters and words
_WORD_GAP, _SAME_HEIGHT = 1.2, 1.3  # of a line's height: between its words, and of a word
_FRAME_PX, _MAX_FRAME_FILL = 40, 0.2  # sides of rules, axes and frames, and how much of their box is ink

_MIN_ROW_RATIO = 2.5  # of a row's length to its height
_MIN_SHAPE_HEIGHT = 0.35  # of a row's height: what may be a character
_MIN_JOINED_CHANGES = 0.2  # as below, in a row of one shape: a word whose characters touch
_MIN_CHANGES = 0.1  # between ink and paper for each pixel of a row: characters 0.2 to 0.5, bars and edges hardly any


type _Box = tuple[int, int, int, int]


def within(boxes: "NDArray[np.float64]", shape: tuple[int, ...]) -> "NDArray[np.intp]":
    """Return boxes (n x 4) in whole pixels within an image of that height and width."""
    import numpy as np

    height, width = shape[:2]
    clipped: NDArray[np.intp] = np.clip(boxes, 0, [width, height, width, height]).astype(np.intp)
    return clipped


def counts(mask: "NDArray[np.bool_]", boxes: "NDArray[np.intp]") -> "NDArray[np.intp]":
    """Return how many pixels of the mask lie in each box."""
    import cv2
    import numpy as np

    sums = cv2.integral(mask.astype("uint8"))
    left, top, right, bottom = boxes.T
    return np.asarray(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left], dtype=np.intp)


def lines_of(ink: "NDArray[np.bool_]") -> list[_Box]:
    """Return the boxes of what looks like lines of text."""
    import cv2
    import numpy as np

    if not ink.any():
        return []
    single = components(ink.astype("uint8"))
    frames = (np.maximum(single.width, single.height) > _FRAME_PX) & (
        single.area < _MAX_FRAME_FILL * single.width * single.height
    )
    frames |= np.minimum(single.width, single.height) > _MAX_ROW_PX
    strokes = ink & (single.mask(frames) == 0) if frames.any() else ink
    kernel = np.ones((1, _CHARACTER_GAP_PX), np.uint8)
    rows = components(cv2.morphologyEx(strokes.astype("uint8"), cv2.MORPH_CLOSE, kernel).astype("uint8"))
    left, top, width, height = rows.left, rows.top, rows.width, rows.height
    changes = np.zeros(ink.shape, dtype=bool)
    changes[:, 1:] = strokes[:, 1:] != strokes[:, :-1]
    changed = counts(changes, np.stack([left, top, left + width, top + height], axis=1)) / (width * height)
    busy = changed > np.where(_shapes_in(rows, single) > 1, _MIN_CHANGES, _MIN_JOINED_CHANGES)
    is_line = (height >= _MIN_ROW_PX) & (height <= _MAX_ROW_PX) & (width >= _MIN_ROW_RATIO * height)
    lines = rows.boxes(is_line & (width >= _MIN_ROW_LENGTH_PX) & busy)
    return _completed(lines, rows.boxes(height <= _MAX_ROW_PX)) if lines else []


def _shapes_in(rows: Components, single: Components) -> "NDArray[np.intp]":
    """Return how many shapes each row is made of: a line with a marker on it, as in a legend, is one."""
    import numpy as np

    labels = rows.labels[single.centers[:, 1].astype(int), single.centers[:, 0].astype(int)]
    high = single.height >= _MIN_SHAPE_HEIGHT * np.concatenate([[1], rows.height])[labels]
    return np.bincount(labels[high], minlength=len(rows.height) + 1)[1:]


def _completed(lines: list[_Box], rows: list[_Box]) -> list[_Box]:
    """Return the lines with what stands in a row with them: words of large characters are short and far apart."""
    import numpy as np

    all_rows = np.array(rows)
    done = []
    for line in lines:
        left, top, right, bottom = line
        reach = _WORD_GAP * (bottom - top)
        beside = (np.minimum(all_rows[:, 3], bottom) - np.maximum(all_rows[:, 1], top)) * 2 > bottom - top
        beside &= all_rows[:, 3] - all_rows[:, 1] <= _SAME_HEIGHT * (bottom - top)
        row = all_rows[beside][np.argsort(all_rows[beside][:, 0])]
        for start, _, end, _ in row:
            if start <= right + reach and end > right:
                right = end
        for start, _, end, _ in row[::-1]:
            if end >= left - reach and start < left:
                left = start
        done.append((int(left), top, int(right), bottom))
    return done
