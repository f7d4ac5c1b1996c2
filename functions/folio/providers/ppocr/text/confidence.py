"""How sure a word is: the share of such words that are right.

It is told by the word's least probable letter or digit, by how that was read, and by the list of words of its language.
The recognizer's own mean says too much: of the public forms' words with a mean of 0.9 to 0.95 three in four were right.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from folio.models import Line
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.language.ngrams import Ngrams
from folio.providers.ppocr.onnx.characters import Character, Source, missed_within
from folio.text.spacing import is_wide

type _Points = Sequence[tuple[float, float]]

# Probability of a word's least probable character, and the confidence that is stated, straight lines between. Counted
# on 26,000 words of public scans and photographs and 7,400 that were drawn, but for what the truth leaves out. 0.9 is
# stated from where on 98% of such words are right, so that of all from there on 99% are; below, where 87 to 97% are,
# less is stated than that.
_EXACT: _Points = (
    *((0.0, 0.05), (0.2, 0.19), (0.3, 0.27), (0.4, 0.36), (0.5, 0.48), (0.6, 0.58), (0.7, 0.63), (0.8, 0.67)),
    *((0.87, 0.72), (0.93, 0.79), (0.98, 0.87), (0.9995, 0.893), (0.9997, 0.9), (0.9999, 0.96), (1.0, 0.998)),
)
# In a line that was clear at first sight. The network in whole numbers is a little surer than it should be.
_ROUGH: _Points = (
    *((0.0, 0.05), (0.2, 0.3), (0.4, 0.45), (0.5, 0.58), (0.6, 0.67), (0.7, 0.75), (0.8, 0.81), (0.9, 0.85)),
    *((0.95, 0.87), (0.9995, 0.893), (0.9998, 0.9), (0.9999, 0.95), (1.0, 0.998)),
)
# By the quick recognizer, whose words stand on clean pages alone.
_QUICK: _Points = (
    *((0.0, 0.05), (0.85, 0.83), (0.93, 0.87), (0.97, 0.9), (0.9975, 0.95), (0.998, 0.96), (0.9997, 0.985)),
    (1.0, 0.998),
)
# Of words that the page's language has: what is misread is hardly ever another of its words.
_KNOWN: _Points = (
    *((0.0, 0.3), (0.3, 0.75), (0.5, 0.82), (0.7, 0.865), (0.8, 0.88), (0.95, 0.895), (0.98, 0.9), (0.99, 0.94)),
    *((0.9995, 0.97), (0.9999, 0.985), (1.0, 0.998)),
)
_KNOWN_ROUGH: _Points = (
    *((0.0, 0.3), (0.5, 0.88), (0.8, 0.9), (0.98, 0.91), (0.99, 0.94), (0.9995, 0.97), (0.9999, 0.985), (1.0, 0.998)),
)
_KNOWN_QUICK: _Points = ((0.0, 0.3), (0.6, 0.89), (0.7, 0.9), (0.93, 0.92), (0.96, 0.96), (0.99, 0.985), (1.0, 0.998))
# Of words that the list decided, whose probability is that of all letters together.
_SPELLED: _Points = ((0.0, 0.3), (0.5, 0.72), (0.7, 0.78), (0.85, 0.83), (0.9, 0.86), (0.95, 0.88), (1.0, 0.89))
# Of wide characters, which are words of their own.
_WIDE: _Points = (
    *((0.0, 0.38), (0.2, 0.52), (0.3, 0.6), (0.4, 0.66), (0.5, 0.71), (0.6, 0.76), (0.7, 0.8), (0.8, 0.83)),
    *((0.87, 0.86), (0.9, 0.875), (0.95, 0.885), (0.99, 0.893), (0.995, 0.9), (0.9998, 0.95), (0.9999, 0.97)),
    (1.0, 0.998),
)
_CLEAR_WIDE: _Points = (
    *((0.0, 0.38), (0.5, 0.71), (0.8, 0.83), (0.9, 0.88), (0.95, 0.9), (0.98, 0.97), (0.999, 0.99), (1.0, 0.998)),
)
# Of those that were decided by what follows what in texts: the recognizer had them in mind, and not always first.
_LIKELY: _Points = (
    (0.0, 0.6),
    (0.2, 0.67),
    (0.4, 0.73),
    (0.6, 0.77),
    (0.7, 0.81),
    (0.8, 0.87),
    (0.95, 0.89),
    (1.0, 0.9),
)
_OF_WORDS: Mapping[Source, _Points] = {
    "exact": _EXACT,
    "rough": _ROUGH,
    "quick": _QUICK,
    "spelled": _SPELLED,
    "likely": _EXACT,
}
_OF_KNOWN: Mapping[Source, _Points] = {
    **_OF_WORDS,
    "exact": _KNOWN,
    "rough": _KNOWN_ROUGH,
    "quick": _KNOWN_QUICK,
    "likely": _KNOWN,
}
_OF_WIDE: Mapping[Source, _Points] = {
    "exact": _WIDE,
    "rough": _CLEAR_WIDE,
    "quick": _CLEAR_WIDE,
    "spelled": _WIDE,
    "likely": _LIKELY,
}
_PART = re.compile(r"[^\W\d_]+")  # of a word: letters
_MIN_LETTERS = 2  # and digits of a word whose signs do not count
_MIN_KNOWN = 4  # letters; shorter ones are misread as each other
# Of a line; below it is mostly no writing. Specks, rules and edges in pictures are read as up to three characters.
_MIN_CONFIDENCE, _MIN_SHORT_CONFIDENCE = 0.42, 0.595
_MIN_WIDE_CONFIDENCE, _MIN_SHORT_WIDE_CONFIDENCE = 0.69, 0.77
_MIN_NARROW_CONFIDENCE = 0.5  # of letters and digits on a page of wide characters: charts, and what is none of these
_MIN_LIKELY_CONFIDENCE, _MIN_SHORT_LIKELY_CONFIDENCE = 0.58, 0.67
_SHORT = 3  # characters


def word_confidence(characters: Sequence[Character], lexicon: Lexicon | None = None) -> float:
    """Return how likely a word of these characters is right, from 0 to 1. `lexicon` has the words of its language."""
    doubtful = min(_telling(characters), key=lambda character: character.probability)
    tables = _tables(characters, lexicon)
    points, least = tables[doubtful.source], doubtful.probability
    if tables is _OF_WORDS:  # a word of the language lacks no letter, whatever else was thought of
        least = min(least, 1 - missed_within(characters))
    index = bisect_right(points, least, key=lambda point: point[0])
    (start, low), (end, high) = points[min(index, len(points) - 1) - 1 : min(index, len(points) - 1) + 1]
    return low + (high - low) * (min(least, end) - start) / (end - start)


def _telling(characters: Sequence[Character]) -> Sequence[Character]:
    """Return those that make the word: letters, digits, and signs between digits.

    A sign beside a single letter or digit may be a part of it, or both a speck.
    """
    if sum(one.text.isalnum() for one in characters) < _MIN_LETTERS:
        return characters
    beside = zip((None, *characters), characters, (*characters[1:], None), strict=False)
    return [
        one
        for before, one, after in beside
        if one.text.isalnum() or (before and after and before.text.isdigit() and after.text.isdigit())
    ]


def _tables(characters: Sequence[Character], lexicon: Lexicon | None) -> Mapping[Source, _Points]:
    if is_wide(characters[0].text):
        return _OF_WIDE
    text = "".join(character.text for character in characters)
    return _OF_KNOWN if lexicon and is_known(text, lexicon) else _OF_WORDS


def is_known(text: str, lexicon: Lexicon) -> bool:
    """Return whether all of a word that has letters is in the list, and the word not divided by its line."""
    parts = _PART.findall(text)
    return (
        sum(map(len, parts)) >= _MIN_KNOWN
        and not any(character.isdigit() for character in text)
        and not text.endswith("-")
        and all(len(part) == 1 or lexicon.has(part) for part in parts)
    )


def is_writing(line: Line, ngrams: Ngrams | None = None) -> bool:
    """Return whether a line is sure enough to be one; one that reads as the page's `ngrams` do need not be as sure."""
    text = "".join(word.text for word in line.words)
    if sum(map(is_wide, text)) > len(text) / 2:
        least, least_short = _MIN_WIDE_CONFIDENCE, _MIN_SHORT_WIDE_CONFIDENCE
        if ngrams and ngrams.is_likely(text):
            least, least_short = _MIN_LIKELY_CONFIDENCE, _MIN_SHORT_LIKELY_CONFIDENCE
    else:
        least, least_short = (_MIN_NARROW_CONFIDENCE if ngrams else _MIN_CONFIDENCE), _MIN_SHORT_CONFIDENCE
    return (line.confidence or 0.0) >= (least_short if len(text) <= _SHORT else least)
