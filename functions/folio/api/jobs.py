"""GET and DELETE v1/jobs/{id}, and POST v1/jobs/{id}/outputs: a job's state, its end, and more forms of its result."""

from pathlib import Path

from msgspec import Struct

from folio.api.context import ApiContext, scratch
from folio.api.http import RETRY_AFTER_SECONDS, HttpRequest, HttpResponse, json_response
from folio.api.job_source import open_source
from folio.api.requests import read_json
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import MethodNotAllowed, NotFound, SourceChanged, SourceGone
from folio.jobs.records import JobDocument, delete, find, key_of, look
from folio.keys import result_key
from folio.models import Document, Output
from folio.reading.added_outputs import Making, make_outputs
from folio.stores.outcomes import find as find_outcome
from folio.stores.publish import Publication


class OutputsRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Forms of a job's result to be made, besides those that its corrections have changed."""

    outputs: list[Output] = []


def get_job(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET v1/jobs/{id}"""
    job = look(context.job(request.owner, request.values["id"]))
    wait = {} if job.state in ("complete", "partial", "failed") else {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return json_response(job, headers=wait)


def delete_job(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """DELETE v1/jobs/{id}: end the reading, and delete the document and all that was made of it.

    Raises MethodNotAllowed for a document of the folder that is served, which nobody handed in here.
    """
    if context.folder and context.folder.find(request.values["id"]):
        raise MethodNotAllowed("Documents of the folder are not deleted from here.", ("GET",))
    record = find(context.bucket, request.owner, request.values["id"])
    context.stop_workflow(key_of(request.owner, record))
    delete(context.bucket, request.owner, record)
    return HttpResponse(status=204)


def post_outputs(request: HttpRequest, context: ApiContext, deadline: Deadline) -> HttpResponse:
    """POST v1/jobs/{id}/outputs: make forms of the result from its pages, none of which is read again.

    Raises NotFound before there is a result, and what keeps the document from being opened.
    """
    asked = read_json(request.body or b"{}", OutputsRequest)
    document = context.job(request.owner, request.values["id"])
    try:
        _make(document, asked, context.settings, deadline)
    except SourceGone as error:
        raise NotFound("The document of this job is not there.") from error
    return json_response(look(document))


def _make(document: JobDocument, asked: OutputsRequest, settings: Settings, deadline: Deadline) -> None:
    store, key, scope = document.store, document.key, document.scope
    existing = find_outcome(store, result_key(key, scope), scope)
    if existing is None or existing.settings is None:
        raise NotFound("There is no result to make other forms of: the document has not been read to its end.")
    source = store.head(key)
    if existing.etag != source.etag:
        raise SourceChanged("The document was replaced since it was read.")
    with scratch() as folder:

        def opened(scratch_folder: Path) -> Document:
            return open_source(document, source, scratch_folder, settings, deadline)

        making = Making(store=store, source=source, settings=settings, open=opened)
        publication = Publication(store, source, existing.settings, scope=scope)
        make_outputs(existing, publication, making, asked.outputs, folder)
