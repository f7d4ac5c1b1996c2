"""The template against the code it deploys, and the events against the documents they are about."""

import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripts import refresh_events

from folio import keys
from folio.config.environment import MB_PER_CORE
from folio.config.settings import PREFIX, TOGETHER, Settings
from folio.options.resolve import parse_options
from folio.options.settings import load_settings, setting_names, with_setting
from folio.options.table import values
from folio.serve.local_lambda import HANDLER, load_handler
from folio.stores.placement import placement
from tests.support.aws.rendered import Refused, Rendering
from tests.support.aws.template import PARAMETERS, RESOURCES, TEMPLATE, VARIABLES, of_type, referred
from tests.support.paths import ROOT

MODES = values("mode")
OCR = values("ocr")
OUTPUTS = values("outputs")
PROVIDERS = values("providers")
RECIPES = values("recipe")

# Settings with a parameter of their own.
SETTINGS = {
    name.removeprefix(PREFIX).lower(): value["Ref"]
    for name, value in VARIABLES.items()
    if name.startswith(PREFIX) and value.get("Ref") in PARAMETERS and name != TOGETHER
}


def key_conditions(**parameters: str) -> list[dict[str, Any]]:
    pattern = Rendering(**parameters).resources["UploadRule"]["Properties"]["EventPattern"]
    found: list[dict[str, Any]] = pattern["detail"]["object"]["key"]
    return found


def let_through(key: str, **parameters: str) -> bool:
    """What the rule's event pattern says of a key; * stands for any number of any characters."""
    return any(_holds(condition, key) for condition in key_conditions(**parameters))


def _holds(condition: dict[str, Any], key: str) -> bool:
    ((kind, given),) = condition.items()
    if kind == "anything-but":
        return not any(_is_like(key, pattern) for pattern in given["wildcard"])
    return key.startswith(given) if kind == "prefix" else _is_like(key, given)


def _is_like(key: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), key, re.DOTALL) is not None


FILTERS = [("", ""), ("scans/", ""), ("", ".pdf"), ("scans/", ".pdf,.PDF"), ("", ".a,.b,.c,.d,.e,.f")]
NAMES = st.lists(st.sampled_from(["scans/", "a", ".pdf", ".PDF", ".f", "/", "folio-jobs/"]), max_size=5).map("".join)


@given(st.sampled_from(FILTERS), NAMES)
def test_filters_take_what_begins_and_ends_so_and_jobs(chosen: tuple[str, str], key: str) -> None:
    prefix, ends = chosen
    taken = key.startswith(prefix) and key.endswith(tuple(ends.split(",")))
    assert let_through(key, SourcePrefix=prefix, SourceSuffix=ends) == (taken or key.startswith(keys.JOBS))


def test_a_filter_of_any_length_stays_a_simple_rule() -> None:
    conditions = key_conditions(SourcePrefix="scans/", SourceSuffix=".a,.b,.c,.d,.e,.f")
    assert len(conditions) == 7
    assert all(str(condition).count("*") <= 1 for condition in conditions), "EventBridge: Rule is too complex"


@pytest.mark.parametrize(
    ("name", "value"),
    [("SourcePrefix", "a*"), ("SourceSuffix", ".pdf,"), ("SourceSuffix", ".a,.b,.c,.d,.e,.f,.g"),
     ("SourceSuffix", '.p"'), ("ExistingBucket", "scans"), ("ResultPrefix", "results"), ("ResultPrefix", "/a/")],
)  # fmt: skip
def test_a_filter_or_place_that_would_not_do_is_refused(name: str, value: str) -> None:
    with pytest.raises(Refused):
        Rendering(**{name: value})


@pytest.mark.parametrize(
    ("bucket", "prefix"), [("", ""), ("", "read/"), ("arn:aws:s3:::read", ""), ("arn:aws-cn:s3:::read", "of/2026/")]
)
def test_the_place_of_results_is_one_that_the_code_knows(bucket: str, prefix: str) -> None:
    rendering = Rendering(ResultBucket=bucket, ResultPrefix=prefix)
    value = rendering.value(VARIABLES["FOLIO_RESULTS"])
    place = placement("scans", value)
    assert (place.bucket, place.prefix) == ("read", f"{prefix}scans/") if bucket else ("scans", prefix)


PIECES = ["a", "/", ".ocr", ".json", ".error", ".OCR", "扫描", " ", "\n", ".ocr.json", ".ocr.error.json", ".ocr/"]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_the_rule_holds_back_nothing_but_our_own_keys(key: str) -> None:
    assert let_through(key) or keys.is_ours(key)


@pytest.mark.parametrize(
    "key",
    [
        *(keys.result_key("a.pdf", pages) for pages in ("", "2-3")),
        *(keys.error_key("a.pdf"), keys.job_record("owner", "id"), keys.given_up("a.pdf")),
        keys.checkpoints("a.pdf") + "f-f/0000001-0000008.json",
    ],
)
def test_what_folio_writes_for_every_document_calls_no_function(key: str) -> None:
    assert not let_through(key)


def test_the_rule_has_few_wildcards() -> None:
    (condition,) = key_conditions()
    assert condition["anything-but"]["wildcard"] == list(keys.HELD_BACK)
    assert sum(pattern.count("*") for pattern in keys.HELD_BACK) <= 4, "EventBridge: Rule is too complex"


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_exists_and_its_default_is_the_codes(name: str) -> None:
    default = PARAMETERS[SETTINGS[name]]["Default"]
    assert with_setting(Settings(), name, str(default)) == Settings() if default else name in setting_names()


def test_every_variable_is_one_the_code_reads() -> None:
    read = {TOGETHER, *(f"{PREFIX}{name.upper()}" for name in setting_names())}
    assert {name for name in VARIABLES if name.startswith(PREFIX)} <= read


GIVEN = {
    "mode": MODES, "ocr": OCR, "recipe": RECIPES, "outputs": (*OUTPUTS, ",".join(OUTPUTS), "none"),
    "min_confidence": ("0", "0.8", ".8", "1"), "max_calls": ("0", "999999"), "dpi": ("50", "99", "300", "1200"),
    "max_bytes": ("1", "200000000", "400000000"), "max_pages": ("1", "99999"), "max_pixels": ("1", "120000000"),
    "raster_pixels": ("36000000",), "page_timeout": ("1", "120", "900"), "margin": ("5", "60"), "jobs": ("1", "6"),
    "call_attempts": ("1", "5", "10", "20"), "call_timeout": ("30",), "keep_seconds": ("0", "900"),
    "redact": ("none", "id_number,bank_card,phone,email"),
    "codes": ("auto", "never"), "split": ("none", "barcode", "blank"), "sync_pages": ("0", "100"),
    "second_pass": ("0", "0.5", "2"), "max_failed": ("0", "0.1", "1"), "split_pages": ("1", "50", "99999"),
    "split_chunk": ("1", "8", "100"), "split_concurrency": ("1", "40", "1000"),
    "qps": ("baidu=10,tencent.table=2.5",), "caller_providers": ("baidu", "tencent,aliyun"),
    "caller_prefixes": ("ab12cd=team/,*=shared/",), "source_filters": ("scans=in/*.pdf,faxes=*.tif",),
    "baidu_endpoint": ("https://aip.baidubce.com",), "tencent_endpoint": ("https://ocr.intl.tencentcloudapi.com",),
    "aliyun_endpoint": ("https://ocr-api.ap-southeast-1.aliyuncs.com",),
}  # fmt: skip
# What the template itself gives, or what must stay what the template was written for.
FIXED = {
    "max_attempts", "workflow", "long_documents_lock", "event_bus", "queue", "bucket", "sources", "origin", "results",
}  # fmt: skip


@pytest.mark.usefixtures("own_defaults")
def test_every_other_setting_can_be_given_in_one_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(GIVEN) | set(SETTINGS) | FIXED == set(setting_names())
    for name, texts in GIVEN.items():
        for value in texts:
            assert re.fullmatch(PARAMETERS["Settings"]["AllowedPattern"], f"{name}={value} mode=table"), (name, value)
            monkeypatch.setenv(TOGETHER, f"{name}={value}")
            assert load_settings() == with_setting(Settings(), name, value)


@pytest.mark.parametrize(
    "text",
    ["mode=palm", "mode", "dpi=49", "dpi=1201", "dpi=300  ocr=auto", "max_bytes=400000001", "max_attempts=9", "x=1",
     "page_timeout=901", "baidu_endpoint=http://x", "min_confidence=2", "outputs=rtf", "call_attempts=21",
     "mode=table,"],
)  # fmt: skip
def test_what_the_code_would_refuse_is_refused_when_it_is_deployed(text: str) -> None:
    assert not re.fullmatch(PARAMETERS["Settings"]["AllowedPattern"], text)


def test_the_choices_are_those_of_the_code() -> None:
    assert re.fullmatch(PARAMETERS["Providers"]["AllowedPattern"], ",".join(PROVIDERS))
    assert len(",".join(name for name in PROVIDERS if name != "auto")) == PARAMETERS["Providers"]["MaxLength"]


@pytest.mark.parametrize("languages", ["eng", "eng+chi_sim", "script/Hans,eng"])
def test_the_pattern_for_languages_accepts_what_the_code_does(languages: str) -> None:
    assert re.fullmatch(PARAMETERS["Languages"]["AllowedPattern"], languages)
    assert parse_options({"languages": languages})


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
    workflow = RESOURCES["LongDocuments"]["Properties"]
    assert referred(workflow["DefinitionSubstitutions"]["Installation"]) >= settings
    revision = ["LongDocuments", "StateMachineRevisionId"]
    assert function["VersionDescription"] == {"Fn::GetAtt": revision}
    # A function that is as it was has no new version.
    assert f"${{{'.'.join(revision)}}}" in function["Description"]["Fn::Sub"]
    assert function["AutoPublishAliasAllProperties"] is True
    layers = [layer["Ref"] for layer in TEMPLATE["Globals"]["Function"]["Layers"]]
    assert all(RESOURCES[layer]["Properties"]["PublishLambdaVersion"] is True for layer in layers)


def test_the_values_of_parameters_are_text_of_json() -> None:
    """They stand in the workflow's comment."""
    workflow = RESOURCES["LongDocuments"]["Properties"]
    for name in referred(workflow["DefinitionSubstitutions"]["Installation"]) & PARAMETERS.keys():
        parameter = PARAMETERS[name]
        if not {"AllowedValues", "MinValue"} & parameter.keys():
            assert '"' not in parameter["AllowedPattern"], name
            assert not re.fullmatch(parameter["AllowedPattern"], 'a"b'), name


def test_a_snapshot_can_be_taken() -> None:
    # SnapStart refuses a function with more than 512 MB under /tmp.
    assert TEMPLATE["Globals"]["Function"]["EphemeralStorage"] == {"Size": {"Ref": "EphemeralStorage"}}
    assert PARAMETERS["EphemeralStorage"]["Default"] == 512


def test_a_message_stays_invisible_for_six_runs_and_one_retry_is_no_alarm() -> None:
    seconds = {int(timeout): row["Seconds"] for timeout, row in TEMPLATE["Mappings"]["VisibilityTimeout"].items()}
    assert sorted(seconds) == sorted(map(int, PARAMETERS["FunctionTimeout"]["AllowedValues"]))
    assert all(visibility == 6 * timeout for timeout, visibility in seconds.items())
    assert RESOURCES["BacklogAlarm"]["Properties"]["Threshold"] > max(seconds) + max(seconds.values())


def test_queue_and_function_count_to_the_same_last_attempt() -> None:
    assert RESOURCES["UploadQueue"]["Properties"]["RedrivePolicy"]["maxReceiveCount"] == Settings().max_attempts


def test_everything_is_described_and_used() -> None:
    described = list(PARAMETERS.values()) + list(TEMPLATE["Outputs"].values())
    assert all(part["Description"].endswith(".") for part in described)
    assert all("Default" in parameter for parameter in PARAMETERS.values()), "`sam deploy --guided` asks for each"
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert [name for group in groups for name in group["Parameters"]] == list(PARAMETERS)
    used = referred([TEMPLATE[section] for section in ("Rules", "Conditions", "Globals", "Resources")])
    assert set(PARAMETERS) <= used


def test_a_bucket_of_documents_outlives_its_stack_but_not_a_first_deployment_that_fails() -> None:
    kept = {
        name: part["DeletionPolicy"] for name, part in RESOURCES.items() if "Retain" in part.get("DeletionPolicy", "")
    }
    assert "InputBucket" in kept
    assert set(kept.values()) == {"RetainExceptOnCreate"}
    rules = RESOURCES["InputBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (markers,) = [rule for rule in rules if rule.get("ExpiredObjectDeleteMarker")]
    assert not {"Prefix", "TagFilters", "ExpirationInDays"} & set(markers), "S3 takes them of the whole bucket only"


@pytest.mark.parametrize("kind", ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"])
def test_nobody_comes_without_tls(kind: str) -> None:
    policies = of_type(kind).values()
    assert policies
    for policy in policies:
        (refusal,) = [item for item in policy["PolicyDocument"]["Statement"] if item["Effect"] == "Deny"]
        assert refusal["Principal"] == "*"
        assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_defaults_live_with_an_account_of_ten_executions() -> None:
    assert PARAMETERS["MaxConcurrency"]["Default"] + Settings().split_concurrency < 10, "and one for the API"


def test_the_events_tell_of_the_sample_documents_as_they_are() -> None:
    assert refresh_events.outdated() == [], "run scripts/refresh_events.py"


def test_the_refresh_script_runs_as_it_is_called() -> None:
    script = ROOT / "scripts" / "refresh_events.py"
    subprocess.run([sys.executable, script, "--check"], check=True, cwd="/")
