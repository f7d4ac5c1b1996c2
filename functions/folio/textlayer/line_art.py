"""What is drawn on a page besides glyphs, as far as two small drawings of it show (`documents.pdf.poppler.draw_small`).

They are there for each page whose text layer is examined, so that lines of tables on it need no drawing of their own.
"""

from heapq import nlargest

from msgspec import Struct

from folio.documents.raster.pixels import Grey, Mask
from folio.transform import Box

INK = 205  # lighter is paper, or a shaded cell
CONTRAST = 36  # between a line and what is beside it
_GLYPH_LEVELS = 16  # a difference between smooth and hard edges of glyphs
_THICK_PX = 5  # of 640 on the longer side; thinner is a stroke, thicker an area
_MAX_AREAS = 50
# Of an area: its least sides, and how much of its box is filled, which letters on it leave.
_MIN_AREA_WIDTH_PX, _MIN_AREA_HEIGHT_PX, _MIN_AREA_FILL = 20, 8, 0.6
_MIN_DARK = 0.7  # of an area, its letters left out: those of a heading are as large, but stand on white


class LineArt(Struct, frozen=True):
    """Where thin dark strokes are that are no glyphs: a mask of `width` x `height` pixels, eight in a byte.

    `areas` are the boxes of the largest dark areas, in pixels: lines between them may be too thin to be seen.
    """

    width: int
    height: int
    strokes: bytes
    areas: tuple[Box, ...]

    def mask(self) -> Grey:
        """Return the strokes as 1 of 0 and 1, height x width."""
        import numpy as np

        bits = np.unpackbits(np.frombuffer(self.strokes, np.uint8), count=self.width * self.height)
        return bits.reshape(self.height, self.width)


def line_art(smooth: Grey, hard: Grey) -> LineArt:
    """Return what is drawn besides glyphs, from a drawing with smooth and one with hard edges of glyphs."""
    import cv2
    import numpy as np

    contrast = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, _square())
    glyphs = cv2.absdiff(smooth, hard) > _GLYPH_LEVELS
    strokes = (contrast > CONTRAST) & ~glyphs
    height, width = smooth.shape
    return LineArt(width, height, np.packbits(strokes).tobytes(), _areas(smooth < INK, glyphs))


def _square() -> Grey:
    import numpy as np

    return np.ones((_THICK_PX, _THICK_PX), np.uint8)


def _areas(dark: Mask, glyphs: Mask) -> tuple[Box, ...]:
    import cv2

    thick = cv2.morphologyEx((dark | glyphs).astype("uint8"), cv2.MORPH_OPEN, _square())
    contours, _ = cv2.findContours(thick, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas: list[Box] = []
    for contour in contours:
        x, y, width, height = map(int, cv2.boundingRect(contour))
        is_large = width >= _MIN_AREA_WIDTH_PX and height >= _MIN_AREA_HEIGHT_PX
        if not is_large or cv2.contourArea(contour) < _MIN_AREA_FILL * width * height:
            continue
        ground = ~glyphs[y : y + height, x : x + width]
        if dark[y : y + height, x : x + width][ground].sum() > _MIN_DARK * ground.sum():
            areas.append((x, y, x + width, y + height))
    return tuple(nlargest(_MAX_AREAS, areas, key=lambda area: (area[2] - area[0]) * (area[3] - area[1])))
