"""Image files, through Pillow: the only module that decodes documents' pictures, but for scans in PDFs.

What Folio drew or wrote itself is read where its pixels are needed: by OpenCV in `pixels`, by Pillow with `load_own`.
"""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster import heif, pgm, tiff, unusual
from folio.documents.raster.stamps import Stamp, without_stamps
from folio.documents.raster.transparency import lay_on_ground, split
from folio.errors import DamagedDocument, EngineFailed, FolioError, TooLarge, UnsupportedType
from folio.transform import Box, Transform

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

# Pillow's name -> media type.
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "JPEG2000": "image/jp2",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}
_MOVING = ("GIF", "WEBP", "AVIF", "HEIF")  # whose pages are its frames, if they are asked for
_ORIENTATION = 0x0112  # EXIF tag
# EXIF orientation -> Pillow's Transpose that makes the picture upright; the last four swap width and height.
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_SWAPPING = (5, 4, 6, 2)
_MAX_INKS = 8  # stamps of a page whose ink is kept, to be read
_MIN_TONES = 64.0  # between the darkest and the lightest of a picture that shows something
_WHITES = (255.0, 4095.0, 65535.0)  # of 8, 12 and 16 bits


class Picture(Struct, frozen=True):
    """A decoded frame: a grey PGM file, upright, and how its pixels lie in the source's.

    `width` and `height` are the source's, upright; `dpi` is what the file states, where that is plausible. `stamps` are
    boxes in its pixels where stamps were taken off; of the first ones, `inks` has the ink alone, as grey files.
    """

    path: Path
    width: int
    height: int
    dpi: float | None
    to_page: Transform
    stamps: tuple[Box, ...] = ()
    inks: tuple[Path, ...] = ()


@contextmanager
def opened(path: Path, number: int = 1) -> Iterator["Image"]:
    """Open page `number` (from 1) of a document's picture.

    Raises UnsupportedType, DamagedDocument, TooLarge, also for what happens within.
    """
    from PIL import Image, UnidentifiedImageError

    # Our own limit is checked right after the header is read; Pillow's would only warn on stderr.
    Image.MAX_IMAGE_PIXELS = None
    warnings.filterwarnings("ignore", module=r"PIL\.")  # not catch_warnings: pages are read in threads
    try:
        with unusual.open_picture(path, number) as file, Image.open(file, formats=_openable()) as image:
            unusual.complete(image, path)
            if number > 1 and image.format in _MOVING:
                image.seek(number - 1)
            yield image
    except FolioError:
        raise
    except UnidentifiedImageError as error:
        if is_picture(path):
            unusual.require_supported(path, number, identified=False)
            raise DamagedDocument("The picture is damaged: its header cannot be read.") from error
        raise UnsupportedType("This is not a type of document that Folio reads.") from error
    except MemoryError as error:
        raise TooLarge("The picture does not fit into memory.") from error
    except Exception as error:
        # Decoders meet a damaged file with whatever error came first: OSError, ValueError, struct.error and more.
        unusual.require_supported(path, number)
        raise DamagedDocument("The picture is damaged: it cannot be decoded.") from error


def _openable() -> list[str]:
    """Return Pillow's names of the types that it can open here."""
    from PIL import Image

    heif.register()
    Image.init()
    return [name for name in MEDIA_TYPES if name in Image.OPEN]


def load_own(path: Path) -> "Image":
    """Load a page image that Folio wrote (PGM or PNG). Raises EngineFailed if its file is incomplete."""
    with _own(path) as image:
        image.load()
        return image


def own_size(path: Path) -> tuple[int, int]:
    """Return width and height of a page image that Folio wrote. Raises EngineFailed if its file is incomplete."""
    if (header := pgm.header_of(path)) is not None:
        return header.width, header.height
    with _own(path) as image:
        return image.size


@contextmanager
def _own(path: Path) -> Iterator["Image"]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=["PPM", "PNG"]) as image:
            yield image
    except OSError as error:
        raise EngineFailed("The image of the page is incomplete; the scratch space may be full.") from error


def is_picture(path: Path) -> bool:
    """Return whether a file starts as one of the known types does; it may be damaged all the same."""
    from PIL import Image

    start = unusual.first_bytes(path)
    accepts = (Image.OPEN[name][1] for name in _openable())
    return heif.is_heif(start) or any(accept is not None and accept(start) is True for accept in accepts)


def identify(path: Path, frames: bool = False) -> tuple[str, int]:
    """Return the media type and the number of pages: pictures of a TIFF that are pages; of other types the first frame,
    or with `frames` all of them.

    Raises UnsupportedType, DamagedDocument.
    """
    pages = tiff.pages(path)
    readable = next((number for number, offset in enumerate(pages, start=1) if offset is not None), 1)
    with opened(path, readable) as image:
        # What Pillow makes MPO of is a JPEG with more pictures behind it, as some phones write them.
        count = getattr(image, "n_frames", 1) if frames and image.format in _MOVING else len(pages)
        return MEDIA_TYPES.get(image.format or "", "image/jpeg"), max(1, count)


def decode(path: Path, number: int, folder: Path, max_pixels: int, raster_pixels: int) -> Picture:
    """Decode page `number` (from 1) to grey, 8 bits, upright, on white, reduced to `raster_pixels` if it has more.

    Raises TooLarge before decoding more than `max_pixels`, DamagedDocument.
    """
    from PIL import Image

    with opened(path, number) as image:
        check_size(image.size, max_pixels)
        turn = _turn(image)
        width, height = image.size[::-1] if turn in _SWAPPING else image.size
        dpi = _dpi(image)
        shrink = min(1.0, math.sqrt(raster_pixels / (width * height)))
        if shrink < 1 and not unusual.is_deep_jpeg(image):
            # Lets the JPEG decoder itself leave out the pixels that would be thrown away next.
            image.draft("L", (math.ceil(image.size[0] * shrink), math.ceil(image.size[1] * shrink)))
        grey, opacity, stamps = _to_grey(image, turn)
        if shrink < 1:
            size = max(1, round(width * shrink)), max(1, round(height * shrink))
            if opacity is None:
                grey = grey.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
            else:  # together, so that the shade of what cannot be seen has no part in it
                grey, opacity = Image.merge("LA", (grey, opacity)).resize(size, Image.Resampling.BOX).split()
        if opacity is not None:
            grey = lay_on_ground(grey, opacity)
    target = folder / f"page{number}.pgm"
    grey.save(target, "PPM")
    to_page = Transform.scale(width / grey.width, height / grey.height)
    inks = save_inks(stamps, target)
    return Picture(target, width, height, dpi, to_page, tuple(stamp.box for stamp in stamps), inks)


def save_inks(stamps: Sequence[Stamp], page: Path) -> tuple[Path, ...]:
    """Write the ink of the first stamps of a page beside its image, as PGM files."""
    from PIL import Image

    paths = []
    for index, stamp in enumerate(stamps[:_MAX_INKS]):
        paths.append(page.with_name(f"{page.stem}-ink{index}.pgm"))
        Image.fromarray(stamp.ink).save(paths[-1], "PPM")
    return tuple(paths)


def is_plain(path: Path) -> bool:
    """Return whether all pixels of a drawn page are the same."""
    with _own(path) as image:
        low, high = image.getextrema()
        return low == high


def check_size(size: tuple[int, int], max_pixels: int) -> None:
    """Raise DamagedDocument for a picture without pixels, TooLarge for one with more than `max_pixels`."""
    width, height = size
    if width < 1 or height < 1:
        raise DamagedDocument("The picture has no pixels.")
    if width * height > max_pixels:
        raise TooLarge(f"The picture has {width} x {height} pixels, more than the {max_pixels} allowed.")


def _to_grey(image: "Image", turn: "Transpose | None") -> tuple["Image", "Image | None", tuple[Stamp, ...]]:
    """Return the shades and the opacity, upright and both in mode L, and the stamps; None if all is opaque."""
    if image.mode.startswith(("I", "F")):
        grey = deep_to_grey(image)
        return (grey if turn is None else grey.transpose(turn)), None, ()
    plain, opacity = split(as_inked(image))
    if turn is not None:
        plain, opacity = plain.transpose(turn), opacity and opacity.transpose(turn)
    grey, stamps = without_stamps(plain)
    return grey, opacity, stamps


def as_inked(image: "Image") -> "Image":
    """Return CMYK with 255 for full ink, as Pillow's conversions take it; any other picture as it is.

    Adobe's programs write a JPEG inverted, and say so by their marker. Pillow inverts also where there is none, as
    others do not, unless all of it would be of one tone.
    """
    from PIL import ImageChops

    if image.mode != "CMYK" or image.format not in ("JPEG", "MPO") or "adobe" in image.info:
        return image
    other = ImageChops.invert(image)
    return other if _tones(other) >= min(_tones(image), _MIN_TONES) else image


def _tones(image: "Image") -> float:
    low, high = image.convert("L").getextrema()
    return high - low  # type: ignore[operator] # numbers, of one channel


def deep_to_grey(image: "Image") -> "Image":
    """Reduce 16 and 32 bits to 8. Pillow's own conversion cuts everything above 255 to white."""

    if image.mode not in ("I", "I;16", "F"):
        image = image.convert("I")  # of I;16B, as big-endian files have it, Pillow knows no extremes
    high = image.getextrema()[1]
    white = float(high) if isinstance(high, (int, float)) else 0.0
    if image.mode != "F":
        white = next((level for level in _WHITES if white <= level), white)
    return image.convert("F").point(lambda value: value * (255.0 / (white or 1.0))).convert("L")


def orientation(image: "Image") -> int:
    """Return the EXIF orientation, 1 (upright) to 8. Pillow turns TIFFs itself while it loads them."""
    if image.format == "TIFF":
        return 1
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 (damaged EXIF data raises whatever came first, and is no reason to refuse)
        return 1
    return value if value in _TURNS else 1


def _turn(image: "Image") -> "Transpose | None":
    """Return what makes the picture upright, or None."""
    from PIL.Image import Transpose

    turn = _TURNS.get(orientation(image))
    return None if turn is None else Transpose(turn)


def resolution(image: "Image") -> tuple[float, float] | None:
    """Return the dots per inch that the file states, across and down; None if it states none that are plausible."""
    try:
        across, down = (round(float(value), 2) for value in image.info["dpi"][:2])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not 50 <= across <= 2400:
        return None
    # A fax has half as many lines as dots; more of a difference is a mistake.
    return across, down if 0.2 < down / across < 5 else across


def _dpi(image: "Image") -> float | None:
    dpi = resolution(image)
    return dpi[0] if dpi else None
