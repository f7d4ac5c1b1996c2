"""Lines that cross the page at a slant, such as a watermark: pdftotext tears them into letters."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

from folio.documents.pdf.text_page import TextBox
from folio.textlayer.lettering import merged

_MAX_LETTERS = 3  # of a fragment: where neighbouring letters' boxes share enough height, poppler joins them
_MIN_FRAGMENTS, _MIN_LETTERS = 3, 4
_MAX_CANDIDATES = 80  # the largest
_MIN_SLOPE, _MAX_SLOPE = 12.0, 78.0  # degrees; poppler keeps lines that are less askew together
_MAX_OFF_LINE = 0.25  # of a fragment's longer side, from the line so far: a wide letter's middle lies beside it
_MIN_LETTER_RATIO = 1.15  # of a fragment's longer side to the height of most words: turned letters have larger boxes
_MAX_GAP = 1.0  # between the boxes of fragments, of the smallest side
_WORD_GAP = 0.25  # of a letter's size, between words

type DiagonalLine = tuple[list[TextBox], float]


def diagonal_lines(lines: Sequence[list[TextBox]]) -> tuple[list[list[TextBox]], list[DiagonalLine]]:
    """Return the lines without the words that lie on slanted lines, and these: words and degrees, clockwise."""
    words = [word for line in lines for word in line]
    short = [word for word in words if len(word.text) <= _MAX_LETTERS]
    if len(short) < _MIN_FRAGMENTS:
        return list(lines), []
    longer = [word.box[3] - word.box[1] for word in words if len(word.text) > _MAX_LETTERS]
    usual = median(longer) if longer else 0.0
    large = [word for word in short if _size(word) > _MIN_LETTER_RATIO * usual * max(1.0, 0.7 * len(word.text))]
    candidates = sorted(large, key=_size, reverse=True)[:_MAX_CANDIDATES]
    slanted: list[DiagonalLine] = []
    while (
        len(candidates) >= _MIN_FRAGMENTS and (fragments := _longest(candidates)) and not _are_in_rows(fragments, words)
    ):
        slanted.append((_joined(fragments), _slope(fragments[0], fragments[-1])))
        taken = {id(fragment) for fragment in fragments}
        candidates = [word for word in candidates if id(word) not in taken]
        lines = [rest for line in lines if (rest := [word for word in line if id(word) not in taken])]
    slanted.sort(key=lambda one: one[0][0].box[1])
    return list(lines), slanted


def _are_in_rows(fragments: Sequence[TextBox], words: Sequence[TextBox]) -> bool:
    """Return whether most fragments stand in a row with others of their font, as the figures of a matrix do."""
    tops = Counter((round(word.box[1]), round(word.box[3])) for word in words)
    return sum(tops[round(fragment.box[1]), round(fragment.box[3])] > 1 for fragment in fragments) > len(fragments) / 2


def _middle(word: TextBox) -> tuple[float, float]:
    left, top, right, bottom = word.box
    return (left + right) / 2, (top + bottom) / 2


def _size(word: TextBox) -> float:
    return max(word.box[2] - word.box[0], word.box[3] - word.box[1])


def _slope(one: TextBox, other: TextBox) -> float:
    (x, y), (to_x, to_y) = _middle(one), _middle(other)
    return math.degrees(math.atan2(to_y - y, to_x - x))


def _longest(candidates: Sequence[TextBox]) -> list[TextBox]:
    """Return the most fragments that lie on one slanted line without a large gap, from left to right."""
    ordered = sorted(candidates, key=lambda word: _middle(word)[0])
    widest = max(word.box[2] - word.box[0] for word in ordered)
    best: list[TextBox] = []
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.box[0] - one.box[2] > (1 + _MAX_GAP) * widest:
                break
            if not _near(one, other) or not _MIN_SLOPE <= abs(_slope(one, other)) <= _MAX_SLOPE:
                continue
            chain = _chain(one, other, ordered[at:])
            if len(chain) > len(best):
                best = chain
    return best if len(best) >= _MIN_FRAGMENTS and sum(len(fragment.text) for fragment in best) >= _MIN_LETTERS else []


def _near(one: TextBox, other: TextBox) -> bool:
    """Return whether the boxes of two fragments touch, or nearly do: turned letters of one font lie in each other's."""
    (left, top, right, bottom), (to_left, to_top, to_right, to_bottom) = one.box, other.box
    gap = max(to_left - right, left - to_right, to_top - bottom, top - to_bottom)
    return gap <= _MAX_GAP * min(right - left, bottom - top, to_right - to_left, to_bottom - to_top)


def _chain(first: TextBox, second: TextBox, ordered: Sequence[TextBox]) -> list[TextBox]:
    """Return the fragments, from the first one on, of which each is near the one before and goes on in its line."""
    chain, angle = [first], math.radians(_slope(first, second))
    for word in ordered[1:]:
        (x, y), (to_x, to_y) = _middle(chain[-1]), _middle(word)
        off = abs((to_y - y) * math.cos(angle) - (to_x - x) * math.sin(angle))
        if off <= _MAX_OFF_LINE * _size(word) and _near(chain[-1], word):
            chain.append(word)
            angle = math.radians(_slope(first, word))
    return chain


def _joined(fragments: Sequence[TextBox]) -> list[TextBox]:
    """Return the fragments joined to words: letters of a word abut along the axis that the font advances on."""
    gaps = min(
        ([after.box[side] - before.box[side + 2] for before, after in _pairs(fragments, side)] for side in (0, 1)),
        key=_spread,
    )
    words = [[fragments[0]]]
    for fragment, gap in zip(fragments[1:], gaps, strict=True):
        size = min(fragment.box[2] - fragment.box[0], fragment.box[3] - fragment.box[1]) / len(fragment.text)
        if gap > _WORD_GAP * size:
            words.append([fragment])
        else:
            words[-1].append(fragment)
    return [merged(word) for word in words]


def _pairs(fragments: Sequence[TextBox], side: int) -> list[tuple[TextBox, TextBox]]:
    """Return neighbours, the one with the smaller coordinate on that axis first."""
    pairs = itertools.pairwise(fragments)
    return [(one, other) if one.box[side] <= other.box[side] else (other, one) for one, other in pairs]


def _spread(gaps: Sequence[float]) -> float:
    return sum(abs(gap) for gap in gaps)
