"""A sheet that is written on; it remembers what stands where, as words that could have been read."""

import math
import subprocess
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

from folio.models import Line, Page, Word
from folio.text.spacing import is_wide
from folio.transform import bounds, box

type Color = NDArray[np.uint8]  # height x width x 3, blue first
type Ink = tuple[int, int, int]

DARK: Ink = (35, 35, 50)
_SEAL: Ink = (215, 70, 70)
_LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


class Paper(Struct, frozen=True):
    """One drawn paper: `fields` are its values in the form that Folio gives them, `page` its words in their places.

    `items` are the rows of what was sold, by the names of their fields.
    """

    kind: str
    image: Color
    fields: dict[str, str]
    page: Page
    items: tuple[dict[str, str], ...] = ()


class Canvas:
    """A sheet of a size in pixels."""

    def __init__(self, width: int, height: int, color: Ink = (252, 251, 246)) -> None:
        self.color = color
        self._image = Image.new("RGB", (width, height), color)
        self.draw = ImageDraw.Draw(self._image)
        self.fields: dict[str, str] = {}
        self.items: list[dict[str, str]] = []
        self.shift = (0, 0)  # of what is printed in `DARK` on a form that has its labels, in pixels
        self.dot = 0.0  # pixels from one needle's dot to the next, of what is printed in `DARK`; 0 prints it whole
        self._lines: list[Line] = []

    def put(
        self,
        x: float,
        y: float,
        text: str,
        height: int = 30,
        ink: Ink = DARK,
        *,
        latin: bool = False,
        anchor: str = "la",
    ) -> None:
        """Write a text with its top left corner, or another anchor, at a place."""
        font = font_of(height, latin=latin)
        if ink == DARK:
            x, y = x + self.shift[0], y + self.shift[1]
        left, top, _, bottom = self.draw.textbbox((x, y), text, font=font, anchor=anchor)
        if ink == DARK and self.dot:
            self._dotted((x, y), text, font, anchor)
        else:
            self.draw.text((x, y), text, font=font, fill=ink, anchor=anchor)
        words, run, start = [], "", 0
        for at, sign in enumerate(text + " "):
            if run and (sign == " " or is_wide(sign) or is_wide(run[-1])):
                ends = [left + font.getlength(text[:edge]) for edge in (start, at)]
                words.append(Word(run, 0.99, box(ends[0], top, ends[1], bottom)))
                run = ""
            if sign != " ":
                start = start if run else at
                run += sign
        if words:
            around = box(*bounds(*(word.polygon for word in words)))
            self._lines.append(Line(text, 0.99, around, tuple(words)))

    def _dotted(self, place: tuple[float, float], text: str, font: ImageFont.FreeTypeFont, anchor: str) -> None:
        """Print a text as needles do, in dots of a worn ribbon."""
        left, top, right, bottom = self.draw.textbbox(place, text, font=font, anchor=anchor)
        left, top, right, bottom = math.floor(left), math.floor(top), math.ceil(right) + 1, math.ceil(bottom) + 1
        cover = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(cover).text((place[0] - left, place[1] - top), text, font=font, fill=255, anchor=anchor)
        rows, columns = np.mgrid[top:bottom, left:right]
        away = ((columns % self.dot) / self.dot - 0.5) ** 2 + ((rows % self.dot) / self.dot - 0.5) ** 2
        ink = np.asarray(cover) * np.clip(1.25 - 3.6 * away, 0, 1) * 0.85
        self._image.paste(DARK, (left, top), Image.fromarray(ink.astype(np.uint8)))

    def seal(self, x: float, y: float, text: str, *, wide: float = 190, high: float = 190) -> None:
        """Stamp a red seal around a place, over what stands there: an ellipse with a star and a text."""
        before = self._image.copy()
        self.draw.ellipse((x - wide, y - high, x + wide, y + high), outline=_SEAL, width=7)
        self.draw.text((x, y + high / 2), text, font=font_of(int(min(wide / 3, high / 2.5))), fill=_SEAL, anchor="mm")
        self.draw.text((x, y - high / 4), "★", font=font_of(int(high / 2)), fill=_SEAL, anchor="mm")
        self._image.paste(ImageChops.multiply(before, self._image))

    def paper(self, kind: str) -> Paper:
        width, height = self._image.size
        lines = tuple(self._lines)
        page = Page(
            number=1, width=width, height=height, dpi=None, text="\n".join(line.text for line in lines), lines=lines
        )
        return Paper(kind, np.asarray(self._image)[..., ::-1].copy(), self.fields, page, tuple(self.items))


@cache
def font_of(height: int, *, latin: bool = False) -> ImageFont.FreeTypeFont:
    """Return a typeface of a height in pixels, with Chinese characters or with Latin letters alone."""
    if latin:
        return ImageFont.truetype(_LATIN, height)
    asked = ["fc-match", "-f", "%{file}", ":lang=zh-cn"]
    return ImageFont.truetype(subprocess.run(asked, check=True, capture_output=True, text=True).stdout, height)
