"""Where the lines of a much tilted page would lie if it were straight (in PDF units, y upwards).

poppler sorts words by the height of their base lines, so those of a line that rises over the next ones come in no
order. It takes a word with `ActualText` to be as high as the first glyph of its marked content, while other readers
take the word's own glyphs. A blank without width, on the base line that the line would have, brings it to order.
"""

from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

from folio.outputs.pdf.tilted_lines import MAX_TILT, Box, axis_of, in_frame
from folio.transform import Point

# Font sizes by which a line may rise: poppler has words in one that are half a size lower or higher, and steps are made
# lower by another half.
_MAX_RISE = 1.0


class Extent(Struct, frozen=True):
    """A line's direction as a unit vector, its length and its font size."""

    along: Point
    length: float
    size: float


class Straightening(Struct, frozen=True):
    """Turns the lines of a page, of which most rise by `slope` over their length, about its middle."""

    slope: float
    middle: Point

    def base_of(self, boxes: Sequence[Box], origin: Point, axis: Point) -> float:
        """Return the base line that a line of words would have, in the frame of their axis at `origin`."""
        middle, _ = in_frame((self.middle[0] - origin[0], self.middle[1] - origin[1]), axis)
        middle -= (boxes[0].left + boxes[-1].right) / 2
        return (boxes[0].base + boxes[-1].base) / 2 + middle * self.slope


def straightening(lines: Sequence[Extent], middle: Point) -> Straightening | None:
    """Return how to straighten a page with this middle, or None if poppler has all its lines in order as they are."""
    rises = sorted((_slope(line.along), line.length, line.size) for line in lines if is_near_axis(line.along))
    if all(abs(slope) * length <= _MAX_RISE * size for slope, length, size in rises):
        return None
    lengths = list(accumulate(length for _, length, _ in rises))
    median = next(slope for (slope, _, _), length in zip(rises, lengths, strict=True) if 2 * length >= lengths[-1])
    return Straightening(median, middle)


def is_near_axis(along: Point) -> bool:
    """Return whether a line is tilted so little that its words are laid along an axis."""
    return min(abs(along[0]), abs(along[1])) < MAX_TILT


def _slope(along: Point) -> float:
    cos, sin = in_frame(along, axis_of(along))
    return sin / cos
