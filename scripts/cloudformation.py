"""The template as CloudFormation takes it without SAM: for the CDK, Terraform's stacks and whoever has no SAM.

The zips are those of parameters: the bucket they were put into, and their keys in it.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped] # it ships no types

# Parameters by the zips of a release whose keys they name.
ZIPS = {"functions.zip": "FunctionsKey", "ocr-tools.zip": "OcrToolsKey", "python.zip": "PythonKey"}
_BUCKET = "CodeBucket"


class _NoManagedPolicies:
    """The translator looks up the ARNs of AWS's policies, of which the template uses none."""

    def load(self) -> dict[str, str]:
        return {}


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template whose code lies in S3, with SAM's resources as AWS's own."""
    from samtranslator.translator.transform import transform  # type: ignore[import-untyped] # it ships no types

    usual = os.environ.get("AWS_DEFAULT_REGION")
    # It asks which one, to know the partition of ARNs, of which it adds none here.
    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    try:
        done: dict[str, Any] = transform(template, {}, _NoManagedPolicies())
    finally:
        del os.environ["AWS_DEFAULT_REGION"]
        os.environ |= {"AWS_DEFAULT_REGION": usual} if usual else {}
    return done


def cloudformation(packaged: str, folder: Path, digest: str) -> str:
    """Return a packaged template, beside which its files lie in `folder`, as plain CloudFormation.

    `digest` is that of the whole release: with another one the upload function gets another version.
    """
    template = yaml_parse(packaged)
    template["Parameters"] |= {_BUCKET: {"Type": "String", "Description": "Bucket that has the zips of this release."}}
    for name, parameter in ZIPS.items():
        template["Parameters"][parameter] = {"Type": "String", "Description": f"Key of {name} in CodeBucket."}
    del template["Metadata"]["AWS::CloudFormation::Interface"]  # who sets parameters elsewhere leaves some out
    function = template["Globals"]["Function"]
    function["CodeUri"] = _place(function["CodeUri"])
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if "ContentUri" in properties:
            properties["ContentUri"] = _place(properties["ContentUri"])
        if "DefinitionUri" in properties:
            properties["Definition"] = json.loads((folder / properties.pop("DefinitionUri")).read_text("utf-8"))
        if "AutoPublishAlias" in properties:
            properties["AutoPublishCodeSha256"] = digest
    return _repeatable(json.dumps(translate(template), indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def _repeatable(text: str) -> str:
    """Return the same text for the same template: SAM names the deployment of an API by a digest that changes."""
    (whole,) = set(re.findall(r"deployment id: ([0-9a-f]{40})", text))
    short = whole[:10]
    digest = hashlib.sha1(text.replace(whole, "").replace(short, "").encode(), usedforsecurity=False).hexdigest()
    return text.replace(whole, digest).replace(short, digest[:10])


def _place(name: str) -> dict[str, Any]:
    return {"Bucket": {"Ref": _BUCKET}, "Key": {"Ref": ZIPS[name]}}
