"""What people correct of results: GET and PATCH v1/jobs/{id}/review, and v1/documents/review for stored documents.

A correction is sent with the version that it is based on (If-Match), so that of two people at once neither loses
anything: the second one is answered with the newer version.
"""

import re
from typing import Annotated

from msgspec import Meta, Struct

from folio import keys
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.api.requests import S3Object, read_json
from folio.api.stored_documents import require_allowed
from folio.config.options import Redact
from folio.errors import BadRequest, NotFound, at_field
from folio.models import Edit, Review, now
from folio.models.review import Location, Text
from folio.options.resolve import parse_options
from folio.reading.result import read_start
from folio.review import stored as reviews
from folio.stores.base import Store
from folio.structure.redaction import kinds_of, masked, redacted_correction

MAX_EDITS = 1000  # of a request
_NAME = 100  # characters of a person's


class NewEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """A correction: `read` is what the reading says there, `text` what it should say (null: not corrected)."""

    page: Annotated[int, Meta(ge=1)]
    location: Location
    read: Text
    text: Text | None


class ReviewPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Corrections to add; `by` is how the person who made them calls themselves."""

    edits: Annotated[list[NewEdit], Meta(min_length=1, max_length=MAX_EDITS)]
    by: Annotated[str, Meta(max_length=_NAME)] = ""


class _Reviewed(Struct, frozen=True):
    """A result that can be corrected: where it lies, the etag of the document that was read, what is masked."""

    store: Store
    key: str
    scope: str
    source: str
    redacts: tuple[Redact, ...] = ()


def get_job_review(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET v1/jobs/{id}/review"""
    return _get(_of_job(request, context))


def patch_job_review(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """PATCH v1/jobs/{id}/review"""
    return _patch(request, _of_job(request, context))


def get_document_review(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET v1/documents/review"""
    return _get(_of_document(request, context))


def patch_document_review(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """PATCH v1/documents/review"""
    return _patch(request, _of_document(request, context))


def version_of(review: Review) -> str:
    """Return the ETag of a review."""
    return f'"{review.revision}"'


def _get(reviewed: _Reviewed) -> HttpResponse:
    review = reviews.load(reviewed.store, reviewed.key, reviewed.scope, reviewed.source).review
    return json_response(review, headers={"ETag": version_of(review)})


def _patch(request: HttpRequest, reviewed: _Reviewed) -> HttpResponse:
    """Raises BadRequest, ReviewChanged, TooLarge."""
    based_on = _revision(request.header("if-match"))
    patch = read_json(request.body, ReviewPatch)
    by = "".join(character for character in patch.by if character.isprintable()).strip()
    edits = [
        Edit(
            page=new.page,
            location=new.location,
            read=masked(new.read, reviewed.redacts),
            text=new.text if new.text is None else redacted_correction(new.read, new.text, reviewed.redacts),
            at=now(),
            by=by,
            caller=request.caller,
        )
        for new in patch.edits
    ]
    review = reviews.add(reviewed.store, reviewed.key, reviewed.scope, reviewed.source, edits, based_on)
    return json_response(review, headers={"ETag": version_of(review)})


def _revision(header: str) -> int:
    if not header:
        raise at_field(BadRequest("Corrections need If-Match with the ETag of those they are added to."), "If-Match")
    match = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', header)
    if not match:
        raise at_field(BadRequest("If-Match is not the ETag of corrections."), "If-Match")
    return int(match[1])


def _of_job(request: HttpRequest, context: ApiContext) -> _Reviewed:
    document = context.job(request.owner, request.values["id"])
    return _reviewed(document.store, document.key, document.scope)


def _of_document(request: HttpRequest, context: ApiContext) -> _Reviewed:
    """Raises BadRequest, BadOption, NotFound also for what the caller may not read."""
    query = request.query
    if unknown := sorted(set(query) - {"bucket", "key", "pages", "attachment"}):
        raise at_field(BadRequest(f"There is no parameter {unknown[0][:40]!r} here."), unknown[0][:40])
    key = query.get("key", "")
    if not key:
        raise at_field(BadRequest("The parameter key says which document it is."), "key")
    asked = S3Object(bucket=query.get("bucket") or context.settings.bucket, key=key)
    require_allowed(asked, request, context)
    pages = parse_options({"pages": query["pages"]}).pages if query.get("pages") else ""
    scope = keys.scope_of(pages, query.get("attachment", "").strip())
    return _reviewed(context.services_on(asked.bucket).store, key, scope)


def _reviewed(store: Store, key: str, scope: str) -> _Reviewed:
    start = read_start(store, key, scope)
    if start is None:
        raise NotFound("There is no result to correct: the document has not been read, or not to its end.")
    return _Reviewed(store, key, scope, start.source.etag, kinds_of(start.redacted))
