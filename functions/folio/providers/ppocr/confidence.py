"""How sure a word is: the share of such words that are right, told by its least probable character and its language.

The recognizer's own mean says too much: of the public forms' words with a mean of 0.9 to 0.95 three in four were right.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from folio.models import Line
from folio.providers.ppocr.characters import Character
from folio.providers.ppocr.lexicon import Lexicon
from folio.text.spacing import is_wide

# Probability of a word's least probable character, and the confidence that is stated, straight lines between. Counted
# on 17,000 words of public scans and photographs: below 0.85 it is the share that is right. 0.9 is stated where of all
# such words 99% are; between, where 87 to 97% are, less is stated than that.
_POINTS = (
    *((0.0, 0.05), (0.2, 0.19), (0.3, 0.27), (0.4, 0.36), (0.5, 0.48), (0.6, 0.58), (0.7, 0.68), (0.8, 0.765)),
    *((0.87, 0.81), (0.9, 0.83), (0.95, 0.87), (0.9995, 0.893), (0.9997, 0.9), (0.9999, 0.96), (1.0, 0.998)),
)
# Of words that the page's language has: what is misread is hardly ever another of its words.
_KNOWN_POINTS = (
    *((0.0, 0.3), (0.3, 0.75), (0.5, 0.855), (0.7, 0.865), (0.8, 0.88), (0.95, 0.895), (0.98, 0.9), (0.99, 0.94)),
    *((0.9995, 0.97), (0.9999, 0.985), (1.0, 0.998)),
)
# Of wide characters, which are words of their own.
_WIDE_POINTS = (
    *((0.0, 0.38), (0.2, 0.52), (0.3, 0.6), (0.4, 0.66), (0.5, 0.71), (0.6, 0.76), (0.7, 0.8), (0.8, 0.83)),
    *((0.87, 0.86), (0.9, 0.875), (0.95, 0.885), (0.99, 0.893), (0.9995, 0.9), (0.9999, 0.97), (1.0, 0.998)),
)
_PART = re.compile(r"[^\W\d_]+")  # of a word: letters
_MIN_KNOWN = 4  # letters; shorter ones are misread as each other
# Of a line; below it is mostly no writing. Specks, rules and edges in pictures are read as up to three characters.
_MIN_CONFIDENCE, _MIN_SHORT_CONFIDENCE = 0.42, 0.61
_MIN_WIDE_CONFIDENCE, _MIN_SHORT_WIDE_CONFIDENCE = 0.68, 0.77
_SHORT = 3  # characters


def word_confidence(characters: Sequence[Character], lexicon: Lexicon | None = None) -> float:
    """Return how likely a word of these characters is right, from 0 to 1. `lexicon` has the words of its language."""
    least = min(character.probability for character in characters)
    points = _points(characters, lexicon)
    index = bisect_right(points, least, key=lambda point: point[0])
    (start, low), (end, high) = points[min(index, len(points) - 1) - 1 : min(index, len(points) - 1) + 1]
    return low + (high - low) * (min(least, end) - start) / (end - start)


def _points(characters: Sequence[Character], lexicon: Lexicon | None) -> Sequence[tuple[float, float]]:
    if is_wide(characters[0].text):
        return _WIDE_POINTS
    text = "".join(character.text for character in characters)
    return _KNOWN_POINTS if lexicon and _is_known(text, lexicon) else _POINTS


def _is_known(text: str, lexicon: Lexicon) -> bool:
    """Return whether all of a word that has letters is in the list, and the word not divided by its line."""
    parts = _PART.findall(text)
    return (
        sum(map(len, parts)) >= _MIN_KNOWN
        and not any(character.isdigit() for character in text)
        and not text.endswith("-")
        and all(len(part) == 1 or lexicon.has(part) for part in parts)
    )


def is_writing(line: Line) -> bool:
    """Return whether a line is sure enough to be one."""
    text = "".join(word.text for word in line.words)
    if sum(map(is_wide, text)) > len(text) / 2:
        least, least_short = _MIN_WIDE_CONFIDENCE, _MIN_SHORT_WIDE_CONFIDENCE
    else:
        least, least_short = _MIN_CONFIDENCE, _MIN_SHORT_CONFIDENCE
    return (line.confidence or 0.0) >= (least_short if len(text) <= _SHORT else least)
