"""POST v1/documents: read at once what can be, and make a job of the rest.

The document is read by the ordinary pipeline, from a scratch folder into another one; nothing of it is stored, unless
the caller prefers to `keep` it. What takes too long becomes a job together with the pages that are done, so none is
read twice.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from folio import keys
from folio.api.context import ApiContext, scratch
from folio.api.document_plan import (
    MAX_RESPONSE,
    Plan,
    become_job,
    check_chain,
    is_long,
    is_without_tables,
    keeps_job,
    no_form,
    wants_job,
)
from folio.api.http import HttpRequest, HttpResponse
from folio.api.negotiation import FORMS, negotiate, served_as
from folio.api.requests import parse_request
from folio.api.stored_documents import read_stored
from folio.deadline import Deadline
from folio.errors import DeadlineExceeded, EngineTimeout, FolioError
from folio.models import Output, Result, ResultHead, decode, encode
from folio.options.resolve import ResolvedOptions, with_outputs
from folio.reading.pipeline import Outcome, Request


def post_document(request: HttpRequest, context: ApiContext, deadline: Deadline) -> HttpResponse:
    """Raises whatever keeps the document from being read."""
    asked, resolved = parse_request(request, context.settings)
    accept = negotiate(request.header("accept"), FORMS)
    options, resolved = _with_form(asked.options, resolved, FORMS[accept])
    check_chain(options, resolved.options, context.services)
    with scratch() as folder:
        plan = Plan(document_request=asked, options=options, resolved=resolved, accept=accept, folder=folder)
        if asked.s3:
            return read_stored(request, plan, asked.s3, context, deadline)
        plan.source.parent.mkdir()
        plan.source.write_bytes(asked.content)
        if wants_job(request):
            return become_job(request, plan, context)
        return _read_sent(request, plan, context, deadline)


def _with_form(
    requested: Mapping[str, str], resolved: ResolvedOptions, kind: Output | None
) -> tuple[Mapping[str, str], ResolvedOptions]:
    """Put the form of the response among the outputs: a job must make it too."""
    outputs = resolved.options.outputs
    if kind is None or kind in outputs:
        return requested, resolved
    return {**requested, "outputs": ",".join((*outputs, kind))}, msgspec.structs.replace(
        resolved, options=with_outputs(resolved.options, [kind])
    )


def _read_sent(request: HttpRequest, plan: Plan, context: ApiContext, deadline: Deadline) -> HttpResponse:
    results = plan.folder / "out"
    results.mkdir()
    services = context.services_between(plan.source.parent, results)
    try:
        if is_long(plan.source, plan.resolved.options, plan.folder, context, deadline):
            return become_job(request, plan, context, services)
        reading_request = Request(key=plan.document_request.filename, options=plan.options, resolved=plan.resolved)
        outcome = context.read(reading_request, services, deadline)
    except (DeadlineExceeded, EngineTimeout):
        # Whatever took the time: there is more of it for a job.
        return become_job(request, plan, context, services)
    if outcome.status not in ("complete", "partial"):
        raise outcome.error or FolioError("The document was not read.")
    response = _response(outcome, plan, results)
    is_small = len(response.body) <= MAX_RESPONSE
    if is_small and not keeps_job(request):
        return response
    result = decode(_file(plan, results).read_bytes(), Result)
    job = become_job(request, plan, context, services, result)
    if not is_small:
        return job
    headers = {**response.headers, "Location": job.headers["Location"], "Preference-Applied": "keep"}
    return msgspec.structs.replace(response, headers=headers)


def _scope(plan: Plan) -> str:
    return keys.scope_of(plan.resolved.options.pages, plan.resolved.options.attachment)


def _file(plan: Plan, results: Path) -> Path:
    return results / keys.result_key(plan.document_request.filename, _scope(plan))


def _response(outcome: Outcome, plan: Plan, results: Path) -> HttpResponse:
    headers = {"Folio-Status": outcome.status}
    result = _file(plan, results).read_bytes()
    if plan.kind is None:
        return HttpResponse(body=_without_outputs(result), headers=headers)
    if is_without_tables(plan.kind, result):
        return HttpResponse(status=204, media_type=plan.accept, headers=headers)
    file = results / keys.output_key(plan.document_request.filename, plan.kind, _scope(plan))
    if not file.exists():
        raise no_form(plan.accept, decode(result, ResultHead))
    return HttpResponse(body=file.read_bytes(), media_type=served_as(plan.accept), headers=headers)


def _without_outputs(data: bytes) -> bytes:
    """A result that is not stored has no files beside it."""
    if not decode(data, ResultHead).outputs:
        return data
    return encode(msgspec.structs.replace(decode(data, Result), outputs={}))
