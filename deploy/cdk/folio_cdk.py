"""Folio as a construct of the AWS CDK (aws-cdk-lib 2, Python), made of a release: what `make release` writes.

    import aws_cdk
    from folio_cdk import Folio

    app = aws_cdk.App()
    stack = aws_cdk.Stack(app, "Folio")
    folio = Folio(stack, "Folio", release="folio-0.1.0-x86_64", parameters={"Stage": "dev", "Api": "none"})
    folio.bucket.grant_put(...)
    app.synth()

Nothing is built: the zips are assets, and all resources are those of the release's cloudformation.json. One in a stack.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import CfnOutput, Stack, Token
from aws_cdk.aws_lambda import Function, IFunction
from aws_cdk.aws_s3 import Bucket, IBucket
from aws_cdk.aws_s3_assets import Asset
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct
from parameters import Parameters

_ZIPS = {"FunctionsKey": "functions.zip", "OcrToolsKey": "ocr-tools.zip", "PythonKey": "python.zip"}


class Folio(Construct):
    """A release, deployed with parameters, whose values are fixed when the app is synthesized.

    `bucket` is where documents are put, `function` what reads them, `outputs` all that the template tells, by name.
    Raises ValueError for a parameter or a value that the template does not take.
    """

    def __init__(
        self, scope: Construct, name: str, *, release: str | Path, parameters: Parameters | None = None
    ) -> None:
        super().__init__(scope, name)
        template = Path(release) / "cloudformation.json"
        known = json.loads(template.read_text("utf-8"))["Parameters"]
        values: dict[str, Any] = {key: _checked(known, key, value) for key, value in (parameters or {}).items()}
        given = {key: ",".join(value) if isinstance(value, list) else value for key, value in values.items()}
        # What `folio doctor`, `backfill` and `redrive` ask a stack for, which has no parameter of what is a value here.
        told = CfnOutput(self, "Parameters", value=Stack.of(self).to_json_string(given))
        told.override_logical_id("FolioParameters")
        assets = {key: Asset(self, key, path=str(Path(release) / file)) for key, file in _ZIPS.items()}
        values |= {key: asset.s3_object_key for key, asset in assets.items()}
        values["CodeBucket"] = assets["FunctionsKey"].s3_bucket_name  # that of all assets
        include = CfnInclude(self, "Template", template_file=str(template), parameters=values)
        names = json.loads(template.read_text("utf-8"))["Outputs"]
        self.outputs = {key: Token.as_string(include.get_output(key).value) for key in names}
        self.bucket: IBucket = Bucket.from_bucket_name(self, "Documents", self.outputs["BucketName"])
        self.function: IFunction = Function.from_function_name(self, "Reader", self.outputs["FunctionName"])


def _checked(known: Mapping[str, Any], name: str, value: object) -> object:
    """Return a value as CloudFormation has it, checked as it would check it at the start of a deployment."""
    if name not in known:
        raise ValueError(f"{name!r} is not a parameter of Folio.")
    rules = known[name]
    for text in map(str, value if isinstance(value, list) else [value]):
        allowed = list(map(str, rules.get("AllowedValues", [text])))
        number = float(text) if rules["Type"] == "Number" else 0.0
        if (
            text not in allowed
            or not re.fullmatch(rules.get("AllowedPattern", ".*"), text, re.DOTALL)
            or len(text) > rules.get("MaxLength", len(text))
            or not rules.get("MinValue", number) <= number <= rules.get("MaxValue", number)
        ):
            raise ValueError(f"{name}={text!r}: {rules.get('ConstraintDescription', rules.get('Description', ''))}")
    return value if isinstance(value, list) else str(value)
