"""The pipeline: a document in a store becomes its text beside it.

source -> document -> for each page: its own text, or image -> prepared image -> text -> page
-> result (or error) beside the source
"""

import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from folio import keys
from folio.config.options import Options
from folio.deadline import Deadline
from folio.errors import BadOption, NameTooLong, Refused, SourceChanged, StoreUnavailable, Superseded
from folio.models import encode
from folio.options.resolve import resolve_for, with_outputs
from folio.reading.added_outputs import add_outputs, correct_outputs
from folio.reading.checkpoint import clear
from folio.reading.document_reader import LongDocument, ReadContext, Reading, open_reading
from folio.reading.request import Outcome, Request, Services
from folio.reading.result import error_report
from folio.reading.result_writer import ResultFiles, ResultWriter
from folio.stores.base import SourceObject
from folio.stores.ownership import is_ours
from folio.stores.publish import Publication

__all__ = ["Outcome", "Request", "Services", "read_upload", "reading_of"]


def read_upload(request: Request, services: Services, deadline: Deadline) -> Outcome:
    """Read one document of the store and leave its result, or its error, beside it.

    Raises Unavailable for what should be tried again and Misconfigured for what an operator must mend.
    """
    key = request.key
    if is_ours(services.store, key):
        return Outcome(key=key, status="ignored")
    if not keys.fits(services.store.locate(key)[1]):
        raise NameTooLong("The document's name is too long to put a result beside it.")
    try:
        source = services.store.head(key)
        if source.bytes == 0 and keys.may_be_folder(key):
            return Outcome(key=key, status="ignored")
        if request.etag not in (None, source.etag):
            Publication(services.store, source, fingerprint="").remove_stale()
            return Outcome(key=key, status="superseded")
        return _read_source(source, request, services, deadline)
    except Superseded as error:
        return Outcome(key=key, status="superseded", error=error)


def _read_source(source: SourceObject, request: Request, services: Services, deadline: Deadline) -> Outcome:
    """The run, unless the same document was read under the same settings before."""
    context = _make_context(source, request, services, deadline)
    publication = Publication(services.store, source, context.fingerprint, scope=context.scope, force=request.force)
    if existing := _existing_outcome(publication, context):
        return existing
    earlier = publication.earlier()
    context = _keep_outputs(context, earlier.outputs if earlier else ())
    with _workspace() as folder:
        try:
            reading = open_reading(context, folder)
            result = _read_pages(reading)
        except Refused as error:
            return _publish_error(error, publication, context, folder)
        except LongDocument:
            return _fan_out(reading)
        published = publication.publish(result.content, result.outputs)
        reading.checkpoint.clear(earlier=not context.scope)
        if earlier and published == "written":
            correct_outputs(publication, context, folder)
    if published == "existing":
        return _existing_outcome(publication, context) or _outcome(result, publication, context)
    return _outcome(result, publication, context, preserved=published == "preserved")


def _read_pages(reading: Reading) -> ResultFiles:
    """Raises LongDocument if the rest of the pages is for several to read."""
    with reading.saved_on_failure():
        reading.check_budget()
        with ResultWriter(reading) as result:
            for page in reading.pages():
                result.add(page)
            return result.finish()


def _make_context(source: SourceObject, request: Request, services: Services, deadline: Deadline) -> ReadContext:
    """Find what is wanted of a document: the request's options go over the object's own."""
    began = time.monotonic()
    if resolved := request.resolved:
        options: Options | BadOption = resolved.options
        fingerprint = resolved.fingerprint
    else:
        options, fingerprint = resolve_for(services.settings, source.metadata, request.options)
    return ReadContext(
        source=source,
        request=request,
        options=options,
        fingerprint=fingerprint,
        services=services,
        deadline=deadline,
        began=began,
    )


def _existing_outcome(publication: Publication, context: ReadContext) -> Outcome | None:
    """What an earlier reading of the same left, with all outputs, unless it is to be read again."""
    request, key = context.request, context.source.key
    if request.force or not (existing := publication.existing()):
        return None
    if existing.key == publication.error_key and request.retry_failed:
        return None
    clear(context.services.store, key, publication.fingerprint)  # of a reading that was stopped right at its end
    if existing.key == publication.result_key:
        with _workspace() as folder:
            try:
                add_outputs(existing, publication, context, folder)
            except Refused as error:
                return Outcome(key=key, status="failed", error=error, preserved=True)
    return Outcome(key=key, status="already-read", written=existing.key)


def _keep_outputs(context: ReadContext, kinds: Iterable[str]) -> ReadContext:
    """Have those outputs made anew too that go with the result that is to be replaced."""
    if isinstance(context.options, BadOption):
        return context
    options = with_outputs(context.options, kinds)
    return msgspec.structs.replace(context, options=options)


def _publish_error(error: Refused, publication: Publication, context: ReadContext, folder: Path) -> Outcome:
    source = context.source
    report = folder / "error.json"
    report.write_bytes(encode(error_report(error, source, context.fingerprint)))
    preserved = publication.publish_error(report) == "preserved"
    clear(context.services.store, source.key, context.fingerprint if preserved or context.scope else "")
    written = None if preserved else publication.error_key
    return Outcome(key=source.key, status="failed", written=written, error=error, preserved=preserved)


def _fan_out(reading: Reading) -> Outcome:
    context = reading.context
    if context.services.fan_out is None:
        raise TypeError("Nobody reads long documents here.")
    request = msgspec.structs.replace(context.request, etag=context.source.etag)
    return context.services.fan_out(request, reading.checkpoint.fingerprint)


def _outcome(
    result: ResultFiles, publication: Publication, context: ReadContext, *, preserved: bool = False
) -> Outcome:
    summary = result.summary
    return Outcome(
        key=context.source.key,
        status=summary.status,
        written=None if preserved else publication.result_key,
        pages=summary.pages,
        failed_pages=summary.failed,
        masked=None if isinstance(context.options, BadOption) or not context.options.redact else summary.masked,
        confidence=summary.confidence,
        seconds=time.monotonic() - context.began,
        error=summary.first_error,
        preserved=preserved,
    )


@contextmanager
def reading_of(
    request: Request,
    services: Services,
    deadline: Deadline,
    indexes: Iterable[int] | None = None,
    *,
    closing: bool = False,
) -> Iterator[Reading]:
    """Open a document for one step of a long reading, as `open_reading` does. Raises Superseded too."""
    source = services.store.head(request.key)
    if request.etag not in (None, source.etag):
        raise SourceChanged("The document was replaced while it was being read.")
    context = _make_context(source, request, services, deadline)
    with _workspace() as folder:
        yield open_reading(context, folder, indexes, closing=closing)


@contextmanager
def _workspace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            yield Path(name)
    except OSError as error:
        raise StoreUnavailable(f"The scratch space cannot be used ({error.strerror}); it may be full.") from error
