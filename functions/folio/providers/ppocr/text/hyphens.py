"""Hyphens at the ends of lines that were not read: small print loses them first, and its words would stay halves.

What ends a line and what begins the line below it are one word where the language has the whole and not both parts.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from folio.models import Line
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.transform import Box

_FIRST_PART, _LAST_PART = re.compile(r"[^\W\d_]{2,}$"), re.compile(r"[^\W\d_]+")
_MIN_LENGTH = 5  # letters of a word that is divided
_MAX_GAP = 1.0  # in heights, between a line and the one below it
_MIN_SHARED = 0.5  # of the shorter one's length, that is above the other


def with_hyphens(lines: Sequence[Line], boxes: Sequence[Box], lexicon: Lexicon) -> list[Line]:
    """Return the lines, those whose last word goes on below with a hyphen; `boxes` are upright, as the page lies."""
    order = sorted(range(len(lines)), key=lambda index: boxes[index][1])
    hyphened = list(lines)
    for number, index in enumerate(order):
        if not (first := _FIRST_PART.search(lines[index].text)):
            continue
        below = next((other for other in order[number + 1 :] if _is_below(boxes[other], boxes[index])), None)
        if below is not None and _go_on(first[0], lines[below].text, lexicon):
            hyphened[index] = _with_hyphen(lines[index])
    return hyphened


def _is_below(box: Box, above: Box) -> bool:
    """Return whether a line is the next one below another."""
    left, top, right, bottom = above
    shared = min(right, box[2]) - max(left, box[0])
    middle = (top + bottom) / 2
    is_near = middle < box[1] + (box[3] - box[1]) / 4 and box[1] <= bottom + _MAX_GAP * (bottom - top)
    return is_near and shared >= _MIN_SHARED * min(right - left, box[2] - box[0])


def _go_on(first: str, below: str, lexicon: Lexicon) -> bool:
    """Return whether letters that end a line are a word with those that begin the line below."""
    last = _LAST_PART.match(below)
    if not last or not last[0].islower() or not first[1:].islower():
        return False
    whole = first + last[0]
    return len(whole) >= _MIN_LENGTH and lexicon.has(whole) and not (lexicon.has(first) and lexicon.has(last[0]))


def _with_hyphen(line: Line) -> Line:
    last = line.words[-1]
    words = (*line.words[:-1], replace(last, text=f"{last.text}-"))
    return replace(line, text=f"{line.text}-", words=words)
