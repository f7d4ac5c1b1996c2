"""GET v1/folder: the documents of the folder that `folio serve DIR` shows. Each is a job that is finished."""

from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.errors import BadRequest, NotFound, at_field

MAX_DOCUMENTS = 100  # of one answer
_PARAMETERS = {"search", "after"}


def get_folder(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """Raises NotFound where no folder is served, BadRequest."""
    if unknown := sorted(set(request.query) - _PARAMETERS):
        raise at_field(BadRequest(f"There is no parameter {unknown[0][:40]!r} here."), unknown[0][:40])
    if context.folder is None:
        raise NotFound("No folder is served here; folio serve DIR serves one.")
    query = request.query
    return json_response(context.folder.list(query.get("search", ""), query.get("after", ""), MAX_DOCUMENTS))
