"""Lines that were read across the columns of a page, which shows by a white strip that runs down through them."""

from collections.abc import Iterator, Sequence

from folio.models import Line, PageText
from folio.text.confidence import confidence_of
from folio.transform import Box

_MIN_LINES = 5  # one below the other, through which a strip runs
_MIN_WORDS = 4  # of a line on either side of the strip: fewer are a table's
_MIN_GAP = 0.5  # width of the gap in a line, in heights of the line
_MIN_STRIP = 0.1  # of what is white in all lines, for boxes are not exact

_MIN_KEPT = 0.97  # of the characters of the first reading
_MAX_LOSS = 0.005  # of its confidence: a table that falls into columns loses more


def crosses_columns(text: PageText) -> bool:
    """Return whether many lines one below the other have a common gap between words, with prose on both sides."""
    gaps = [list(_gaps(line)) for line in text.lines if len(line.words) >= 2 * _MIN_WORDS]
    return any(_runs_on(gap, gaps[number + 1 :]) for number, row in enumerate(gaps) for gap in row)


def keeping_columns_apart(first: PageText, other: PageText) -> PageText:
    """Return the other reading if it keeps apart what the first reads across, and reads as much and as well."""
    as_much = len(other.text) >= _MIN_KEPT * len(first.text)
    as_well = confidence_of(other) >= confidence_of(first) - _MAX_LOSS
    return other if as_much and as_well and not crosses_columns(other) else first


def _runs_on(gap: Box, following: Sequence[Sequence[Box]]) -> bool:
    """Return whether a gap goes on through the next lines, ever narrower."""
    left, _, right, bottom = gap
    count = 1
    for row in following:
        narrowed = (
            (max(left, other[0]), min(right, other[2]), other[3], other[3] - other[1])
            for other in row
            if other[1] < bottom + 2 * (other[3] - other[1])
        )
        fitting = [one for one in narrowed if one[1] - one[0] >= _MIN_STRIP * one[3]]
        if not fitting:
            return False
        left, right, bottom, _ = max(fitting, key=lambda one: one[1] - one[0])
        count += 1
        if count >= _MIN_LINES:
            return True
    return False


def _gaps(line: Line) -> Iterator[Box]:
    """Yield the gaps between words that have enough words on both sides, as high as the line."""
    _, top, _, bottom = line.bounds
    words = sorted(line.words, key=lambda word: word.bounds[0])
    for number in range(_MIN_WORDS, len(words) - _MIN_WORDS + 1):
        start, end = words[number - 1].bounds[2], words[number].bounds[0]
        if end - start >= _MIN_GAP * (bottom - top):
            yield start, top, end, bottom
