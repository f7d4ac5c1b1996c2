"""Every address of the API, and what responds there. `openapi` describes the same table."""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from folio.api import documents, folder, job_pages, jobs, reference, reviews, site, status, uploads
from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.api.idempotency import once_only
from folio.api.wrapping import unpacked
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
            sent := unpacked(request), context(), lambda: documents.post_document(sent, context(), deadline)
        ),
    ),
    Route(
        method="POST",
        path="/v1/uploads",
        name="createUpload",
        respond=lambda request, context, _: once_only(
            sent := unpacked(request), context(), lambda: uploads.post_upload(sent, context())
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
        method="DELETE",
        path="/v1/jobs/{id}",
        name="deleteJob",
        respond=lambda request, context, _: jobs.delete_job(request, context()),
    ),
    Route(
        method="POST",
        path="/v1/jobs/{id}/outputs",
        name="makeOutputs",
        respond=lambda request, context, deadline: jobs.post_outputs(request, context(), deadline),
    ),
    Route(
        method="GET",
        path="/v1/jobs/{id}/review",
        name="getJobReview",
        respond=lambda request, context, _: reviews.get_job_review(request, context()),
    ),
    Route(
        method="PATCH",
        path="/v1/jobs/{id}/review",
        name="correctJob",
        respond=lambda request, context, _: reviews.patch_job_review(request, context()),
    ),
    Route(
        method="GET",
        path="/v1/documents/review",
        name="getDocumentReview",
        respond=lambda request, context, _: reviews.get_document_review(request, context()),
    ),
    Route(
        method="PATCH",
        path="/v1/documents/review",
        name="correctDocument",
        respond=lambda request, context, _: reviews.patch_document_review(request, context()),
    ),
    Route(
        method="GET",
        path="/v1/folder",
        name="getFolder",
        respond=lambda request, context, _: folder.get_folder(request, context()),
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
    Route(
        method="GET",
        path="/openapi.json",
        name="getOpenapi",
        respond=lambda request, *_: reference.get_openapi(request),
        open=True,
    ),
    Route(
        method="GET",
        path="/docs",
        name="getReference",
        respond=lambda *_: reference.get_reference(),
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
