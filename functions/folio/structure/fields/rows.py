"""A page's words as rows of text that lie straight, in which labels and values are looked for."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

import msgspec
from msgspec import Struct

from folio.models import Line, Page, Word, weighted_mean
from folio.text.bend import find_bend
from folio.text.spacing import is_wide
from folio.transform import Box, Polygon, bounds, bounds_of, box

# Gaps between words, in heights of their row: from here on there is a space, and another column.
_SPACE, _COLUMN = 0.35, 1.8
_MIN_SHARED_HEIGHT = 0.5  # of two words that stand in one row
_MIN_SHARED_ALONE, _MAX_OTHER = 0.35, 0.1  # of words that share nothing to speak of with another row
_MAX_ANGLE = math.radians(
    25
)  # to the page's own direction; what runs otherwise (stamps, marks along edges) is left out
_MIN_SLOPED = 10  # heights that a segment is long whose slope can be told
_JUMP = 0.45  # heights from a word to the next
_LEVEL = 0.3  # heights between two parts of a row that stay in one when the form's print is moved
_MAX_TILT = 0.12  # of a line of a page that is seen at an angle
_MIN_ASPECT = 2.5  # of the lines that tell how a page is bent: amounts may stand alone down its edge
# Full-width forms are looked for as the plain ones, character by character.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("　"): " ", ord("￥"): "¥", ord("、"): ","}


class Token(Struct, frozen=True):
    """A word, with its box on the straightened page, as high as its line; its line still rises there by `slope`.

    `segment` is the number of the part of a line that it was read in.
    """

    word: Word
    box: Box
    slope: float = 0.0
    segment: int = -1


class Row:
    """Words beside each other. In `text` a tab parts columns; `raw` is the same, character by character, as printed."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.height = median(token.box[3] - token.box[1] for token in tokens)
        raw, owners = "", []
        for number, token in enumerate(tokens):
            gap = _between(tokens[number - 1], token, self.height) if number else ""
            raw += gap + token.word.text
            owners += [-1] * len(gap) + [number] * len(token.word.text)
        self.raw, self.text, self._owners = raw, raw.translate(_PLAIN), owners

    def span(self, start: int, end: int) -> "Span":
        """Return a part of it without white space at its ends."""
        while start < end and self.raw[start].isspace():
            start += 1
        while end > start and self.raw[end - 1].isspace():
            end -= 1
        return Span(self, start, end)

    def tokens_between(self, start: int, end: int) -> list[Token]:
        numbers = sorted({owner for owner in self._owners[start:end] if owner >= 0})
        return [self.tokens[number] for number in numbers]

    def parted(self, end: int, gap: float) -> Iterator["Span"]:
        """Yield the texts before an index, parted where the white space is wider than `gap`, in heights of the row."""
        start = 0
        for index in range(1, end):
            number = self._owners[index]
            if number <= 0 or self._owners[index - 1] == number:
                continue
            if self.tokens[number].box[0] - self.tokens[number - 1].box[2] > gap * self.height:
                yield self.span(start, index)
                start = index
        if self.raw[start:end].strip():
            yield self.span(start, end)

    def columns(self) -> Iterator["Span"]:
        start = 0
        for part in self.text.split("\t"):
            if part.strip():
                yield self.span(start, start + len(part))
            start += len(part) + 1


class Span(Struct, frozen=True):
    """A part of a row."""

    row: Row
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.row.text[self.start : self.end]

    @property
    def raw(self) -> str:
        return self.row.raw[self.start : self.end]

    @property
    def tokens(self) -> list[Token]:
        return self.row.tokens_between(self.start, self.end)

    @property
    def words(self) -> list[Word]:
        return [token.word for token in self.tokens]

    @property
    def box(self) -> Box:
        """On the straightened page."""
        return bounds_of(token.box for token in self.tokens)

    @property
    def confidence(self) -> float | None:
        return weighted_mean((word.confidence, len(word.text)) for word in self.words)


def surrounding(spans: Iterable[Span]) -> Polygon:
    """Return the polygon on the page around spans that follow each other, read as they are."""
    polygons = [word.polygon for span in spans for word in span.words]
    angle = _angle(polygons[0])
    if abs(angle) < math.radians(1):
        return box(*bounds(*polygons))
    turned = [_turned(polygon, -angle) for polygon in polygons]
    return _turned(box(*bounds(*turned)), angle)


def rows_of(page: Page) -> list[Row]:
    """Return the page's rows, from top to bottom as the writing stands, whichever way the page lies."""
    lines = [line for line in page.lines if line.words and line.text.strip()]
    if not lines:
        return []
    angle = _direction(lines)
    along = [one for line in lines for one in _along(line, angle)]
    turned = [[_turned(word.polygon, -angle) for word in line.words] for line in along]
    bend = find_bend(turned, _MIN_ASPECT) if page.origin == "ocr" else None
    parted = [
        _segments(line, [bend.box(polygon) if bend else bounds(polygon) for polygon in polygons])
        for line, polygons in zip(along, turned, strict=True)
    ]
    # A segment goes on in the next one of its own line, if that lies level with it.
    next_of = {id(one): other for segments in parted for one, other in pairwise(segments) if _is_level(one, other)}
    return _joined([one for segments in parted for one in segments], next_of)


def shifted(rows: Iterable[Row], shifts: Mapping[int, float]) -> list[Row]:
    """Return the rows anew with segments moved down, by numbers of segments, in pixels of the straightened page."""
    segments: dict[int, list[Token]] = {}
    next_of: dict[int, list[Token]] = {}
    for row in rows:
        last: dict[float, list[Token]] = {}  # of a row, what is moved alike stays together
        for token in row.tokens:
            left, top, right, bottom = token.box
            down = shifts.get(token.segment, 0.0)
            one = msgspec.structs.replace(token, box=(left, top + down, right, bottom + down))
            if token.segment not in segments:
                segments[token.segment] = []
                if (before := last.get(down)) and abs(before[-1].box[1] - one.box[1]) < _LEVEL * row.height:
                    next_of[id(before)] = segments[token.segment]
                last[down] = segments[token.segment]
            segments[token.segment].append(one)
    return _joined(list(segments.values()), next_of)


def _joined(segments: Iterable[list[Token]], next_of: Mapping[int, list[Token]]) -> list[Row]:
    rows: list[list[Token]] = []
    taken: dict[int, list[Token]] = {}
    for number, segment in enumerate(sorted(segments, key=lambda one: one[0].box[0])):
        row = taken.get(id(segment)) or _row_before(rows, segment)
        if row is None:
            row = []
            rows.append(row)
        row += [msgspec.structs.replace(token, segment=number) for token in segment]
        if following := next_of.get(id(segment)):
            taken[id(following)] = row
    return [Row(tokens) for tokens in sorted(rows, key=lambda row: row[0].box[1] + row[0].box[3])]


def _row_before(rows: Sequence[list[Token]], segment: Sequence[Token]) -> list[Token] | None:
    """Return the row that a segment goes on from, if any."""
    shares = sorted(((_shared(row[-1], segment[0]), at) for at, row in enumerate(rows)), reverse=True)[:2]
    if not shares:
        return None
    (shared, best), other = shares[0], shares[-1][0] if len(shares) > 1 else 0.0
    least = _MIN_SHARED_ALONE if other < _MAX_OTHER else _MIN_SHARED_HEIGHT
    return rows[best] if shared >= least and segment[0].box[0] >= rows[best][-1].box[0] else None


def _is_level(one: Sequence[Token], other: Sequence[Token]) -> bool:
    way, height = other[0].box[0] - one[-1].box[2], one[-1].box[3] - one[-1].box[1]
    return way > _COLUMN * height and abs(other[0].box[1] - one[-1].box[1]) < max(_JUMP * height, _MAX_TILT * way)


def _segments(line: Line, boxes: Sequence[Box]) -> list[list[Token]]:
    """Return a line's words, parted where a column ends, and where a line of a bent page jumps to its neighbor."""
    heights = sorted(bottom - top for _, top, _, bottom in boxes)
    height = heights[(len(heights) - 1) * 9 // 10]
    tokens = []
    for word, (left, top, right, bottom) in zip(line.words, boxes, strict=True):
        middle = (top + bottom) / 2 if bottom - top > height / 2 else _nearby(boxes, left, height)
        tokens.append(Token(word, (left, middle - height / 2, right, middle + height / 2)))
    segments = [[tokens[0]]]
    for before, token in pairwise(tokens):
        if token.box[0] - before.box[2] > _COLUMN * height or abs(token.box[1] - before.box[1]) > _JUMP * height:
            segments.append([])
        segments[-1].append(token)
    return [_sloped(segment) for segment in segments]


def _sloped(segment: list[Token]) -> list[Token]:
    """Return the words with the slope of their segment, if it is long enough to have one."""
    first, last = segment[0].box, segment[-1].box
    if last[2] - first[0] < _MIN_SLOPED * (first[3] - first[1]) or len(segment) < 2:
        return segment
    slope = (last[1] - first[1]) / (last[0] - first[0])
    return [Token(token.word, token.box, slope) for token in segment]


def _nearby(boxes: Sequence[Box], left: float, height: float) -> float:
    """Return the middle of the nearest word that is as high as its line: a comma's own is not the line's."""
    tall = [one for one in boxes if one[3] - one[1] > height / 2] or boxes
    _, top, _, bottom = min(tall, key=lambda one: abs(one[0] - left))
    return (top + bottom) / 2


def _between(before: Token, token: Token, height: float) -> str:
    gap = token.box[0] - before.box[2]
    if gap > _COLUMN * height:
        return "\t"
    is_solid = is_wide(before.word.text[-1]) or is_wide(token.word.text[0])
    return " " if gap > _SPACE * height or not is_solid else ""


def _shared(one: Token, other: Token) -> float:
    """Return the share of the height that words have in common, the first one's line being drawn out to the other."""
    way = other.box[0] - one.box[2]
    slope = one.slope or other.slope
    rise = max(-1.0, min(1.0, slope * way / max(1e-6, one.box[3] - one.box[1]))) * (one.box[3] - one.box[1])
    top, bottom = max(one.box[1] + rise, other.box[1]), min(one.box[3] + rise, other.box[3])
    return (bottom - top) / max(1e-6, min(one.box[3] - one.box[1], other.box[3] - other.box[1]))


def _direction(lines: Sequence[Line]) -> float:
    """Return the angle along which most is written."""
    angles = sorted((_angle(line.polygon), math.dist(*line.polygon[:2])) for line in lines)
    quarters = [0.0] * 4
    for angle, length in angles:
        quarters[round(angle / (math.pi / 2)) % 4] += length
    best = quarters.index(max(quarters))
    about = [_within(angle - best * math.pi / 2) for angle, _ in angles]
    near = [(angle, length) for angle, (_, length) in zip(about, angles, strict=True) if abs(angle) < math.pi / 4]
    half, reached = sum(length for _, length in near) / 2, 0.0
    for angle, length in sorted(near):
        reached += length
        if reached >= half:
            return angle + best * math.pi / 2
    return best * math.pi / 2


def _along(line: Line, angle: float) -> Iterator[Line]:
    """Yield a line that runs along the page's direction; of one across it the characters, each in a row of its own.

    Labels set apart and units below each other are read as one line where the page lies on its side.
    """
    off = abs(_within(_angle(line.polygon) - angle))
    if len(line.text) < 2 or off < _MAX_ANGLE:  # one character's polygon does not tell which way it runs
        yield line
    elif abs(off - math.pi / 2) < _MAX_ANGLE and all(len(word.text) == 1 and is_wide(word.text) for word in line.words):
        yield from (Line(word.text, word.confidence, word.polygon, (word,)) for word in line.words)


def _within(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def _angle(polygon: Polygon) -> float:
    (x, y), (end_x, end_y) = polygon[:2]
    return math.atan2(end_y - y, end_x - x)


def _turned(polygon: Polygon, angle: float) -> Polygon:
    cosine, sine = math.cos(angle), math.sin(angle)
    p, q, r, s = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in polygon)
    return p, q, r, s
