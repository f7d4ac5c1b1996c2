"""Only who has a key reaches the server, as with `folio serve`; clients of MCP may send it as a bearer's token too."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from folio.errors import Unauthorized
from folio.serve.keys import accepted_key

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_BEARER = "bearer "


class WithKeys:
    """An ASGI application behind keys; without `keys` none is asked for."""

    def __init__(self, app: "ASGIApp", keys: Sequence[str]) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] == "http" and self._keys and accepted_key(self._keys, _sent(scope)) is None:
            answer = {"error": f"The key is missing or not known here. {Unauthorized.hint}"}
            response = JSONResponse(answer, Unauthorized.http_status, {"WWW-Authenticate": "Bearer"})
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _sent(scope: "Scope") -> str:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    bearer = headers.get(b"authorization", "")
    token = bearer[len(_BEARER) :].strip() if bearer.lower().startswith(_BEARER) else ""
    return headers.get(b"x-api-key", "") or token
