"""The frame in which a page's text is upright and runs from left to right, and the page's rows in it."""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from statistics import median

import msgspec
from msgspec import Struct

from folio.models import Line
from folio.outputs.base import is_written_down, words_of
from folio.text.bend import Bend, find_bend
from folio.text.joining import join_lines
from folio.text.lean import Lean, find_lean
from folio.transform import Box, Point, Polygon, angle_of, quarter_of

_MIN_ANGLE = 0.2  # degrees; less moves the end of a line by less than its height
# Of segments of a line, in its heights: how far they lap over each other at most, and how far they are apart.
_MAX_LAP, _MAX_WORD_GAP, _MAX_BULLET_GAP = 0.8, 0.5, 2.5
_MIN_SHARED = 0.7  # of the higher one's height, that they share
_MIN_SIDEWAYS, _MIN_HIGH = 3, 1.5  # characters of a row that is not high by its letters; widths, of its height
_MIN_WORDS = 2  # of a line that they tell the place of
_RIGHT_TO_LEFT = ("R", "AL")


class Frame(Struct, frozen=True):
    """`angle`: clockwise degrees the text is turned by; `down`: it is in columns; `mirrored`: it runs to the left.

    `bend` makes level the lines of a page that is not flat, `lean` makes upright its columns.
    """

    angle: float = 0.0
    down: bool = False
    mirrored: bool = False
    bend: Bend | None = None
    lean: Lean | None = None

    def box(self, polygon: Polygon) -> Box:
        """Return left, top, right and bottom of a polygon in the frame; of a leaning one, without its corners."""
        flat = self._level_box(self.turned(polygon))
        return self.lean.box(flat) if self.lean else flat

    def line_box(self, line: Line) -> Box:
        """Return where a line stands: on a page that is not flat, where its words do.

        The polygon of a line, and of cells that were joined to one, is around all of it: of one that rises and falls
        it is much higher than the line.
        """
        if not self.bend or len(line.words) < _MIN_WORDS:
            return self.box(line.polygon)
        words = [self.box(word.polygon) for word in line.words]
        middle, half = median((one[1] + one[3]) / 2 for one in words), median(one[3] - one[1] for one in words) / 2
        return min(one[0] for one in words), middle - half, max(one[2] for one in words), middle + half

    def _level_box(self, polygon: Polygon) -> Box:
        if self.bend:
            return self.bend.box(polygon)
        (a, b), (c, d), (e, f), (g, h) = polygon
        xs, ys = sorted((a, c, e, g)), sorted((b, d, f, h))
        return (xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2, (xs[2] + xs[3]) / 2, (ys[2] + ys[3]) / 2

    def turned(self, polygon: Polygon) -> Polygon:
        """Return a polygon as it lies where the text is upright, on the page as it is bent."""
        if not (self.angle or self.down or self.mirrored):
            return polygon
        cosine, sine = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        p, q, r, s = (self._point(x * cosine + y * sine, y * cosine - x * sine) for x, y in polygon)
        return p, q, r, s

    def _point(self, x: float, y: float) -> Point:
        if self.down:  # the first column, on the right, is the first row
            return y, -x
        return (-x, y) if self.mirrored else (x, y)


class Row(Struct, frozen=True):
    """What stands beside each other on one line of writing: `lines` are indexes of the page's.

    `height` is that of its lines across the writing, `lead` the width of its first word; `gap` is the widest white
    space within it.
    """

    lines: tuple[int, ...]
    text: str
    box: Box
    height: float
    lead: float
    gap: float

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]


def is_sideways(row: Row) -> bool:
    """Return whether a row runs up or down where the text runs across: it is higher than wide."""
    return len(row.text) >= _MIN_SIDEWAYS and row.box[3] - row.box[1] > _MIN_HIGH * row.width


def frame_of(lines: Sequence[Line], *, is_flat: bool) -> Frame:
    """Return the frame of most of the lines' characters, of a page that is flat or may be bent."""
    angles = [(angle_of(line.polygon), len(line.text)) for line in lines if len(line.text) > 1]
    if not angles:
        return Frame()
    weights = [0, 0, 0, 0]
    for angle, characters in angles:
        weights[quarter_of(angle)] += characters
    quarter = weights.index(max(weights))
    leaning = [
        (angle - 90 * quarter + 180) % 360 - 180
        for angle, characters in angles
        if quarter_of(angle) == quarter
        for _ in range(min(characters, 40))
    ]
    lean = median(leaning)
    down = 2 * sum(len(line.text) for line in lines if is_written_down(line)) > sum(len(line.text) for line in lines)
    angle = 90.0 * quarter + (lean if abs(lean) >= _MIN_ANGLE else 0.0)
    frame = Frame(angle, down, _runs_left("".join(line.text for line in lines)))
    if is_flat:
        return frame
    bend = find_bend([[frame.turned(word.polygon) for word in words_of(line)] for line in lines])
    frame = msgspec.structs.replace(frame, bend=bend)
    return msgspec.structs.replace(frame, lean=find_lean([frame.box(line.polygon) for line in lines]))


def _runs_left(text: str) -> bool:
    foreign = (character for character in text if character > "\x7f" and character.isalpha())
    leftward = sum(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in foreign)
    return leftward > 0 and 2 * leftward > sum(map(str.isalpha, text))


def make_row(frame: Frame, lines: Sequence[Line], indexes: Sequence[int]) -> Row:
    """Return a row of lines, which are in order."""
    members = [lines[index] for index in indexes]
    boxes = [frame.line_box(line) for line in members]
    words = [frame.box(word.polygon) for line in members for word in words_of(line)]
    gaps = [after[0] - before[2] for before, after in pairwise(words)]
    # A row is as high as its highest line of text; a mark or a raised figure beside it says nothing of its size.
    height = max(box[3] - box[1] for box in boxes)
    return Row(
        lines=tuple(indexes),
        text=join_lines(line.text for line in members),
        box=(min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)),
        height=height,
        lead=_lead(members[0], words[0]),
        gap=max(gaps, default=0.0),
    )


def segments(boxes: Mapping[int, Box], bullets: Collection[int] = ()) -> list[list[int]]:
    """Return lines by index, those together that are one line of writing: of some, only parts have boxes of their own.

    Boxes that stand beside each other with less white space between than a column's edge has. `bullets` are the marks
    of items, from which their texts are further away.
    """
    joined: list[list[int]] = []
    ends = _Ends(boxes)
    for index in sorted(boxes, key=lambda index: boxes[index][0]):
        before = next(
            (at for at in ends.near(index) if _goes_on(boxes[joined[at][-1]], boxes[index], joined[at][-1] in bullets)),
            None,
        )
        if before is None:
            before = len(joined)
            joined.append([])
        else:
            ends.remove(joined[before][-1], before)
        joined[before].append(index)
        ends.add(index, before)
    return joined


def _goes_on(before: Box, after: Box, is_bullet: bool) -> bool:
    """Return whether a box is the next part of a line of writing, `is_bullet` of one whose part so far is a mark."""
    _, other_top, right, other_bottom = before
    left, top, _, bottom = after
    height = min(bottom - top, other_bottom - other_top)
    shared = min(bottom, other_bottom) - max(top, other_top)
    higher = height if is_bullet else max(bottom - top, other_bottom - other_top)
    widest = _MAX_BULLET_GAP * (bottom - top) if is_bullet else _MAX_WORD_GAP * height
    return shared >= _MIN_SHARED * higher and -_MAX_LAP * height <= left - right <= widest


class _Ends:
    """The last boxes of segments by the level strips that they are in: a page of 2,000 lines has few in each."""

    def __init__(self, boxes: Mapping[int, Box]) -> None:
        self._boxes = boxes
        heights = [bottom - top for _, top, _, bottom in boxes.values()]
        self._high = sum(heights) / max(len(heights), 1) or 1.0
        self._reach = _MAX_BULLET_GAP * max(heights, default=0.0)
        self._strips: defaultdict[int, set[tuple[int, float]]] = defaultdict(set)

    def add(self, index: int, segment: int) -> None:
        for strip in self._across(index):
            self._strips[strip].add((segment, self._boxes[index][2]))

    def remove(self, index: int, segment: int) -> None:
        for strip in self._across(index):
            self._strips[strip].discard((segment, self._boxes[index][2]))

    def near(self, index: int) -> list[int]:
        """Return the segments that end on a box's level, the first one first; boxes come by their left edges."""
        start = self._boxes[index][0]
        segments: set[int] = set()
        for strip in self._across(index):
            self._strips[strip] = {end for end in self._strips[strip] if start - end[1] <= self._reach}
            segments.update(segment for segment, _ in self._strips[strip])
        return sorted(segments)

    def _across(self, index: int) -> range:
        _, top, _, bottom = self._boxes[index]
        return range(int(top // self._high), int(bottom // self._high) + 1)


def _lead(line: Line, first: Box) -> float:
    """Return the width of what cannot be divided at a row's start: a word, or a few Chinese characters."""
    word = words_of(line)[0].text
    if word.isascii():
        return (first[2] - first[0]) * len(word.split(maxsplit=1)[0] if word.split() else word) / max(len(word), 1)
    return min(first[2] - first[0], first[3] - first[1])
