"""An image as a service takes it, with the least loss: first without any, then as good a JPEG as fits, then smaller.

A page so large that making it small enough would halve its characters is cut into tiles instead; each word is then
taken from the tile whose core holds its middle.
"""

import base64
import io
import tempfile
from array import array
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from folio.documents.raster import images
from folio.errors import ImageRefused
from folio.models import PageText
from folio.text.geometry import clip_text, transform_text
from folio.transform import Transform

if TYPE_CHECKING:
    from PIL.Image import Image

type Box = tuple[int, int, int, int]  # left, top, right, bottom

MIN_SCALE = 0.5
_QUALITIES = (95, 90, 80)
_MIN_REDUCTION = 0.3  # of what the pixel limit allows; a smaller image is not worth sending
# A tile goes on beyond a cut, so that no word is seen by halves only: a line is less high than a word is long.
_OVERLAP_ABOVE_PX = 64
_OVERLAP_BESIDE_PX = 256


class Limits(Struct, frozen=True, kw_only=True):
    """What a service takes at one endpoint: size in bytes as they are counted there, sides in pixels.

    An image that would have to be reduced to less than `min_scale` is cut.
    """

    size: int
    counted: Literal["raw", "base64", "urlencoded"]
    min_side: int = 15
    max_side: int = 8192
    max_ratio: float = 50.0
    min_scale: float = MIN_SCALE

    def measure(self, data: bytes) -> int:
        """Return the size of an image in bytes, as the service counts it."""
        if self.counted == "raw":
            return len(data)
        encoded = base64.b64encode(data)
        if self.counted == "base64":
            return len(encoded)
        return len(encoded) + 2 * sum(encoded.count(character) for character in b"+/=")


class Tile(Struct, frozen=True, kw_only=True):
    """An encoded part of an image; `to_image` leads from its pixels to the image's.

    `region` is what it shows of the image; `core` is the part without the overlap, in which its words count.
    """

    data: bytes
    width: int
    height: int
    to_image: Transform
    region: Box
    core: Box
    reduced: bool


def encode_tiles(path: Path, limits: Limits, *, may_cut: bool) -> list[Tile]:
    """Encode the whole image in as few tiles as the limits allow. Raises EngineFailed, ImageRefused."""
    with images.load_own(path) as image:
        whole = 0, 0, image.width, image.height
        return _fitted(image, whole, whole, limits, may_cut)


def read_in_tiles(path: Path, limits: Limits, read: Callable[[Path], PageText]) -> PageText:
    """Read an image whole if it keeps to the limits of sides, or else in tiles; in the image's pixels."""
    width, height = images.own_size(path)
    if max(width, height) <= limits.max_side:
        return read(path)
    tiles = []
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="tiles-") as folder:
        target = Path(folder) / "tile.png"
        for tile in encode_tiles(path, limits, may_cut=True):
            target.write_bytes(tile.data)
            tiles.append((tile, read(target)))
    return merge(tiles)


def split_tile(path: Path, tile: Tile, limits: Limits) -> list[Tile]:
    """Encode the same part of the image in two tiles, for a service that finds it too much at once."""
    with images.load_own(path) as image:
        return [new for half in _halves(image, tile.core) for new in _fitted(image, *half, limits, may_cut=True)]


def shrink_tile(path: Path, tile: Tile, limits: Limits) -> Tile:
    """Encode the same part of the image smaller, after the service refused it although it kept to the limits."""
    with images.load_own(path) as image:
        tighter = msgspec.structs.replace(
            limits, size=limits.measure(tile.data) // 2, max_side=max(tile.width, tile.height) * 7 // 10
        )
        return _encoded(image, tile.region, tile.core, tighter)


def merge(tiles: list[tuple[Tile, PageText]]) -> PageText:
    """Return what was read on the tiles as one text in the image's pixels."""
    if len(tiles) == 1:
        tile, read = tiles[0]
        return transform_text(read, tile.to_image.polygon)
    texts = [clip_text(transform_text(read, tile.to_image.polygon), tile.core) for tile, read in tiles]
    return PageText(
        "\n".join(read.text for read in texts if read.text),
        tuple(line for read in texts for line in read.lines),
        tuple(field for read in texts for field in read.fields),
        tuple(table for read in texts for table in read.tables),
        tuple(dict.fromkeys(warning for read in texts for warning in read.warnings)),
        texts[0].rotation,
        is_whole=all(read.is_whole for read in texts),
        unknown_letters=next((read.unknown_letters for read in texts if read.unknown_letters), None),
    )


def _fitted(image: "Image", region: Box, core: Box, limits: Limits, may_cut: bool) -> list[Tile]:
    longest = max(region[2] - region[0], region[3] - region[1])
    if may_cut and limits.max_side / longest < limits.min_scale:
        return [tile for half in _halves(image, core) for tile in _fitted(image, *half, limits, may_cut)]
    return [_encoded(image, region, core, limits)]


def _halves(image: "Image", core: Box) -> list[tuple[Box, Box]]:
    """Return region and core of two halves, cut where the least ink is."""
    left, top, right, bottom = core
    if bottom - top >= right - left:
        cut = _quietest(image, core, upright=True)
        cores = (left, top, right, cut), (left, cut, right, bottom)
    else:
        cut = _quietest(image, core, upright=False)
        cores = (left, top, cut, bottom), (cut, top, right, bottom)
    return [(_region(image, half), half) for half in cores]


def _region(image: "Image", core: Box) -> Box:
    """Return a core with the overlap on every side where the image goes on, earlier cuts included."""
    left, top, right, bottom = core
    return (
        max(left - _OVERLAP_BESIDE_PX, 0),
        max(top - _OVERLAP_ABOVE_PX, 0),
        min(right + _OVERLAP_BESIDE_PX, image.width),
        min(bottom + _OVERLAP_ABOVE_PX, image.height),
    )


def _quietest(image: "Image", core: Box, *, upright: bool) -> int:
    """Return the middle of the widest run of the brightest rows (or columns) in the middle third.

    The widest, because the gap between two characters is as white as the one between two words.
    """
    from PIL import Image

    left, top, right, bottom = core
    start, length = (top, bottom - top) if upright else (left, right - left)
    low, high = start + length // 3, start + 2 * length // 3
    band = image.crop((left, low, right, high) if upright else (low, top, high, bottom)).convert("F")
    means = array("f", band.resize((1, high - low) if upright else (high - low, 1), Image.Resampling.BOX).tobytes())
    brightest = max(means) - 0.01
    runs = [list(run) for quiet, run in groupby(range(len(means)), lambda index: means[index] >= brightest) if quiet]
    middle = len(means) / 2
    widest = max(runs, key=lambda run: (len(run), -abs(run[len(run) // 2] - middle)))
    return low + widest[len(widest) // 2]


def _encoded(image: "Image", region: Box, core: Box, limits: Limits) -> Tile:
    crop = image if region == (0, 0, image.width, image.height) else image.crop(region)
    scale = min(1.0, limits.max_side / max(crop.size))
    min_scale = scale * _MIN_REDUCTION
    while scale >= min_scale:
        shown = _at_scale(crop, scale, limits)
        for form, quality in (("PNG", 0), *(("JPEG", quality) for quality in _QUALITIES)):
            data = _saved(shown, form, quality)
            if limits.measure(data) <= limits.size:
                return _tile(data, shown, crop, scale, region, core)
        scale *= 0.8
    raise ImageRefused("The image cannot be made small enough for the provider.")


def _tile(data: bytes, shown: "Image", crop: "Image", scale: float, region: Box, core: Box) -> Tile:
    # The exact ratio of what was drawn: rounding to whole pixels differs from the scale itself.
    across = crop.width / max(1, round(crop.width * scale))
    down = crop.height / max(1, round(crop.height * scale))
    return Tile(
        data=data,
        width=shown.width,
        height=shown.height,
        to_image=Transform((across, 0, region[0], 0, down, region[1], 0, 0, 1)),
        region=region,
        core=core,
        reduced=scale < 1,
    )


def _at_scale(crop: "Image", scale: float, limits: Limits) -> "Image":
    """Return a crop reduced, and put on white where a side is too short or too much shorter than the other."""
    from PIL import Image

    size = max(1, round(crop.width * scale)), max(1, round(crop.height * scale))
    shown = crop if size == crop.size else crop.resize(size, Image.Resampling.LANCZOS)
    min_side = int(max(limits.min_side, -(-max(size) // limits.max_ratio)))
    padded = max(size[0], min_side), max(size[1], min_side)
    if padded == size:
        return shown
    paper = Image.new(crop.mode, padded, 255 if crop.mode == "L" else (255, 255, 255))
    paper.paste(shown)
    return paper


def _saved(image: "Image", form: str, quality: int) -> bytes:
    target = io.BytesIO()
    if form == "PNG":
        image.save(target, form, compress_level=3)
    else:
        image.save(target, form, quality=quality)
    return target.getvalue()
