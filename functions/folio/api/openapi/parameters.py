"""The options of a document as OpenAPI parameters, from the same tables that check them."""

from typing import Any

from folio.config.options import MODES, OCR, OUTPUTS, PROVIDERS, PSMS, RECIPES
from folio.config.provider_options import SWITCHES

type Schema = dict[str, Any]

_CHAIN = f"({'|'.join(PROVIDERS)})"
_KINDS = f"({'|'.join(OUTPUTS)})"
_LANGUAGE = "[A-Za-z0-9_]+(/[A-Za-z0-9_]+)?"
_RANGE = "[1-9][0-9]{0,6}(-([1-9][0-9]{0,6})?)?"


def _text(about: str, **schema: Any) -> Schema:
    return {"type": "string", "description": about, **schema}


OPTIONS: dict[str, Schema] = {
    "providers": _text("Who reads, in the order in which they are asked.", pattern=f"^{_CHAIN}(,{_CHAIN})*$"),
    "mode": _text("What is read.", enum=list(MODES)),
    "languages": _text("As Tesseract names them.", pattern=f"^{_LANGUAGE}([+,]{_LANGUAGE})*$", example="eng+chi_sim"),
    "pages": _text("Which pages; all, if it is left out.", pattern=f"^{_RANGE}(,{_RANGE})*$", example="1-3,7"),
    "recipe": _text("How a page is prepared before it is read.", enum=list(RECIPES)),
    "dpi": {
        "type": "integer",
        "minimum": 50,
        "maximum": 1200,
        "description": "Resolution at which pages of a PDF are drawn.",
    },
    "ocr": _text("Whether a PDF's own text is read instead: where it is good, nowhere, everywhere.", enum=list(OCR)),
    "psm": _text("Tesseract's page segmentation mode.", enum=list(PSMS)),
    "second_pass": {
        "type": "number",
        "minimum": 0,
        "maximum": 9,
        "description": "How many letters of a page may be read again, 1 being all of them. At most four decimals.",
    },
    "outputs": _text("Files that a job leaves beside its result.", pattern=f"^({_KINDS}(,{_KINDS})*|none)$"),
    "min_confidence": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "Below this confidence the next provider is asked too. At most four decimals.",
    },
    "max_calls": {
        "type": "integer",
        "minimum": 0,
        "maximum": 999_999,
        "description": "Paid calls for the document at most.",
    },
    "id_card_side": _text("Which side of an ID card it is.", enum=["auto", "front", "back"]),
}


def options_schema() -> Schema:
    """All options of a document, the switches of single providers included."""
    return {"type": "object", "properties": {**OPTIONS, **_switches()}, "additionalProperties": False}


def _switches() -> dict[str, Schema]:
    found = {}
    for name, reach in SWITCHES.items():
        values = dict.fromkeys(value for one in reach.values() for value in one.values)
        found[name] = _text(f"A switch of {', '.join(reach)}.", enum=list(values))
    return found


def option_parameters() -> list[Schema]:
    """One for each option, in the query."""
    options: dict[str, Schema] = {**OPTIONS, **_switches()}
    return [_parameter("query", name, dict(schema)) for name, schema in options.items()]


def header(name: str, about: str, **schema: Any) -> Schema:
    return _parameter("header", name, {"type": "string", "description": about, **schema})


def _parameter(place: str, name: str, schema: Schema) -> Schema:
    about = schema.pop("description")
    return {"name": name, "in": place, "description": about, "schema": schema}


def in_path(name: str, about: str, **schema: Any) -> Schema:
    return {"required": True, **_parameter("path", name, {"description": about, **schema})}


def in_query(name: str, about: str, **schema: Any) -> Schema:
    return _parameter("query", name, {"description": about, **schema})
