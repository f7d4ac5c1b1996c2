"""What API Gateway does, as an ASGI application: requests become REST proxy events, what a handler says an answer.

Limits, time and keys are its business: a handler sees only requests that came whole, in time and with a key.
"""

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from folio.api.http import HttpResponse
from folio.api.problems import problem_response
from folio.api.routes import ROUTES, pattern
from folio.errors import (
    BadRequest,
    BodyTooLarge,
    Busy,
    FolioError,
    RequestTimeout,
    Unauthorized,
)
from folio.serve.lambda_processes import Environments

MAX_BODY = 10_000_000  # bytes, as at API Gateway
BODY_SECONDS = 20.0  # for a body to come
CALL_SECONDS = 29.0  # for an answer, as at API Gateway
LINE_SECONDS = 12.0  # of these at most in line
_DRAIN = 100_000_000  # bytes of a body that is too large; who sends has no eye for answers meanwhile

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


class Gone(Exception):
    """The client is not there any more."""


class Gateway:
    """Calls that read documents go to `reading`, the `others` do not wait for them.

    `hosts` are the names it answers to: with any other, a page elsewhere could reach it (DNS rebinding). While there
    are `many` documents in the queue no more are taken.
    """

    def __init__(
        self,
        reading: Environments,
        others: Environments,
        many: Callable[[], bool],
        keys: tuple[str, ...],
        hosts: frozenset[str],
    ) -> None:
        self._reading = reading
        self._others = others
        self._many = many
        self._keys = keys
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request_id = str(uuid4())
        try:
            answer = await self._answer(scope, receive, request_id)
        except Gone:
            return
        except FolioError as error:
            answer = problem_response(error, request_id)
        await _send(send, answer, request_id)

    async def _answer(self, scope: Message, receive: Receive, request_id: str) -> HttpResponse:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        told = dict(headers)
        if told.get("host", "") not in self._hosts:
            raise BadRequest("This server answers only to its own address.")
        body = await _body(receive, told.get("content-length", ""))
        api_key = self._key(scope["path"], told.get("x-api-key", ""))
        event = _event(scope, headers, body, api_key, request_id)
        if scope["method"] == "POST" and await asyncio.to_thread(self._many):
            raise Busy("Too many documents wait to be read.", 10)
        reading = scope["method"] == "POST" and scope["path"] == "/v1/documents"
        environments = self._reading if reading else self._others
        return await _unless_gone(receive, environments.invoke(event, CALL_SECONDS, request_id, LINE_SECONDS))

    def _key(self, path: str, given: str) -> str:
        """The key that was given, where one is wanted. Raises Unauthorized."""
        if not self._keys or any(route.open and pattern(route.path).fullmatch(path) for route in ROUTES):
            return ""
        # All are compared, each in the same time whatever it is.
        found = [key for key in self._keys if secrets.compare_digest(key.encode(), given.encode())]
        if not found:
            raise Unauthorized("The key is missing or not known here.")
        return found[0]


async def _unless_gone(receive: Receive, work: Coroutine[Any, Any, dict[str, Any]]) -> HttpResponse:
    """The answer; who goes away meanwhile leaves the line. Raises Gone."""
    answering, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_leave(receive))
    await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if not answering.done():
        answering.cancel()
        raise Gone
    return _answer_of(answering.result())


async def _leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _body(receive: Receive, length: str) -> bytes:
    """All of it. Raises BodyTooLarge, RequestTimeout, Gone."""
    chunks: list[bytes] = []
    size, most = 0, MAX_BODY if not length.isdigit() or int(length) <= MAX_BODY else 0
    end = time.monotonic() + BODY_SECONDS
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), end - time.monotonic())
        except TimeoutError as error:
            raise RequestTimeout("The body did not come in time, or is shorter than Content-Length says.") from error
        if message["type"] == "http.disconnect":
            raise Gone
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size <= most:
            chunks.append(chunk)
        elif size > _DRAIN:
            break
    if size > most:
        raise BodyTooLarge(f"A call may carry at most {MAX_BODY} bytes.")
    return b"".join(chunks)


def _event(
    scope: Message, headers: list[tuple[str, str]], body: bytes, api_key: str, request_id: str
) -> dict[str, Any]:
    """API Gateway developer guide, "Input format of a Lambda function for proxy integration"."""
    path = scope["path"]
    many: dict[str, list[str]] = {}
    for name, value in headers:
        many.setdefault(name, []).append(value)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    resource = "/v1/{proxy+}" if path.startswith("/v1/") else path
    return {
        "resource": resource,
        "path": path,
        "httpMethod": scope["method"],
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": path.removeprefix("/v1/")} if resource != path else None,
        "stageVariables": None,
        "requestContext": {
            "path": path,
            "resourcePath": resource,
            "httpMethod": scope["method"],
            "stage": "local",
            "requestId": request_id,
            "identity": {
                "apiKeyId": hashlib.sha256(api_key.encode()).hexdigest()[:10] if api_key else None,
                "sourceIp": (scope.get("client") or ("127.0.0.1",))[0],
            },
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def _answer_of(told: dict[str, Any]) -> HttpResponse:
    headers = dict(told.get("headers") or {})
    headers |= {name: ", ".join(values) for name, values in (told.get("multiValueHeaders") or {}).items()}
    body = told.get("body") or ""
    return HttpResponse(
        status=int(told["statusCode"]),
        body=base64.b64decode(body) if told.get("isBase64Encoded") else body.encode(),
        media_type=headers.pop("Content-Type", "application/octet-stream"),
        headers=headers,
    )


async def _send(send: Send, answer: HttpResponse, request_id: str) -> None:
    headers = {"X-Request-Id": request_id} | dict(answer.headers)
    headers |= {"Content-Type": answer.media_type, "Content-Length": str(len(answer.body))}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": answer.body})
