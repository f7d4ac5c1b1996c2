"""The construct of deploy/cdk, synthesized by the CDK itself from a release."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from scripts.release import release

from folio.ops.stack import parameters_of
from tests.support.environments import python_with
from tests.support.paths import ROOT

PINS = ROOT / "tests" / "support" / "aws" / "cdk.txt"
APP = """
import json, sys
import aws_cdk
from folio_cdk import Folio

release, parameters, folder = sys.argv[1:]
app = aws_cdk.App(outdir=folder, analytics_reporting=False)
stack = aws_cdk.Stack(app, "Scans")
folio = Folio(stack, "Folio", release=release, parameters=json.loads(parameters))
aws_cdk.CfnOutput(stack, "Documents", value=folio.bucket.bucket_arn)
app.synth()
"""
REFUSED = """
import json, sys
import aws_cdk
from folio_cdk import Folio

release, parameters, _ = sys.argv[1:]
for name, value in json.loads(parameters).items():
    try:
        Folio(aws_cdk.Stack(), "Folio", release=release, parameters={name: value})
    except ValueError as error:
        print(error)
"""

pytestmark = [
    pytest.mark.timeout(900),  # with what is installed the first time
    pytest.mark.skipif(not shutil.which("node") and os.environ.get("CI") != "true", reason="the CDK needs node"),
    pytest.mark.slow("the CDK starts node, and loads all it knows of AWS"),
]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "x86_64"
    for layer in ("ocr-tools", "python"):
        (folder / layer).mkdir(parents=True)
        (folder / layer / "file").write_text(layer)
    return release(folder, folder.parent / "dist")


def synth(released: Path, folder: Path, app: str = APP, /, **parameters: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [python_with(PINS), "-c", app, released, json.dumps(parameters), folder],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT / "deploy" / "cdk")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_it_is_the_released_template_with_its_zips_as_assets_and_its_parameters_as_values(
    released: Path, tmp_path: Path
) -> None:
    done = synth(released, tmp_path, Stage="dev", MaxConcurrency=7, SubnetIds=["subnet-0123456789"])
    assert done.returncode == 0, done.stderr[-3000:]
    made = json.loads((tmp_path / "Scans.template.json").read_text())
    plain = json.loads((released / "cloudformation.json").read_text())
    types = {name: part["Type"] for name, part in plain["Resources"].items()}
    added = {"CDKMetadata": "AWS::CDK::Metadata"}
    assert {name: part["Type"] for name, part in made["Resources"].items()} | added == types | added
    assert set(plain["Outputs"]) | {"Documents", "FolioParameters"} == set(made["Outputs"])
    told = {"OutputKey": "FolioParameters", "OutputValue": made["Outputs"]["FolioParameters"]["Value"]}
    description: Any = {"Parameters": [{"ParameterKey": "Api", "ParameterValue": "key"}], "Outputs": [told]}
    assert parameters_of(description) == {
        "Api": "key",
        "Stage": "dev",
        "MaxConcurrency": "7",
        "SubnetIds": "subnet-0123456789",
    }

    left = set(plain["Parameters"]) - set(made["Parameters"])
    assert left == {"Stage", "MaxConcurrency", "SubnetIds", "CodeBucket", "FunctionsKey", "OcrToolsKey", "PythonKey"}
    upload = made["Resources"]["UploadFunction"]["Properties"]
    assert '["subnet-0123456789"]' in json.dumps(upload["VpcConfig"])
    assert '"MaximumConcurrency": 7' in json.dumps(made["Resources"])
    code = upload["Code"]
    assert "cdk-hnb659fds-assets-" in json.dumps(code["S3Bucket"])
    (file,) = (tmp_path / path["source"]["path"] for path in assets(tmp_path) if key(path) == code["S3Key"])
    assert file.read_bytes() == (released / "functions.zip").read_bytes()


def assets(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "Scans.assets.json").read_text())["files"].values())


def key(asset: dict[str, Any]) -> str:
    (destination,) = asset["destinations"].values()
    return str(destination["objectKey"])


def test_what_the_template_does_not_take_is_told_before_anything_is_deployed(released: Path, tmp_path: Path) -> None:
    wrong = {"Stage": "test", "MaxConcurrency": 1, "AlarmEmail": "nobody", "Stages": "dev"}
    done = synth(released, tmp_path, REFUSED, **wrong)
    assert done.returncode == 0, done.stderr[-3000:]
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "Stage='test'",
        "MaxConcurrency='1'",
        "AlarmEmail='nobody'",
        "'Stages' is not a parameter of Folio.",
    ]
    assert "must be empty or an e-mail address." in done.stdout
