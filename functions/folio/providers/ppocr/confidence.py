"""How sure a word is: the share of such words that are right, told by its least probable character.

The recognizer's own mean says too much: of the public forms' words with a mean of 0.9 to 0.95 three in four were right.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from folio.models import Line
from folio.providers.ppocr.recognition import Character

# Probability of a word's least probable character, and the confidence that is stated, straight lines between. Counted
# on 21,800 words of public scans and photographs: up to 0.8 it is the share that is right. 0.9 is stated where 99% of
# scans' words are right, from 0.9995; between, where 85 to 97% are, less is stated than that.
_POINTS = (
    *((0.0, 0.1), (0.3, 0.22), (0.4, 0.32), (0.5, 0.5), (0.6, 0.62), (0.7, 0.71), (0.8, 0.77), (0.9, 0.81)),
    *((0.95, 0.85), (0.99, 0.87), (0.9995, 0.9), (0.9999, 0.97), (1.0, 0.998)),
)
# Of a line; below it is mostly no writing. Specks, rules and edges in pictures are read as up to three characters.
_MIN_CONFIDENCE, _MIN_SHORT_CONFIDENCE = 0.4, 0.65
_SHORT = 3  # characters


def word_confidence(characters: Sequence[Character]) -> float:
    """Return how likely a word of these characters is right, from 0 to 1."""
    least = min(character.probability for character in characters)
    index = bisect_right(_STARTS, least) - 1
    (start, low), (end, high) = _SECTIONS[min(index, len(_SECTIONS) - 1)]
    return low + (high - low) * (min(least, end) - start) / (end - start)


def is_writing(line: Line) -> bool:
    """Return whether a line is sure enough to be one."""
    is_short = sum(len(word.text) for word in line.words) <= _SHORT
    return (line.confidence or 0.0) >= (_MIN_SHORT_CONFIDENCE if is_short else _MIN_CONFIDENCE)


_SECTIONS = tuple(pairwise(_POINTS))
_STARTS = [start for start, _ in _POINTS]
