"""GET v1/jobs/{id}/pages/{n}: one page of a job, as its reading or as a picture to look at."""

import io
import math
from pathlib import Path

from folio.api.http import JSON, HttpRequest, HttpResponse
from folio.api.negotiation import negotiate
from folio.api.service import Service, scratch
from folio.deadline import Deadline
from folio.documents.document import open_document
from folio.documents.poppler import POINTS_PER_INCH
from folio.documents.rasterize import rasterize
from folio.errors import NotFound, SourceGone
from folio.jobs import records
from folio.models import PDF, Document
from folio.reading.result import read_page

SIDE = 1600  # pixels of the longer side
PNG = "image/png"
_A4 = (595.0, 842.0)


def get_page(call: HttpRequest, service: Service, deadline: Deadline) -> HttpResponse:
    """Raises NotFound, NotAcceptable, and what keeps the page from being drawn."""
    kind = negotiate(call.header("accept"), (JSON, PNG))
    record = records.find(service.bucket, call.owner, call.values["id"])
    number = int(call.values["number"]) if call.values["number"].isascii() and call.values["number"].isdigit() else 0
    if not 1 <= number <= service.settings.max_pages:
        raise NotFound("There is no such page.")
    key = records.key_of(call.owner, record)
    if kind == PNG:
        return HttpResponse(body=_picture(key, number, service, deadline), media_type=PNG)
    return HttpResponse(body=_reading(key, number, service))


def _reading(key: str, number: int, service: Service) -> bytes:
    try:
        page = read_page(service.bucket, key, number)
    except SourceGone as error:
        raise NotFound("This page has not been read yet.") from error
    if page is None:
        raise NotFound("There is no such page in the result.")
    return page


def _picture(key: str, number: int, service: Service, deadline: Deadline) -> bytes:
    settings = service.settings
    with scratch() as folder:
        local = folder / "source"
        try:
            service.bucket.fetch(service.bucket.head(key), local)
        except SourceGone as error:
            raise NotFound("The document of this job is not there.") from error
        opened = open_document(local, settings, deadline.timeout(settings.page_timeout))
        if number > opened.pages:
            raise NotFound(f"The document has {opened.pages} pages.")
        patience = deadline.timeout(settings.page_timeout)
        drawn = rasterize(opened, number, _dpi(opened, number), folder, settings, patience)
        return _png(drawn.path)


def _dpi(document: Document, number: int) -> int:
    """At which the longer side of a PDF's page comes out as SIDE, about."""
    if document.media_type != PDF:
        return 300
    longer = max(*document.sizes.get(number, _A4), 1.0)
    return max(10, min(300, math.ceil(SIDE * POINTS_PER_INCH / longer)))


def _png(path: Path) -> bytes:
    from PIL import Image

    with Image.open(path) as opened:
        opened.thumbnail((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=None)
        data = io.BytesIO()
        opened.save(data, "PNG")
    return data.getvalue()
