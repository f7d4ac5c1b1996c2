"""Dividers between the cells of a form, one character in each: ticks of a comb, or the sides of boxes.

They are read as 1 or I between the characters, or as blanks.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character, mean_probability
from folio.providers.ppocr.text.crop import Crop
from folio.text.spacing import is_wide

_LOOK_ALIKE = frozenset("1Il|!")  # as which dividers are read
_MIN_DIVIDERS, _MIN_STROKES = 5, 3
_MIN_HEIGHT_PX = 20  # of a line; in smaller print strokes of letters are as thin and as near each other
# In heights of the line: the rows in which a divider stands, below most characters; how thick it is; how far two sides
# of neighboring boxes are apart at most; and the pitch of cells.
_BAND, _MAX_THICKNESS, _PAIR = (0.78, 0.9), 0.1, 0.25
_PITCHES = 0.55, 1.4
_MAX_UNEVEN = 0.12  # of the pitch, by which a cell's width differs
_MIN_PROBABILITY = 0.9  # on average, of what is read without dividers
_RULE = 0.5  # share of ink in a row that is the cells' upper or lower edge
_BEYOND, _MIN_GOING_ON = 0.5, 0.5  # heights above and below a line, and the share of its dividers that go on there


class Comb(Struct, frozen=True):
    """Where dividers are in a line's crop: the middle of each, in pixels, and the columns that they take."""

    middles: Sequence[float]
    columns: Sequence[tuple[int, int]]

    @property
    def pitch(self) -> float:
        """How far two dividers are apart, those that are missing counted."""
        length = self.middles[-1] - self.middles[0]
        return length / round(length / median(after - before for before, after in pairwise(self.middles)))

    def is_between_cells(self, at: float) -> bool:
        """Return whether a position is a whole number of cells away from a divider."""
        cells = (at - self.middles[0]) / self.pitch
        return abs(cells - round(cells)) <= _MAX_UNEVEN

    def cell(self, at: float) -> int | None:
        """Return the number of the cell in which a position is, None if it is beside all."""
        pitch = self.pitch
        if not self.middles[0] - pitch <= at <= self.middles[-1] + pitch:
            return None
        return int((at - self.middles[0] + pitch) // pitch)


def count_unlike_dividers(characters: Sequence[Character]) -> int:
    """Return how many characters of a line are no dividers for sure."""
    return sum(one.text not in _LOOK_ALIKE and not one.text.isspace() for one in characters)


def may_be_in_cells(line: Crop, characters: Sequence[Character]) -> bool:
    """Return whether a line may have dividers in it: strokes, blanks between single characters, or wide gaps."""
    strokes = sum(one.text in _LOOK_ALIKE for one in characters)
    blanks = sum(one.text == " " == other.text for one, other in zip(characters, characters[2:], strict=False))
    if strokes + blanks >= _MIN_STROKES:
        return True
    if len(characters) < _MIN_STROKES or any(is_wide(one.text) for one in characters):
        return False
    usual = median(after.center - before.center for before, after in pairwise(characters))
    return bool(usual >= _PITCHES[0] * line.image.shape[0])


def find_comb(crop: Grey) -> Comb | None:
    """Return the dividers of a line of cells; None if there are too few, or they are not evenly apart."""
    import cv2
    import numpy as np

    height = crop.shape[0]
    if height < _MIN_HEIGHT_PX:
        return None
    _, dark = cv2.threshold(crop, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    band = dark[int(_BAND[0] * height) : int(_BAND[1] * height) + 1]
    band = band[band.mean(1) < _RULE]
    if not len(band):
        return None
    edges = np.flatnonzero(np.diff(band.any(0), prepend=False, append=False)).tolist()
    thickest = max(2.0, _MAX_THICKNESS * height)
    thin = [one for one in zip(edges[::2], edges[1::2], strict=True) if one[1] - one[0] <= thickest]
    full = band.all(0)
    evenly = _longest_even(_middles([one for one in thin if full[slice(*one)].any()], height), height)
    if len(evenly) < _MIN_DIVIDERS:
        return None
    comb = Comb(evenly, ())
    middles = [one for one in _middles(thin, height) if comb.is_between_cells(one)]
    columns = [one for one in thin if any(abs(middle - sum(one) / 2) <= _PAIR * height for middle in middles)]
    return Comb(middles, columns)


def is_of_table(page: Grey, line: Crop, comb: Comb) -> bool:
    """Return whether dividers go on above or below a line, as those of the rows of a table do: its cells are words."""
    import numpy as np

    width = line.image.shape[1]
    top_left, top_right, _, bottom_left = line.corners
    along, down = (top_right - top_left) / width, bottom_left - top_left
    middle = (float(np.median(line.image)) + float(line.image.min())) / 2
    for away in (-_BEYOND, 1 + _BEYOND):
        dark = 0
        for at in comb.middles:
            x, y = (round(float(one)) for one in top_left + at * along + away * down)
            around = page[max(0, y - 2) : max(0, y + 3), max(0, x - 4) : max(0, x + 5)]
            dark += bool(around.size) and bool((around.min(1) < middle).all())
        if dark >= _MIN_GOING_ON * len(comb.middles):
            return True
    return False


def without_dividers(line: Crop, comb: Comb) -> Crop:
    """Return a line with paper in place of its dividers, and of the rules along its cells."""
    import numpy as np

    image = line.image.copy()
    paper = np.uint8(np.median(image))
    width = image.shape[1]
    dark = image < (int(paper) + int(image.min())) / 2
    left, right = max(0, int(comb.columns[0][0])), min(width, int(comb.columns[-1][1]))
    rules = np.flatnonzero(dark[:, left:right].mean(1) > _RULE)
    for row in rules.tolist():
        image[max(0, row - 1) : row + 2, left:right] = paper
    for start, end in comb.columns:
        image[:, max(0, start - 2) : end + 2] = paper
    return replace(line, image=image)


def in_words(page: Grey, free: Crop, comb: Comb, characters: list[Character]) -> tuple[Crop, list[Character]] | None:
    """Return a line without its dividers and what was read of it, in words.

    None if it has words in its cells, or is not clear so.
    """
    sure = mean_probability([one for one in characters if one.text != " "])
    if sure < _MIN_PROBABILITY or not has_one_in_each(characters, comb):
        return None
    if is_of_table(page, free, comb):
        return free, characters
    return replace(free, pitch=comb.pitch), joined(characters, comb)


def has_one_in_each(characters: Sequence[Character], comb: Comb) -> bool:
    """Return whether no cell between two dividers has more than one character."""
    cells = [comb.cell(one.center) for one in characters if one.text != " "]
    inner = [cell for cell in cells if cell is not None and 0 < cell < len(comb.middles)]
    return bool(inner) and len(set(inner)) == len(inner)


def joined(characters: Sequence[Character], comb: Comb) -> list[Character]:
    """Return a line's characters without blanks between neighboring cells."""
    remaining: list[Character] = []
    for index, one in enumerate(characters):
        if one.text == " " and 0 < index < len(characters) - 1:
            before, after = comb.cell(characters[index - 1].center), comb.cell(characters[index + 1].center)
            if before is not None and after is not None and after - before <= 1:
                continue
        remaining.append(one)
    return remaining


def _middles(columns: Sequence[tuple[int, int]], height: int) -> list[float]:
    """Return the middles of strokes, one for each two that are the sides of neighboring boxes."""
    merged: list[float] = []
    last = float("-inf")
    for start, end in columns:
        middle = (start + end) / 2
        if middle - last <= _PAIR * height:
            merged[-1] = (last + middle) / 2
        else:
            merged.append(middle)
        last = middle
    return merged


def _longest_even(middles: Sequence[float], height: int) -> list[float]:
    """Return the most middles in a row that are evenly apart."""
    longest: list[float] = []
    for first in range(len(middles) - 1):
        pitch = middles[first + 1] - middles[first]
        if not _PITCHES[0] * height <= pitch <= _PITCHES[1] * height:
            continue
        row = [middles[first], middles[first + 1]]
        for middle in middles[first + 2 :]:
            if abs(middle - row[-1] - pitch) > _MAX_UNEVEN * pitch:
                break
            row.append(middle)
        longest = max(longest, row, key=len)
    return longest
