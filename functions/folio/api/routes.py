"""Every address of the API, and what answers there. `openapi` describes the same table."""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from folio.api import documents, job_pages, jobs, site, status, uploads
from folio.api.http import HttpRequest, HttpResponse
from folio.api.idempotency import once_only
from folio.api.service import Service
from folio.deadline import Deadline
from folio.errors import FolioError, MethodNotAllowed, NotFound

type Work = Callable[[HttpRequest, Callable[[], Service], Deadline], HttpResponse]


class Route(Struct, frozen=True, kw_only=True):
    """`path` has its variables in braces; `open` ones need no key. The service is made by those that need it."""

    method: str
    path: str
    name: str
    work: Work
    open: bool = False


ROUTES = (
    Route(
        method="POST",
        path="/v1/documents",
        name="readDocument",
        work=lambda call, service, deadline: once_only(
            call, service(), lambda: documents.post_document(call, service(), deadline)
        ),
    ),
    Route(
        method="POST",
        path="/v1/uploads",
        name="createUpload",
        work=lambda call, service, _: once_only(call, service(), lambda: uploads.post_upload(call, service())),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}",
        name="getJob",
        work=lambda call, service, _: jobs.get_job(call, service()),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}/pages/{number}",
        name="getPage",
        work=lambda call, service, deadline: job_pages.get_page(call, service(), deadline),
    ),
    Route(
        method="GET",
        path="/v1/providers",
        name="getProviders",
        work=lambda _, service, __: status.get_providers(service()),
    ),
    Route(method="GET", path="/v1/health", name="getHealth", work=lambda *_: status.get_health()),
    Route(
        method="GET",
        path="/",
        name="getSite",
        work=lambda call, service, _: site.get_page_itself(call, service()),
        open=True,
    ),
    Route(
        method="GET",
        path="/assets/{name}",
        name="getAsset",
        work=lambda call, *_: site.get_asset(call),
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
