"""functions/folio/web/choices.js: what the page's form offers, and how it is called in both languages."""

import json
from typing import Any

from folio.options.table import Option, options
from folio.providers.registry import declarations

# What the form has fields of its own for; every other option gets one by its kind.
OWN_FIELDS = ("providers", "mode", "languages", "outputs")
PREFIXES = {"providers": "provider", "mode": "mode", "outputs": "output"}


def web_choices() -> str:
    constants = {
        "PAID": [name for name, declared in declarations().items() if declared.paid],
        # Plain text is always there.
        "OUTPUTS": [kind for kind in reversed(options()["outputs"].kind.values) if kind != "text"],
        "OPTIONS": [_field(option) for option in options().values() if option.name not in OWN_FIELDS],
        "ENGLISH": _messages(chinese=False),
        # What both languages call alike stands in the one that the page falls back to.
        "CHINESE": _differing(_messages(chinese=True), _messages(chinese=False)),
    }
    lines = ["// Written by `make generate` from the options and the providers."]
    lines += [f"export const {name} = {_literal(value)};" for name, value in constants.items()]
    return "\n".join(lines) + "\n"


def _field(option: Option) -> dict[str, Any]:
    schema = option.kind.schema()
    return {
        "name": option.name,
        "values": list(option.kind.values),
        "type": schema["type"],
        "minimum": schema.get("minimum"),
        "maximum": schema.get("maximum"),
        "example": option.example,
    }


def _messages(*, chinese: bool) -> dict[str, str]:
    texts = {}
    for option in options().values():
        if option.name not in OWN_FIELDS:
            texts[f"option.{option.name}"] = option.chinese if chinese else option.english
        prefix = PREFIXES.get(option.name, f"value.{option.name}")
        for value in option.kind.values:
            texts[f"{prefix}.{value}"] = option.label(value, chinese=chinese)
    return texts


def _differing(messages: dict[str, str], others: dict[str, str]) -> dict[str, str]:
    return {key: message for key, message in messages.items() if others[key] != message}


def _literal(value: Any) -> str:
    """JSON with a line for each member."""
    if isinstance(value, dict):
        return "{\n" + "".join(f"  {json.dumps(key)}: {_one_line(part)},\n" for key, part in value.items()) + "}"
    if value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_one_line(part)},\n" for part in value) + "]"
    return _one_line(value)


def _one_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
