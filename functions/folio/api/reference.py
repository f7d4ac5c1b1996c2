"""GET openapi.json and docs: what the API is, for programs and for people; both are open, as the web page is.

The document is imported when it is asked for: it knows all routes, of which this is one.
"""

import json
from functools import cache

from folio.api.http import HttpRequest, HttpResponse
from folio.api.site import HTML, asset

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_CACHING = {"Cache-Control": "no-cache"}


def get_openapi(request: HttpRequest) -> HttpResponse:
    """GET openapi.json: its server is where it was fetched from."""
    from folio.api.openapi.document import openapi

    document = openapi() | {"servers": [{"url": request.base.rstrip("/") or "/"}]}
    return HttpResponse(body=json.dumps(document, ensure_ascii=False).encode(), headers=_CACHING)


def get_reference() -> HttpResponse:
    """GET docs"""
    headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer", **_CACHING}
    return HttpResponse(body=_page(), media_type=HTML, headers=headers)


@cache
def _page() -> bytes:
    from folio.api.openapi.document import openapi
    from folio.api.openapi.page import page

    return page(openapi(), [asset("app.css"), asset("docs.css")]).encode()
