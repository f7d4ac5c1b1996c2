"""The response to a request that failed: a problem document (RFC 9457)."""

import math

import msgspec

from folio.api.http import HttpResponse
from folio.errors import FolioError, MethodNotAllowed, ReviewChanged
from folio.models import Review, encode
from folio.problems import problem_of

MEDIA_TYPE = "application/problem+json"


def problem_response(error: FolioError, request_id: str = "") -> HttpResponse:
    """Return the response to a request that failed."""
    headers = {}
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(error.allow)
    # 503: what it depends on is out of order, which takes longer to pass than a queue.
    wait = getattr(error, "retry_after", None) or (30 if error.http_status in (429, 503) else None)
    if wait:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    problem = problem_of(error, request_id)
    body = encode(problem)
    if isinstance(error, ReviewChanged) and isinstance(error.newer, Review):
        headers["ETag"] = f'"{error.newer.revision}"'
        body = encode(msgspec.to_builtins(problem) | {"review": error.newer})
    return HttpResponse(
        status=error.http_status,
        body=body,
        media_type=MEDIA_TYPE,
        headers=headers,
    )
