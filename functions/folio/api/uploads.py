"""POST v1/uploads: where to put a document that is too large for a call."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from folio.api.document_plan import check_chain
from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.api.requests import Name, Value, as_text, check_options, read_json, safe_name
from folio.api.service import Service
from folio.errors import TooLarge, UnsupportedType, at_field
from folio.jobs import records
from folio.models import now

SECONDS = 900
TYPES = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/tiff",
    "image/bmp",
    "image/gif",
    "image/webp",
    "image/jp2",
    "application/octet-stream",
)


class UploadRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A document that is to be uploaded; `bytes` is its size, where that is known."""

    filename: Name = ""
    content_type: Annotated[str, Meta(max_length=100)] = "application/octet-stream"
    bytes: Annotated[int, Meta(ge=1)] | None = None
    options: dict[str, Value] = {}


class Upload(Struct, frozen=True, kw_only=True):
    """Before `expires`, send a form (POST, multipart/form-data) to `url`: all `fields`, then the document as `file`."""

    job: str
    url: str
    fields: dict[str, str]
    max_bytes: int
    expires: datetime


def post_upload(call: HttpRequest, service: Service) -> HttpResponse:
    """Raises BadRequest, BadOption, TooLarge, UnsupportedType."""
    ask = read_json(call.body, UploadRequest)
    options = as_text(ask.options)
    check_options(options, service.settings)
    check_chain(options, service.services)
    most = service.settings.max_bytes
    if ask.bytes and ask.bytes > most:
        raise TooLarge(f"The document has {ask.bytes} bytes, more than the {most} allowed.")
    if ask.content_type not in TYPES:
        raise at_field(UnsupportedType(f"Documents are of the types {', '.join(TYPES)}."), "content_type")
    record = records.new_record(safe_name(ask.filename), ask.content_type, options, call.request_id)
    records.remember(service.bucket, call.owner, record)
    url, fields = service.bucket.sign_upload(
        records.key_of(call.owner, record), record.media_type, records.metadata(record), most, SECONDS
    )
    upload = Upload(job=record.id, url=url, fields=fields, max_bytes=most, expires=now() + timedelta(seconds=SECONDS))
    return json_response(upload, 201, {"Location": f"{call.base}v1/jobs/{record.id}"})
