"""The options of a document as OpenAPI parameters, from the table that checks them."""

from typing import Any

from folio.options.table import Option, options, switch_options

type Schema = dict[str, Any]


def options_schema() -> Schema:
    """Return the schema of all options of a document, the switches of single providers included."""
    return {
        "type": "object",
        "properties": {name: _schema(option) for name, option in _all().items()},
        "additionalProperties": False,
    }


def option_parameters() -> list[Schema]:
    """Return a parameter in the query for each option."""
    return [_parameter("query", name, _schema(option)) for name, option in _all().items()]


def _all() -> dict[str, Option]:
    return options() | switch_options()


def _schema(option: Option) -> Schema:
    schema = option.kind.schema() | {"description": option.english}
    return schema | ({"example": option.example} if option.example else {})


def header(name: str, about: str, **schema: Any) -> Schema:
    return _parameter("header", name, {"type": "string", "description": about, **schema})


def _parameter(location: str, name: str, schema: Schema) -> Schema:
    about = schema.pop("description")
    return {"name": name, "in": location, "description": about, "schema": schema}


def in_path(name: str, about: str, **schema: Any) -> Schema:
    return {"required": True, **_parameter("path", name, {"description": about, **schema})}


def in_query(name: str, about: str, **schema: Any) -> Schema:
    return _parameter("query", name, {"description": about, **schema})
