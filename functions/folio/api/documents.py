"""POST v1/documents: read at once what can be, and make a job of the rest.

The document is read by the ordinary story, from a scratch folder into another one; nothing of it is stored. What takes
too long becomes a job together with the pages that are done, so none is read twice.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from folio import keys
from folio.api.document_plan import MAX_ANSWER, Plan, become_job, check_chain, is_long, no_form, wants_job
from folio.api.http import HttpRequest, HttpResponse
from folio.api.negotiation import FORMS, negotiate, served_as
from folio.api.requests import parse_request
from folio.api.service import Service, scratch
from folio.config.options import make_options
from folio.config.settings import Settings, wanted_options
from folio.deadline import Deadline
from folio.errors import DeadlineExceeded, EngineTimeout, FolioError
from folio.models import Result, ResultHead, decode, encode
from folio.reading.pipeline import Outcome, Request
from folio.wiring import folder_services


def post_document(call: HttpRequest, service: Service, deadline: Deadline) -> HttpResponse:
    """Raises whatever keeps the document from being read."""
    ask = parse_request(call, service.settings)
    accept = negotiate(call.header("accept"), FORMS)
    options = _options(ask.options, FORMS[accept], service.settings)
    check_chain(options, service.services)
    with scratch() as folder:
        plan = Plan(ask=ask, options=options, accept=accept, folder=folder)
        if ask.s3:
            from folio.api.stored_documents import answer_stored

            return answer_stored(call, plan, ask.s3, service, deadline)
        plan.source.parent.mkdir()
        plan.source.write_bytes(ask.content)
        if wants_job(call):
            return become_job(call, plan, service)
        return _answer_given(call, plan, service, deadline)


def _options(given: Mapping[str, str], kind: str | None, settings: Settings) -> dict[str, str]:
    """The options given, and among the outputs the form of the answer: a job must make it too."""
    wanted = make_options(wanted_options(settings, given))
    if kind is None or kind in wanted.outputs:
        return dict(given)
    return {**given, "outputs": ",".join((*wanted.outputs, kind))}


def _answer_given(call: HttpRequest, plan: Plan, service: Service, deadline: Deadline) -> HttpResponse:
    results = plan.folder / "out"
    results.mkdir()
    services = folder_services(service.services, plan.source.parent, results, service.services.on_page)
    try:
        if is_long(plan.source, plan, service, deadline):
            return become_job(call, plan, service, services)
        outcome = service.read(Request(key=plan.ask.filename, options=plan.options), services, deadline)
    except (DeadlineExceeded, EngineTimeout):
        # Whatever took the time: there is more of it for a job.
        return become_job(call, plan, service, services)
    if outcome.status not in ("complete", "partial"):
        raise outcome.error or FolioError("The document was not read.")
    answer = _answer(outcome, plan, results)
    return (
        answer if len(answer.body) <= MAX_ANSWER else become_job(call, plan, service, services, _result(plan, results))
    )


def _result(plan: Plan, results: Path) -> Result:
    return decode((results / keys.result_key(plan.ask.filename)).read_bytes(), Result)


def _answer(outcome: Outcome, plan: Plan, results: Path) -> HttpResponse:
    headers = {"Folio-Status": outcome.status}
    result = results / keys.result_key(plan.ask.filename)
    if plan.kind is None:
        return HttpResponse(body=_without_outputs(result.read_bytes()), headers=headers)
    file = results / keys.output_key(plan.ask.filename, plan.kind)
    if not file.exists():
        raise no_form(plan.accept, decode(result.read_bytes(), ResultHead))
    return HttpResponse(body=file.read_bytes(), media_type=served_as(plan.accept), headers=headers)


def _without_outputs(data: bytes) -> bytes:
    """A result that is not stored has no files beside it."""
    if not decode(data, ResultHead).outputs:
        return data
    return encode(msgspec.structs.replace(decode(data, Result), outputs={}))
