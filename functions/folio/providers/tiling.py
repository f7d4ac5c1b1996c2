"""An image as a service takes it, with the least loss: first without any, then as good a JPEG as fits, then smaller.

A page so large that making it small enough would halve its letters is cut instead; each word is then taken from the
piece in whose own part its middle lies.
"""

import base64
import io
from array import array
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from folio.errors import EngineFailed, ImageRefused
from folio.models import PageText
from folio.text.geometry import clip_text, transform_text
from folio.transform import Transform

if TYPE_CHECKING:
    from PIL.Image import Image

type Box = tuple[int, int, int, int]  # left, top, right, bottom

MIN_SCALE = 0.5
_QUALITIES = (95, 90, 80)
_SMALLEST = 0.3  # of what the pixel limit allows; less is not worth sending
# Pixels seen beyond a cut, so that no word is seen by halves only: a line is less high than a word is long.
_ABOVE = 64
_BESIDE = 256


class Limits(Struct, frozen=True, kw_only=True):
    """What a service takes at one endpoint: size in bytes as they are counted there, sides in pixels.

    What would have to be made smaller than by `min_scale` is cut.
    """

    size: int
    counted: Literal["raw", "base64", "urlencoded"]
    min_side: int = 15
    max_side: int = 8192
    max_ratio: float = 50.0
    min_scale: float = MIN_SCALE

    def measure(self, data: bytes) -> int:
        if self.counted == "raw":
            return len(data)
        encoded = base64.b64encode(data)
        if self.counted == "base64":
            return len(encoded)
        return len(encoded) + 2 * sum(encoded.count(sign) for sign in b"+/=")


class Tile(Struct, frozen=True, kw_only=True):
    """What is sent: `to_image` leads from its pixels to the image's; `own` is the part of the image it answers for."""

    data: bytes
    width: int
    height: int
    to_image: Transform
    region: Box
    own: Box
    reduced: bool


def encode_tiles(path: Path, limits: Limits, *, may_cut: bool) -> list[Tile]:
    """The whole image in as few pieces as the limits allow. Raises EngineFailed, ImageRefused."""
    with _opened(path) as image:
        whole = 0, 0, image.width, image.height
        return _fitted(image, whole, whole, limits, may_cut)


def split_tile(path: Path, piece: Tile, limits: Limits) -> list[Tile]:
    """The same part of the image in two pieces, for a service that finds it too much at once."""
    with _opened(path) as image:
        return [part for half in _halves(image, piece.own) for part in _fitted(image, *half, limits, may_cut=True)]


def shrink_tile(path: Path, piece: Tile, limits: Limits) -> Tile:
    """The same part of the image, smaller, after the service refused it all the same."""
    with _opened(path) as image:
        tighter = msgspec.structs.replace(
            limits, size=limits.measure(piece.data) // 2, max_side=max(piece.width, piece.height) * 7 // 10
        )
        return _encoded(image, piece.region, piece.own, tighter)


def merge(parts: list[tuple[Tile, PageText]]) -> PageText:
    """What was read of the pieces, as one text in the image's pixels."""
    if len(parts) == 1:
        piece, read = parts[0]
        return transform_text(read, piece.to_image.polygon)
    texts = [clip_text(transform_text(read, piece.to_image.polygon), piece.own) for piece, read in parts]
    return PageText(
        "\n".join(read.text for read in texts if read.text),
        tuple(line for read in texts for line in read.lines),
        tuple(field for read in texts for field in read.fields),
        tuple(table for read in texts for table in read.tables),
        tuple(dict.fromkeys(warning for read in texts for warning in read.warnings)),
        texts[0].rotation,
    )


def _opened(path: Path) -> "Image":
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(path, formats=["PPM", "PNG"])
        image.load()
    except OSError as error:
        raise EngineFailed("The image to send is incomplete; the scratch space may be full.") from error
    return image


def _fitted(image: "Image", region: Box, own: Box, limits: Limits, may_cut: bool) -> list[Tile]:
    longest = max(region[2] - region[0], region[3] - region[1])
    if may_cut and limits.max_side / longest < limits.min_scale:
        return [part for half in _halves(image, own) for part in _fitted(image, *half, limits, may_cut)]
    return [_encoded(image, region, own, limits)]


def _halves(image: "Image", own: Box) -> list[tuple[Box, Box]]:
    """Region and own part of two halves, cut where the least ink is."""
    left, top, right, bottom = own
    if bottom - top >= right - left:
        cut = _quietest(image, own, upright=True)
        owns = (left, top, right, cut), (left, cut, right, bottom)
    else:
        cut = _quietest(image, own, upright=False)
        owns = (left, top, cut, bottom), (cut, top, right, bottom)
    return [(_seen(image, half), half) for half in owns]


def _seen(image: "Image", own: Box) -> Box:
    """A little more than a part's own on every side where the image goes on, earlier cuts included."""
    left, top, right, bottom = own
    return (
        max(left - _BESIDE, 0),
        max(top - _ABOVE, 0),
        min(right + _BESIDE, image.width),
        min(bottom + _ABOVE, image.height),
    )


def _quietest(image: "Image", own: Box, *, upright: bool) -> int:
    """The middle of the widest run of the brightest rows (or columns) in the middle third.

    The widest, because the gap between two letters is as white as the one between two words.
    """
    from PIL import Image

    left, top, right, bottom = own
    start, length = (top, bottom - top) if upright else (left, right - left)
    low, high = start + length // 3, start + 2 * length // 3
    band = image.crop((left, low, right, high) if upright else (low, top, high, bottom)).convert("F")
    means = array("f", band.resize((1, high - low) if upright else (high - low, 1), Image.Resampling.BOX).tobytes())
    brightest = max(means) - 0.01
    runs = [list(run) for quiet, run in groupby(range(len(means)), lambda place: means[place] >= brightest) if quiet]
    middle = len(means) / 2
    widest = max(runs, key=lambda run: (len(run), -abs(run[len(run) // 2] - middle)))
    return low + widest[len(widest) // 2]


def _encoded(image: "Image", region: Box, own: Box, limits: Limits) -> Tile:
    part = image if region == (0, 0, image.width, image.height) else image.crop(region)
    scale = min(1.0, limits.max_side / max(part.size))
    smallest = scale * _SMALLEST
    while scale >= smallest:
        shown = _at_scale(part, scale, limits)
        for form, quality in (("PNG", 0), *(("JPEG", quality) for quality in _QUALITIES)):
            data = _saved(shown, form, quality)
            if limits.measure(data) <= limits.size:
                return _piece(data, shown, part, scale, region, own)
        scale *= 0.8
    raise ImageRefused("The image cannot be made small enough for the provider.")


def _piece(data: bytes, shown: "Image", part: "Image", scale: float, region: Box, own: Box) -> Tile:
    # The exact ratio of what was drawn: rounding to whole pixels differs from the scale itself.
    across = part.width / max(1, round(part.width * scale))
    down = part.height / max(1, round(part.height * scale))
    return Tile(
        data=data,
        width=shown.width,
        height=shown.height,
        to_image=Transform((across, 0, region[0], 0, down, region[1], 0, 0, 1)),
        region=region,
        own=own,
        reduced=scale < 1,
    )


def _at_scale(part: "Image", scale: float, limits: Limits) -> "Image":
    """Reduced, and put on white where a side is too short or too much shorter than the other."""
    from PIL import Image

    size = max(1, round(part.width * scale)), max(1, round(part.height * scale))
    shown = part if size == part.size else part.resize(size, Image.Resampling.LANCZOS)
    least = max(limits.min_side, -(-max(size) // limits.max_ratio))
    padded = max(size[0], int(least)), max(size[1], int(least))
    if padded == size:
        return shown
    paper = Image.new(part.mode, padded, 255 if part.mode == "L" else (255, 255, 255))
    paper.paste(shown)
    return paper


def _saved(image: "Image", form: str, quality: int) -> bytes:
    target = io.BytesIO()
    if form == "PNG":
        image.save(target, form, compress_level=3)
    else:
        image.save(target, form, quality=quality)
    return target.getvalue()
