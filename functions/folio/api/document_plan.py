"""How POST v1/documents reads a document: in the request, or as a job together with the pages that are done."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from folio.api import jobs
from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.api.negotiation import FORMS
from folio.api.requests import DocumentRequest
from folio.api.service import Service
from folio.config.options import make_options, page_numbers
from folio.config.settings import wanted_options
from folio.deadline import Deadline
from folio.documents.document import open_document
from folio.errors import BadOption, CredentialsMissing, NotAcceptable, UnknownLanguage, at_field
from folio.jobs import handover, records
from folio.models import Result, ResultHead
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.reading.pipeline import Services
from folio.textlayer.layers import TextLayers

MAX_ANSWER = 4_400_000  # bytes; Lambda takes 6 MB, and a third is added on the way by base64, or less by quoting
# A document with so many times the pages that can be recognised is not looked through for text layers.
_LOOK_THROUGH = 20


class Plan(Struct, frozen=True, kw_only=True):
    """A document in a scratch folder, and how it is to be read and answered."""

    ask: DocumentRequest
    options: Mapping[str, str]
    accept: str
    folder: Path

    @property
    def kind(self) -> str | None:
        return FORMS[self.accept]

    @property
    def source(self) -> Path:
        return self.folder / "in" / self.ask.filename


def wants_job(call: HttpRequest) -> bool:
    """`Prefer: respond-async` (RFC 7240)."""
    preferences = (part.partition(";")[0].strip().lower() for part in call.header("prefer").split(","))
    return "respond-async" in preferences


def check_chain(given: Mapping[str, str], services: Services) -> None:
    """Refuse before any work what no provider can do. Raises BadOption, Misconfigured."""
    options = make_options(wanted_options(services.settings, given))
    if options.ocr == "never":
        return
    try:
        Chain(services.provider, options, Ledger(), services.settings.page_timeout).check()
    except UnknownLanguage as error:
        raise at_field(error, "languages") from error
    except CredentialsMissing as error:
        if given.keys() & {"provider", "providers"}:  # the caller's choice, not the operator's
            told = BadOption(f"{error.message} GET v1/providers tells which can be used.")
            raise at_field(told, "providers") from error
        raise


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
    readable = TextLayers(opened, numbers, options, settings).readable(plan.folder, deadline)
    return len(numbers) - readable > settings.sync_pages


def no_form(accept: str, result: ResultHead) -> NotAcceptable:
    why = " ".join(result.warnings) or "It has nothing to put there."
    return NotAcceptable(f"This document cannot be given as {accept}. {why}")


def become_job(
    call: HttpRequest, plan: Plan, service: Service, services: Services | None = None, result: Result | None = None
) -> HttpResponse:
    """Hand a document over: its pages that are done first, then itself, which starts the reading of the others."""
    ask = plan.ask
    record = records.new_record(ask.filename, ask.media_type, plan.options, call.request_id)
    key = records.key_of(call.owner, record)
    records.remember(service.bucket, call.owner, record)
    if result:
        handover.keep_result(result, key, service.bucket, plan.folder)
    elif services:
        handover.carry(services.store, ask.filename, key, service.bucket)
    service.bucket.put_source(key, plan.source, record.media_type, records.metadata(record))
    return accepted(call, service, record)


def accepted(call: HttpRequest, service: Service, record: records.Record) -> HttpResponse:
    job = records.look(service.bucket, call.owner, record)
    place = f"{call.base}v1/jobs/{record.id}"
    return json_response(job, 202, {"Location": place, "Retry-After": str(jobs.ASK_AGAIN)})
