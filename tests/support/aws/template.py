"""The template as data, for the tests that hold it against the code."""

import re
from collections.abc import Iterator
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # it ships no types

from tests.support.paths import ROOT

TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
PARAMETERS: dict[str, Any] = TEMPLATE["Parameters"]
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
VARIABLES: dict[str, Any] = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Properties of the resources of a type, by name."""
    return {name: part.get("Properties", {}) for name, part in RESOURCES.items() if part["Type"] == kind}


def walk(value: Any) -> Iterator[Any]:
    """Every value inside a value."""
    yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from walk(item)


def referred(value: Any) -> set[str]:
    """Every parameter and resource that is named inside a value."""
    names: set[str] = set()
    for part in walk(value):
        if isinstance(part, dict) and isinstance(part.get("Ref"), str):
            names.add(part["Ref"])
        elif isinstance(part, dict) and "Fn::GetAtt" in part:
            names.add(str(part["Fn::GetAtt"][0]))
        elif isinstance(part, dict) and "Fn::Sub" in part:
            text, own = (part["Fn::Sub"], {}) if isinstance(part["Fn::Sub"], str) else part["Fn::Sub"]
            names |= set(re.findall(r"\$\{(\w+)", text)) - own.keys()
    return names


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(role: str) -> Iterator[dict[str, Any]]:
    """What a role may do, by policies of its own and those it shares, those with a condition included."""
    for policy in [*RESOURCES[role]["Properties"]["Policies"], *shared_policies(role)]:
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def shared_policies(role: str) -> list[dict[str, Any]]:
    return [policy for policy in of_type("AWS::IAM::Policy").values() if role in referred(policy["Roles"])]


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return action["Fn::If"][1:] if isinstance(action, dict) else listed(action)
