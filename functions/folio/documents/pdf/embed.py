"""Pictures for a PDF: as they are where it can take them, else without loss; decoded by `documents.raster.images`."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.pdf.deflate import is_whole
from folio.documents.raster import images
from folio.documents.raster.jpeg import read_frame
from folio.documents.raster.transparency import is_hidden_by_white, split

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72
_A4_LENGTH_INCHES = 11.69
_MAX_SIDE_INCHES = 200.0  # of a page (ISO 32000-1, annex C)


class Embedded(Struct, frozen=True, kw_only=True):
    """One frame: its `data` and the `entries` of the image dictionary that say how it is encoded.

    `mask` is its opacity, likewise, and `on_gray` whether white would hide something of it. `matrix` lays the unit
    square on the page in points, upright; `size` is the page.
    """

    data: bytes
    entries: bytes
    mask: "Embedded | None" = None
    on_gray: bool = False
    matrix: tuple[float, float, float, float, float, float] = (1, 0, 0, 1, 0, 0)
    size: tuple[float, float] = (0.0, 0.0)


# EXIF orientation -> where the unit square's axes and origin lie on the upright page, in parts of its size.
_MATRICES = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip


def embed(path: Path, number: int, max_pixels: int) -> Embedded:
    """Return frame `number` (from 1). Raises TooLarge, DamagedDocument."""
    with images.opened(path, number) as image:
        images.check_size(image.size, max_pixels)
        orientation = images.orientation(image)
        across, down = _resolution(image)
        frame = _as_it_is(path, image) or _encoded(image)
        width, height = image.size  # not earlier: decoding turns a TIFF
    size = width * POINTS_PER_INCH / across, height * POINTS_PER_INCH / down
    if orientation > 4:
        size = size[1], size[0]
    a, b, c, d, e, f = _MATRICES[orientation]
    matrix = (a * size[0], b * size[1], c * size[0], d * size[1], e * size[0], f * size[1])
    return replace(frame, matrix=matrix, size=size)


def page_size(image: "Image") -> tuple[float, float]:
    """Return width and height in points of the upright page that a picture makes."""
    across, down = _resolution(image)
    size = image.width * POINTS_PER_INCH / across, image.height * POINTS_PER_INCH / down
    return size if images.orientation(image) <= 4 else (size[1], size[0])


def entries_of(image: "Image") -> bytes:
    """Return what an image dictionary says of a picture of mode L or RGB with eight bits."""
    return _entries(image, _SPACES[image.mode], 8)


def deflated_bilevel(image: "Image") -> Embedded:
    """Encode a picture of mode 1."""
    return _fax(image)


def _resolution(image: "Image") -> tuple[float, float]:
    """Return dots per inch in both directions; if unknown 72, or what makes a large picture as long as A4 paper."""
    known = images.resolution(image)
    longest = max(image.size)
    across, down = known or (max(POINTS_PER_INCH, longest / _A4_LENGTH_INCHES),) * 2
    factor = max(1.0, longest / min(across, down) / _MAX_SIDE_INCHES)
    return across * factor, down * factor


def _as_it_is(path: Path, image: "Image") -> Embedded | None:
    if image.format in ("JPEG", "MPO") and image.mode in _SPACES and _is_for_pdf(path):
        # Adobe's programs write CMYK inverted, which Pillow takes every JPEG for.
        decode = b"/Decode[1 0 1 0 1 0 1 0]" if image.mode == "CMYK" and images.as_inked(image) is image else b""
        entries = _entries(image, _SPACES[image.mode], 8) + decode + b"/Filter/DCTDecode"
        return Embedded(data=path.read_bytes(), entries=entries)
    if image.format == "JPEG2000" and image.mode in _SPACES:
        return Embedded(data=path.read_bytes(), entries=_entries(image, _SPACES[image.mode], 8) + b"/Filter/JPXDecode")
    if image.format == "PNG" and not image.has_transparency_data and not image.info.get("interlace"):
        return frame if is_whole((frame := _png(path.read_bytes())).data) else None
    return None


def _is_for_pdf(path: Path) -> bool:
    frame = read_frame(path)
    return frame is not None and frame.fits_pdf


_SPACES = {"1": b"/DeviceGray", "L": b"/DeviceGray", "RGB": b"/DeviceRGB", "CMYK": b"/DeviceCMYK"}


def _entries(image: "Image", space: bytes, bits: int) -> bytes:
    return b"/Width %d/Height %d/ColorSpace%s/BitsPerComponent %d" % (*image.size, space, bits)


def _encoded(image: "Image") -> Embedded:
    """Encode any other picture without loss: black and white as a fax, CMYK as it is, the rest as PNG packs it."""
    image.load()
    image, opacity = split(images.as_inked(image))
    if opacity:
        base = _packed(image)
        dark = is_hidden_by_white(image.convert("L"), opacity)
        return Embedded(data=base.data, entries=base.entries, mask=_packed(opacity), on_gray=dark)
    if image.mode == "1":
        return _fax(image)
    if image.mode == "CMYK":
        return _deflated(image)
    if image.mode in ("L", "RGB", "P") or image.mode.startswith("I;16"):
        return _packed(image)
    return _packed(images.deep_to_grey(image) if image.mode in ("I", "F") else image.convert("RGB"))


def _deflated(image: "Image") -> Embedded:
    import zlib

    return Embedded(
        data=zlib.compress(image.tobytes()), entries=_entries(image, _SPACES[image.mode], 8) + b"/Filter/FlateDecode"
    )


def _packed(image: "Image") -> Embedded:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", icc_profile=None)
    return _png(buffer.getvalue())


def _fax(image: "Image") -> Embedded:
    """Encode in CCITT group 4, the smallest form of a black and white page: the strip of a TIFF that Pillow writes."""
    from PIL import Image

    buffer = io.BytesIO()
    # One strip. libtiff would make several of a page.
    image.save(buffer, "TIFF", compression="group4", strip_size=image.width * image.height + 1)
    with Image.open(buffer) as written:
        tags = written.tag_v2  # type: ignore[attr-defined] # a TIFF has them
        (start,), (length,) = tags[273], tags[279]
        black_is_1 = tags[262] == 0
    return Embedded(
        data=buffer.getvalue()[start : start + length],
        entries=_entries(image, b"/DeviceGray", 1)
        + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d%s>>"
        % (*image.size, b"" if black_is_1 else b"/BlackIs1 true"),
    )


def _png(data: bytes) -> Embedded:
    """Take the pixels of a PNG as they are packed in it (ISO 15948; no interlacing, no transparency)."""
    chunks = list(_chunks(data))
    width, height, bits, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    colors = 3 if kind == 2 else 1
    space = b"/DeviceRGB" if kind == 2 else b"/DeviceGray"
    if kind == 3:
        palette = next(body for name, body in chunks if name == b"PLTE")
        space = b"[/Indexed/DeviceRGB %d<%s>]" % (len(palette) // 3 - 1, palette.hex().encode())
    parameters = b"<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>" % (colors, bits, width)
    return Embedded(
        data=b"".join(body for name, body in chunks if name == b"IDAT"),
        entries=b"/Width %d/Height %d/ColorSpace%s/BitsPerComponent %d/Filter/FlateDecode/DecodeParms%s"
        % (width, height, space, bits, parameters),
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 8
    while offset + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[offset : offset + 8])
        yield name, data[offset + 8 : offset + 8 + length]
        offset += 12 + length
