"""Files of the folder that `folio serve DIR` shows, sent as an S3 sends what a presigned URL leads to."""

import asyncio
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from folio.stores.folder_bucket import FILES, FolderBucket

if TYPE_CHECKING:
    from folio.serve.gateway import Message, Send

_CHUNK_BYTES = 262_144
_HEADERS = {
    # Whatever somebody's document is, no browser shows it as a page of this server's.
    "content-type": "application/octet-stream",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def wants_file(scope: "Message") -> bool:
    """Whether a request asks for a file of the folder."""
    return bool(scope["method"] == "GET" and scope["path"] == FILES)


async def send_file(scope: "Message", send: "Send", bucket: FolderBucket) -> None:
    """Answer with the file that a signed address leads to. Raises NotFound, AccessDenied before anything is sent."""
    linked = await asyncio.to_thread(bucket.linked, scope["query_string"].decode("latin-1"))
    with linked.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        name = quote(linked.name.encode("utf-8", "replace"), safe="")
        headers = {
            **_HEADERS,
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "content-length": str(size),
        }
        pairs = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": pairs})
        await _send_body(file, size, send)


async def _send_body(file: BinaryIO, size: int, send: "Send") -> None:
    """Send as many bytes as were announced: a file that grows meanwhile must not send more."""
    while size > 0:
        chunk = await asyncio.to_thread(file.read, min(_CHUNK_BYTES, size))
        if not chunk:
            return  # it has become shorter: the connection is closed, and the client sees that not all came
        size -= len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
