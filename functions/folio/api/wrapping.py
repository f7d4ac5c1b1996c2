"""What a body is wrapped in on its way: gzip (Content-Encoding), base64 as MIME breaks it into lines, data URIs."""

import base64
import binascii
import re
import zlib

import msgspec

from folio.api.http import HttpRequest
from folio.errors import BadRequest, BodyTooLarge, at_field

MAX_UNPACKED = 50_000_000  # bytes of a body after gzip: five times what a call may carry
_GZIP = 16 + zlib.MAX_WBITS
_STEP = 1_000_000
_DATA_URI = re.compile(r"data:([a-z0-9.+/-]*)(?:;[a-z0-9-]+=[^;,]*)*(;base64)?,", re.IGNORECASE)


def unpacked(request: HttpRequest) -> HttpRequest:
    """Return a request whose body is not compressed. Raises BadRequest, BodyTooLarge."""
    encoding = request.header("content-encoding").lower()
    if encoding in ("", "identity"):
        return request
    if encoding not in ("gzip", "x-gzip"):
        message = f"The Content-Encoding {encoding[:40]!r} is not known; send the body as it is, or with gzip."
        raise at_field(BadRequest(message), "Content-Encoding")
    return msgspec.structs.replace(request, body=_inflated(request.body))


def _inflated(body: bytes) -> bytes:
    """Return what was compressed, of all members (RFC 1952); no more than is allowed is ever in memory."""
    parts: list[bytes] = []
    size = 0
    while body:
        member = zlib.decompressobj(_GZIP)
        while not member.eof:
            try:
                part = member.decompress(body, _STEP)
            except zlib.error as error:
                raise BadRequest("The body is not the gzip that Content-Encoding says.") from error
            size += len(part)
            if size > MAX_UNPACKED:
                raise BodyTooLarge(f"The body has more than {MAX_UNPACKED} bytes after gzip.")
            if not part and not member.unconsumed_tail and not member.eof:
                raise BadRequest("The gzip of the body ends in the middle.")
            parts.append(part)
            body = member.unconsumed_tail
        body = member.unused_data
    return b"".join(parts)


def from_base64(text: str) -> tuple[bytes, str]:
    """Return a document's bytes and the media type that a data URI names, empty if it is none.

    White space between the characters is left out, as MIME has it (RFC 2045). Raises BadRequest.
    """
    media_type = ""
    if text[:5].lower() == "data:":
        match = _DATA_URI.match(text)
        if not match or not match[2]:
            raise at_field(BadRequest("The data URI is not in base64."), "content")
        text, media_type = text[match.end() :], match[1].lower()
    try:
        return base64.b64decode("".join(text.split()), validate=True), media_type
    except (binascii.Error, ValueError) as error:
        raise at_field(BadRequest("The content is not base64."), "content") from error
