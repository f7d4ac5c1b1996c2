"""POST v1/documents for a document that lies in a bucket already: its result goes beside it, as after an upload."""

from pathlib import Path

from folio import keys
from folio.api.context import ApiContext
from folio.api.document_plan import MAX_RESPONSE, Plan, accepted, is_long, is_without_tables, no_form, wants_job
from folio.api.http import HttpRequest, HttpResponse
from folio.api.negotiation import served_as
from folio.api.requests import S3Object, safe_name
from folio.config.options import metadata_options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.limits import check_bytes
from folio.errors import (
    BadOption,
    BadRequest,
    DeadlineExceeded,
    EngineTimeout,
    NotFound,
    SourceChanged,
    SourceGone,
    at_field,
)
from folio.jobs import handover, records
from folio.models import ErrorReport, Result, ResultHead, decode
from folio.options.allowed import may_read
from folio.options.resolve import ResolvedOptions, resolve_for
from folio.problems import error_class
from folio.reading.pipeline import Request, Services
from folio.stores.base import SourceObject
from folio.stores.ownership import is_ours
from folio.stores.publish import Publication


def read_stored(
    request: HttpRequest, plan: Plan, asked: S3Object, context: ApiContext, deadline: Deadline
) -> HttpResponse:
    """Raises NotFound for what Folio may not read or is not there, SourceChanged if there is a newer version."""
    require_allowed(asked, request, context)
    services = context.services_on(asked.bucket)
    if is_ours(services.store, asked.key) or not keys.fits(services.store.locate(asked.key)[1]):
        raise at_field(BadRequest("The key is one of Folio's own, or too long for a result beside it."), "s3")
    source = _head(asked, services)
    check_bytes(source.bytes, context.settings)
    resolved = _resolve(plan, source, services.settings)
    scope = keys.scope_of(resolved.options.pages, resolved.options.attachment)
    is_read = Publication(services.store, source, resolved.fingerprint, scope=scope).existing()
    if not is_read and wants_job(request):
        return _become_job(request, plan, context, services, source)
    try:
        if not is_read and _is_long(source, resolved, plan.folder, context, services, deadline):
            return _become_job(request, plan, context, services, source)
        reading_request = Request(key=source.key, etag=source.etag, options=plan.options, resolved=resolved)
        outcome = context.read(reading_request, services, deadline)
    except (DeadlineExceeded, EngineTimeout):
        return _become_job(request, plan, context, services, source)
    if outcome.error and outcome.preserved:
        raise outcome.error
    written = outcome.written
    if written is None:
        raise SourceChanged("The document was replaced while it was being read.")
    response = _response(plan, services, source, written, scope)
    if len(response.body) <= MAX_RESPONSE:
        return response
    return _become_job(request, plan, context, services, source, decode(_read(services, written), Result))


def require_allowed(asked: S3Object, request: HttpRequest, context: ApiContext) -> None:
    """Only buckets that were named, of the jobs only the caller's own, and else what lies below the caller's prefix.

    Of everything else it is not said whether it exists.
    """
    settings = context.settings
    buckets = {settings.bucket, *(name.strip() for name in settings.sources.split(","))}
    if asked.key.startswith(keys.JOBS):
        allowed = asked.key.startswith(keys.job_folder(request.owner))
    else:
        allowed = may_read(asked.key, request.caller, settings)
    if asked.bucket not in buckets or not allowed:
        raise at_field(NotFound("There is no such document that Folio may read."), "s3")


def _head(asked: S3Object, services: Services) -> SourceObject:
    try:
        source = services.store.head(asked.key)
    except SourceGone as error:
        raise at_field(NotFound("There is no such document that Folio may read."), "s3") from error
    if source.bytes == 0 and keys.may_be_folder(asked.key):
        raise at_field(BadRequest("The key is that of a folder, not of a document."), "s3")
    if asked.version not in (None, source.version):
        raise SourceChanged("The version asked for is not the newest, and a result beside it would be taken for that.")
    return source


def _options(plan: Plan, source: SourceObject) -> dict[str, str]:
    return {**metadata_options(source.metadata), **plan.options}


def _resolve(plan: Plan, source: SourceObject, settings: Settings) -> ResolvedOptions:
    """Return the options of the request over the object's own. Raises BadOption before anything is written."""
    if not metadata_options(source.metadata):
        return plan.resolved
    options, fingerprint = resolve_for(settings, source.metadata, plan.options)
    if isinstance(options, BadOption):
        raise options
    return ResolvedOptions(options, fingerprint)


def _is_long(
    source: SourceObject,
    resolved: ResolvedOptions,
    folder: Path,
    context: ApiContext,
    services: Services,
    deadline: Deadline,
) -> bool:
    local = folder / "source"
    services.store.fetch(source, local)
    return is_long(local, resolved.options, folder, context, deadline)


def _response(plan: Plan, services: Services, source: SourceObject, written: str, scope: str) -> HttpResponse:
    if written == keys.error_key(source.key):
        problem = decode(_read(services, written), ErrorReport).error
        raise error_class(problem.type)(problem.message)
    data = _read(services, written)
    head = decode(data, ResultHead)
    headers = {"Folio-Status": head.status}
    if plan.kind is None:
        return HttpResponse(body=data, headers=headers)
    if is_without_tables(plan.kind, data):
        return HttpResponse(status=204, media_type=plan.accept, headers=headers)
    if plan.kind not in head.outputs:
        raise no_form(plan.accept, head)
    return HttpResponse(
        body=_read(services, keys.output_key(source.key, plan.kind, scope)),
        media_type=served_as(plan.accept),
        headers=headers,
    )


def _read(services: Services, key: str) -> bytes:
    if stored := services.store.read(key):
        return stored.data
    raise SourceChanged("The result was replaced while it was being fetched.")


def _become_job(
    request: HttpRequest,
    plan: Plan,
    context: ApiContext,
    services: Services,
    source: SourceObject,
    result: Result | None = None,
) -> HttpResponse:
    """The same as for a document that was sent; this one is copied into the job."""
    name = safe_name(source.key)
    record = records.new_record(name, "", _options(plan, source), request.request_id, plan.form)
    key = records.key_of(request.owner, record)
    records.remember(context.bucket, request.owner, record)
    if result:
        handover.save_result(result, key, context.bucket, plan.folder)
    else:
        handover.carry(services.store, source.key, key, context.bucket)
    context.bucket.copy_source(source, key, records.metadata(record))
    return accepted(request, context, record)
