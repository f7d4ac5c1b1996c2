"""Which way a line of a text layer runs, and the frame in which it is upright.

pdftotext names no direction; it gives a line's words in the order in which the text runs. A line of one word is told by
the shape of its box: a letter is about half as wide as its font is high. Where that says nothing (two letters are as
wide as high), the line runs as most of the page's text does.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from folio.documents.pdf.text_page import TextBox
from folio.models import Line
from folio.text.spacing import is_wide
from folio.transform import Box, Polygon, box

type Direction = Literal["right", "left", "down", "up", "column"]  # "column": upright characters, one below the other

_LETTER_WIDTH = 0.5  # of the font's height
_MIN_SHAPE_RATIO = 1.7  # between how well two directions explain a box; below, it tells nothing

_MIN_TALL = 1.5  # of height to width, of two Chinese characters or more, one below the other
_TURNED: dict[str, int] = {"down": 1, "left": 2, "up": 3}  # quarters, clockwise
_MIN_UNSURE_LINES = 3  # fewer have no order to get wrong


def directions(lines: Sequence[Sequence[TextBox]], physical: str = "", *, is_vertical: bool = False) -> list[Direction]:
    """Return each line's direction; a line has at least one word, and its words are in order.

    `physical` is the page's text as `documents.pdf.poppler.physical_text` gives it, for pages that `is_unsure` names;
    `is_vertical` says that Chinese which runs downwards is upright.
    """
    guesses = _found(lines)
    sizes = _sizes(lines, guesses)
    across: Direction = "left" if sizes["left"] > sizes["right"] else "right"
    sideways: Direction = "up" if sizes["up"] > sizes["down"] else "down"
    if physical:
        across = _likelier("right", "left", lines, physical)
        sideways = _likelier("down", "up", lines, physical)
    default = sideways if _is_sideways(sizes) else across
    likely: dict[str | None, Direction] = {"across": across, "sideways": sideways, None: default}
    sure: dict[str | None, Direction] = {"right": "right", "left": "left", "down": "down", "up": "up"}
    known = likely | sure
    ways = [known[direction] for direction in guesses]
    if not is_vertical:
        return ways
    return ["column" if way == "down" and _all_wide(line) else way for line, way in zip(lines, ways, strict=True)]


def is_unsure(lines: Sequence[Sequence[TextBox]]) -> bool:
    """Return whether no line tells which way most of the text runs: there are only single words."""
    guesses = _found(lines)
    sizes = _sizes(lines, guesses)
    sides = ("up", "down") if _is_sideways(sizes) else ("right", "left")
    return len(lines) >= _MIN_UNSURE_LINES and not any(sizes[way] for way in sides)


def _found(lines: Sequence[Sequence[TextBox]]) -> list[str | None]:
    return [_by_words(line) if len(line) > 1 else _by_shape(line[0]) for line in lines]


def _sizes(lines: Sequence[Sequence[TextBox]], guesses: Sequence[str | None]) -> Counter[str | None]:
    sizes: Counter[str | None] = Counter()
    for line, direction in zip(lines, guesses, strict=True):
        sizes[direction] += sum(len(word.text) for word in line)
    return sizes


def _is_sideways(sizes: Counter[str | None]) -> bool:
    return sizes["sideways"] + sizes["up"] + sizes["down"] > sizes["across"] + sizes["right"] + sizes["left"]


def _likelier(one: Direction, other: Direction, lines: Sequence[Sequence[TextBox]], physical: str) -> Direction:
    """Return the direction in which more words follow each other as in the text, whose rows are in order."""
    position = {word: at for at, word in reversed(list(enumerate(physical.split())))}
    words = [word for line in lines for word in line if word.text in position]

    def score(way: Direction) -> int:
        ordered = sorted(words, key=lambda word: upright(word.box, way)[1::-1])
        return sum(position[before.text] < position[after.text] for before, after in pairwise(ordered))

    return one if score(one) >= score(other) else other


def _by_words(line: Sequence[TextBox]) -> str:
    first, last = line[0].box, line[-1].box
    right, down = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    if abs(right) >= abs(down):
        return "right" if right >= 0 else "left"
    if down < 0:
        return "up"
    return "down"


def _by_shape(word: TextBox) -> str | None:
    left, top, right, bottom = word.box
    width, height = max(right - left, 0.01), max(bottom - top, 0.01)
    if _is_wide(word.text):
        return "sideways" if height > _MIN_TALL * width else "across" if width > _MIN_TALL * height else None
    advance = _LETTER_WIDTH * len(word.text)
    across, sideways = abs(math.log(width / height / advance)), abs(math.log(height / width / advance))
    if abs(across - sideways) < math.log(_MIN_SHAPE_RATIO):
        return None
    return "across" if across < sideways else "sideways"


def is_tall(word: TextBox) -> bool:
    """Return whether a word is Chinese that runs downwards, or lies on its side."""
    left, top, right, bottom = word.box
    return _is_wide(word.text) and bottom - top > _MIN_TALL * (right - left)


def _all_wide(line: Sequence[TextBox]) -> bool:
    return all(_is_wide(word.text) for word in line)


def _is_wide(text: str) -> bool:
    return not text.isascii() and all(map(is_wide, text))


def direction_of(line: Line) -> Direction:
    """Return the direction of a line whose polygon begins where the text does."""
    (left, top), (right, bottom), _, low = line.polygon
    across, down = right - left, bottom - top
    if abs(across) < abs(down):
        return "down" if down > 0 else "up"
    if across < 0:
        return "left"
    return "column" if _is_wide(line.text) and math.dist((left, top), low) > _MIN_TALL * across else "right"


def upright(sides: Box, direction: Direction, *, right_to_left: bool = False) -> Box:
    """Return a box in the frame in which text of that direction is upright and runs to the right."""
    left, top, right, bottom = sides
    if direction in ("down", "column"):
        left, top, right, bottom = top, -right, bottom, -left
    elif direction == "up":
        left, top, right, bottom = -bottom, left, -top, right
    elif direction == "left":
        left, top, right, bottom = -right, -bottom, -left, -top
    return (-right, top, -left, bottom) if right_to_left else (left, top, right, bottom)


def as_read(sides: Box, direction: Direction) -> Polygon:
    """Return a box's corners, clockwise from the top left one of the text as it is read."""
    corners = box(*sides)
    if (turned := _TURNED.get(direction, 0)) == 0:
        return corners
    return corners[turned:] + corners[:turned]  # type: ignore[return-value]  # four of four
