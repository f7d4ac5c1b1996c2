"""The document of a job, opened again to be looked at or to make outputs of: as it was when it was read."""

from pathlib import Path

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.document import open_as_read, open_chosen
from folio.documents.limits import check_bytes
from folio.errors import SourceChanged
from folio.jobs.records import JobDocument, attachment_of
from folio.models import Document
from folio.options.resolve import resolve_options
from folio.reading.result import read_start
from folio.stores.base import SourceObject


def open_source(
    document: JobDocument, source: SourceObject, folder: Path, settings: Settings, deadline: Deadline
) -> Document:
    """Fetch a job's document into a folder and open it. Raises SourceChanged if it is not the one that was read, and
    what keeps it from being opened.
    """
    start = read_start(document.store, document.key, document.scope)
    if start and start.source.etag not in ("", source.etag):
        raise SourceChanged("The document was replaced since it was read.")
    check_bytes(source.bytes, settings)
    local = folder / "source"
    document.store.fetch(source, local)
    timeout, attachment = deadline.timeout(settings.page_timeout), attachment_of(document.record)
    if start:
        return open_as_read(local, attachment, folder, settings, timeout, start.source.pages)
    moving = resolve_options(settings, document.record.options).options.frames == "all"
    return open_chosen(local, attachment, folder, settings, timeout, frames=moving)
