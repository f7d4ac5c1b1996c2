"""Pages of which the place of every word is known."""

from collections.abc import Sequence

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

from folio.models import Line, Word
from folio.transform import Polygon

type Box = tuple[int, int, int, int]  # left, top, right, bottom

GAP = 0.7  # between words, in letter heights: nobody takes two of them for one
INK = 96  # darker than paper by this much is ink, not the soft edge of a letter


class Spot(Struct, frozen=True):
    """A word, or a line, and the box of its ink."""

    text: str
    box: Box


class Drawing(Struct, frozen=True):
    image: Image.Image
    lines: tuple[tuple[Spot, ...], ...]

    @property
    def words(self) -> list[Spot]:
        return [word for line in self.lines for word in line]

    @property
    def whole_lines(self) -> list[Spot]:
        return [Spot(" ".join(word.text for word in line), around([word.box for word in line])) for line in self.lines]


def around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def draw(
    *lines: str,
    size: tuple[int, int] = (1000, 400),
    height: int = 40,
    at: tuple[int, int] = (60, 50),
    step: float = 2.75,
    gap: float = GAP,
    paper: Image.Image | None = None,
) -> Drawing:
    """Lines from the top left corner on, `step` letter heights apart, in black."""
    image = paper or Image.new("L", size, 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(height)
    drawn = []
    for number, line in enumerate(lines):
        x, y = at[0], at[1] + round(number * step * height)
        spots = []
        for word in line.split():
            pen.text((x, y), word, 0, font)
            spots.append(Spot(word, _ink(word, x, y, font)))
            x += round(font.getlength(word) + gap * height)
        drawn.append(tuple(spots))
    return Drawing(image, tuple(drawn))


def _ink(word: str, x: int, y: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> Box:
    """Where its ink is: what a font calls a word's box has margins."""
    left, top, right, bottom = (int(edge) for edge in font.getbbox(word))
    alone = Image.new("L", (right - left + 8, bottom - top + 8), 0)
    ImageDraw.Draw(alone).text((4 - left, 4 - top), word, 255, font)
    box = alone.point(lambda value: 255 if value > INK else 0).getbbox() or (0, 0, 0, 0)
    across, down = x + left - 4, y + top - 4
    return box[0] + across, box[1] + down, box[2] + across, box[3] + down


def farthest(found: Sequence[Word | Line], there: Sequence[Spot]) -> float:
    """By how many pixels a corner of what was found is off at most; the same texts in the same order are a must."""
    assert [one.text for one in found] == [spot.text for spot in there]
    pairs = zip(found, there, strict=True)
    return max(off(one.polygon, corners(spot.box)) for one, spot in pairs)


def corners(box: Box) -> Polygon:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def off(polygon: Polygon, truth: Polygon) -> float:
    """The farthest a corner is from where it should be, along either axis."""
    return max(abs(a - b) for one, other in zip(polygon, truth, strict=True) for a, b in zip(one, other, strict=True))
