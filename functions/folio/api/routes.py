"""Every address of the API, and what responds there. `openapi` describes the same table."""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from folio.api import documents, job_pages, jobs, site, status, uploads
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.idempotency import once_only
from folio.deadline import Deadline
from folio.errors import FolioError, MethodNotAllowed, NotFound

type Respond = Callable[[HttpRequest, Callable[[], ApiContext], Deadline], HttpResponse]


class Route(Struct, frozen=True, kw_only=True):
    """`path` has its variables in braces; `open` ones need no key. The context is made by those that need it."""

    method: str
    path: str
    name: str
    respond: Respond
    open: bool = False


ROUTES = (
    Route(
        method="POST",
        path="/v1/documents",
        name="readDocument",
        respond=lambda request, context, deadline: once_only(
            request, context(), lambda: documents.post_document(request, context(), deadline)
        ),
    ),
    Route(
        method="POST",
        path="/v1/uploads",
        name="createUpload",
        respond=lambda request, context, _: once_only(
            request, context(), lambda: uploads.post_upload(request, context())
        ),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}",
        name="getJob",
        respond=lambda request, context, _: jobs.get_job(request, context()),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}/pages/{number}",
        name="getPage",
        respond=lambda request, context, deadline: job_pages.get_page(request, context(), deadline),
    ),
    Route(
        method="GET",
        path="/v1/providers",
        name="getProviders",
        respond=lambda _, context, __: status.get_providers(context()),
    ),
    Route(method="GET", path="/v1/health", name="getHealth", respond=lambda *_: status.get_health()),
    Route(
        method="GET",
        path="/",
        name="getSite",
        respond=lambda request, context, _: site.get_site(request, context()),
        open=True,
    ),
    Route(
        method="GET",
        path="/assets/{name}",
        name="getAsset",
        respond=lambda request, *_: site.get_asset(request),
        open=True,
    ),
)


@cache
def pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def missing(method: str, path: str) -> FolioError:
    """Why there is no route: the address is not known, or knows other methods.

    Powertools' own pattern of a variable is narrower than ours: where it finds no route for a method that is known, the
    value is none that could be.
    """
    allow = tuple(route.method for route in ROUTES if pattern(route.path).fullmatch(path))
    if allow and method not in allow:
        return MethodNotAllowed(f"{path} does not know {method}.", allow)
    return NotFound("There is nothing under this address.")
