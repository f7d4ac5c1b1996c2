"""The API's reference as a web page, made of the OpenAPI document: no script, and nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

type Schema = Mapping[str, Any]

_SHOWN_PARAMETERS = 8  # parameters that are shown at once; of more, the rest is folded away


def page(document: Schema, styles: list[str]) -> str:
    """Return the page; `styles` are addresses of its styles, relative to it."""
    return "".join(_parts(document, styles))


def _parts(document: Schema, styles: list[str]) -> Iterator[str]:
    info = document["info"]
    links = "".join(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles)
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(info['title'])} API</title>{links}</head><body>"
        f'<a class="skip" href="#main">To the content</a><header class="top"><h1>{escape(info["title"])} API</h1>'
        f"<p>{escape(info['description'])}</p></header>"
    )
    operations = list(_operations(document))
    yield '<div class="reference"><nav aria-label="Contents"><h2>Calls</h2><ul>'
    yield "".join(f'<li><a href="#{one["operationId"]}">{escape(one["summary"])}</a></li>' for _, _, one in operations)
    names = list(document["components"]["schemas"])
    yield "</ul><h2>Schemas</h2><ul>"
    yield "".join(f'<li><a href="#{_anchor(name)}">{escape(name)}</a></li>' for name in names)
    yield (
        '</ul></nav><main id="main" tabindex="-1"><p>Version '
        f'{escape(info["version"])} · <a href="openapi.json">openapi.json</a> (OpenAPI {escape(document["openapi"])})'
        ' makes clients · <a href="./">the web page</a></p>'
    )
    for path, method, operation in operations:
        yield _operation(path, method, operation, document)
    yield "<h2>Schemas</h2>"
    for name in names:
        yield _model(name, document["components"]["schemas"][name])
    yield "</main></div></body></html>\n"


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _operation(path: str, method: str, operation: Schema, document: Schema) -> str:
    return (
        f'<section class="card" id="{operation["operationId"]}"><h2>{escape(operation["summary"])}</h2>'
        f"<p><code><b>{method.upper()}</b> {escape(path)}</code></p>"
        f"<p>{_prose(operation.get('description', ''))}</p>"
        f"<pre><code>{escape(_call(path, method, operation))}</code></pre>"
        f"{_parameters(operation)}{_body(operation)}{_responses(operation, document)}</section>"
    )


def _call(path: str, method: str, operation: Schema) -> str:
    """Return the call with curl: of a document, a file; of JSON, its first example."""
    address = f"$API{path}"
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return f'curl -H "X-Api-Key: $KEY" -F file=@scan.pdf "{address}"'
    if examples := content.get("application/json", {}).get("examples"):
        body = json.dumps(next(iter(examples.values()))["value"], ensure_ascii=False)
        return f'curl -H "X-Api-Key: $KEY" -H "Content-Type: application/json" \\\n  -d \'{body}\' "{address}"'
    method = "" if method == "get" else f"-X {method.upper()} "
    return f'curl {method}-H "X-Api-Key: $KEY" "{address}"'


def _parameters(operation: Schema) -> str:
    parameters = operation.get("parameters", [])
    if not parameters:
        return ""
    rows = [
        _row(one["name"], f"{one['in']}, {_type(one['schema'])}", one["description"], one.get("required", False))
        for one in parameters
    ]
    first, others = (
        (rows, []) if len(rows) <= _SHOWN_PARAMETERS else (rows[:_SHOWN_PARAMETERS], rows[_SHOWN_PARAMETERS:])
    )
    folded = f"<details><summary>{len(others)} more</summary>{_table(others)}</details>" if others else ""
    return f"<h3>Parameters</h3>{_table(first)}{folded}"


def _body(operation: Schema) -> str:
    body = operation.get("requestBody")
    if not body:
        return ""
    kinds = "".join(
        f"<li><code>{escape(kind)}</code>: {_type(content['schema'])}</li>" for kind, content in body["content"].items()
    )
    return f"<h3>Body</h3><p>{_prose(body.get('description', ''))}</p><ul>{kinds}</ul>"


def _responses(operation: Schema, document: Schema) -> str:
    rows = []
    for status, response in operation["responses"].items():
        described = document["components"]["responses"][status] if "$ref" in response else response
        kinds = ", ".join(
            f"<code>{escape(kind)}</code> ({_type(content['schema'])})"
            for kind, content in described.get("content", {}).items()
        )
        rows.append(
            f"<tr><th scope=row><code>{status}</code></th><td>{escape(described['description'])} {kinds}</td></tr>"
        )
    return f"<h3>Answers</h3><table>{''.join(rows)}</table>"


def _model(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    rows = [
        _row(member, _type(part), part.get("description", ""), member in required)
        for member, part in schema.get("properties", {}).items()
    ]
    return (
        f'<section class="card" id="{_anchor(name)}"><h3>{escape(name)}</h3>'
        f"<p>{_prose(schema.get('description', ''))}</p>{_table(rows)}</section>"
    )


def _row(name: str, kind: str, about: str, required: bool) -> str:
    needed = " <b>(required)</b>" if required else ""
    return f"<tr><th scope=row><code>{escape(name)}</code>{needed}</th><td>{kind}</td><td>{_prose(about)}</td></tr>"


def _table(rows: list[str]) -> str:
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _type(schema: Schema) -> str:
    """Return how a value is written, as HTML; models are links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{_anchor(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"array of {_type(schema.get('items', {}))}"
    if schema.get("additionalProperties"):
        return f"object of {_type(schema['additionalProperties'])}"
    return escape(schema.get("format", schema.get("type", "any")))


def _prose(text: str) -> str:
    """Return a description as HTML: what stands between backticks is code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _anchor(name: str) -> str:
    return f"schema-{quote(name)}"
