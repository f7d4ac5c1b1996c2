"""Which shapes on a page can be characters, by their size and form: the only module that holds these limits.

A shape is a connected component of ink. Dots and accents are shapes of their own, and characters that touch are one.
"""

from msgspec import Struct

from folio.documents.raster.pixels import Components, Mask


class CharacterLimits(Struct, frozen=True):
    """Limits of a shape: height and area in pixels, and how many times one side may be as long as the other."""

    min_height: int
    max_height: int
    max_width_ratio: float
    max_height_ratio: float
    min_area: int

    def matching(self, shapes: Components) -> Mask:
        """Return which shapes can be characters: neither specks nor ruling lines nor pictures."""
        width, height = shapes.width, shapes.height
        sized = (height >= self.min_height) & (height <= self.max_height) & (shapes.area >= self.min_area)
        fitting: Mask = sized & (width <= self.max_width_ratio * height) & (height <= self.max_height_ratio * width)
        return fitting


# On a page as it is drawn or photographed.
DRAWN = CharacterLimits(min_height=4, max_height=160, max_width_ratio=4, max_height_ratio=6, min_area=8)
# The same where each shape has one vote, whatever its size: specks and the dots of dot leaders would outvote the text.
EQUAL_VOTES = CharacterLimits(min_height=6, max_height=160, max_width_ratio=4, max_height_ratio=6, min_area=12)
# On a copy of 1000 pixels, where small text runs together into words.
REDUCED = CharacterLimits(min_height=4, max_height=60, max_width_ratio=8, max_height_ratio=8, min_area=6)


def can_be_in_any_direction(shapes: Components) -> Mask:
    """Return which shapes on a copy of 1000 pixels can be single characters of a page that may lie on its side.

    Words that run together are left out. Measured: with REDUCED, which includes them, the skew found on 5 of 45 pages
    differs by 0.1 to 0.9 degrees.
    """
    width, height = shapes.width, shapes.height
    sized = ((width >= 3) | (height >= 3)) & (width <= 60) & (height <= 60)
    fitting: Mask = sized & (shapes.area >= 4)
    return fitting


def can_be_of_height(shapes: Components, height: float) -> Mask:
    """Return which shapes can be characters in text of that height (in pixels), or several that touch."""
    sized = (shapes.height >= 0.45 * height) & (shapes.height <= 3.5 * height) & (shapes.width <= 8 * height)
    # A speck has less ink. A full box is a rule or a bullet, but of a few pixels also an i or an l.
    box = shapes.width * shapes.height
    fitting: Mask = sized & (shapes.area >= 0.04 * height * height) & (shapes.area <= 0.95 * box + 6)
    return fitting
