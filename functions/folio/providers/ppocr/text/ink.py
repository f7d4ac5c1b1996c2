"""The ink of one line: which pixels of its crop are writing, and where there is none."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from statistics import median
from typing import TYPE_CHECKING

from folio.documents.raster.pixels import Grey, Mask, components
from folio.providers.ppocr.onnx.characters import Character
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# In heights of the crop.
_SPECK = 0.05
_RULE_LENGTH, _RULE_THICKNESS = 2.5, 0.12
_EDGE_HEIGHT = 0.25  # of what reaches in from the line above or below; a comma that hangs to the edge is higher
_BORDER_HEIGHT = 0.9  # of a cell's border; a Chinese character's stroke may be as long, but is not alone
_CROSSING_HEIGHT, _CROSSING_GAP = 0.6, 0.3  # of a rule across a line, and how far from it characters' middles are
_CROSSING_PITCH = 0.7  # the same of the usual distance between characters
_GAP_PARTS = 6  # of a line's height, in which there is least ink between two words
_WIDE_HALF = 0.25  # of the distance of two wide characters' middles, which is the character's own
_FULL_ROW = 0.8  # share of ink in a row of the crop that is a rule
# Levels of 255 by which the ground differs along a line where a shadow's edge crosses it; and how many pixels of a
# window are told by one.
_MIN_UNEVEN, _SAMPLE_PX = 30, 3


class Ink:
    """The writing of a grey crop: rules, specks and what belongs to the lines above and below are left out.

    Where the middles of all characters are known, so are rules that end within the line, as between tiers of columns.
    """

    def __init__(self, crop: Grey, middles: Sequence[float] = ()) -> None:
        self.height, self.width = crop.shape
        self._mask = _mask(crop)
        for start, end in _crossing(self._mask, middles) if middles else ():
            self._mask[:, start:end] = False
        self._gaps = _runs(~self._mask.any(0))
        self._gap_ends = [last for _, last in self._gaps]

    def gap(self, start: float, end: float) -> tuple[float, float] | None:
        """Return the longest run of columns without ink between two columns, None if there is none."""
        return max(self._between(start, end), key=lambda run: run[1] - run[0], default=None)

    def cut(self, start: float, end: float, reach: float) -> tuple[float, float] | None:
        """Return the same in its whole length, at most `reach` more: a character's middle may lie beside its ink."""
        if (widest := self.gap(start, end)) is None:
            return None
        first, last = next(run for run in self._gaps if run[0] <= widest[0] and widest[1] <= run[1])
        return max(first, start - reach), min(last, end + reach)

    def _between(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        for first, last in islice(self._gaps, bisect_right(self._gap_ends, start), None):
            if max(first, start) >= end:
                return
            yield max(first, start), min(last, end)

    def left_end(self, center: float, reach: float) -> float:
        """Return the first column of the character at `center`, at most about `reach` before it."""
        ends = [last for first, last in self._gaps if last <= center + 1 or first == 0]
        return min((end for end in ends if end >= center - reach), default=max(ends, default=0.0))

    def right_end(self, center: float, reach: float) -> float:
        """Return the column after the last one of the character at `center`, at most about `reach` behind it."""
        starts = [first for first, last in self._gaps if first >= center - 1 or last == self.width]
        return max((start for start in starts if start <= center + reach), default=min(starts, default=self.width))

    def rows(self, left: float, right: float) -> tuple[float, float]:
        """Return the first row of ink between two columns, and the one after the last; all rows if there is none."""
        import numpy as np

        inked = np.flatnonzero(self._mask[:, int(left) : max(int(left) + 1, round(right))].any(1))
        return (float(inked[0]), float(inked[-1] + 1)) if inked.size else (0.0, float(self.height))

    def row_runs(self) -> list[tuple[int, int]]:
        """Return the first row of each run of rows with ink and the one after its last, from the top down."""
        return [(int(top), int(bottom)) for top, bottom in _runs(self._mask.any(1))]


def ink_of(crop: Grey) -> "NDArray[np.uint8]":
    """Return 1 where a line's crop is written on, whether dark on light or light on dark, else 0."""
    import cv2
    import numpy as np

    _, ink = cv2.threshold(evened(crop), 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(1 - ink if ink.mean() > 0.5 else ink, np.uint8)


def evened(crop: Grey) -> Grey:
    """Return a line's crop with its ground of one brightness along it, where a shadow falls on a part of it.

    One level for the whole line parts the light from the shadow there, not the paper from the ink.
    """
    import numpy as np

    height, width = crop.shape
    wide = max(1, height // _SAMPLE_PX)
    count = width // (wide * _SAMPLE_PX)
    if count < 2:
        return crop
    sample = crop[::_SAMPLE_PX, ::_SAMPLE_PX][:, : count * wide]
    windows = sample.reshape(-1, count, wide).swapaxes(0, 1).reshape(count, -1)
    half = windows.shape[1] // 2
    grounds = np.partition(windows, half, axis=1)[:, half]
    if int(grounds.max()) - int(grounds.min()) < _MIN_UNEVEN:
        return crop
    middles = (np.arange(count) + 0.5) * wide * _SAMPLE_PX
    ground = np.maximum(np.interp(np.arange(width), middles, grounds), 1.0)
    brightest = float(grounds.max())
    lit: Grey = np.clip(crop * (brightest / ground), 0, 255).astype(np.uint8)
    return lit


def lightest_between(image: Grey, before: Character, after: Character) -> int:
    """Return the column between two characters of a line around which there is least ink."""
    start, end = before.center, after.center
    if is_wide(before.text) and is_wide(after.text):
        # Within a character there may be less than between two.
        start, end = start + _WIDE_HALF * (end - start), end - _WIDE_HALF * (end - start)
    return lightest_column(image, start, end)


def lightest_column(image: Grey, start: float, end: float) -> int:
    """Return the column between two others around which there is least ink."""
    import cv2

    first, last = int(start), max(int(start) + 1, int(end))
    contrast = image[:, first:last].std(0)[None].astype("float32")
    around = max(1, image.shape[0] // _GAP_PARTS)
    return first + int(cv2.blur(contrast, (around, 1))[0].argmin())


def _mask(crop: Grey) -> Mask:
    import cv2
    import numpy as np

    _, dark = cv2.threshold(evened(crop), 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if 255 * cv2.countNonZero(dark) > 127 * dark.size:  # light on dark
        dark = cv2.bitwise_not(dark)
    dark[cv2.reduce(dark, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] / 255 / dark.shape[1] > _FULL_ROW] = 0
    shapes = components(dark.astype(np.uint8, copy=False))
    height = crop.shape[0]
    bottom = shapes.top + shapes.height
    at_edge = (shapes.top == 0) | (bottom == height)
    is_rule = (shapes.width > _RULE_LENGTH * height) & (shapes.height < _RULE_THICKNESS * height)
    is_border = at_edge & (shapes.height > _BORDER_HEIGHT * height) & (shapes.width < _RULE_THICKNESS * height)
    is_other_line = at_edge & (shapes.height < _EDGE_HEIGHT * height)
    is_speck = np.maximum(shapes.width, shapes.height) < _SPECK * height
    is_writing = np.append(False, ~(is_rule | is_border | is_other_line | is_speck))
    mask: Mask = is_writing[shapes.labels]
    return mask


def _crossing(mask: Mask, middles: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield the columns of strokes nearly as high as the line that stand where no character was read."""
    height = mask.shape[0]
    pitch = median([after - before for before, after in pairwise(middles)] or [0.0])
    near = max(_CROSSING_GAP * height, _CROSSING_PITCH * pitch)
    for first, last in _runs(mask.any(0)):
        start, end = int(first), int(last)
        is_narrow = end - start < _RULE_THICKNESS * height
        is_apart = is_narrow and all(abs(middle - (start + end) / 2) >= near for middle in middles)
        if is_apart and mask[:, start:end].any(1).mean() >= _CROSSING_HEIGHT:
            yield start, end


def _runs(flags: Mask) -> list[tuple[float, float]]:
    """Return where each run begins and the position after its end."""
    import numpy as np

    padded = np.concatenate([[False], flags, [False]])
    changes = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    return list(zip(map(float, changes[::2]), map(float, changes[1::2]), strict=True))
