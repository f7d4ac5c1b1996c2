"""POST v1/uploads: where to put a document that is too large for a request."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from folio.api.context import ApiContext
from folio.api.document_plan import check_chain
from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.api.requests import Name, Value, as_text, check_options, read_json, safe_name
from folio.documents.kinds import media_types
from folio.errors import TooLarge, UnsupportedType, at_field
from folio.jobs import records
from folio.models import now

EXPIRES_SECONDS = 900
UNKNOWN = "application/octet-stream"  # whose content says what it is


class UploadRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A document that is to be uploaded; `bytes` is its size, where that is known."""

    filename: Name = ""
    content_type: Annotated[str, Meta(max_length=100)] = UNKNOWN
    bytes: Annotated[int, Meta(ge=1)] | None = None
    options: dict[str, Value] = {}


class Upload(Struct, frozen=True, kw_only=True):
    """Before `expires`, send a form (POST, multipart/form-data) to `url`: all `fields`, then the document as `file`."""

    job: str
    url: str
    fields: dict[str, str]
    max_bytes: int
    expires: datetime


def post_upload(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """Raises BadRequest, BadOption, TooLarge, UnsupportedType."""
    upload_request = read_json(request.body, UploadRequest)
    options = as_text(upload_request.options)
    resolved = check_options(options, context.settings)
    check_chain(options, resolved.options, context.services)
    max_bytes = context.settings.max_bytes
    if upload_request.bytes and upload_request.bytes > max_bytes:
        raise TooLarge(f"The document has {upload_request.bytes} bytes, more than the {max_bytes} allowed.")
    types = (*media_types(), UNKNOWN)
    if upload_request.content_type not in types:
        raise at_field(UnsupportedType(f"Documents are of the types {', '.join(types)}."), "content_type")
    record = records.new_record(
        safe_name(upload_request.filename), upload_request.content_type, options, request.request_id
    )
    records.remember(context.bucket, request.owner, record)
    url, fields = context.bucket.sign_upload(
        records.key_of(request.owner, record), record.media_type, records.metadata(record), max_bytes, EXPIRES_SECONDS
    )
    expires = now() + timedelta(seconds=EXPIRES_SECONDS)
    upload = Upload(job=record.id, url=url, fields=fields, max_bytes=max_bytes, expires=expires)
    return json_response(upload, 201, {"Location": f"{request.base}v1/jobs/{record.id}"})
