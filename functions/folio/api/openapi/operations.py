"""What OpenAPI says of each route: parameters, bodies, answers and examples."""

from typing import Any

from folio.api.negotiation import FORMS
from folio.api.openapi.parameters import header, in_path, in_query, option_parameters, options_schema
from folio.api.uploads import TYPES

type Schema = dict[str, Any]

# A white picture of 8 by 8 pixels: a document without a word on it.
BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAADElEQVR4nGP4z4ACAT/QB/lZ0JoNAAAAAElFTkSuQmCC"
JOB = "A" * 32
_BINARY: Schema = {"type": "string", "format": "binary"}
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


def _json(schema: Schema, **examples: Any) -> Schema:
    named_examples = {name: {"value": value} for name, value in examples.items()}
    return {"application/json": {"schema": schema} | ({"examples": named_examples} if named_examples else {})}


def _answers(good: dict[str, Schema], *errors: int) -> Schema:
    codes = sorted({*_ALWAYS, *errors})
    return good | {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}


def _headers(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_IDEMPOTENCY = header(
    "Idempotency-Key",
    "Of your making, new with each request: the request repeated gets the same answer and is done once.",
    pattern="^[!-~]{1,255}$",
)
_OPTIONS_NOTE = "The options of the document are parameters, fields of the form, or `options` of the JSON."

_FORM: Schema = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": _BINARY, "filename": {"type": "string"}, **options_schema()["properties"]},
    "additionalProperties": False,
}

READ_DOCUMENT: Schema = {
    "summary": "Read a document",
    "description": "It is answered with what was read, in the form that Accept asks for, and not stored. What takes "
    f"too long, or asks for it with Prefer, becomes a job. {_OPTIONS_NOTE}",
    "parameters": [
        in_query("filename", "Name of the document, where the body has none.", type="string", maxLength=255),
        *option_parameters(),
        _IDEMPOTENCY,
        header("Prefer", "`respond-async`: make a job of it at once.", enum=["respond-async"]),
    ],
    "requestBody": {
        "required": True,
        "description": "The document itself, a form with it, its bytes in base64, or where it lies in S3.",
        "content": {
            **{kind: {"schema": _BINARY} for kind in TYPES},
            "multipart/form-data": {"schema": _FORM},
            **_json(
                ref("JsonDocumentRequest"),
                document={"content": BLANK, "filename": "blank.png", "options": {"languages": "eng"}},
            ),
        },
    },
    "responses": _answers(
        {
            "200": {
                "description": "What was read.",
                "headers": _headers("X-Request-Id", "Folio-Status"),
                "content": {
                    kind: {"schema": ref("Result") if kind == "application/json" else {"type": "string"}}
                    for kind in FORMS
                },
            },
            "202": {
                "description": "The document has become a job.",
                "headers": _headers("X-Request-Id", "Location", "Retry-After"),
                "content": _json(ref("Job")),
            },
        },
        404, 406, 408, 409, 413, 415, 422, 502, 504,
    ),
}  # fmt: skip

CREATE_UPLOAD: Schema = {
    "summary": "Ask where to put a large document",
    "description": "It answers with an address and the fields of a form: send these and then the document as `file`. "
    "It becomes a job as soon as it is there.",
    "parameters": [_IDEMPOTENCY],
    "requestBody": {
        "required": True,
        "content": _json(
            ref("UploadRequest"),
            scan={"filename": "scan.pdf", "content_type": "application/pdf", "bytes": 31_000_000},
            options={"filename": "a.tif", "content_type": "image/tiff", "options": {"languages": "eng", "dpi": 300}},
        ),
    },
    "responses": _answers(
        {
            "201": {
                "description": "Where to put it.",
                "headers": _headers("X-Request-Id", "Location"),
                "content": _json(ref("Upload")),
            }
        },
        408, 409, 413, 415, 422,
    ),
}  # fmt: skip

_JOB_ID = in_path("id", "As it was told when the job was made.", type="string", pattern="^[A-Za-z0-9_-]{32}$")

GET_JOB: Schema = {
    "summary": "How far a job is",
    "description": "Its links hold for a quarter of an hour; ask again for new ones.",
    "parameters": [_JOB_ID],
    "responses": _answers(
        {
            "200": {
                "description": "The job.",
                "headers": _headers("X-Request-Id", "Retry-After"),
                "content": _json(ref("Job")),
            }
        },
        404,
    ),
}

GET_PAGE: Schema = {
    "summary": "One page of a job",
    "description": "As it was read, or as a picture to look at: as the reader sees it, 1600 pixels at most.",
    "parameters": [
        _JOB_ID,
        in_path("number", "Counted from 1 in the document.", type="integer", minimum=1, maximum=99_999),
    ],
    "responses": _answers(
        {
            "200": {
                "description": "The page.",
                "headers": _headers("X-Request-Id"),
                "content": _json(ref("Page")) | {"image/png": {"schema": _BINARY}},
            }
        },
        404, 406, 413, 415, 422, 502, 504,
    ),
}  # fmt: skip

GET_PROVIDERS: Schema = {
    "summary": "Who can read here",
    "responses": _answers(
        {
            "200": {
                "description": "All providers, and what those lack that cannot be used.",
                "headers": _headers("X-Request-Id"),
                "content": _json({"type": "array", "items": ref("ProviderStatus")}),
            }
        }
    ),
}

GET_HEALTH: Schema = {
    "summary": "Whether the API is there",
    "responses": _answers(
        {
            "200": {
                "description": "It is.",
                "headers": _headers("X-Request-Id"),
                "content": _json(ref("Health"), ok={"status": "ok", "version": "0.1.0"}),
            }
        }
    ),
}

OPERATIONS = {
    "readDocument": READ_DOCUMENT,
    "createUpload": CREATE_UPLOAD,
    "getJob": GET_JOB,
    "getPage": GET_PAGE,
    "getProviders": GET_PROVIDERS,
    "getHealth": GET_HEALTH,
}
