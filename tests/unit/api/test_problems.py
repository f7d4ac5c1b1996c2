"""Problem documents, the OpenAPI document, and the routes."""

import inspect
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from folio import errors
from folio.api.openapi.document import openapi
from folio.api.openapi.operations import OPERATIONS
from folio.api.openapi.parameters import options_schema
from folio.api.openapi.parts import ERRORS
from folio.api.problems import MEDIA_TYPE, problem_response
from folio.api.routes import ROUTES, missing
from folio.errors import Busy, FolioError, MethodNotAllowed, Throttled
from folio.models import Problem, decode, encode
from folio.options.resolve import parse_options
from folio.options.table import options, switches
from folio.problems import ProblemDocument, problem_of_report

DOCUMENT = openapi()
CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, FolioError)]


def raised(kind: type[FolioError]) -> FolioError:
    return kind("What happened.", ("GET",)) if kind is MethodNotAllowed else kind("What happened.")


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **DOCUMENT})


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_a_problem_document(kind: type[FolioError]) -> None:
    answer = problem_response(raised(kind), "an-id")
    assert answer.media_type == MEDIA_TYPE
    told = json.loads(answer.body)
    validator("ProblemDocument").validate(told)
    assert (told["status"], told["detail"], told["hint"]) == (answer.status, "What happened.", kind.hint)
    assert told["request_id"] == "an-id"
    assert "field" not in told
    stored = problem_of_report(Problem(kind.__name__, "What happened.", kind.hint))
    assert encode(stored) == encode(decode(answer.body, ProblemDocument)).replace(b',"request_id":"an-id"', b"")


@pytest.mark.parametrize("kind", CLASSES)
def test_every_status_is_described(kind: type[FolioError]) -> None:
    # What a newer version does away with, and what an upload alone can meet, comes to no caller.
    assert kind.http_status in ERRORS


def test_who_is_to_wait_is_told_how_long() -> None:
    assert problem_response(Busy("Full.", 2.3)).headers["Retry-After"] == "3"
    assert problem_response(Throttled("Slowly.", 7)).headers["Retry-After"] == "7"
    assert "Retry-After" in problem_response(Throttled("Slowly.")).headers
    assert problem_response(MethodNotAllowed("No.", ("GET", "POST"))).headers["Allow"] == "GET, POST"


def test_the_document_is_one() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for name, target in references(DOCUMENT):
        assert target in DOCUMENT["components"][name], target


def references(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        own = [tuple(value["$ref"].split("/")[2:])] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in references(part)]
    return [found for part in value for found in references(part)] if isinstance(value, list) else []


def test_it_describes_every_route_but_the_page() -> None:
    described = {(path, method.upper()) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert described == {(route.path, route.method) for route in ROUTES if not route.open}
    assert set(OPERATIONS) == {route.name for route in ROUTES if not route.open}


def test_its_examples_fit_it() -> None:
    seen = 0
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for told in (kind for body in bodies for kind in body.get("content", {}).values()):
                for example in told.get("examples", {}).values():
                    Draft202012Validator({**told["schema"], **DOCUMENT}).validate(example["value"])
                    seen += 1
    assert seen >= 4


def test_it_knows_every_option_and_what_it_allows_is_allowed() -> None:
    assert set(options_schema()["properties"]) == {*options(), *switches()}
    for name in options():
        schema = options_schema()["properties"][name]
        for value in schema.get("enum") or [schema[one] for one in ("example", "minimum", "maximum") if one in schema]:
            assert parse_options({name: str(value)})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/documents", 405),
        ("POST", "/v1/nothing", 404),
        ("GET", "/v1/jobs/\U0001019c", 404),
        ("GET", "", 404),
    ],
)
def test_why_there_is_no_route(method: str, path: str, status: int) -> None:
    assert missing(method, path).http_status == status
