"""The web page and its files (`folio/web/`), which need no key.

Each call may be a Lambda function's, so the page loads one script, one style and one picture, under names with a digest
of their content: a browser keeps them for a year, and asks for others once they have changed.
"""

import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from folio.api.context import ApiContext
from folio.api.http import HttpRequest, HttpResponse
from folio.errors import NotFound

_FILES = Path(__file__).parents[1] / "web"
HTML = "text/html; charset=utf-8"
# `make generate` builds the first two of the modules and styles.
_ASSETS = {
    "app.js": (_FILES / "built" / "app.js", "text/javascript; charset=utf-8"),
    "app.css": (_FILES / "built" / "app.css", "text/css; charset=utf-8"),
    "icon.svg": (_FILES / "icon.svg", "image/svg+xml"),
    "docs.css": (_FILES / "docs.css", "text/css; charset=utf-8"),
}
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_DIGEST = "[0-9a-f]{16}"


def get_site(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET /"""
    if not request.at.endswith("/"):  # or the web page's relative addresses would lead past the stage
        return HttpResponse(status=308, headers={"Location": f"{request.at}/"})
    headers = {"Content-Security-Policy": _policy(_bucket_origin(context)), "Referrer-Policy": "no-referrer"}
    return HttpResponse(body=_page(context.folder.name if context.folder else None), media_type=HTML, headers=headers)


def get_asset(request: HttpRequest) -> HttpResponse:
    """GET assets/{name}"""
    match = re.fullmatch(rf"([a-z]+)(?:-({_DIGEST}))?(\.[a-z]+)", request.values["name"])
    name = match[1] + match[3] if match else ""
    if not match or name not in _ASSETS:
        raise NotFound("There is no such file.")
    # A page from before an update asks for what is no longer there: it gets what is, and keeps it not.
    caching = _FOR_A_YEAR if match[2] == _digest(name) else "no-cache"
    return HttpResponse(body=_content(name), media_type=_ASSETS[name][1], headers={"Cache-Control": caching})


@cache
def _page(folder: str | None) -> bytes:
    """The page, with the names that its files have now, and that of the folder that is shown."""
    page = (_FILES / "index.html").read_text("utf-8")
    for name in _ASSETS:
        page = page.replace(f'"assets/{name}"', f'"{asset(name)}"')
    if folder is not None:
        page = page.replace("</head>", f'<meta name="folio-folder" content="{escape(folder)}">\n</head>')
    return page.encode()


def asset(name: str) -> str:
    """Return the address of a file, relative to the page: with a digest of what it holds now."""
    stem, ending = name.split(".")
    return f"assets/{stem}-{_digest(name)}.{ending}"


@cache
def _content(name: str) -> bytes:
    return _ASSETS[name][0].read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:16]


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
