"""deploy/cdk/parameters.py: the template's parameters as types, for who deploys with the CDK."""

from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # it ships no types

PATH = Path(__file__).resolve().parents[1] / "deploy" / "cdk" / "parameters.py"
# A release is built for one; the construct takes it from there.
_LEFT_OUT = ("Architecture",)
_HEAD = '''\
"""The template's parameters; docs/deploying.md and template.yaml say what they do. Written by `make generate`."""

from typing import Literal, TypedDict


class Parameters(TypedDict, total=False):
    """Those that are not given keep their defaults."""

'''


def cdk_parameters(template: str) -> str:
    parameters = yaml_parse(template)["Parameters"]
    lines = [f"    {name}: {_kind(each)}\n" for name, each in parameters.items() if name not in _LEFT_OUT]
    return _HEAD + "".join(lines)


def _kind(parameter: dict[str, Any]) -> str:
    if parameter["Type"] == "CommaDelimitedList":
        return "list[str]"
    if parameter["Type"] == "Number":
        return "int"
    if values := parameter.get("AllowedValues"):
        return f"Literal[{', '.join(_quoted(value) for value in values)}]"
    return "str"


def _quoted(value: object) -> str:
    return f'"{value}"'
