"""Writing on the ground beside a sheet, told from the texture of a table: characters that stand in rows."""

from typing import TYPE_CHECKING

from folio.documents.raster.characters import CharacterLimits
from folio.documents.raster.pixels import Components, Grey, Mask, components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Indexes = NDArray[np.intp]

SIDE_PX = 600  # of the longer side of the copy on which writing is looked for
# Pixels are those of that copy, levels are gray levels of 255.
_STROKE_PX = 15  # strokes are thinner
_MIN_LEVELS = 20  # by which strokes differ from the ground, and how many times what most of the ground differs by
_MIN_OF_GRAIN, _GRAIN_PERCENTILE = 3.0, 60
_CHARACTERS = CharacterLimits(min_height=5, max_height=50, max_width_ratio=3, max_height_ratio=6, min_area=5)
# In heights of a character: how far the next one is at most, up to where nothing stands above and below it, and its
# width with the gap beside it on an average of the row, which stripes do not have. Keys of a keyboard are 1.5 apart.
_MAX_GAP, _FREE, _MIN_PITCH = 0.6, 0.3, 0.55
_MAX_OTHER_HEIGHT = 2.0  # times the height of its neighbor
_MAX_UNEVEN = 0.35  # of a character's contrast, that the ground above and below it differs by
_MIN_IN_ROW, _MIN_FREE_SHARE = 4, 0.6


def has_writing(image: Grey, where: Mask) -> bool:
    """Return whether a row of characters, upright or on its side, stands on an even ground.

    `image` is a copy of SIDE_PX on its longer side, and `where` (of its shape) tells where to look.
    """
    import cv2
    import numpy as np

    if not where.any():
        return False
    size = np.ones((_STROKE_PX, _STROKE_PX), np.uint8)
    for operation in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):  # light characters, and dark ones
        contrast = cv2.morphologyEx(image, operation, size).astype("uint8", copy=False)
        grain = float(np.percentile(contrast[where], _GRAIN_PERCENTILE))
        least = np.uint8(min(255.0, max(_MIN_LEVELS, _MIN_OF_GRAIN * grain)))
        strokes = ((contrast > np.maximum(cv2.dilate(contrast, size) // 2, least)) & where).astype(np.uint8)
        if _has_row(strokes, contrast):
            return True
        if _has_row(np.ascontiguousarray(strokes.T), np.ascontiguousarray(contrast.T)):
            return True
    return False


def _has_row(strokes: Grey, contrast: Grey) -> bool:
    """Return whether characters among strokes stand in a row from left to right, free above and below."""
    import numpy as np

    shapes = components(strokes)
    fitting = _CHARACTERS.matching(shapes)
    if fitting.sum() < _MIN_IN_ROW:
        return False
    following = _following(shapes, fitting)
    free = _is_free(shapes, contrast)
    firsts = np.setdiff1d(np.flatnonzero(following >= 0), following)
    for first in firsts:
        row = [first]
        while (index := following[row[-1]]) >= 0 and len(row) < 50:
            row.append(index)
        length = shapes.left[row[-1]] + shapes.width[row[-1]] - shapes.left[first]
        is_spaced = length >= _MIN_PITCH * len(row) * np.median(shapes.height[row])
        if len(row) >= _MIN_IN_ROW and is_spaced and free[row].mean() >= _MIN_FREE_SHARE:
            return True
    return False


def _following(shapes: Components, fitting: Mask) -> "Indexes":
    """Return for each shape the index of the character that follows it to the right; -1 where none does."""
    import numpy as np

    following = np.full(len(shapes.area), -1)
    indexes = np.flatnonzero(fitting)
    height = shapes.height[indexes]
    steps = np.arange(int(_MAX_GAP * height.max()) + 1)
    y = (shapes.top[indexes, None] + height[:, None] * np.array([0.5, 0.25, 0.75])).astype(int)
    x = (shapes.left + shapes.width)[indexes, None] + steps
    met = shapes.labels[y[:, :, None], np.minimum(x, shapes.labels.shape[1] - 1)[:, None, :]].astype(int)
    met[np.broadcast_to(steps > _MAX_GAP * height[:, None, None], met.shape)] = 0
    nearest = np.argmax((met > 0).any(axis=1), axis=1)
    other = met[np.arange(len(indexes)), :, nearest].max(axis=1) - 1
    of_height = np.maximum(shapes.height[other], height) <= _MAX_OTHER_HEIGHT * np.minimum(shapes.height[other], height)
    is_next = (other >= 0) & fitting[other] & of_height & (shapes.left[other] > shapes.left[indexes])
    following[indexes[is_next]] = other[is_next]
    return following


def _is_free(shapes: Components, contrast: Grey) -> Mask:
    """Return which shapes have nothing but even ground above and below them."""
    import numpy as np

    labels = shapes.labels.ravel()
    inked = np.flatnonzero(labels)
    stroke_contrast = np.bincount(labels[inked], contrast.ravel()[inked])[1:] / shapes.area
    x = (shapes.left[:, None] + shapes.width[:, None] * np.array([0.25, 0.5, 0.75])).astype(int)
    away = (2 + shapes.height[:, None] * np.array([0, _FREE / 2, _FREE])).astype(int)
    y = np.concatenate([shapes.top[:, None] - away, (shapes.top + shapes.height - 1)[:, None] + away], axis=1)
    around = contrast[np.clip(y, 0, len(contrast) - 1)[:, :, None], x[:, None, :]]
    free: Mask = around.max(axis=(1, 2)) <= _MAX_UNEVEN * stroke_contrast
    return free
