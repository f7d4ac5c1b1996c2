"""What the template makes in each of AWS's partitions."""

import re
from typing import Any

import pytest

from tests.support.aws.rendered import Rendering
from tests.support.aws.template import TEMPLATE, walk
from tests.support.paths import ROOT

CHINA = ["cn-north-1", "cn-northwest-1"]


def globals_of(rendering: Rendering) -> dict[str, Any]:
    made: dict[str, Any] = rendering.value(TEMPLATE["Globals"]["Function"])
    return made


@pytest.mark.parametrize("region", CHINA)
def test_what_is_not_to_be_had_in_china_is_not_asked_for(region: str) -> None:
    rendering = Rendering(region, Api="iam", SnapStart="PublishedVersions")
    assert globals_of(rendering)["Tracing"] == "PassThrough"
    assert rendering.resources["RestApi"]["Properties"]["TracingEnabled"] is False
    assert "xray:" not in rendering.text()
    assert "SnapStart" not in rendering.resources["UploadFunction"]["Properties"]


@pytest.mark.parametrize("region", ["us-east-1", "ap-east-1", "us-gov-west-1"])
def test_elsewhere_calls_are_traced(region: str) -> None:
    rendering = Rendering(region, SnapStart="PublishedVersions")
    assert globals_of(rendering)["Tracing"] == "Active"
    assert rendering.text().count("xray:PutTraceSegments") == 5
    assert rendering.resources["UploadFunction"]["Properties"]["SnapStart"] == {"ApplyOn": "PublishedVersions"}


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_every_arn_and_every_address_is_of_the_partition(region: str, partition: str) -> None:
    text = Rendering(region, IcpLicense="yes", AlarmEmail="a@example.org", ApiAccessLog="set-role").text()
    assert set(re.findall(r"arn:(aws[a-z-]*):", text)) == {partition}
    if partition == "aws-cn":
        hosts = set(re.findall(r"[a-z0-9.-]*amazonaws\.com(?!\.cn)", text))
        # Principals have these names in China too (IAM user guide, "AWS service principals").
        assert hosts <= {f"{name}.amazonaws.com" for name in PRINCIPALS}


PRINCIPALS = ("lambda", "states", "events", "apigateway", "cloudwatch", "sns")


def test_no_text_of_the_template_or_the_workflow_names_a_partition() -> None:
    texts = [value for value in walk(TEMPLATE["Resources"]) if isinstance(value, str)]
    texts.append((ROOT / "workflows" / "long-document.asl.json").read_text())
    assert not [text for text in texts if "arn:aws:" in text or "arn:aws-cn:" in text]
