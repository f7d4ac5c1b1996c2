"""POST v1/documents: read at once what can be, and make a job of the rest.

The document is read by the ordinary story, from a scratch folder into another one; nothing of it is stored. What takes
too long becomes a job together with the pages that are done, so none is read twice.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import naming
from folio.api import handover, jobs
from folio.api.answers import FORMS, negotiate, served_as
from folio.api.calls import Answer, Call, answer_json
from folio.api.problems import at_field
from folio.api.requests import Ask, parse_ask
from folio.api.service import Service, scratch
from folio.config import Settings, make_options, page_numbers, wanted_options
from folio.cost import Ledger
from folio.document import open_document
from folio.errors import (
    BadOption,
    CredentialsMissing,
    DeadlineExceeded,
    EngineTimeout,
    FolioError,
    NotAcceptable,
    UnknownLanguage,
)
from folio.fallback import Chain
from folio.models import Result, ResultHead, decode, encode
from folio.pipeline import Outcome, Request, Tools
from folio.retry import Deadline
from folio.textlayer import Layers
from folio.wiring import folder_tools

MAX_ANSWER = 4_400_000  # bytes; Lambda takes 6 MB, and a third is added on the way by base64, or less by quoting
# A document with so many times the pages that can be recognised is not looked through for text layers.
_LOOK_THROUGH = 20


class Plan(Struct, frozen=True, kw_only=True):
    """A document in a scratch folder, and how it is to be read and answered."""

    ask: Ask
    options: Mapping[str, str]
    accept: str
    folder: Path

    @property
    def kind(self) -> str | None:
        return FORMS[self.accept]

    @property
    def source(self) -> Path:
        return self.folder / "in" / self.ask.filename


def post_document(call: Call, service: Service, deadline: Deadline) -> Answer:
    """Raises whatever keeps the document from being read."""
    ask = parse_ask(call, service.settings)
    accept = negotiate(call.header("accept"), FORMS)
    options = _options(ask.options, FORMS[accept], service.settings)
    check_chain(options, service.tools)
    with scratch() as folder:
        plan = Plan(ask=ask, options=options, accept=accept, folder=folder)
        if ask.s3:
            from folio.api.sources import answer_stored

            return answer_stored(call, plan, ask.s3, service, deadline)
        plan.source.parent.mkdir()
        plan.source.write_bytes(ask.content)
        if wants_job(call):
            return become_job(call, plan, service)
        return _answer_given(call, plan, service, deadline)


def wants_job(call: Call) -> bool:
    """`Prefer: respond-async` (RFC 7240)."""
    preferences = (part.partition(";")[0].strip().lower() for part in call.header("prefer").split(","))
    return "respond-async" in preferences


def _options(given: Mapping[str, str], kind: str | None, settings: Settings) -> dict[str, str]:
    """The options given, and among the outputs the form of the answer: a job must make it too."""
    wanted = make_options(wanted_options(settings, given))
    if kind is None or kind in wanted.outputs:
        return dict(given)
    return {**given, "outputs": ",".join((*wanted.outputs, kind))}


def check_chain(given: Mapping[str, str], tools: Tools) -> None:
    """Refuse before any work what no provider can do. Raises BadOption, Misconfigured."""
    options = make_options(wanted_options(tools.settings, given))
    if options.ocr == "never":
        return
    try:
        Chain(tools.provider, options, Ledger(), tools.settings.page_timeout).check()
    except UnknownLanguage as error:
        raise at_field(error, "languages") from error
    except CredentialsMissing as error:
        if given.keys() & {"provider", "providers"}:  # the caller's choice, not the operator's
            told = BadOption(f"{error.message} GET v1/providers tells which can be used.")
            raise at_field(told, "providers") from error
        raise


def _answer_given(call: Call, plan: Plan, service: Service, deadline: Deadline) -> Answer:
    results = plan.folder / "out"
    results.mkdir()
    tools = folder_tools(service.tools, plan.source.parent, results, service.tools.on_page)
    try:
        if is_long(plan.source, plan, service, deadline):
            return become_job(call, plan, service, tools)
        outcome = service.read(Request(key=plan.ask.filename, options=plan.options), tools, deadline)
    except (DeadlineExceeded, EngineTimeout):
        # Whatever took the time: there is more of it for a job.
        return become_job(call, plan, service, tools)
    if outcome.status not in ("complete", "partial"):
        raise outcome.error or FolioError("The document was not read.")
    answer = _answer(outcome, plan, results)
    return answer if len(answer.body) <= MAX_ANSWER else become_job(call, plan, service, tools, _result(plan, results))


def is_long(source: Path, plan: Plan, service: Service, deadline: Deadline) -> bool:
    """Whether more of its pages must be recognised than a call has time for; those with a text layer take none."""
    settings = service.settings
    opened = open_document(source, settings, deadline.timeout(settings.page_timeout))
    options = make_options(wanted_options(settings, plan.options))
    numbers = list(page_numbers(options.pages, opened.pages))
    if len(numbers) <= settings.sync_pages:
        return False
    if len(numbers) > settings.sync_pages * _LOOK_THROUGH:
        return True
    readable = Layers(opened, numbers, options, settings).readable(plan.folder, deadline)
    return len(numbers) - readable > settings.sync_pages


def _result(plan: Plan, results: Path) -> Result:
    return decode((results / naming.result_key(plan.ask.filename)).read_bytes(), Result)


def _answer(outcome: Outcome, plan: Plan, results: Path) -> Answer:
    headers = {"Folio-Status": outcome.status}
    result = results / naming.result_key(plan.ask.filename)
    if plan.kind is None:
        return Answer(body=_without_outputs(result.read_bytes()), headers=headers)
    file = results / naming.output_key(plan.ask.filename, plan.kind)
    if not file.exists():
        raise no_form(plan.accept, decode(result.read_bytes(), ResultHead))
    return Answer(body=file.read_bytes(), media_type=served_as(plan.accept), headers=headers)


def no_form(accept: str, result: ResultHead) -> NotAcceptable:
    why = " ".join(result.warnings) or "It has nothing to put there."
    return NotAcceptable(f"This document cannot be given as {accept}. {why}")


def _without_outputs(data: bytes) -> bytes:
    """A result that is not stored has no files beside it."""
    if not decode(data, ResultHead).outputs:
        return data
    return encode(msgspec.structs.replace(decode(data, Result), outputs={}))


def become_job(
    call: Call, plan: Plan, service: Service, tools: Tools | None = None, result: Result | None = None
) -> Answer:
    """Hand a document over: its pages that are done first, then itself, which starts the reading of the others."""
    ask = plan.ask
    record = jobs.new_record(ask.filename, ask.media_type, plan.options, call.request_id)
    key = jobs.key_of(call.owner, record)
    jobs.remember(service, call.owner, record)
    if result:
        handover.keep_result(result, key, service.bucket, plan.folder)
    elif tools:
        handover.carry(tools.store, ask.filename, key, service.bucket)
    service.bucket.put_source(key, plan.source, record.media_type, jobs.metadata(record))
    return accepted(call, service, record)


def accepted(call: Call, service: Service, record: jobs.Record) -> Answer:
    job = jobs.look(service, call.owner, record)
    place = f"{call.base}v1/jobs/{record.id}"
    return answer_json(job, 202, {"Location": place, "Retry-After": str(jobs.ASK_AGAIN)})
