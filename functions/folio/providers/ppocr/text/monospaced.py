"""Monospaced print: each character stands in a cell of the same width, the pitch, and a blank is an empty cell.

Its gaps beside narrow characters are as wide as blanks elsewhere, so neither the ink alone nor the recognizer tells
them. The pitch does: it is told by the middles of a line's characters, which then lie a whole number of cells apart,
and believed where several lines of a page agree on it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.ink import Ink
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Numbers = NDArray[np.float64]

# How well the middles fit a pitch, from 0 to 1: of drawn lines of 20 characters and more monospaced ones have at least
# 0.59, others 0.64 at most. Few characters fit by chance, so its square times their number is to be high as well.
_MIN_FIT, _MIN_EVIDENCE = 0.6, 3.0
_MIN_LENGTH, _MIN_AGREEING = 16, 60  # characters of a line that tells a pitch, and of all lines that agree on it
_AGREEING = 0.02  # of the pitch, by which such lines differ at most
_NARROWEST, _WIDEST = 0.7, 1.25  # pitch, in usual distances of two middles, which are known by the step only
_TRIED = 0.15  # of a cell, by which the line's last middle moves from one pitch that is tried to the next
# In pitches. Of 15,000 gaps in drawn lines those of blanks had 0.93 at least, 99.9% of the others 0.92 at most.
_MIN_BLANK = 0.9
_MIN_EMPTY = 1.6  # between the middles of characters in the cells of a form, one of which is empty between them


def find_pitches(lines: Iterable[Sequence[Character]]) -> tuple[float, ...]:
    """Return the pitches of a page's monospaced lines, in pixels; none if too few agree."""
    sure = [(pitch, len(middles)) for middles in map(_middles, lines) if (pitch := _find_pitch(middles))]
    agreeing = ((one, sum(size for other, size in sure if abs(other - one) <= _AGREEING * one)) for one, _ in sure)
    distinct: list[float] = []
    for pitch in sorted(pitch for pitch, characters in agreeing if characters >= _MIN_AGREEING):
        if not distinct or pitch > distinct[-1] * (1 + _AGREEING):
            distinct.append(pitch)
    return tuple(distinct)


def blanks_by_pitch(characters: Sequence[Character], ink: Ink, pitches: Sequence[float]) -> Mapping[int, bool]:
    """Return for indices of letters whether there is a blank before them; what cells and ink do not both say is left.

    `pitches` are those of the line's page.
    """
    printed = [index for index, one in enumerate(characters) if one.text != " "]
    middles = _middles(characters)
    narrowest, widest = _limits(middles)
    fits = [_best_fit(middles, _around(middles, one)) for one in pitches if narrowest <= one <= widest]
    quality, pitch, cells = max(fits, key=lambda one: one[0], default=(0.0, 0.0, []))
    if quality < _MIN_FIT or quality**2 * len(middles) < _MIN_EVIDENCE:
        return {}
    blanks: dict[int, bool] = {}
    for (before, cell), (after, following) in pairwise(zip(printed, cells, strict=True)):
        start, end = ink.cut(characters[before].center, characters[after].center, pitch / 2) or (0.0, 0.0)
        is_apart, is_open = following - cell > 1, end - start >= _MIN_BLANK * pitch
        if is_apart == is_open:
            blanks[after] = is_open
    return blanks


def blanks_of_cells(characters: Sequence[Character], pitch: float) -> Mapping[int, bool]:
    """Return for each character whether an empty cell of a form stands before it."""
    return {
        index: after.center - before.center > _MIN_EMPTY * pitch
        for index, (before, after) in enumerate(pairwise(characters), 1)
    }


def _middles(characters: Sequence[Character]) -> list[float]:
    """Return the middles of a line's characters; none of a line with wide ones, which take two cells."""
    printed = [one for one in characters if one.text != " "]
    return [] if any(is_wide(one.text) for one in printed) else [one.center for one in printed]


def _find_pitch(middles: Sequence[float]) -> float | None:
    """Return the pitch that a line tells by itself."""
    if len(middles) < _MIN_LENGTH:
        return None
    quality, pitch, _ = _best_fit(middles, _between(middles, *_limits(middles)))
    return pitch if quality >= _MIN_FIT else None


def _limits(middles: Sequence[float]) -> tuple[float, float]:
    """Return the narrowest and the widest pitch that a line may have; the half of one fits its middles as well."""
    usual = median([after - before for before, after in pairwise(middles)] or [0.0])
    return _NARROWEST * usual, _WIDEST * usual


def _around(middles: Sequence[float], pitch: float) -> "Numbers":
    return _between(middles, pitch * (1 - _AGREEING), pitch * (1 + _AGREEING))


def _between(middles: Sequence[float], narrowest: float, widest: float) -> "Numbers":
    """Return the pitches to try, in cells for each pixel."""
    import numpy as np

    length = middles[-1] - middles[0]
    return np.linspace(1 / widest, 1 / narrowest, 3 + int(length * (1 / narrowest - 1 / widest) / _TRIED))


def _best_fit(middles: Sequence[float], frequencies: "Numbers") -> tuple[float, float, list[int]]:
    """Return how well middles fit the best of some pitches, this, and the cell of each: by the sum of their phases."""
    import numpy as np

    # The frequencies are evenly apart: from one to the next each phase turns by the same angle.
    turns = np.empty((len(frequencies), len(middles)), np.complex128)
    turns[0] = np.exp(2j * np.pi * frequencies[0] * np.asarray(middles))
    turns[1:] = np.exp(2j * np.pi * (frequencies[1] - frequencies[0]) * np.asarray(middles))
    sums = np.multiply.accumulate(turns).mean(1)
    best = int(np.abs(sums).argmax())
    offset = float(np.angle(sums[best])) / (2 * np.pi)
    cells = np.rint(np.asarray(middles) * frequencies[best] - offset).astype(int).tolist()
    return float(np.abs(sums[best])), float(1 / frequencies[best]), cells
