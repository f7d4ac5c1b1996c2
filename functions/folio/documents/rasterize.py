"""One page of a document becomes one grey image file."""

from pathlib import Path

from msgspec.structs import replace

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.pdf import poppler
from folio.documents.pdf.scan_picture import take_picture
from folio.documents.raster import images
from folio.errors import DamagedDocument, EngineFailed, PageUnreadable, TooLarge
from folio.models import PDF, Document, Ink, PageImage, Seal
from folio.transform import box

_MAX_PAGES = 500  # of a scan; in one of more a page is found in no less time than poppler draws it
_A4 = (595.0, 842.0)  # points; for a page whose size poppler does not state


def rasterize(document: Document, number: int, dpi: int, folder: Path, settings: Settings, timeout: float) -> PageImage:
    """Draw or decode page `number` into `folder`. Raises PageUnreadable, TooLarge, EngineTimeout."""
    located, within = document.locate(number)
    make = _draw if located.media_type == PDF else _decoded
    return replace(make(located, within, dpi, folder, settings, timeout), number=number)


def _decoded(document: Document, number: int, _dpi: int, folder: Path, settings: Settings, timeout: float) -> PageImage:
    try:
        picture = children.call(
            "Decoding the picture",
            Deadline(timeout),
            images.decode,
            document.path,
            number,
            folder,
            settings.max_pixels,
            settings.raster_pixels,
        )
    except DamagedDocument as error:
        raise PageUnreadable(error.message) from error
    warning = f"The picture was reduced to {settings.raster_pixels} pixels before it was read."
    is_reduced = picture.width * picture.height > settings.raster_pixels
    return replace(_page_image(picture, number, picture.dpi), warnings=(warning,) if is_reduced else ())


def _page_image(picture: images.Picture, number: int, dpi: float | None) -> PageImage:
    return PageImage(
        number=number,
        path=picture.path,
        width=picture.width,
        height=picture.height,
        dpi=dpi,
        to_page=picture.to_page,
        seals=tuple(Seal(kind="seal", text="", polygon=box(*stamp)) for stamp in picture.stamps),
        inks=tuple(map(Ink, picture.inks)),
    )


def rasterize_part(
    document: Document, number: int, dpi: float, part: tuple[int, int, int, int], folder: Path, timeout: float
) -> Path:
    """Draw a part (left, top, right, bottom in pixels of `rasterize` at its `dpi`) of a PDF page into a gray PGM file.

    Raises EngineFailed, EngineTimeout, ToolMissing.
    """
    document, number = document.locate(number)
    per_unit = dpi * document.units.get(number, 1.0)
    cropped = number not in document.uncropped
    return poppler.draw_part(document.path, number, per_unit, part, folder, timeout, cropped=cropped)


def _taken(document: Document, number: int, dpi: int, folder: Path, timeout: float) -> images.Picture | None:
    """Return the picture that a scanned page is; None of any other page, which poppler draws, also if this fails."""
    if not document.may_be_scan or document.pages > _MAX_PAGES:
        return None
    try:
        step = "Taking the picture of the page"
        return children.call(step, Deadline(timeout), take_picture, document.path, number, float(dpi), folder)
    except EngineFailed:
        return None


def _draw(document: Document, number: int, dpi: int, folder: Path, settings: Settings, timeout: float) -> PageImage:
    fitting = poppler.fitting_dpi(document.sizes.get(number, _A4), dpi, settings.raster_pixels)
    per_unit = fitting * document.units.get(number, 1.0)  # poppler takes every unit for a point
    cropped = number not in document.uncropped
    if fitting == dpi and (picture := _taken(document, number, dpi, folder, timeout)):
        return _page_image(picture, number, dpi)
    drawing = poppler.draw(document.path, number, per_unit, folder, timeout, cropped=cropped)
    path, complaints = drawing.path, drawing.complaints
    width, height = images.own_size(path)
    if complaints and children.call("Looking at the page", Deadline(timeout), images.is_plain, path):
        if drawing.is_starved:
            raise TooLarge(f"Page {number} cannot be drawn: poppler needs more memory for it than it may use.")
        raise PageUnreadable(f"poppler could not draw page {number}: it complained and left it blank.")
    warnings = []
    if fitting < dpi:
        warnings.append(f"Drawn at {fitting} dpi instead of {dpi} to stay within {settings.raster_pixels} pixels.")
    if drawing.is_starved:
        warnings.append("poppler needs more memory for this page than it may use; parts of it may be missing.")
    elif complaints:
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
