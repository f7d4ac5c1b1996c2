"""The API as an OpenAPI 3.1 document: routes, operations, and the schemas of the models."""

from typing import Any

import msgspec

from folio.api.jobs import OutputsRequest
from folio.api.openapi.operations import OPERATIONS
from folio.api.openapi.parameters import options_schema
from folio.api.openapi.parts import ERRORS, ref
from folio.api.problems import MEDIA_TYPE
from folio.api.requests import JsonDocumentRequest
from folio.api.reviews import ReviewPatch
from folio.api.routes import ROUTES
from folio.api.status import Health, ProviderStatus
from folio.api.uploads import UNKNOWN, Upload, UploadRequest
from folio.documents.kinds import media_types
from folio.jobs.folder import FolderList
from folio.jobs.records import Job
from folio.models import Page, Result, Review
from folio.problems import ProblemDocument
from folio.version import __version__

_MODELS = (
    Result, Page, Job, FolderList, OutputsRequest, Review, ReviewPatch, JsonDocumentRequest, UploadRequest, Upload,
    ProviderStatus, Health, ProblemDocument,
)  # fmt: skip
_HEADERS = {
    "X-Request-Id": "Names this call in the log, and what comes of it.",
    "Location": "Address of the job.",
    "Retry-After": "Seconds after which to ask again.",
    "Folio-Status": "complete, or partial where some of it was not read.",
    "ETag": "The version of the corrections.",
    "Allow": "The methods that the address knows.",
}


def openapi() -> dict[str, Any]:
    """The document; `docs/openapi.json` holds it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Folio",
            "version": __version__,
            "description": "Reads documents: PDFs and pictures become text with the place of every word.",
        },
        "servers": [{"url": "/", "description": "The stage of the API, or `folio serve`."}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
            "headers": {name: {"description": about, "schema": {"type": "string"}} for name, about in _HEADERS.items()},
            "responses": {str(status): _error(about, status) for status, about in ERRORS.items()},
            "schemas": _schemas(),
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for route in ROUTES:
        if operation := OPERATIONS.get(route.name):
            paths.setdefault(route.path, {})[route.method.lower()] = {"operationId": route.name, **operation}
    return paths


def _error(about: str, status: int) -> dict[str, Any]:
    status_headers = {405: ["Allow"], 412: ["ETag"], 409: ["Retry-After"], 429: ["Retry-After"], 503: ["Retry-After"]}
    names = ["X-Request-Id", *status_headers.get(status, [])]
    return {
        "description": about,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {MEDIA_TYPE: {"schema": ref(ProblemDocument.__name__)}},
    }


def _schemas() -> dict[str, Any]:
    _, schemas = msgspec.json.schema_components(_MODELS, ref_template="#/components/schemas/{name}")
    for model in (JsonDocumentRequest, UploadRequest):
        schemas[model.__name__]["properties"]["options"] = ref("Options")
    schemas[UploadRequest.__name__]["properties"]["content_type"]["enum"] = [*media_types(), UNKNOWN]
    document_request = schemas[JsonDocumentRequest.__name__]
    document_request["properties"]["content"] = {"type": "string", "contentEncoding": "base64"}
    document_request["properties"]["s3"] = ref("S3Object")
    return {"Options": options_schema(), **_with_arrays(schemas)}


def _with_arrays(schema: Any) -> Any:
    """Say the same of tuples by `items`, `minItems` and `maxItems`: generators of clients know no `prefixItems`."""
    if isinstance(schema, list):
        return [_with_arrays(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: _with_arrays(part) for name, part in schema.items()}
    if first := parts.pop("prefixItems", None):
        parts["items"] = first[0]  # all are alike: points, and their coordinates
    return parts
