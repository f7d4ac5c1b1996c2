"""What OpenAPI says of each route: parameters, bodies, answers and examples."""

from folio.api.negotiation import FORMS
from folio.api.openapi.parameters import header, in_path, in_query, option_parameters, options_schema
from folio.api.openapi.parts import BINARY, Schema, answers, headers, json_body, ref

# A white picture of 8 by 8 pixels: a document without a word on it.
BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAADElEQVR4nGP4z4ACAT/QB/lZ0JoNAAAAAElFTkSuQmCC"
JOB = "A" * 32
_IDEMPOTENCY = header(
    "Idempotency-Key",
    "Of your making, new with each request: the request repeated gets the same answer and is done once.",
    pattern="^[!-~]{1,255}$",
)
_OPTIONS_NOTE = "The options of the document are parameters, fields of the form, or `options` of the JSON."

_FORM: Schema = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": BINARY, "filename": {"type": "string"}, **options_schema()["properties"]},
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
        header(
            "Prefer",
            "`respond-async`: make a job of it at once. `keep`: make a job too of what is answered at once (Location).",
            enum=["respond-async", "keep"],
        ),
    ],
    "requestBody": {
        "required": True,
        "description": "The document itself, a form with it, its bytes in base64, or where it lies in S3. A document "
        "may have its own media type in place of application/octet-stream: it is known by its content.",
        "content": {
            "application/octet-stream": {"schema": BINARY},
            "multipart/form-data": {"schema": _FORM},
            **json_body(
                ref("JsonDocumentRequest"),
                document={"content": BLANK, "filename": "blank.png", "options": {"languages": "eng"}},
            ),
        },
    },
    "responses": answers(
        {
            "200": {
                "description": "What was read.",
                "headers": headers("X-Request-Id", "Folio-Status"),
                "content": {
                    kind: {"schema": ref("Result") if kind == "application/json" else {"type": "string"}}
                    for kind in FORMS
                },
            },
            "204": {
                "description": "It was read, and has no tables: of CSV and workbooks there is nothing.",
                "headers": headers("X-Request-Id", "Folio-Status"),
            },
            "202": {
                "description": "The document has become a job.",
                "headers": headers("X-Request-Id", "Location", "Retry-After"),
                "content": json_body(ref("Job")),
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
        "content": json_body(
            ref("UploadRequest"),
            scan={"filename": "scan.pdf", "content_type": "application/pdf", "bytes": 31_000_000},
            options={"filename": "a.tif", "content_type": "image/tiff", "options": {"languages": "eng", "dpi": 300}},
        ),
    },
    "responses": answers(
        {
            "201": {
                "description": "Where to put it.",
                "headers": headers("X-Request-Id", "Location"),
                "content": json_body(ref("Upload")),
            }
        },
        408, 409, 413, 415, 422,
    ),
}  # fmt: skip

_JOB_ID = in_path("id", "As it was told when the job was made.", type="string", pattern="^[A-Za-z0-9_-]{32}$")

GET_JOB: Schema = {
    "summary": "How far a job is",
    "description": "Its links hold for a quarter of an hour; ask again for new ones. With `Accept: text/event-stream` "
    "`folio serve` sends it anew whenever it has changed, until it is finished (server-sent events named `job`); API "
    "Gateway answers with the job as it is.",
    "parameters": [_JOB_ID],
    "responses": answers(
        {
            "200": {
                "description": "The job.",
                "headers": headers("X-Request-Id", "Retry-After"),
                "content": json_body(ref("Job")),
            }
        },
        404,
    ),
}

DELETE_JOB: Schema = {
    "summary": "Cancel or delete a job",
    "description": "Its reading ends, and the document and all that was made of it are deleted.",
    "parameters": [_JOB_ID],
    "responses": answers({"204": {"description": "It is gone.", "headers": headers("X-Request-Id")}}, 404, 405),
}

MAKE_OUTPUTS: Schema = {
    "summary": "Make more forms of a job's result",
    "description": "From its pages, none of which is read again, and with its corrections. Forms that were made before "
    "it was corrected are made anew. The links of the job name what there is afterwards.",
    "parameters": [_JOB_ID],
    "requestBody": {
        "required": True,
        "content": json_body(ref("OutputsRequest"), pdf={"outputs": ["pdf"]}, corrected={"outputs": []}),
    },
    "responses": answers(
        {"200": {"description": "The job.", "headers": headers("X-Request-Id"), "content": json_body(ref("Job"))}},
        404, 409, 413, 415, 422, 502, 504,
    ),
}  # fmt: skip

_STORED = [
    {"required": True, **in_query("key", "Of the stored document.", type="string", minLength=1, maxLength=1024)},
    in_query("bucket", "Of the document; the one that Folio reads, if it is left out.", type="string"),
    in_query("pages", "The range of pages that was read.", type="string"),
    in_query("attachment", "The attached document that was read.", type="string"),
]
_REVIEW = {
    "200": {
        "description": "All corrections.",
        "headers": headers("X-Request-Id", "ETag"),
        "content": json_body(ref("Review")),
    }
}
_PATCH = {
    "required": True,
    "content": json_body(
        ref("ReviewPatch"),
        word={"by": "Ann", "edits": [{"page": 1, "location": "lines/0/words/2", "read": "tlme", "text": "time"}]},
    ),
}
_IF_MATCH = {
    "required": True,
    **header("If-Match", "The ETag of the corrections that these are added to.", pattern='^"[0-9]{1,9}"$'),
}


def _get_review(what: str, parameters: list[Schema]) -> Schema:
    return {
        "summary": f"What people have corrected of {what}",
        "description": "The result itself stays as it was read. Before the first correction the list is empty.",
        "parameters": parameters,
        "responses": answers(_REVIEW, 404),
    }


def _patch_review(what: str, parameters: list[Schema]) -> Schema:
    return {
        "summary": f"Correct {what}",
        "description": "Adds corrections to those of If-Match. Who comes second gets 412 with the newer ones, and "
        "sends again those that do not contradict. Places are counted from 0 as in the result.",
        "parameters": [*parameters, _IF_MATCH],
        "requestBody": _PATCH,
        "responses": answers(_REVIEW, 404, 412, 413),
    }


GET_PAGE: Schema = {
    "summary": "One page of a job",
    "description": "As it was read, as soon as it is, or as a picture to look at: as the reader sees it, 1600 pixels "
    "at most.",
    "parameters": [
        _JOB_ID,
        in_path("number", "Counted from 1 in the document.", type="integer", minimum=1, maximum=99_999),
    ],
    "responses": answers(
        {
            "200": {
                "description": "The page.",
                "headers": headers("X-Request-Id"),
                "content": json_body(ref("Page")) | {"image/png": {"schema": BINARY}},
            }
        },
        404, 406, 413, 415, 422, 502, 504,
    ),
}  # fmt: skip

GET_FOLDER: Schema = {
    "summary": "Documents of a folder",
    "description": "`folio serve DIR` shows a folder: its documents that have a result are jobs that are finished, "
    "known to every caller, and are corrected as such. Anywhere else it is 404.",
    "parameters": [
        in_query("search", "What the names hold, in upper or lower case.", type="string"),
        in_query("after", "The `next` of the documents before.", type="string"),
    ],
    "responses": answers(
        {
            "200": {
                "description": "Up to 100 documents, in the order of their names.",
                "headers": headers("X-Request-Id"),
                "content": json_body(ref("FolderList")),
            }
        },
        404,
    ),
}

GET_PROVIDERS: Schema = {
    "summary": "Who can read here",
    "responses": answers(
        {
            "200": {
                "description": "All providers, and what those lack that cannot be used.",
                "headers": headers("X-Request-Id"),
                "content": json_body({"type": "array", "items": ref("ProviderStatus")}),
            }
        }
    ),
}

GET_HEALTH: Schema = {
    "summary": "Whether the API is there",
    "responses": answers(
        {
            "200": {
                "description": "It is.",
                "headers": headers("X-Request-Id"),
                "content": json_body(ref("Health"), ok={"status": "ok", "version": "0.1.0"}),
            }
        }
    ),
}

OPERATIONS = {
    "readDocument": READ_DOCUMENT,
    "createUpload": CREATE_UPLOAD,
    "getJob": GET_JOB,
    "deleteJob": DELETE_JOB,
    "makeOutputs": MAKE_OUTPUTS,
    "getPage": GET_PAGE,
    "getJobReview": _get_review("a job's result", [_JOB_ID]),
    "correctJob": _patch_review("a job's result", [_JOB_ID]),
    "getDocumentReview": _get_review("a stored document's result", _STORED),
    "correctDocument": _patch_review("a stored document's result", _STORED),
    "getFolder": GET_FOLDER,
    "getProviders": GET_PROVIDERS,
    "getHealth": GET_HEALTH,
}
