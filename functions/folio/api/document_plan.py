"""How POST v1/documents reads a document: in the request, or as a job together with the pages that are done."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.api.context import ApiContext
from folio.api.http import RETRY_AFTER_SECONDS, HttpRequest, HttpResponse, json_response
from folio.api.negotiation import FORMS
from folio.api.requests import DocumentRequest
from folio.config.options import Options
from folio.deadline import Deadline
from folio.documents.document import open_chosen
from folio.errors import BadOption, CredentialsMissing, NotAcceptable, UnknownLanguage, at_field
from folio.jobs import handover, records
from folio.models import Output, Result, ResultHead, decode
from folio.options.resolve import ResolvedOptions, page_numbers
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.reading.pipeline import Services
from folio.textlayer.parts import page_texts

MAX_RESPONSE = 4_400_000  # bytes; Lambda takes 6 MB, and a third is added on the way by base64, or less by quoting
# A document with so many times the pages that a request can recognize is not searched for text layers.
_MAX_SEARCHED_RATIO = 20


class Plan(Struct, frozen=True, kw_only=True):
    """A document in a scratch folder, how it is to be read (as requested and as checked), and
    the media type of the response."""

    document_request: DocumentRequest
    options: Mapping[str, str]
    resolved: ResolvedOptions
    accept: str
    folder: Path

    @property
    def kind(self) -> Output | None:
        return FORMS[self.accept]

    @property
    def form(self) -> records.Form:
        """The form of the response, for a job."""
        return records.Form(self.accept, self.kind or "result")

    @property
    def source(self) -> Path:
        return self.folder / "in" / self.document_request.filename


def wants_job(request: HttpRequest) -> bool:
    """`Prefer: respond-async` (RFC 7240)."""
    return "respond-async" in _preferences(request)


def keeps_job(request: HttpRequest) -> bool:
    """`Prefer: keep`, a preference of ours: what is answered at once becomes a job too."""
    return "keep" in _preferences(request)


def _preferences(request: HttpRequest) -> list[str]:
    return [part.partition(";")[0].strip().lower() for part in request.header("prefer").split(",")]


def check_chain(requested: Mapping[str, str], options: Options, services: Services) -> None:
    """Refuse before any work what no provider can do. Raises BadOption, Misconfigured."""
    if options.ocr == "never":
        return
    try:
        Chain(services.provider, options, Ledger(), services.settings.page_timeout).check()
    except UnknownLanguage as error:
        raise at_field(error, "languages") from error
    except CredentialsMissing as error:
        if requested.keys() & {"provider", "providers"}:  # the caller's choice, not the operator's
            refused = BadOption(f"{error.message} GET v1/providers tells which can be used.")
            raise at_field(refused, "providers") from error
        raise


def is_long(source: Path, options: Options, folder: Path, context: ApiContext, deadline: Deadline) -> bool:
    """Whether more of its pages must be recognized than a request has time for; those with a text layer take none."""
    settings = context.settings
    timeout = deadline.timeout(settings.page_timeout)
    opened = open_chosen(source, options.attachment, folder, settings, timeout, frames=options.frames == "all")
    numbers = list(page_numbers(options.pages, opened.pages))
    if len(numbers) <= settings.sync_pages:
        return False
    if len(numbers) > settings.sync_pages * _MAX_SEARCHED_RATIO:
        return True
    readable = page_texts(opened, numbers, options, settings).readable(folder, deadline, 0.0)
    return len(numbers) - readable > settings.sync_pages


class _PageTables(Struct, frozen=True):
    tables: tuple[msgspec.Raw, ...] = ()


class _Tables(Struct, frozen=True):
    pages: tuple[_PageTables, ...] = ()


def is_without_tables(kind: Output, result: bytes) -> bool:
    """Whether a form of tables alone has nothing to hold: the response is then 204, for nothing went wrong."""
    return kind in ("csv", "xlsx") and not any(page.tables for page in decode(result, _Tables).pages)


def no_form(accept: str, result: ResultHead) -> NotAcceptable:
    why = " ".join(result.warnings) or "It has nothing to put there."
    return NotAcceptable(f"This document cannot be given as {accept}. {why}")


def become_job(
    request: HttpRequest,
    plan: Plan,
    context: ApiContext,
    services: Services | None = None,
    result: Result | None = None,
) -> HttpResponse:
    """Hand a document over: its pages that are done first, then itself, which starts the reading of the others."""
    asked = plan.document_request
    record = records.new_record(asked.filename, asked.media_type, plan.options, request.request_id, plan.form)
    key = records.key_of(request.owner, record)
    records.remember(context.bucket, request.owner, record)
    if result:
        handover.save_result(result, key, context.bucket, plan.folder)
    elif services:
        handover.carry(services.store, asked.filename, key, context.bucket)
    context.bucket.put_source(key, plan.source, record.media_type, records.metadata(record))
    return accepted(request, context, record)


def accepted(request: HttpRequest, context: ApiContext, record: records.Record) -> HttpResponse:
    job = records.look(records.document_of(context.bucket, request.owner, record))
    location = f"{request.base}v1/jobs/{record.id}"
    return json_response(job, 202, {"Location": location, "Retry-After": str(RETRY_AFTER_SECONDS)})
