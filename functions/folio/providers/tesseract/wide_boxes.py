"""Boxes of Chinese words, laid on their ink: Tesseract's own are half a character beside it and up to two lines high.

Chinese is set in squares: a line is cut into as many pieces as it has characters, at white columns where they can be,
so that the pieces are as wide as their characters should be.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from statistics import median

from msgspec.structs import replace

from folio.documents.raster.pixels import Grey, Mask
from folio.models import Line, PageText, Word
from folio.text.geometry import join_words
from folio.text.spacing import is_wide
from folio.transform import Box, box

_MIN_WIDE_SHARE = 0.5  # of a line's characters, for it to be cut
_MIN_HEIGHT_PX = 8
_NARROW = 0.5  # width of other characters, in squares
_MIN_LENGTH = 0.25  # of a line across, in heights of its words for each character
_BESIDE = 0.7  # squares by which a line may reach beyond Tesseract's boxes
_MIN_PITCH, _MAX_PITCH = 0.7, 2.2  # of squares, in heights of the line; else the text is not what the ink shows
_BEARINGS = 0.1  # squares of white at both ends together, which the ink lacks
_CUT_INK_COST = 0.3  # of a cut through ink, in squared squares
_MAX_DRIFT = 1.2  # squares by which a cut may be off where it should be
_MIN_SIDE = 0.5  # of a character's box, in squares: of a dash it stands for the square too


def lay_on_ink(text: PageText, image: Grey) -> PageText:
    """Return the text with the boxes of its Chinese lines laid on their ink; all else as it is."""
    return replace(text, lines=tuple(_laid(line, image) for line in text.lines))


def has_wide_lines(text: PageText) -> bool:
    """Return whether there is a line to lay on its ink."""
    return any(_is_mostly_wide(line) for line in text.lines)


def _is_mostly_wide(line: Line) -> bool:
    characters = [character for word in line.words for character in word.text if not character.isspace()]
    return sum(map(is_wide, characters)) > _MIN_WIDE_SHARE * len(characters)


def _laid(line: Line, image: Grey) -> Line:
    if not _is_mostly_wide(line):
        return line
    top = int(median(word.bounds[1] for word in line.words))
    bottom = int(median(word.bounds[3] for word in line.words)) + 1
    height = bottom - top
    left, _, right, _ = line.bounds
    if right - left < _MIN_LENGTH * height * len(line.text):
        return line  # which stands upright, or the page lies on its side
    start = max(0, int(min(word.bounds[0] for word in line.words) - _BESIDE * height))
    end = int(max(word.bounds[2] for word in line.words) + _BESIDE * height)
    ink, top = _row_of_ink(image[max(0, top) : bottom, start:end], max(0, top))
    height = len(ink)
    if ink.size == 0 or height < _MIN_HEIGHT_PX:
        return line
    widths = [1.0 if is_wide(c) else _NARROW for word in line.words for c in word.text if not c.isspace()]
    cuts = _cuts(ink.any(axis=0), widths, height)
    if cuts is None:
        return line
    pitch = (cuts[-1] - cuts[0]) / sum(widths)
    squares = [_square(ink, cuts[i], cuts[i + 1], pitch) for i in range(len(widths))]
    return join_words(tuple(_placed(line.words, squares, (start, top))))


def _placed(words: Sequence[Word], squares: Sequence[Box], origin: tuple[int, int]) -> Iterator[Word]:
    index = 0
    for word in words:
        count = sum(not character.isspace() for character in word.text)
        part = squares[index : index + count]
        index += count
        lefts, tops, rights, bottoms = zip(*part, strict=True)
        x, y = origin
        polygon = box(x + min(lefts), y + min(tops), x + max(rights), y + max(bottoms))
        yield replace(word, polygon=polygon)


def _row_of_ink(band: Grey, top: int) -> tuple[Mask, int]:
    """Return the rows of the line among those of Tesseract's boxes, which may reach into other lines, and their top."""
    import numpy as np

    if band.size == 0:
        return np.zeros((0, 0), bool), top
    ink = _ink(band)
    amounts = np.concatenate([[0], ink.sum(axis=1), [0]])
    edges = np.flatnonzero(np.diff((amounts > 0).astype(np.int8)))
    runs = [(int(amounts[a + 1 : b + 1].sum()), int(a), int(b)) for a, b in zip(edges[0::2], edges[1::2], strict=True)]
    if not runs:
        return ink[:0], top
    _, first, last = max(runs)
    return ink[first:last], top + first


def _ink(band: Grey) -> Mask:
    import cv2

    inked = cv2.threshold(band, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1] > 0
    dark: Mask = inked if inked.mean() < 0.5 else ~inked
    return dark


def _cuts(inked: Mask, widths: Sequence[float], height: int) -> list[int] | None:
    """Return where characters of such widths begin, and where the last ends; None if they do not fit the ink."""
    import numpy as np

    columns = np.flatnonzero(inked)
    if not columns.size:
        return None
    first, last = int(columns[0]), int(columns[-1]) + 1
    pitch = (last - first) / max(sum(widths) - _BEARINGS, 0.5)
    if not _MIN_PITCH <= pitch / height <= _MAX_PITCH:
        return None
    edges = np.flatnonzero(np.diff(inked[first:last].astype(np.int8))) + first + 1
    gaps = [int(middle) for middle in (edges[0::2] + edges[1::2]) // 2]
    through = range(first + int(pitch / 4), last, max(1, int(pitch / 6)))
    costs = {x: _CUT_INK_COST for x in through if inked[x]} | dict.fromkeys(gaps, 0.0) | {first: 0.0, last: 0.0}
    return _best_cuts(sorted(costs), costs, widths, pitch)


def _best_cuts(
    candidates: Sequence[int], costs: dict[int, float], widths: Sequence[float], pitch: float
) -> list[int] | None:
    """Return the cuts of the least cost from the first candidate to the last, a piece for each width (in pitches)."""
    reached: dict[int, tuple[float, tuple[int, ...]]] = {candidates[0]: (0.0, (candidates[0],))}
    expected = float(candidates[0])
    for number, width in enumerate(widths, start=1):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        expected += width * pitch
        near = _between(candidates, expected - _MAX_DRIFT * pitch, expected + _MAX_DRIFT * pitch)
        ends = candidates[-1:] if number == len(widths) else near
        for start, (cost, path) in reached.items():
            for end in _between(ends, start + 1, start + (width + 1.2) * pitch):
                total = cost + ((end - start) / pitch - width) ** 2 + costs[end]
                if end not in following or total < following[end][0]:
                    following[end] = total, (*path, end)
        reached = following
    return list(reached[candidates[-1]][1]) if candidates[-1] in reached else None


def _between(numbers: Sequence[int], low: float, high: float) -> Sequence[int]:
    return numbers[bisect_left(numbers, low) : bisect_right(numbers, high)]


def _square(ink: Mask, start: int, end: int, pitch: float) -> Box:
    """Return the box of the ink between two cuts, at least half a square wide and high."""
    import numpy as np

    part = ink[:, start:end]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    if not columns.size:
        return float(start), 0.0, float(end), float(len(ink))
    left, right = _widened(start + int(columns[0]), start + int(columns[-1]) + 1, pitch, (start, end))
    top, bottom = _widened(int(rows[0]), int(rows[-1]) + 1, pitch, (0, len(ink)))
    return left, top, right, bottom


def _widened(start: float, end: float, pitch: float, limits: tuple[int, int]) -> tuple[float, float]:
    missing = max(0.0, _MIN_SIDE * pitch - (end - start)) / 2
    return max(float(limits[0]), start - missing), min(float(limits[1]), end + missing)
