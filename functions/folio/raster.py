"""One page of a document becomes one grey image file."""

import math
from pathlib import Path

from folio import pictures, poppler
from folio.config import Settings
from folio.errors import DamagedDocument, PageUnreadable, TooLarge
from folio.models import PDF, Document, PageImage

_A4 = (595.0, 842.0)  # points; for a page whose size poppler does not tell
_MAX_SIDE = 32_000  # pixels; engines count them in 15 bits


def rasterize(document: Document, number: int, dpi: int, folder: Path, settings: Settings, timeout: float) -> PageImage:
    """Draw or decode page `number` into `folder`. Raises PageUnreadable, TooLarge, EngineTimeout."""
    if document.media_type == PDF:
        return _draw(document, number, dpi, folder, settings, timeout)
    try:
        picture = pictures.decode(document.path, number, folder, settings.max_pixels, settings.raster_pixels)
    except DamagedDocument as error:
        raise PageUnreadable(error.message) from error
    warning = f"The picture was reduced to {settings.raster_pixels} pixels before it was read."
    return PageImage(
        number=number,
        path=picture.path,
        width=picture.width,
        height=picture.height,
        dpi=picture.dpi,
        to_page=picture.to_page,
        warnings=(warning,) if picture.width * picture.height > settings.raster_pixels else (),
    )


def _draw(document: Document, number: int, dpi: int, folder: Path, settings: Settings, timeout: float) -> PageImage:
    fitting = _fitting_dpi(document.sizes.get(number, _A4), dpi, settings.raster_pixels)
    path, complaints = poppler.draw(document.path, number, fitting, folder, timeout)
    width, height, plain = pictures.measure(path)
    if complaints and plain:
        raise PageUnreadable(f"poppler could not draw page {number}: it complained and left it blank.")
    warnings = []
    if fitting < dpi:
        warnings.append(f"Drawn at {fitting} dpi instead of {dpi} to stay within {settings.raster_pixels} pixels.")
    if complaints:
        warnings.append("poppler complained while drawing this page; parts of it may be missing.")
    return PageImage(
        number=number,
        path=path,
        width=width,
        height=height,
        dpi=fitting,
        complaints=complaints,
        warnings=tuple(warnings),
    )


def _fitting_dpi(size: tuple[float, float], dpi: int, raster_pixels: int) -> int:
    """The asked resolution, or the highest at which the page has no more than `raster_pixels`."""
    square_inches = size[0] * size[1] / poppler.POINTS_PER_INCH**2
    if square_inches <= 0:
        return dpi
    by_side = _MAX_SIDE * poppler.POINTS_PER_INCH / max(size)
    highest = math.floor(min(by_side, math.sqrt(raster_pixels / square_inches)))
    if highest < 1:
        raise TooLarge(f"The page measures {size[0]:.0f} x {size[1]:.0f} points, too much to draw at all.")
    return min(dpi, highest)
