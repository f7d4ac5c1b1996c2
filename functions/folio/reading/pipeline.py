"""The story: a document in a store becomes its text beside it.

source -> document -> for each page: its own text, or image -> prepared image -> text -> page
-> result (or error) beside the source
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from folio import keys
from folio.config.settings import fingerprint, metadata_options, wanted_options
from folio.deadline import Deadline
from folio.errors import NameTooLong, Refused, SourceChanged, StoreUnavailable, Superseded
from folio.models import encode
from folio.reading.checkpoint import clear
from folio.reading.document_reader import LongDocument, Reading
from folio.reading.request import Outcome, Request, Services
from folio.reading.result import error_report
from folio.stores.base import SourceObject
from folio.stores.publish import Publication

__all__ = ["Outcome", "Request", "Services", "read_upload", "reading_of"]


def read_upload(request: Request, services: Services, deadline: Deadline) -> Outcome:
    """Read one document of the store and leave its result, or its error, beside it.

    Raises Unavailable for what should be tried again and Misconfigured for what an operator must mend.
    """
    key = request.key
    if keys.is_ours(key) or keys.is_folder_marker(key):
        return Outcome(key=key, status="ignored")
    if not keys.fits(key):
        raise NameTooLong("The document's name is too long to put a result beside it.")
    try:
        source = services.store.head(key)
        if request.etag not in (None, source.etag):
            Publication(services.store, source, settings="").remove_stale()
            return Outcome(key=key, status="superseded")
        return _read_source(source, request, services, deadline)
    except Superseded as error:
        return Outcome(key=key, status="superseded", error=error)


def _read_source(source: SourceObject, request: Request, services: Services, deadline: Deadline) -> Outcome:
    started = time.monotonic()
    wanted = wanted_options(services.settings, {**metadata_options(source.metadata), **request.options})
    publication = Publication(services.store, source, fingerprint(wanted, services.settings), force=request.force)
    if not request.force and (there := publication.done()):
        clear(services.store, source.key, publication.settings)  # of a reading that was stopped right at its end
        return Outcome(key=source.key, status="already-read", written=there)
    with _workspace() as folder:
        try:
            reading = Reading(source, wanted, publication.settings, folder, request, services, deadline)
            content, summary, outputs = reading.run()
        except Refused as error:
            publication.publish(publication.error_key, _error_file(error, source, publication.settings, folder))
            clear(services.store, source.key)
            return Outcome(key=source.key, status="failed", written=publication.error_key, error=error)
        except LongDocument:
            return _fan_out(reading, request, services)
        publication.publish(publication.result_key, content, outputs)
        reading.kept.clear()
    return Outcome(
        key=source.key,
        status=summary.status,
        written=publication.result_key,
        pages=summary.pages,
        failed_pages=summary.failed,
        confidence=summary.confidence,
        seconds=time.monotonic() - started,
        error=summary.first_error,
    )


def _fan_out(reading: Reading, request: Request, services: Services) -> Outcome:
    if services.fan_out is None:
        raise TypeError("Nobody reads long documents here.")
    return services.fan_out(msgspec.structs.replace(request, etag=reading.source.etag), reading.kept.mark)


@contextmanager
def reading_of(request: Request, services: Services, deadline: Deadline) -> Iterator[Reading]:
    """For the steps of a long document: its reading, not opened yet. Raises Superseded."""
    source = services.store.head(request.key)
    if request.etag not in (None, source.etag):
        raise SourceChanged("The document was replaced while it was being read.")
    wanted = wanted_options(services.settings, {**metadata_options(source.metadata), **request.options})
    with _workspace() as folder:
        yield Reading(source, wanted, fingerprint(wanted, services.settings), folder, request, services, deadline)


def _error_file(error: Refused, source: SourceObject, settings: str, folder: Path) -> Path:
    target = folder / "error.json"
    target.write_bytes(encode(error_report(error, source, settings)))
    return target


@contextmanager
def _workspace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            yield Path(name)
    except OSError as error:
        raise StoreUnavailable(f"The scratch space cannot be used ({error.strerror}); it may be full.") from error
