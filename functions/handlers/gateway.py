"""API Gateway's REST proxy events as requests, and responses as what API Gateway wants of a function.

Source: API Gateway developer guide, "Input format of a Lambda function for proxy integration".
"""

import base64
import binascii
import hashlib
from typing import Any

from aws_lambda_powertools.event_handler import Response

from folio.api.http import HttpRequest, HttpResponse
from folio.api.requests import once
from folio.errors import BadRequest

type Event = dict[str, Any]

ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def request_of(event: Event, values: dict[str, str], request_id: str) -> HttpRequest:
    """Raises BadRequest."""
    context = event["requestContext"]
    headers = {name.lower(): ",".join(lines) for name, lines in (event.get("multiValueHeaders") or {}).items()}
    return HttpRequest(
        method=event["httpMethod"],
        path=event["path"],
        at=context.get("path") or event["path"],
        values=values,
        headers=headers,
        query=once((event.get("multiValueQueryStringParameters") or {}).items()),
        body=_body(event.get("body"), bool(event.get("isBase64Encoded"))),
        caller=caller_of(context),
        owner=owner_of(context),
        request_id=request_id,
    )


def _body(body: str | None, encoded: bool) -> bytes:
    try:
        return base64.b64decode(body or "", validate=True) if encoded else (body or "").encode()
    except (binascii.Error, ValueError) as error:
        raise BadRequest("The body did not arrive whole.") from error


def owner_of(context: Event) -> str:
    """Return who calls, as a part of keys.

    It is a digest of the API key, of what all sessions of a role share, or of whom a token is about. Raises BadRequest
    for a token that is about nobody.
    """
    return hashlib.sha256(_identity(context).encode()).hexdigest()[:24]


def caller_of(context: Event) -> str:
    """Return who calls as an installation's settings name them. Raises BadRequest as `owner_of` does."""
    return _identity(context).replace(" ", ":")


def _identity(context: Event) -> str:
    claims = (context.get("authorizer") or {}).get("claims")
    return _subject(claims) if claims else _caller(context.get("identity") or {})


def _caller(identity: Event) -> str:
    return str(identity.get("apiKeyId") or str(identity.get("caller") or "").partition(":")[0])


def _subject(claims: Event) -> str:
    """Return issuer and subject: one subject of two issuers is two callers."""
    subject = claims.get("sub") or claims.get("client_id")
    if not subject:
        raise BadRequest("The token says neither who it is about (sub) nor whom it was given to (client_id).")
    return f"{claims.get('iss')} {subject}"


def response_of(response: HttpResponse, request_id: str, origin: str) -> Response[bytes | str]:
    """`origin` is that of web pages elsewhere that may call, if any may.

    What is not text goes in base64 on the way. Text does not: `sam local` decodes only where Accept names its type.
    """
    headers = ALWAYS | {"X-Request-Id": request_id} | dict(response.headers)
    if origin:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "*"}
    body = response.body.decode() if _is_text(response.media_type) else response.body
    return Response(response.status, response.media_type, body, {**headers})


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") or media_type.endswith(("json", "xml"))
