"""GET v1/jobs/{id}/pages/{n}: one page of a job, as its reading or as a picture to look at."""

import io
import math
from pathlib import Path

from folio.api.context import ApiContext, scratch
from folio.api.http import JSON, HttpRequest, HttpResponse
from folio.api.negotiation import negotiate
from folio.deadline import Deadline
from folio.documents import images
from folio.documents.document import open_chosen
from folio.documents.poppler import POINTS_PER_INCH
from folio.documents.rasterize import rasterize
from folio.errors import NotFound, SourceGone
from folio.jobs import records
from folio.models import PDF, Document
from folio.reading.result import read_page

SIDE_PX = 1600  # of the longer side
PNG = "image/png"
_A4 = (595.0, 842.0)


def get_page(request: HttpRequest, context: ApiContext, deadline: Deadline) -> HttpResponse:
    """Raises NotFound, NotAcceptable, and what keeps the page from being drawn."""
    kind = negotiate(request.header("accept"), (JSON, PNG))
    record = records.find(context.bucket, request.owner, request.values["id"])
    digits = request.values["number"]
    number = int(digits) if digits.isascii() and digits.isdigit() else 0
    if not 1 <= number <= context.settings.max_pages:
        raise NotFound("There is no such page.")
    key = records.key_of(request.owner, record)
    if kind == PNG:
        drawn = _picture(key, number, records.attachment_of(record), context, deadline)
        return HttpResponse(body=drawn, media_type=PNG)
    return HttpResponse(body=_reading(key, number, records.scope_of(record), context))


def _reading(key: str, number: int, scope: str, context: ApiContext) -> bytes:
    try:
        page = read_page(context.bucket, key, number, scope)
    except SourceGone as error:
        raise NotFound("This page has not been read yet.") from error
    if page is None:
        raise NotFound("There is no such page in the result.")
    return page


def _picture(key: str, number: int, attachment: str, context: ApiContext, deadline: Deadline) -> bytes:
    settings = context.settings
    with scratch() as folder:
        local = folder / "source"
        try:
            context.bucket.fetch(context.bucket.head(key), local)
        except SourceGone as error:
            raise NotFound("The document of this job is not there.") from error
        opened = open_chosen(local, attachment, folder, settings, deadline.timeout(settings.page_timeout))
        if number > opened.pages:
            raise NotFound(f"The document has {opened.pages} pages.")
        timeout = deadline.timeout(settings.page_timeout)
        drawn = rasterize(opened, number, _dpi(opened, number), folder, settings, timeout)
        return _png(drawn.path)


def _dpi(document: Document, number: int) -> int:
    """Return the resolution at which the longer side of a PDF's page comes out as about SIDE_PX."""
    if document.media_type != PDF:
        return 300
    longer = max(*document.sizes.get(number, _A4), 1.0)
    return max(10, min(300, math.ceil(SIDE_PX * POINTS_PER_INCH / longer)))


def _png(path: Path) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    image = images.load_own(path)
    image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BOX, reducing_gap=None)
    image.save(data, "PNG")
    return data.getvalue()
