"""The words of a page as upright boxes, and the rows and segments that they stand in."""

import itertools
import re
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec
from msgspec import Struct

from folio.models import Line
from folio.text.bend import Bend
from folio.text.spacing import is_wide
from folio.transform import Box, Polygon, Transform, bounds

# In heights of the text. Between the words of a row, where a cell ends: anywhere; where the engine or the text layer
# has ended a line too; between two figures.
_GAP, _GAP_OF_LINES, _GAP_OF_FIGURES = 0.9, 0.5, 0.45
_MAX_SLOPE = 0.2
# The same in spaces between words, which typewriters' fonts have wide.
_GAP_IN_SPACES, _GAP_OF_LINES_IN_SPACES = 1.7, 1.3
# Of prose: between two sentences; words of a line that is set wide, and how much wider than most spaces one of it is.
_GAP_OF_PROSE, _MIN_GAPS, _EVEN = 1.7, 5, 1.5
_MAX_SPACE, _MIN_SPACES = 1.3, 10  # in heights; how many tell what a space is
_SAME_ROW = 0.45  # between the middles of two words of a row
_WIDE_PER_WORD = 3
_LEADERS = re.compile(r"[.…·_]{3,}$")
_THOUSANDS = re.compile(r"\d{1,3}"), re.compile(r"\d{3}(?:[.,]\d+)?")
_SENTENCE_END = re.compile(r"[^\W\d_]{2}[.!?][\"'”’)]*$")
_WORD = re.compile(r"[^\W\d_]{3}")
_MAX_LETTERS_OF_FIGURE = 2


class Token(Struct, frozen=True, gc=False):
    """A word in the page's upright frame; `line` is the index of its line, `space` the page's gap between words."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float | None
    line: int
    space: float = 0.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


type Segment = list[Token]  # of one row, from left to right
type Row = list[Segment]


def tokens_of(lines: Sequence[Line], upright: Transform, bend: Bend | None = None) -> list[Token]:
    """Return the words of lines, laid flat, without the dots that lead from one column to the next."""
    result = []
    for index, line in enumerate(lines):
        if _is_turned(line, upright, bend):  # a label of a drawing
            continue
        for word in line.words or (line,):
            left, top, right, bottom = _box(word.polygon, upright, bend)
            text = word.text
            if leaders := _LEADERS.search(text):
                right = left + (right - left) * leaders.start() / len(text)
                text = text[: leaders.start()]
            if text.strip(" .…·_") or text == "-":
                result.append(Token(text, left, top, right, bottom, word.confidence, index))
    space = _space(result)
    return [msgspec.structs.replace(token, space=space) for token in result]


def _is_turned(line: Line, upright: Transform, bend: Bend | None) -> bool:
    start, end = map(upright.point, line.polygon[:2])
    fall = bend.level(*end) - bend.level(*start) if bend else end[1] - start[1]
    return abs(fall) > _MAX_SLOPE * (end[0] - start[0])


def _box(polygon: Polygon, upright: Transform, bend: Bend | None) -> Box:
    if upright != Transform():
        polygon = upright.polygon(polygon)
    return bend.box(polygon) if bend else bounds(polygon)


def _space(tokens: Sequence[Token]) -> float:
    """Return the median gap between the words of a line, figures left out; 0 if there are none."""
    gaps = [
        two.left - one.right
        for one, two in itertools.pairwise(tokens)
        if one.line == two.line and one.text.isalpha() and two.text.isalpha()
        if 0 < two.left - one.right < _MAX_SPACE * max(one.height, two.height)
    ]
    return median(gaps) if len(gaps) >= _MIN_SPACES else 0.0


def text_height(tokens: Sequence[Token]) -> float:
    return median(token.height for token in tokens) or 1.0


def rows_of(tokens: Iterable[Token]) -> list[Segment]:
    """Return the tokens that stand beside each other, rows from top to bottom."""
    members = list(tokens)
    if len(members) < 2:
        return [[token] for token in members]
    ordered = sorted(((token.top + token.bottom) / 2, index, token) for index, token in enumerate(members))
    least = median(token.bottom - token.top for _, _, token in ordered)  # a dash has none to speak of
    rows: list[Segment] = []
    middles: list[float] = []
    heights: list[float] = []
    for middle, _, token in ordered:
        height = token.bottom - token.top
        for back in range(-1, -1 - min(3, len(rows)), -1):
            if abs(middles[back] - middle) < _SAME_ROW * max(least, heights[back], height):
                middles[back] += (middle - middles[back]) / (len(rows[back]) + 1)
                heights[back] = min(heights[back], height)
                rows[back].append(token)
                break
        else:
            rows.append([token])
            middles.append(middle)
            heights.append(height)
    return [sorted(row, key=lambda token: token.left) for row in rows]


def segments_of(row: Segment, height: float) -> Row:
    """Return a row's tokens, parted where a cell may end."""
    segments = [[row[0]]]
    end = row[0].right
    for token in row[1:]:
        if _ends(segments[-1][-1], token, token.left - end, height):
            segments.append([token])
        else:
            segments[-1].append(token)
        end = max(end, token.right)
    return segments


def _ends(one: Token, other: Token, gap: float, height: float) -> bool:
    height = min(height, 1.2 * max(one.height, other.height))
    if gap > max(_GAP * height, _GAP_IN_SPACES * one.space):
        return True
    if one.line != other.line and gap > max(_GAP_OF_LINES * height, _GAP_OF_LINES_IN_SPACES * one.space):
        return True
    if gap <= _GAP_OF_FIGURES * height or not (is_figure(one.text) and is_figure(other.text)):
        return False
    return not (_THOUSANDS[0].fullmatch(one.text) and _THOUSANDS[1].fullmatch(other.text))


def has_cells(row: Segment, height: float) -> bool:
    """Return whether white space parts a row that is not that of prose."""
    segments = segments_of(row, height)
    ends = [(one[-1], other[0]) for one, other in itertools.pairwise(segments)]
    return bool(ends) and not all(_is_of_prose(one, other, row, height) for one, other in ends)


def _is_of_prose(one: Token, other: Token, row: Segment, height: float) -> bool:
    """Return whether two words are parted as sentences are, or as all words of a line that is set wide."""
    gap = other.left - one.right
    if (
        one.line != other.line
        or gap > _GAP_OF_PROSE * height
        or not (_WORD.search(one.text) or _WORD.search(other.text))
    ):
        return False
    gaps = [after.left - before.right for before, after in itertools.pairwise(row)]
    is_wide_set = len(gaps) >= _MIN_GAPS and gap <= _EVEN * median(gaps)
    return is_wide_set or _SENTENCE_END.search(one.text) is not None


def is_figure(text: str) -> bool:
    """Return whether a text is a number, a date or the like."""
    digits = sum(map(str.isdigit, text))
    if _WORD.search(text):
        return False
    return digits > 0 and sum(map(str.isalpha, text)) <= max(_MAX_LETTERS_OF_FIGURE, digits)


def words_in(tokens: Iterable[Token]) -> float:
    """Return how many words a text has; three Chinese characters count as one."""
    return sum(
        1.0 if token.text.isascii() else max(1.0, sum(map(is_wide, token.text)) / _WIDE_PER_WORD) for token in tokens
    )


def text_of(tokens: Iterable[Token]) -> str:
    """Return the text of a cell, its lines joined by spaces where a space belongs."""
    text = ""
    for row in rows_of(tokens):
        for token in row:
            solid = text and is_wide(text[-1]) and is_wide(token.text[0])
            text += token.text if solid or not text else f" {token.text}"
    return text


def left_of(tokens: Iterable[Token]) -> float:
    return min(token.left for token in tokens)


def right_of(tokens: Iterable[Token]) -> float:
    return max(token.right for token in tokens)


def top_of(tokens: Iterable[Token]) -> float:
    return min(token.top for token in tokens)


def bottom_of(tokens: Iterable[Token]) -> float:
    return max(token.bottom for token in tokens)


class Band(Struct):
    """A row of a page and where it stands."""

    row: Row
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def is_single(self) -> bool:
        return len(self.row) < 2

    @property
    def tokens(self) -> list[Token]:
        return [token for segment in self.row for token in segment]
