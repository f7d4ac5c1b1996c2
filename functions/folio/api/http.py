"""A request to the API and its response, whoever carries them."""

from collections.abc import Mapping

from msgspec import Struct

from folio.models import encode

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
RETRY_AFTER_SECONDS = 2  # until a job is worth another look


class HttpRequest(Struct, frozen=True, kw_only=True):
    """One request. Header names are in small letters; `path` is below the stage, `at` is the address as it was sent.

    `caller` is the id of who calls (of a key, a role or a token's subject), `owner` a digest of it for keys;
    `request_id` goes with what comes of the request.
    """

    method: str = "GET"
    path: str = "/"
    at: str = "/"
    values: Mapping[str, str] = {}  # of the names in the path
    headers: Mapping[str, str] = {}
    query: Mapping[str, str] = {}
    body: bytes = b""
    caller: str = ""
    owner: str = ""
    request_id: str = ""

    @property
    def base(self) -> str:
        """The address of the web page: what comes before the path that was requested."""
        return self.at.removesuffix(self.path.lstrip("/")) or "/"

    def header(self, name: str) -> str:
        return self.headers.get(name, "").strip()


class HttpResponse(Struct, frozen=True, kw_only=True):
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = {}


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a model as JSON."""
    return HttpResponse(status=status, body=encode(value), headers=headers or {})
