"""A page's picture with black boxes where something is masked, encoded anew: nothing under them is left."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.pdf.embed import Embedded, deflated_bilevel, entries_of, page_size
from folio.documents.raster import images
from folio.documents.raster.transparency import split
from folio.transform import Polygon, bounds

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 85
_BLOCK_PX = 8  # of a JPEG: a box that ends between blocks would have traces of what is around it
_SPARE = 0.12  # of a box's height, around it: strokes that stand out of what an engine boxed


def embed_masked(
    path: Path, number: int, max_pixels: int, size: tuple[int, int], polygons: tuple[Polygon, ...]
) -> Embedded:
    """Return frame `number` (from 1) upright, with boxes over polygons in the pixels of a page of that `size`.

    Raises TooLarge, DamagedDocument.
    """
    with images.opened(path, number) as image:
        images.check_size(image.size, max_pixels)
        upright = _upright(image)
        points = page_size(image)  # not earlier: decoding turns a TIFF
    cover(upright, size, polygons)
    matrix = (points[0], 0.0, 0.0, points[1], 0.0, 0.0)
    if upright.mode == "1":
        frame = deflated_bilevel(upright)
        return Embedded(data=frame.data, entries=frame.entries, matrix=matrix, size=points)
    buffer = io.BytesIO()
    upright.save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
    return Embedded(
        data=buffer.getvalue(), entries=entries_of(upright) + b"/Filter/DCTDecode", matrix=matrix, size=points
    )


def cover(image: "Image", size: tuple[int, int], polygons: Iterable[Polygon]) -> None:
    """Draw black boxes onto an image of a whole page, over polygons in the pixels of a page of that `size`."""
    from PIL import ImageDraw

    scale = image.width / max(size[0], 1), image.height / max(size[1], 1)
    pen = ImageDraw.Draw(image)
    for polygon in polygons:
        pen.rectangle(_box(polygon, scale, image.size), fill=0 if image.mode != "RGB" else (0, 0, 0))


def _upright(image: "Image") -> "Image":
    """Return the pixels alone, as a reader sees them: black and white, grey or RGB."""
    from PIL import Image, ImageOps

    image.load()
    turned = image if images.orientation(image) == 1 else ImageOps.exif_transpose(image)
    plain, opacity = split(images.as_inked(turned))
    if plain.mode.startswith("I") or plain.mode == "F":
        plain = images.deep_to_grey(plain)
    if plain.mode not in ("1", "L"):
        plain = plain.convert("RGB")
    if opacity:
        plain = Image.composite(plain, Image.new(plain.mode, plain.size, "white"), opacity)
    bare = Image.new(plain.mode, plain.size)  # without what else a file says
    bare.paste(plain)
    return bare


def _box(polygon: Polygon, scale: tuple[float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the corners of the rectangle over a polygon, both inside, on the borders of blocks."""
    left, top, right, bottom = bounds(polygon)
    by = _SPARE * min(right - left, bottom - top) + 2
    a, b = int((left - by) * scale[0]), int((top - by) * scale[1])
    c, d = int((right + by) * scale[0]) + 1, int((bottom + by) * scale[1]) + 1
    a, b = max(0, a // _BLOCK_PX * _BLOCK_PX), max(0, b // _BLOCK_PX * _BLOCK_PX)
    c, d = -(-c // _BLOCK_PX) * _BLOCK_PX, -(-d // _BLOCK_PX) * _BLOCK_PX
    return a, b, max(a, min(c, size[0]) - 1), max(b, min(d, size[1]) - 1)
