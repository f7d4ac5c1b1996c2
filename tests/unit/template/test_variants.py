"""The template as CloudFormation gets it from SAM, by what parameters choose: nothing refers to what is not made."""

import json
import re

import pytest

from tests.support.aws.deployed import translated
from tests.support.aws.rendered import Rendering

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"
HOOK = {"NotifyUrl": "https://example.org/", "NotifySecret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"}
NETWORK = {"SubnetIds": "subnet-0a1b2c3d", "SecurityGroupIds": "sg-0a1b2c3d"}
TOKENS = {"Api": "jwt", "Issuer": "https://example.org/", "Audience": "folio"}
EVERYTHING = {
    **HOOK,
    **NETWORK,
    "AlarmEmail": "a@example.org",
    "KmsKey": KEY,
    "SourceKmsKeys": KEY,
    "PermissionsBoundary": "arn:aws:iam::123456789012:policy/bounds",
    "ResultBucket": "arn:aws:s3:::results",
    "TextractHookBucket": "arn:aws:s3:::accelerator-working",
    "LogDays": "30",
    "ApiSourceBucket": "elsewhere",
}
OF_KEYS = {"ApiAccessLog": "set-role", "ApiQuota": "9", "ApiCidrs": "203.0.113.0/24", "ApiOrigin": "*"}


class Translated(Rendering):
    """What CloudFormation gets."""

    template = translated()


@pytest.mark.parametrize("existing", ["", "arn:aws:s3:::archive", "arn:aws:s3:::archive,arn:aws:s3:::mail"])
@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["defaults", "everything"])
@pytest.mark.parametrize(
    "api",
    [{}, OF_KEYS, {"Api": "iam"}, TOKENS, {"Api": "none"}],
    ids=["key", "key with all", "iam", "jwt", "none"],
)
def test_whatever_is_referred_to_is_made(api: dict[str, str], more: dict[str, str], existing: str) -> None:
    rendering = Translated(**(more | api), ExistingBucket=existing)
    text = json.dumps([rendering.resources, rendering.outputs])
    named = {name for name in re.findall(r"\$\{(\w+)(?:\.[\w.]+)?\}", text) if name != "AWS"}
    of_workflow = rendering.resources["LongDocuments"]["Properties"]["DefinitionSubstitutions"]
    assert named - of_workflow.keys() <= set(rendering.resources)
    assert len(rendering.resources) < 200
    assert "Fn::" not in text, "all is worked out"


@pytest.mark.parametrize("api", [OF_KEYS, TOKENS], ids=["key with all", "jwt"])
def test_every_role_is_bounded_whoever_makes_it(api: dict[str, str]) -> None:
    roles = Translated(**(EVERYTHING | api)).of_type("AWS::IAM::Role")
    assert {role["PermissionsBoundary"] for role in roles.values()} == {EVERYTHING["PermissionsBoundary"]}
