"""The template as CloudFormation sees it once parameters have values: conditions decided, functions worked out.

What a resource is called or has as an attribute stays as `${Name}` and `${Name.Attribute}`; so do the stack's name
and account.
"""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar

from tests.support.aws.template import TEMPLATE

# Region -> partition and what names of hosts end in there.
_PARTITIONS = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", "amazonaws.com")}
_NO_VALUE = object()
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "GetAtt": lambda given: f"${{{'.'.join(given)}}}",
    "Equals": lambda given: str(given[0]) == str(given[1]),
    "Not": lambda given: not given[0],
    "And": all,
    "Or": any,
    "Contains": lambda given: given[1] in given[0],
    "Join": lambda given: given[0].join(given[1]),
    "Split": lambda given: given[1].split(given[0]),
    "Select": lambda given: given[1][int(given[0])],
}


class Refused(Exception):
    """A value that CloudFormation takes for no value of a parameter, or that a rule refuses."""


class Rendering:
    """The template with parameters, in a region."""

    template: ClassVar[dict[str, Any]] = TEMPLATE

    def __init__(self, region: str = "us-east-1", /, **parameters: str) -> None:
        """Raises Refused."""
        template = self.template
        known = ((partition, suffix) for start, (partition, suffix) in _PARTITIONS.items() if region.startswith(start))
        partition, suffix = next(known, ("aws", "amazonaws.com"))
        self._values: dict[str, Any] = {"AWS::Region": region, "AWS::Partition": partition, "AWS::URLSuffix": suffix}
        self._values["AWS::NoValue"] = _NO_VALUE
        if unknown := parameters.keys() - template["Parameters"].keys():
            raise Refused(f"no parameters: {sorted(unknown)}")
        for name, declared in template["Parameters"].items():
            self._values[name] = _checked(name, declared, parameters.get(name, str(declared["Default"])))
        for rule in template.get("Rules", {}).values():
            self._obey(rule)
        self.resources = {name: part for name, part in self._made("Resources").items() if part is not _NO_VALUE}
        self.outputs = self._made("Outputs")

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of the resources of a type, by name."""
        return {name: part.get("Properties", {}) for name, part in self.resources.items() if part["Type"] == kind}

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Return what a role may do, by policies of its own and those it shares; nothing if it is not made."""
        shared = [policy for policy in self.of_type("AWS::IAM::Policy").values() if f"${{{role}}}" in policy["Roles"]]
        own = self.resources.get(role, {"Properties": {"Policies": []}})["Properties"]["Policies"]
        return [statement for policy in [*own, *shared] for statement in policy["PolicyDocument"]["Statement"]]

    def text(self) -> str:
        """Return all that is made, as one text."""
        return json.dumps([self.resources, self.outputs, self.value(self.template["Globals"])])

    def holds(self, condition: str) -> bool:
        return bool(self.value(self.template["Conditions"][condition]))

    def value(self, part: Any) -> Any:
        """Work out a part of the template."""
        if isinstance(part, list):
            return [item for item in map(self.value, part) if item is not _NO_VALUE]
        if not isinstance(part, dict):
            return part
        if len(part) == 1 and (next(iter(part)).startswith("Fn::") or next(iter(part)) in ("Ref", "Condition")):
            ((function, argument),) = part.items()
            if function != "Condition" or isinstance(argument, str):
                return self._call(function.removeprefix("Fn::"), argument)
        return {key: found for key, item in part.items() if (found := self.value(item)) is not _NO_VALUE}

    def _call(self, function: str, argument: Any) -> Any:
        if function == "If":
            condition, yes, no = argument
            return self.value(yes if self.holds(condition) else no)
        if function == "Sub":
            return self._substituted(argument)
        given = self.value(argument)
        if function == "Ref":
            return self._values.get(given, f"${{{given}}}")
        if function == "Condition":
            return self.holds(given)
        if function == "FindInMap":
            return self.template["Mappings"][given[0]][given[1]][given[2]]
        return _FUNCTIONS[function](given)

    def _substituted(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        own = self.value(own)

        def named(match: re.Match[str]) -> str:
            value = own.get(match[1], self._values.get(match[1], match[0]))
            return ",".join(value) if isinstance(value, list) else str(value)

        return re.sub(r"\$\{([\w:.]+)\}", named, text)

    def _made(self, section: str) -> dict[str, Any]:
        made = {}
        for name, part in self.template[section].items():
            if "Condition" not in part or self.holds(part["Condition"]):
                made[name] = self.value({key: item for key, item in part.items() if key != "Condition"})
        return made

    def _obey(self, rule: dict[str, Any]) -> None:
        if "RuleCondition" in rule and not self.value(rule["RuleCondition"]):
            return
        for assertion in rule["Assertions"]:
            if not self.value(assertion["Assert"]):
                raise Refused(assertion["AssertDescription"])


def _checked(name: str, declared: dict[str, Any], given: str) -> Any:
    listed = declared["Type"] == "CommaDelimitedList"
    for text in given.split(",") if listed else [given]:
        if not re.fullmatch(declared.get("AllowedPattern", ".*"), text, re.DOTALL):
            raise Refused(f"{name} {declared['ConstraintDescription']}")
    if given not in map(str, declared.get("AllowedValues", [given])):
        raise Refused(f"{name} is none of {declared['AllowedValues']}")
    if len(given) > int(declared.get("MaxLength", 10**6)):
        raise Refused(f"{name} is too long")
    if declared["Type"] == "Number" and not declared.get("MinValue", 0) <= float(given) <= declared.get(
        "MaxValue", 9e9
    ):
        raise Refused(f"{name} is out of range")
    return given.split(",") if listed else given
