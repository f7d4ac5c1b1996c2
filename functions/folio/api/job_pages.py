"""GET v1/jobs/{id}/pages/{n}: one page of a job, as its reading or as a picture to look at."""

import io
import math
from pathlib import Path

from folio.api.context import ApiContext, scratch
from folio.api.http import JSON, HttpRequest, HttpResponse
from folio.api.job_source import open_source
from folio.api.negotiation import negotiate
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.pdf.poppler import POINTS_PER_INCH
from folio.documents.raster import images
from folio.documents.rasterize import rasterize
from folio.errors import NotFound, SourceGone
from folio.jobs import records
from folio.jobs.records import JobDocument
from folio.models import PDF, Document, Page, decode, encode
from folio.options.resolve import resolve_options
from folio.outputs.pdf.masked_picture import cover
from folio.reading.checkpoint import saved_page
from folio.reading.result import read_page, read_start

SIDE_PX = 1600  # of the longer side
PNG = "image/png"
_A4 = (595.0, 842.0)


def get_page(request: HttpRequest, context: ApiContext, deadline: Deadline) -> HttpResponse:
    """Raises NotFound, NotAcceptable, and what keeps the page from being drawn."""
    kind = negotiate(request.header("accept"), (JSON, PNG))
    document = context.job(request.owner, request.values["id"])
    digits = request.values["number"]
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    if not 1 <= number <= context.settings.max_pages:
        raise NotFound("There is no such page.")
    if kind == PNG:
        return HttpResponse(body=_picture(document, number, context.settings, deadline), media_type=PNG)
    return HttpResponse(body=_reading(document, number))


def _reading(document: JobDocument, number: int) -> bytes:
    """Return a page of the result, or while there is none, as it was saved by whoever reads the document.

    Raises NotFound.
    """
    store, key = document.store, document.key
    try:
        page = read_page(store, key, number, document.scope)
    except SourceGone as error:
        index = records.index_of(document, number)
        if saved := saved_page(store, key, index) if index else None:
            return encode(saved)
        raise NotFound("This page has not been read yet.") from error
    if page is None:
        raise NotFound("There is no such page in the result.")
    return page


def _picture(document: JobDocument, number: int, settings: Settings, deadline: Deadline) -> bytes:
    page = _masked_page(document, number, settings)
    with scratch() as folder:
        try:
            opened = open_source(document, document.store.head(document.key), folder, settings, deadline)
        except SourceGone as error:
            raise NotFound("The document of this job is not there.") from error
        if number > opened.pages:
            raise NotFound(f"The document has {opened.pages} pages.")
        timeout = deadline.timeout(settings.page_timeout)
        drawn = rasterize(opened, number, _dpi(opened, number), folder, settings, timeout)
        return _png(drawn.path, page)


def _masked_page(document: JobDocument, number: int, settings: Settings) -> Page | None:
    """Return the page by which its picture is masked; None if nothing is to be. Raises NotFound for a page that was not
    read: nobody knows what is to be masked on it.
    """
    start = read_start(document.store, document.key, document.scope)
    if (start and start.redacted) or resolve_options(settings, document.record.options).options.redact:
        page = decode(_reading(document, number), Page)
        if page.status == "ok":
            return page
        raise NotFound("This page could not be read, so nothing on it could be masked.")
    return None


def _dpi(document: Document, number: int) -> int:
    """Return the resolution at which the longer side of a PDF's page comes out as about SIDE_PX."""
    document, number = document.locate(number)
    if document.media_type != PDF:
        return 300
    longer = max(*document.sizes.get(number, _A4), 1.0)
    return max(10, min(300, math.ceil(SIDE_PX * POINTS_PER_INCH / longer)))


def _png(path: Path, page: Page | None) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    image = images.load_own(path)
    if page:
        cover(image, (page.width, page.height), (redaction.polygon for redaction in page.redactions))
    image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BOX, reducing_gap=None)
    image.save(data, "PNG")
    return data.getvalue()
