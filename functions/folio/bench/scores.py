"""How much of a known text was read: rates of words, characters and boxes.

Both sides are normalized alike: words divided at the end of a line are joined, NFKC, case-folded. Words are runs of
letters and digits; punctuation alone is no word. Chinese has no words here but characters, white space left out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from folio.transform import Box

_WORD = re.compile(r"[^\W_]+")
# A hyphen, also a soft or a typographic one, between a letter and the letter that begins the next line.
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u00ac][ \t]*\r?\n\s*(?=[^\W\d_])")
_MIN_COVERED_SHARE = 0.3  # of a truth word's area by a read word, for its text to count


def normalized(text: str) -> str:
    """Return a text as it is compared: words whole, NFKC, case-folded."""
    return unicodedata.normalize("NFKC", _DIVIDED.sub("", text)).casefold()


def words(text: str) -> list[str]:
    """Return runs of letters and digits, in order."""
    return _WORD.findall(normalized(text))


def characters(text: str) -> list[str]:
    """Return all characters but white space, in order."""
    return list("".join(normalized(text).split()))


def units(text: str, by_character: bool) -> list[str]:
    """Return what recall and precision count: words, or characters for Chinese."""
    return characters(text) if by_character else words(text)


def recall_and_precision(truth: Sequence[str], read: Sequence[str]) -> tuple[float, float]:
    """Return the shares from 0 to 1 of what both have, as multisets; recall of an empty truth is 1."""
    both = shared(truth, read)
    return both / len(truth) if truth else 1.0, both / len(read) if read else float(not truth)


def shared(truth: Sequence[str], read: Sequence[str]) -> int:
    """Return how many units two texts share as multisets."""
    return (Counter(truth) & Counter(read)).total()


def character_errors(truth: str, read: str, by_character: bool) -> float:
    """Return the CER: edits over the truth's length, white space collapsed (Chinese: removed). May be above 1."""
    space = "" if by_character else " "
    one, other = (space.join(normalized(text).split()) for text in (truth, read))
    return distance(one, other) / max(1, len(one))


def word_errors(truth: str, read: str) -> float:
    """Return the WER: edits of words over the number of words of the truth."""
    one = words(truth)
    return distance(one, words(read)) / max(1, len(one))


def distance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Return the Levenshtein distance, a column of the table at a time in the bits of one integer.

    Source: Myers 1999 in the form of Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
    distances" (2003), with Python's integers for words of any length: 4,000 by 4,000 characters take milliseconds.
    """
    if not one:
        return len(other)
    where: dict[Hashable, int] = {}
    for index, item in enumerate(one):
        where[item] = where.get(item, 0) | 1 << index
    all_ones, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    up, down, edits = all_ones, 0, len(one)  # where the column grows by one downwards, where it shrinks
    for item in other:
        equal = where.get(item, 0)
        diagonal = (((equal & up) + up) ^ up) | equal | down
        right = down | (all_ones & ~(diagonal | up))
        left = diagonal & up
        edits += bool(right & last) - bool(left & last)
        right = (right << 1 | 1) & all_ones
        up = (left << 1 & all_ones) | (all_ones & ~(diagonal | right))
        down = right & diagonal
    return edits


def box_recall(truth: Iterable[tuple[str, Box]], read: Iterable[tuple[str, Box]]) -> float:
    """Return the share of the truth's words that a read word of the same text covers by at least 30%."""
    boxes: dict[str, list[Box]] = {}
    for text, box in read:
        boxes.setdefault("".join(words(text)), []).append(box)
    expected = [("".join(words(text)), box) for text, box in truth]
    expected = [(text, box) for text, box in expected if text]
    hits = sum(
        any(covered_share(box, by) >= _MIN_COVERED_SHARE for by in boxes.get(text, ())) for text, box in expected
    )
    return hits / len(expected) if expected else 1.0


def covered_share(box: Box, by: Box) -> float:
    """Return the share of a box that another covers."""
    across = min(box[2], by[2]) - max(box[0], by[0])
    down = min(box[3], by[3]) - max(box[1], by[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return across * down / area if across > 0 and down > 0 and area > 0 else 0.0
