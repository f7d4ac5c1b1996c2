"""The web page and its files (`folio/web/`): the only addresses that need no key."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.errors import NotFound

_FILES = Path(__file__).parents[1] / "web"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def get_site(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET /"""
    if not request.at.endswith("/"):  # or the web page's relative addresses would lead past the stage
        return HttpResponse(status=308, headers={"Location": f"{request.at}/"})
    page = _file("index.html")
    headers = {"Content-Security-Policy": _policy(_bucket_origin(context)), "Referrer-Policy": "no-referrer"}
    return HttpResponse(body=page, media_type=_TYPES[".html"], headers=headers)


def get_asset(request: HttpRequest) -> HttpResponse:
    """GET assets/{name}"""
    name = request.values["name"]
    if name == "index.html":
        raise NotFound("There is no such file.")
    # Without a version in their names they are asked for anew each time; they are small.
    return HttpResponse(body=_file(name), media_type=_TYPES[Path(name).suffix], headers={"Cache-Control": "no-cache"})


@cache
def _file(name: str) -> bytes:
    path = _FILES / name
    if not re.fullmatch(r"[a-z0-9_-]+\.[a-z]+", name) or path.suffix not in _TYPES or not path.is_file():
        raise NotFound("There is no such file.")
    return path.read_bytes()


def _bucket_origin(context: ApiContext) -> str:
    """Where uploads go and downloads come from."""
    url = urlsplit(context.bucket.sign_download("any", "any", 1))
    return f"{url.scheme}://{url.netloc}"


def _policy(bucket: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"connect-src 'self' {bucket}",
            f"img-src 'self' blob: data: {bucket}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
