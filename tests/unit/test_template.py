"""The template against the code it deploys, and the events against the documents they are about."""

import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped] # it ships no types
from hypothesis import given
from hypothesis import strategies as st
from scripts import refresh_events

from folio import naming
from folio.config import MB_PER_CORE, MODES, OUTPUTS, PREFIX, PROVIDERS, RECIPES, Settings, make_options
from folio.demo import HANDLER, load_handler

ROOT = Path(__file__).parents[2]
TEMPLATE: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yaml"))
PARAMETERS = TEMPLATE["Parameters"]
RESOURCES = TEMPLATE["Resources"]
VARIABLES: dict[str, Any] = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
SETTINGS = {name.removeprefix(PREFIX).lower(): value for name, value in VARIABLES.items() if name.startswith(PREFIX)}
ALARMS = {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"].endswith("::Alarm")}


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
        elif isinstance(part, dict) and isinstance(part.get("Fn::Sub"), str):
            names |= set(re.findall(r"\$\{(\w+)", part["Fn::Sub"]))
    return names


def statements() -> Iterator[dict[str, Any]]:
    """All of the role's, those with a condition included."""
    for policy in RESOURCES["UploadRole"]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def let_through(key: str) -> bool:
    """What the rule's event pattern says of a key; * stands for any number of any characters."""
    (condition,) = RESOURCES["UploadRule"]["Properties"]["EventPattern"]["detail"]["object"]["key"]
    patterns = [".*".join(map(re.escape, pattern.split("*"))) for pattern in condition["anything-but"]["wildcard"]]
    return not any(re.fullmatch(pattern, key, re.DOTALL) for pattern in patterns)


PIECES = ["a", "/", ".ocr", ".json", ".error", ".OCR", "扫描", " ", "\n", ".ocr.json", ".ocr.error.json", ".ocr/"]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_the_rule_holds_back_exactly_our_own_keys(key: str) -> None:
    assert let_through(key) != naming.is_ours(key)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_exists_and_its_default_is_the_codes(name: str) -> None:
    default = PARAMETERS[SETTINGS[name]["Ref"]]["Default"]
    assert name in Settings.__struct_fields__
    assert msgspec.convert({name: str(default)}, Settings, strict=False) == Settings()


@pytest.mark.parametrize("bound", ["MinValue", "MaxValue", "Default"])
def test_every_bound_of_the_template_is_accepted_by_the_code(bound: str) -> None:
    for name, value in SETTINGS.items():
        parameter = PARAMETERS[value["Ref"]]
        if bound in parameter:
            msgspec.convert({name: str(parameter[bound])}, Settings, strict=False)
    make_options({"dpi": str(PARAMETERS["Dpi"][bound])})


def test_the_choices_are_those_of_the_code() -> None:
    assert tuple(PARAMETERS["Recipe"]["AllowedValues"]) == RECIPES
    assert tuple(PARAMETERS["Mode"]["AllowedValues"]) == MODES
    assert re.fullmatch(PARAMETERS["Providers"]["AllowedPattern"], ",".join(PROVIDERS))
    assert len(",".join(PROVIDERS)) == PARAMETERS["Providers"]["MaxLength"]
    assert all(
        re.fullmatch(PARAMETERS["OutputKinds"]["AllowedPattern"], kinds) for kinds in (",".join(OUTPUTS), "none")
    )
    assert len(",".join(OUTPUTS)) == PARAMETERS["OutputKinds"]["MaxLength"]


@pytest.mark.parametrize("languages", ["eng", "eng+chi_sim", "script/Hans,eng"])
def test_the_pattern_for_languages_accepts_what_the_code_does(languages: str) -> None:
    assert re.fullmatch(PARAMETERS["Languages"]["AllowedPattern"], languages)
    assert make_options({"languages": languages})


def test_the_function_is_one_that_exists() -> None:
    function = RESOURCES["UploadFunction"]["Properties"]
    assert function["Handler"] == HANDLER
    assert callable(load_handler(function["Handler"]))
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == f"python{(ROOT / '.python-version').read_text().strip()}"
    assert PARAMETERS["MemorySize"]["Default"] == MB_PER_CORE


def test_the_layers_are_for_the_functions_runtime_and_processor() -> None:
    layers = {name: part for name, part in RESOURCES.items() if part["Type"] == "AWS::Serverless::LayerVersion"}
    function = TEMPLATE["Globals"]["Function"]
    assert [layer["Ref"] for layer in function["Layers"]] == list(layers)
    for name, layer in layers.items():
        assert layer["Properties"]["CompatibleRuntimes"] == [function["Runtime"]]
        assert layer["Properties"]["CompatibleArchitectures"] == function["Architectures"] == [{"Ref": "Architecture"}]
        assert layer["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": {"Ref": "Architecture"}}
        makefile = ROOT / layer["Properties"]["ContentUri"] / "Makefile"
        assert f"\nbuild-{name}:\n" in makefile.read_text("utf-8")


def test_the_queue_calls_a_version_that_has_every_change() -> None:
    """The alias stays on an old version unless SAM, or CloudFormation by a new description, publishes a new one."""
    function = RESOURCES["UploadFunction"]["Properties"]
    settings = referred([TEMPLATE["Globals"], function]) & set(PARAMETERS) - {"MaxConcurrency"}  # it is the trigger's
    described, _ = function["VersionDescription"]["Fn::Sub"]
    own = {"Credentials" if name == "Name" else name for name in referred({"Fn::Sub": described})}
    assert own == settings
    assert function["AutoPublishAliasAllProperties"] is True
    layers = [layer["Ref"] for layer in TEMPLATE["Globals"]["Function"]["Layers"]]
    assert all(RESOURCES[layer]["Properties"]["PublishLambdaVersion"] is True for layer in layers)
    longest = [max(map(str, parameter_values(PARAMETERS[name])), key=len) for name in settings - {"Credentials"}]
    longest.append("x" * 30)  # the name of the credentials, by its pattern
    assert len(" ".join(longest)) <= 256, "Lambda's limit"


def parameter_values(parameter: dict[str, Any]) -> list[Any]:
    """Its values, or some that are as long as any."""
    if "MaxLength" in parameter:
        return ["x" * int(parameter["MaxLength"])]
    return parameter.get("AllowedValues") or [parameter.get("MaxValue", 10**9)]


def test_a_snapshot_can_be_taken() -> None:
    # SnapStart refuses a function with more than 512 MB under /tmp.
    assert TEMPLATE["Globals"]["Function"]["EphemeralStorage"] == {"Size": 512}


def test_a_message_stays_invisible_for_six_runs_and_one_retry_is_no_alarm() -> None:
    seconds = {int(timeout): row["Seconds"] for timeout, row in TEMPLATE["Mappings"]["VisibilityTimeout"].items()}
    assert sorted(seconds) == sorted(map(int, PARAMETERS["FunctionTimeout"]["AllowedValues"]))
    assert all(visibility == 6 * timeout for timeout, visibility in seconds.items())
    assert ALARMS["BacklogAlarm"]["Threshold"] > max(seconds) + max(seconds.values())


def test_queue_and_function_count_to_the_same_last_attempt() -> None:
    attempts = RESOURCES["UploadQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    assert attempts == VARIABLES["FOLIO_MAX_ATTEMPTS"] == {"Ref": "MaxAttempts"}


def test_the_function_may_do_what_it_needs_and_no_more() -> None:
    actions = {action for statement in statements() for action in _actions(statement)}
    assert not [action for action in actions if "*" in action]
    resources = [resource for statement in statements() for resource in _listed(statement["Resource"])]
    assert all(referred(resource) for resource in resources), "each names a resource of this stack"
    (writing,) = [statement for statement in statements() if "s3:PutObject" in statement["Action"]]
    assert [resource["Fn::Sub"] for resource in writing["Resource"]] == [
        f"${{InputBucket.Arn}}/*{suffix}" for suffix in (naming.RESULT, naming.ERROR, f"{naming.FOLDER}*")
    ]
    assert all(fnmatch(naming.output_key("a/b.pdf", kind), f"*{naming.FOLDER}*") for kind in OUTPUTS)


def _actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return action["Fn::If"][1:] if isinstance(action, dict) else _listed(action)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_watches_something_that_is_there_and_says_what_to_do(name: str) -> None:
    alarm = ALARMS[name]
    metric = {"AWS/SQS": ("QueueName", "AWS::SQS::Queue"), "AWS/Lambda": ("FunctionName", "AWS::Serverless::Function")}
    (dimension,) = alarm["Dimensions"]
    (watched,) = referred(dimension["Value"])
    assert (dimension["Name"], RESOURCES[watched]["Type"]) == metric[alarm["Namespace"]]
    said = alarm["AlarmDescription"]["Fn::Sub"]
    assert said.endswith(".")
    assert len(said) < 1024, "CloudWatch's limit"


def test_everything_is_described_and_used() -> None:
    described = list(PARAMETERS.values()) + list(TEMPLATE["Outputs"].values())
    assert all(part["Description"].endswith(".") for part in described)
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)
    used = referred([TEMPLATE[section] for section in ("Conditions", "Globals", "Resources")])
    assert set(PARAMETERS) <= used


def test_the_events_tell_of_the_sample_documents_as_they_are() -> None:
    assert refresh_events.outdated() == [], "run scripts/refresh_events.py"


def test_the_refresh_script_runs_as_it_is_called() -> None:
    script = ROOT / "scripts" / "refresh_events.py"
    subprocess.run([sys.executable, script, "--check"], check=True, cwd="/")
