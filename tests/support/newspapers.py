"""Pages of newspapers as an engine finds them: columns of lines in tiers or side by side, and what disturbs them.

Lines are laid out as they run, x along them and y from one to the next, and turned where they run downwards.
"""

import random
from collections.abc import Iterator, Sequence

from msgspec import Struct

from folio.models import Line, Word
from folio.text.spacing import join
from folio.transform import Box, Polygon, bounds

HEIGHT = 20.0  # of a line of text
_CHARACTERS = {
    "Japanese": "のにはをたがでてとしれさいるなもこからっりまうくけせ日本大年人国会中東京時間上下水火木金土山川田町村",
    "Chinese": "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能"
    "下過子說產種面而方後多",
}
_WORDS = (
    "the",
    "river",
    "mill",
    "village",
    "people",
    "came",
    "when",
    "they",
    "said",
    "never",
    "bridge",
    "stone",
    "old",
    "water",
    "under",
    "year",
    "this",
    "morning",
    "road",
)
_MAX_JITTER = 0.08  # of the height, by which edges of boxes differ


class Noise(Struct, frozen=True):
    """How the lines of a page were found: `joined` is the share of those found across a gutter with the one beside,
    half of them with a rule in it.

    `lean` is how far columns lean, in x per y; `long` the share of the boxes that end a third of a height too late.
    """

    joined: float = 0.0
    lean: float = 0.0
    long: float = 0.0


class Newspaper(Struct, frozen=True):
    """The lines of a page in any order, its size, and its stories, each with the texts of its lines in order."""

    lines: tuple[Line, ...]
    width: float
    height: float
    stories: tuple[tuple[str, ...], ...]


class _Piece(Struct, frozen=True):
    """A line as it was set: its box, and its words with theirs."""

    box: Box
    words: tuple[tuple[str, Box], ...]

    @property
    def text(self) -> str:
        return join([Word(text, 0.9, _corners(place)) for text, place in self.words])


class _Press:
    """Sets the lines of one page."""

    def __init__(self, seed: int, language: str, noise: Noise) -> None:
        self.chance = random.Random(seed)
        self._language, self._noise = language, noise
        self.pieces: list[_Piece] = []
        self.stories: list[list[str]] = []

    def column(self, left: float, right: float, top: float, bottom: float, pitch: float) -> None:
        """Set lines that go on with the last story, with ends of paragraphs and headings among them."""
        y, is_new = top, False
        while y + HEIGHT <= bottom:
            kind = self.chance.random()
            start = left + (HEIGHT if is_new else 0)
            end = left + self.chance.uniform(0.3, 0.9) * (right - left) if kind < 0.12 else right
            self.line(start, end, y, HEIGHT)
            is_new = kind < 0.12
            y += pitch

    def line(self, left: float, right: float, top: float, height: float) -> None:
        piece = self._piece(left, right, top, height)
        self.pieces.append(piece)
        self.stories[-1].append(piece.text)

    def _piece(self, left: float, right: float, top: float, height: float) -> _Piece:
        step = height if self._language in _CHARACTERS else height / 2
        words: list[tuple[str, Box]] = []
        x = left
        while x + step <= right + 1e-6:
            text = self._word(int((right - x + 1e-6) / step))
            words.append((text, (x, top, x + step * len(text) - 0.05 * height, top + height)))
            x += step * (len(text) + (self._language not in _CHARACTERS))
        return _Piece((left, top, words[-1][1][2], top + height), tuple(words))

    def _word(self, room: int) -> str:
        if self._language in _CHARACTERS:
            return self.chance.choice(_CHARACTERS[self._language])
        word = self.chance.choice(_WORDS)
        return word if len(word) + 4 <= room else word[0] * room if room < 8 else word

    def found(self) -> list[_Piece]:
        """Return the pieces as they were found: some across a gutter, edges beside the ink, columns leaning."""
        joined: list[_Piece] = []
        rest = sorted(self.pieces, key=lambda piece: piece.box[0])
        while rest:
            piece = rest.pop(0)
            beside = next((one for one in rest if _is_beside(piece, one)), None)
            if beside and self.chance.random() < self._noise.joined:
                rest.remove(beside)
                piece = self._joined(piece, beside)
            joined.append(piece)
        self.chance.shuffle(joined)
        return [self._shifted(piece) for piece in joined]

    def _joined(self, one: _Piece, other: _Piece) -> _Piece:
        """Return two pieces as one; a rule between them was taken for ink of the character before it, or none is."""
        (text, (left, top, right, bottom)), (_, (following, *_)) = one.words[-1], other.words[0]
        right = self.chance.choice((right, (right + following) / 2))
        words = (*one.words[:-1], (text, (left, top, right, bottom)), *other.words)
        return _Piece(_around(one.box, other.box), words)

    def _shifted(self, piece: _Piece) -> _Piece:
        aside = self._noise.lean * piece.box[1]
        last = 0.33 * HEIGHT if self.chance.random() < self._noise.long else 0.0
        words = [
            (text, (left + aside + self._jitter(), top, right + aside + self._jitter(), bottom))
            for text, (left, top, right, bottom) in piece.words
        ]
        text, (left, top, right, bottom) = words[-1]
        words[-1] = text, (left, top, right + last, bottom)
        return _Piece(bounds(*(_corners(place) for _, place in words)), tuple(words))

    def _jitter(self) -> float:
        return self.chance.uniform(-_MAX_JITTER, _MAX_JITTER) * HEIGHT


def newspaper(seed: int, language: str, noise: Noise | None = None) -> Newspaper:
    """Return a page of a newspaper: Japanese or Chinese runs downwards, English across."""
    press = _Press(seed, language, noise or Noise())
    is_down = language in _CHARACTERS
    (_set_tiers if is_down else _set_columns)(press)
    pieces = press.found()
    deep = max(piece.box[3] for piece in pieces) + 2 * HEIGHT
    lines = tuple(_line(piece, deep if is_down else None) for piece in pieces)
    along = max(piece.box[2] for piece in pieces) + 2 * HEIGHT
    size = (deep, along) if is_down else (along, deep)
    return Newspaper(lines, *size, tuple(tuple(story) for story in press.stories))


def _set_tiers(press: _Press) -> None:
    """Set a story with a headline and a first part as long as some tiers, its tiers, and another one below them."""
    chance = press.chance
    pitch, gutter = chance.uniform(1.45, 1.7) * HEIGHT, chance.uniform(0.7, 1.1) * HEIGHT
    length, count = chance.randint(11, 16) * HEIGHT, chance.randint(2, 4)
    tall = count * length + (count - 1) * gutter
    press.stories.append([])
    press.line(2 * HEIGHT, 2 * HEIGHT + 0.7 * tall, 2 * HEIGHT, 2 * HEIGHT)
    first = 6 * HEIGHT
    start = first + chance.randint(4, 9) * pitch
    press.column(2 * HEIGHT, 2 * HEIGHT + tall, first, start - pitch / 2, pitch)
    end = start + chance.randint(14, 22) * pitch
    chart = end - chance.randint(4, 7) * pitch  # which stands at the ends of the first two tiers
    for tier in range(count):
        left = 2 * HEIGHT + tier * (length + gutter)
        press.column(left, left + length, start, chart if tier < 2 else end, pitch)
    below = 2 * HEIGHT + tall + gutter
    for tier in range(chance.randint(1, 2)):
        left = below + tier * (length + gutter)
        press.column(left, left + length, first, end, pitch)
    last = below + 2 * (length + gutter) + 2 * HEIGHT
    press.stories.append([])
    press.column(last, last + length, first, end, pitch)


def _set_columns(press: _Press) -> None:
    """Set a story in columns below its headline, one below it in fewer, and one down the right side of both."""
    chance = press.chance
    pitch, gutter = chance.uniform(1.15, 1.35) * HEIGHT, chance.uniform(0.9, 1.4) * HEIGHT
    width, count = chance.randint(28, 36) * HEIGHT / 2, chance.randint(2, 4)
    lefts = [2 * HEIGHT + column * (width + gutter) for column in range(count + 1)]
    middle = 8 * HEIGHT + chance.randint(12, 20) * pitch
    bottom = middle + 6 * HEIGHT + chance.randint(12, 20) * pitch
    for top, end in ((2 * HEIGHT, middle), (middle + 2 * HEIGHT, bottom)):
        press.stories.append([])
        press.line(lefts[0], lefts[count - 1] + width, top, 1.8 * HEIGHT)
        for left in lefts[:count]:
            press.column(left, left + width, top + 3 * HEIGHT, end, pitch)
    press.stories.append([])
    aside = lefts[count] + 2 * HEIGHT
    press.line(aside, aside + width, 2 * HEIGHT, 1.4 * HEIGHT)
    press.column(aside, aside + width, 5 * HEIGHT, bottom, pitch)


def _is_beside(one: _Piece, other: _Piece) -> bool:
    """Return whether the other begins where one ends, at most two heights away, on the same level."""
    gap = other.box[0] - one.box[2]
    return 0 < gap < 2 * HEIGHT and abs(one.box[1] - other.box[1]) < HEIGHT / 4 and _height(one) == _height(other)


def _height(piece: _Piece) -> float:
    return round(piece.box[3] - piece.box[1], 3)


def _line(piece: _Piece, turned: float | None) -> Line:
    def polygon(place: Box) -> Polygon:
        corners = _corners(place)
        if turned is None:
            return corners
        p, q, r, s = ((turned - y, x) for x, y in corners)
        return p, q, r, s

    words = tuple(Word(text, 0.9, polygon(place)) for text, place in piece.words)
    return Line(piece.text, 0.9, polygon(piece.box), words)


def _around(*boxes: Box) -> Box:
    return bounds(*(_corners(place) for place in boxes))


def _corners(place: Box) -> Polygon:
    left, top, right, bottom = place
    return (left, top), (right, top), (right, bottom), (left, bottom)


def followed(page: Newspaper, text: str) -> Iterator[bool]:
    """Yield for each two lines that follow each other in a story whether they do in a text."""
    read = "".join(text.split())
    for story in page.stories:
        plain = ["".join(line.split()) for line in story]
        for index in range(len(plain) - 1):
            yield plain[index] + plain[index + 1] in read


def faultless(pages: Sequence[Sequence[bool]]) -> int:
    """Return on how many pages every line is followed by its next one."""
    return sum(all(page) for page in pages)
