"""Server-sent events: what becomes of a job, told as it changes instead of being asked for again and again.

GET v1/jobs/{id} with `Accept: text/event-stream`. Behind API Gateway, which hands on whole answers only, the same
request is answered with the job as it is, so a client that asks for events there goes on by asking again.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from folio.api.http import HttpResponse
from folio.errors import Busy, FolioError
from folio.jobs.records import Job
from folio.models import decode

MEDIA_TYPE = "text/event-stream"
_MAX_STREAMS = 64
_LOOK_SECONDS = 0.5
_ALIVE_SECONDS = 15.0  # after which something is sent, or what is in between would close the connection
_STREAM_SECONDS = 3600.0  # a client that is still there connects again
_JOB = re.compile(r"/v1/jobs/[^/]+")
_FINISHED = ("complete", "partial", "failed")

type Message = dict[str, Any]
type Look = Callable[[], Awaitable[HttpResponse]]
type Send = Callable[[Message], Awaitable[None]]


def wants_events(method: str, path: str, accept: str) -> bool:
    """Whether a request asks for the events of a job."""
    return method == "GET" and MEDIA_TYPE in accept.lower() and _JOB.fullmatch(path) is not None


class JobEvents:
    """The streams of one server."""

    def __init__(self) -> None:
        self._streams = 0

    async def stream(self, first: HttpResponse, look: Look, send: Send, disconnected: Awaitable[None]) -> None:
        """Send a job each time it has changed, until it is finished or the client is gone. Raises Busy."""
        if self._streams >= _MAX_STREAMS:
            raise Busy("Too many clients follow jobs; ask for the job without text/event-stream.", 10)
        self._streams += 1
        telling = asyncio.ensure_future(_tell(first, look, send))
        leaving = asyncio.ensure_future(disconnected)
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._streams -= 1
            for task in (telling, leaving):
                task.cancel()
        if telling.done():
            telling.result()


async def _tell(first: HttpResponse, look: Look, send: Send) -> None:
    headers = {"content-type": MEDIA_TYPE, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    headers |= {name.lower(): value for name, value in first.headers.items() if name.lower() == "x-request-id"}
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": pairs})
    end, shown = time.monotonic() + _STREAM_SECONDS, None
    body, sent_at = first.body, time.monotonic()
    while time.monotonic() < end:
        job = decode(body, Job)
        # Links are signed anew each time; they alone are no news.
        state = msgspec.structs.replace(job, links={}, answer=None)
        if state != shown:
            shown, sent_at = state, time.monotonic()
            await _send(send, f"event: job\ndata: {body.decode()}\n\n")
        elif time.monotonic() - sent_at > _ALIVE_SECONDS:
            sent_at = time.monotonic()
            await _send(send, ": \n\n")
        if job.state in _FINISHED:
            break
        await asyncio.sleep(_LOOK_SECONDS)
        body = await _looked(look) or body
    await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _looked(look: Look) -> bytes | None:
    """Return the job; None if it could not be looked at now."""
    try:
        response = await look()
    except FolioError:
        return None
    return response.body if response.status == 200 else None
