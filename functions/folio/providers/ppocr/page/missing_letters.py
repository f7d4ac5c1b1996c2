"""Letters of a page of which nothing is said: PP-OCR does not know them, as most of Vietnamese with two accents.

Between the letters beside it one that it was not trained on leaves no trace in what it says, but a place that is too
wide for them, with ink in it.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.text.ink import ink_of
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.characters import Character
    from folio.providers.ppocr.text.crop import Crop

    type Numbers = NDArray[np.int64]

# All widths in ems: of letters, about as in most fonts, of a blank, and of any of them in monospaced print. Where in a
# wider one its middle was said to be tells nothing.
_WIDTHS = dict.fromkeys("fijltI", 0.27) | {"r": 0.34} | dict.fromkeys("cszJ", 0.46)
_SMALL, _CAPITAL, _BLANK, _MONOSPACED = 0.52, 0.68, 0.28, 0.55
_TOO_WIDE = frozenset("mwMWœŒæÆ@")
# Of a place between two letters: how much wider than for them alone, and how much of it is written on, as of an `i`.
_MIN_WIDER, _MIN_WRITTEN, _MOSTLY = 0.36, 0.24, 0.6
_MIN_STEPS = 1.4  # of the network, by which it is wider too: of small letters the middles are known no better
_MARGIN, _BESIDE = 0.06, 0.2  # that belongs to the letters; and how far from one of them the first or last ink is
_MIN_ROWS = 0.1  # of a line's height, that are dark in a column that is written on
_MAX_WRITTEN_BLANKS = 0.2  # of a line's blanks, in which there is ink: its ground is dark or uneven
_MIN_PAIRS = 4  # of letters, in a line that tells how large its letters are


class Gaps(Struct, frozen=True):
    """Of one line: how many places are between two letters, with or without a blank, and in how many one is missing."""

    count: int
    missing: int


class _Gap(Struct, frozen=True):
    """Two letters, how far their middles are apart in pixels, and in ems as expected and in monospaced print."""

    before: "Character"
    after: "Character"
    has_blank: bool
    length: float
    proportional: float
    monospaced: float

    def expected(self, *, monospaced: bool) -> float:
        return self.monospaced if monospaced else self.proportional


def gaps(lines: Sequence[tuple["Crop", Sequence["Character"]]]) -> list[Gaps]:
    """Return the places of each line of a page."""
    each = [list(_gaps(characters)) for _, characters in lines]
    is_monospaced = _misfit(each, monospaced=True) < _misfit(each, monospaced=False)
    return [
        Gaps(len(every), _missing(crop, characters, every, monospaced=is_monospaced))
        for (crop, characters), every in zip(lines, each, strict=True)
    ]


def _gaps(characters: Sequence["Character"]) -> Iterator[_Gap]:
    for index, before in enumerate(characters[:-1]):
        if not _is_narrow(before.text):
            continue
        after = characters[index + 1]
        has_blank = after.text == " " and index + 2 < len(characters)
        after = characters[index + 2] if has_blank else after
        if _is_narrow(after.text):
            expected = (_width(before.text) + _width(after.text)) / 2 + _BLANK * has_blank
            cells = _MONOSPACED * (1 + has_blank)
            yield _Gap(before, after, has_blank, after.center - before.center, expected, cells)


@cache
def _is_narrow(text: str) -> bool:
    return text.isalpha() and not is_wide(text) and text not in _TOO_WIDE


@cache
def _width(letter: str) -> float:
    """Return a letter's width, whatever its accents."""
    base = "i" if letter == "ı" else unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(base, _CAPITAL if base.isupper() else _SMALL)


def _em(every: Sequence[_Gap], *, monospaced: bool) -> float:
    """Return a line's em in pixels, by the places within its words; 0 if it has too few."""
    ratios = [one.length / one.expected(monospaced=monospaced) for one in every if not one.has_blank]
    return median(ratios) if len(ratios) >= _MIN_PAIRS else 0.0


def _misfit(lines: Iterable[Sequence[_Gap]], *, monospaced: bool) -> float:
    """Return how far the places within words are from what is expected, summed over all lines."""
    misfit = 0.0
    for every in lines:
        if em := _em(every, monospaced=monospaced):
            within = [one for one in every if not one.has_blank]
            misfit += len(within) * median(abs(one.length / em - one.expected(monospaced=monospaced)) for one in within)
    return misfit


def _missing(crop: "Crop", characters: Sequence["Character"], every: Sequence[_Gap], *, monospaced: bool) -> int:
    """Return in how many places a letter is missing; 0 where the ground cannot be told from ink."""
    em = _em(every, monospaced=monospaced)
    step = min((one.right - one.left for one in characters), default=0.0)
    wider = max(_MIN_WIDER * em, _MIN_STEPS * step)
    wide = [one for one in every if one.length >= one.expected(monospaced=monospaced) * em + wider]
    if not em or not wide:
        return 0
    rows: Numbers = ink_of(crop.image).sum(0)
    written = rows >= _MIN_ROWS * crop.image.shape[0]
    # The network is shown more than the line: a blank at its end may be said to be beyond it.
    blanks = [int(one.center) for one in characters if one.text == " " and one.center < len(written)]
    if written[blanks].sum() > _MAX_WRITTEN_BLANKS * len(blanks):
        return 0
    return sum(_has_letter(one, written, em, monospaced=monospaced) for one in wide)


def _has_letter(gap: _Gap, written: "NDArray[np.bool_]", em: float, *, monospaced: bool) -> bool:
    """Return whether there is ink between two letters, beside one of them, as that of a letter would be."""
    widths = (_MONOSPACED,) * 2 if monospaced else (_width(gap.before.text), _width(gap.after.text))
    left, right = (one / 2 + _MARGIN for one in widths)
    start = max(0, int(gap.before.center + left * em))
    between = written[start : int(gap.after.center - right * em) + 1]
    columns = between.nonzero()[0]
    if len(columns) < _MIN_WRITTEN * em:
        return False
    if not gap.has_blank:
        return len(columns) >= _MOSTLY * len(between)
    return bool(columns[0] <= _BESIDE * em or columns[-1] >= len(between) - _BESIDE * em)
