"""What operations of the OpenAPI document are made of: answers, errors, headers and bodies."""

from typing import Any

type Schema = dict[str, Any]

BINARY: Schema = {"type": "string", "format": "binary"}
_ALWAYS = (400, 401, 403, 429, 500, 503)

ERRORS = {
    400: "The request, or an option, does not fit; `field` says which.",
    401: "The key is missing or not known.",
    403: "Nobody may do that, or Folio itself may not.",
    404: "It is not there, or not yours.",
    405: "The address knows other methods.",
    406: "The answer cannot be given in a form that Accept names.",
    408: "The rest of the request did not come in time.",
    409: "The document has changed, or a request with this Idempotency-Key is still being answered.",
    412: "Somebody else has corrected the document meanwhile; the member `review` is the newer version.",
    413: "The body is too large for a call (send it with `createUpload`), or the document for Folio.",
    415: "It is no document of the types that Folio reads.",
    422: "The document cannot be read, or the Idempotency-Key came with another request before.",
    429: "Too much at once; try again after the seconds that Retry-After names.",
    500: "Folio is not set up right, or made a mistake.",
    502: "An engine or a provider failed.",
    503: "Something Folio depends on is out of order.",
    504: "It took too long.",
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def json_body(schema: Schema, **examples: Any) -> Schema:
    named_examples = {name: {"value": value} for name, value in examples.items()}
    return {"application/json": {"schema": schema} | ({"examples": named_examples} if named_examples else {})}


def answers(good: dict[str, Schema], *errors: int) -> Schema:
    codes = sorted({*_ALWAYS, *errors})
    return good | {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}


def headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
