"""What API Gateway does, as an ASGI application: requests become REST proxy events, a handler's answer a response.

It enforces limits, times and keys: a handler sees only requests that arrived whole, in time and with a valid key.
"""

import asyncio
import base64
import hashlib
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
from folio.serve.folder_files import send_file, wants_file
from folio.serve.job_events import JobEvents, wants_events
from folio.serve.keys import accepted_key
from folio.serve.lambda_processes import HandlerPool
from folio.stores.folder_bucket import FolderBucket

MAX_BODY_BYTES = 10_000_000  # as at API Gateway
BODY_SECONDS = 20.0  # for a body to arrive
CALL_SECONDS = 29.0  # for an answer, as at API Gateway
LINE_SECONDS = 12.0  # of these at most for a process to be free
_DRAIN_BYTES = 100_000_000  # read of a body that is too large: most clients look for an answer only when all is sent

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


class ClientDisconnected(Exception):
    """The client has closed the connection."""


class Gateway:
    """The ASGI application. Requests that read documents go to `reading`; the `others` do not wait for them.

    It answers only to the names in `hosts`: with any other, a page elsewhere could reach it (DNS rebinding). None means
    any, for servers that ask for keys. While `queue_is_full` it takes no more documents. Without `keys` none is asked
    for. Files of the `folder` that is served are sent from here.
    """

    def __init__(
        self,
        reading: HandlerPool,
        others: HandlerPool,
        queue_is_full: Callable[[], bool],
        keys: tuple[str, ...],
        hosts: frozenset[str] | None,
        folder: FolderBucket | None = None,
    ) -> None:
        self._reading = reading
        self._others = others
        self._queue_is_full = queue_is_full
        self._keys = keys
        self._hosts = hosts
        self._folder = folder
        self._events = JobEvents()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request_id = str(uuid4())
        try:
            self._require_own_address(dict(_headers(scope)))
            if self._folder and wants_file(scope):
                await send_file(scope, send, self._folder)
                return
            event = await self._admitted(scope, receive, request_id)
            response = await self._answer(event, receive, request_id)
            if response.status == 200 and wants_events(scope["method"], scope["path"], _accept(event)):
                await self._events.stream(
                    response, lambda: self._invoke(event, request_id), send, _disconnected(receive)
                )
                return
        except ClientDisconnected:
            return
        except FolioError as error:
            response = problem_response(error, request_id)
        await _send(send, response, request_id)

    def _require_own_address(self, header: dict[str, str]) -> None:
        """Raises BadRequest."""
        if self._hosts is not None and header.get("host", "") not in self._hosts:
            raise BadRequest("This server answers only to its own address.")

    async def _admitted(self, scope: Message, receive: Receive, request_id: str) -> Message:
        """Return a request that arrived whole and may be answered, as an event. Raises what refuses it."""
        headers = _headers(scope)
        header = dict(headers)
        body = await _body(receive, header.get("content-length", ""))
        api_key = self._accepted_key(scope["path"], header.get("x-api-key", ""))
        event = _event(scope, headers, body, api_key, request_id)
        if scope["method"] == "POST" and await asyncio.to_thread(self._queue_is_full):
            raise Busy("Too many documents wait to be read.", 10)
        return event

    async def _answer(self, event: Message, receive: Receive, request_id: str) -> HttpResponse:
        return await _unless_disconnected(receive, self._invoke(event, request_id))

    async def _invoke(self, event: Message, request_id: str) -> HttpResponse:
        reading = event["httpMethod"] == "POST" and event["path"] == "/v1/documents"
        pool = self._reading if reading else self._others
        return _response(await pool.invoke(event, CALL_SECONDS, request_id, LINE_SECONDS))

    def _accepted_key(self, path: str, api_key: str) -> str:
        """Return the request's key, or an empty string where none is needed. Raises Unauthorized."""
        if not self._keys or any(route.open and pattern(route.path).fullmatch(path) for route in ROUTES):
            return ""
        key = accepted_key(self._keys, api_key)
        if key is None:
            raise Unauthorized("The key is missing or not known here.")
        return key


def _headers(scope: Message) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def _accept(event: Message) -> str:
    return ",".join(event["multiValueHeaders"].get("accept", []))


async def _unless_disconnected(receive: Receive, response_task: Coroutine[Any, Any, HttpResponse]) -> HttpResponse:
    """Return the answer. A client that goes away meanwhile leaves the line. Raises ClientDisconnected."""
    answering, disconnecting = asyncio.ensure_future(response_task), asyncio.ensure_future(_disconnected(receive))
    await asyncio.wait({answering, disconnecting}, return_when=asyncio.FIRST_COMPLETED)
    disconnecting.cancel()
    if not answering.done():
        answering.cancel()
        raise ClientDisconnected
    return answering.result()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _body(receive: Receive, length: str) -> bytes:
    """Return the whole body. Raises BodyTooLarge, RequestTimeout, ClientDisconnected."""
    chunks: list[bytes] = []
    size, limit = 0, MAX_BODY_BYTES if not length.isdigit() or int(length) <= MAX_BODY_BYTES else 0
    end = time.monotonic() + BODY_SECONDS
    complete = False
    while not complete:
        try:
            message = await asyncio.wait_for(receive(), end - time.monotonic())
        except TimeoutError as error:
            raise RequestTimeout("The body did not come in time, or is shorter than Content-Length says.") from error
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        chunk, complete = message.get("body", b""), not message.get("more_body", False)
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > _DRAIN_BYTES:
            break
    if size > limit:
        raise BodyTooLarge(f"A call may carry at most {MAX_BODY_BYTES} bytes.")
    return b"".join(chunks)


def _event(
    scope: Message, headers: list[tuple[str, str]], body: bytes, api_key: str, request_id: str
) -> dict[str, Any]:
    """Return a request as a REST proxy event.

    API Gateway developer guide, "Input format of a Lambda function for proxy integration".
    """
    path = scope["path"]
    all_headers: dict[str, list[str]] = {}
    for name, value in headers:
        all_headers.setdefault(name, []).append(value)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        query.setdefault(name, []).append(value)
    resource = "/v1/{proxy+}" if path.startswith("/v1/") else path
    return {
        "resource": resource,
        "path": path,
        "httpMethod": scope["method"],
        "headers": {name: values[-1] for name, values in all_headers.items()},
        "multiValueHeaders": all_headers,
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


def _response(answer: dict[str, Any]) -> HttpResponse:
    headers = dict(answer.get("headers") or {})
    headers |= {name: ", ".join(values) for name, values in (answer.get("multiValueHeaders") or {}).items()}
    body = answer.get("body") or ""
    return HttpResponse(
        status=int(answer["statusCode"]),
        body=base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode(),
        media_type=headers.pop("Content-Type", "application/octet-stream"),
        headers=headers,
    )


async def _send(send: Send, response: HttpResponse, request_id: str) -> None:
    headers = {"X-Request-Id": request_id} | dict(response.headers)
    if response.status != 204:  # which says nothing of a body (RFC 9110, 8.6)
        headers |= {"Content-Type": response.media_type, "Content-Length": str(len(response.body))}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": pairs})
    await send({"type": "http.response.body", "body": response.body})
