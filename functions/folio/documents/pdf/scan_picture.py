"""The picture that a scanned page is: taken out of the PDF where the page is nothing else, drawn at its own resolution.

poppler would draw it a pixel larger and interpolated, in several times the time. Whatever is not plain is left to it.
"""

import math
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from folio.documents.pdf.attachments import resolved
from folio.documents.pdf.poppler import POINTS_PER_INCH
from folio.documents.pdf.reader import open_pdf
from folio.documents.raster.images import Picture, save_inks
from folio.documents.raster.stamps import Stamp, has_stamp_color, without_stamps
from folio.transform import Transform

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdf import PageObject

_MAX_CONTENT_BYTES = 2_000  # of a page that says no more than where its picture lies
_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)"
_PLACE = rb"(?:%s\s+){6}cm\s+" % _NUMBER
_CONTENT = re.compile(rb"\s*((?:q\s+|%s)+)(/\S+)\s+Do\s*(?:Q\s*)*" % _PLACE)
_MATRIX = re.compile(rb"((?:%s\s+){6})cm" % _NUMBER)
# What a picture may say of itself without being shown otherwise than its file is decoded.
_PLAIN_KEYS = frozenset(
    ("/Type", "/Subtype", "/Width", "/Height", "/BitsPerComponent", "/ColorSpace", "/Filter", "/Length", "/Name")
) | {"/Interpolate", "/Intent", "/Metadata"}
_MODES = {1: ("L",), 3: ("RGB", "YCbCr")}  # Pillow's, by the colors of a space
_MAX_SHIFT_PX = 1.0  # of the picture's edges from the page's
_LOOK_SCALE = 4  # by which a picture is reduced while color is looked for on it
_MAX_LEAN = 1e-3  # of its sides from those, in points


def take_picture(path: Path, number: int, dpi: float, folder: Path) -> Picture | None:
    """Write the picture of page `number` (from 1) of a PDF into a gray PGM file, stamps taken off; None of other pages.

    That is a page that shows one JPEG from edge to edge, upright, with as many pixels as a drawing at `dpi` has.
    """
    try:
        # Opened for each page: kept open, it would keep in memory each page's picture, and a file that is gone.
        with path.open("rb") as file:
            picture = _only_picture(open_pdf(file).pages[number - 1], dpi)
            decoded = None if picture is None else _decoded(picture)
    except Exception:  # noqa: BLE001 (pypdf and Pillow raise what comes first in a damaged file; poppler says what is wrong)
        return None
    if decoded is None:
        return None
    gray, stamps = decoded
    target = folder / f"page{number}.pgm"
    gray.save(target, "PPM")
    boxes = tuple(stamp.box for stamp in stamps)
    return Picture(target, *gray.size, dpi, Transform(), boxes, save_inks(stamps, target))


def _only_picture(page: "PageObject", dpi: float) -> Any:
    """Return the picture's stream; None where the page shows anything else, or shows it otherwise."""
    if page.rotation or "/UserUnit" in page or resolved(page.get("/Annots")):
        return None
    box = [float(side) for side in page.mediabox]
    contents = page.get_contents()
    if contents is None or box != [float(side) for side in page.cropbox]:
        return None
    content = contents.get_data()
    match = _CONTENT.fullmatch(content) if len(content) <= _MAX_CONTENT_BYTES else None
    if match is None:
        return None
    named = resolved(resolved(page["/Resources"])["/XObject"])
    picture = resolved(named[match[2].decode("latin-1")])
    fills = _fills(_matrix(match[1]), box, _MAX_SHIFT_PX * POINTS_PER_INCH / dpi)
    return picture if fills and _is_plain(picture) and _is_as_drawn(picture, box, dpi) else None


def _matrix(content: bytes) -> Transform:
    """Return what the matrices of a content do together: each to what follows, before those that came before it."""
    together = Transform()
    for one in _MATRIX.finditer(content):
        a, b, c, d, e, f = map(float, one[1].split())
        together = Transform((a, c, e, b, d, f, 0, 0, 1)).then(together)
    return together


def _fills(matrix: Transform, box: list[float], shift: float) -> bool:
    """Return whether the unit square becomes the box, all within so many points."""
    a, c, left, b, d, bottom, *_ = matrix.matrix
    edges = zip((left, bottom, left + a, bottom + d), box, strict=True)
    return abs(b) < _MAX_LEAN and abs(c) < _MAX_LEAN and all(abs(one - other) <= shift for one, other in edges)


def _is_plain(picture: Any) -> bool:
    filters = resolved(picture["/Filter"])
    if isinstance(filters, list):
        filters = resolved(filters[0]) if len(filters) == 1 else None
    return (
        picture["/Subtype"] == "/Image"
        and filters == "/DCTDecode"
        and picture["/BitsPerComponent"] == 8
        and _PLAIN_KEYS.issuperset(picture)
        and _colors(picture) in _MODES
    )


def _colors(picture: Any) -> int:
    """Return how many numbers a color of the picture has; 0 where they may mean anything."""
    space = resolved(picture["/ColorSpace"])
    name = resolved(space[0]) if isinstance(space, list) else space
    if name == "/ICCBased":
        return int(resolved(space[1])["/N"])
    return {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}.get(str(name), 0)


def _is_as_drawn(picture: Any, box: list[float], dpi: float) -> bool:
    """Return whether the picture has the pixels of a drawing at that resolution, but for the one at its edges."""
    drawn = [(box[side + 2] - box[side]) * dpi / POINTS_PER_INCH for side in (0, 1)]
    sides = picture["/Width"], picture["/Height"]
    return all(math.floor(one) - 1 <= side <= math.ceil(one) + 1 for side, one in zip(sides, drawn, strict=True))


def _decoded(picture: Any) -> "tuple[Image, tuple[Stamp, ...]] | None":
    """Return the picture in gray, and the stamps that were taken off; colors are decoded where there may be one."""
    from PIL import Image

    data = BytesIO(picture.get_data())
    with Image.open(data, formats=["JPEG"]) as image:
        if image.size != (picture["/Width"], picture["/Height"]) or image.mode not in _MODES[_colors(picture)]:
            return None
        if image.mode == "RGB" and _has_stamp_color(data):
            return without_stamps(image)
        image.draft("L", image.size)  # the decoder leaves out the colors
        return image.convert("L"), ()


def _has_stamp_color(data: BytesIO) -> bool:
    from PIL import Image

    with Image.open(BytesIO(data.getbuffer()), formats=["JPEG"]) as image:
        image.draft("RGB", (image.width // _LOOK_SCALE, image.height // _LOOK_SCALE))
        return has_stamp_color(image)
