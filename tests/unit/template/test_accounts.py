"""What organizations ask of a stack: keys and networks of their own, bounds, quotas and who may call."""

import ipaddress
from typing import Any

import pytest

from tests.support.aws.rendered import Refused, Rendering
from tests.support.aws.template import PARAMETERS, actions, listed, of_type, statements

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"
SOURCE = KEY.replace("0a1b", "ffff")
BOUNDARY = "arn:aws:iam::123456789012:policy/teams/bounds"
ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/front/0a1b2c3d-0000-4000-8000-000000000000"
NETWORK = {"SubnetIds": "subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d", "SecurityGroupIds": "sg-0a1b2c3d"}
ACCELERATOR = {"TextractHookBucket": "arn:aws:s3:::accelerator-working"}
HOOK = {
    "NotifyUrl": "https://example.org/",
    "NotifySecret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:a",
} | ACCELERATOR
ROLES = sorted(of_type("AWS::IAM::Role"))
FUNCTIONS = sorted(of_type("AWS::Serverless::Function"))
# What a role does -> what it needs of a key of the account's own. Source: KMS developer guide, "Using encryption with
# AWS KMS", and SQS developer guide, "Key management": senders and receivers.
OF_KEYS = {
    "s3:GetObject": {"kms:Decrypt"},
    "s3:PutObject": {"kms:GenerateDataKey"},
    "sqs:ReceiveMessage": {"kms:Decrypt"},
    "sqs:SendMessage": {"kms:Decrypt", "kms:GenerateDataKey"},
}


def test_by_default_nothing_of_an_organization_is_asked_for() -> None:
    rendering = Rendering()
    assert not {"NetworkPolicy", "ApiFirewall"} & set(rendering.resources)
    assert not any(word in rendering.text() for word in ("PermissionsBoundary", "VpcConfig", "KmsKeyId", 'Quota"'))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_the_boundary(role: str) -> None:
    made = Rendering(PermissionsBoundary=BOUNDARY, ApiAccessLog="set-role", **HOOK).resources[role]["Properties"]
    assert made["PermissionsBoundary"] == BOUNDARY


def test_a_key_of_ones_own_encrypts_bucket_queues_and_logs() -> None:
    rendering = Rendering(KmsKey=KEY, ApiAccessLog="on", **HOOK)
    bucket = rendering.resources["InputBucket"]["Properties"]["BucketEncryption"]
    assert bucket["ServerSideEncryptionConfiguration"] == [
        {
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
            "BucketKeyEnabled": True,
        }
    ]
    for queue in rendering.of_type("AWS::SQS::Queue").values():
        assert queue["KmsMasterKeyId"] == KEY
        assert "SqsManagedSseEnabled" not in queue, "SQS takes one of them"
    assert {logs["KmsKeyId"] for logs in rendering.of_type("AWS::Logs::LogGroup").values()} == {KEY}


def test_the_accelerators_function_reads_its_images_alone_with_its_key_alone() -> None:
    def grants(**parameters: str) -> dict[str, Any]:
        found = Rendering(**ACCELERATOR, **parameters).statements("TextractHookRole")
        return {one["Sid"]: (one["Action"], one["Resource"]) for one in found}

    images = ("s3:GetObject", "arn:aws:s3:::accelerator-working/temp/lambdahook/*")
    assert grants()["ReadImages"] == images
    assert set(grants()) == {"ReadImages", "WriteLog", "WriteTraces"}
    assert grants(TextractHookKey=SOURCE, KmsKey=KEY)["UseKeyOfImages"] == ("kms:Decrypt", SOURCE)
    assert set(grants(KmsKey=KEY)) == set(grants())
    made = Rendering(**ACCELERATOR).resources["TextractHookFunction"]["Properties"]
    assert made["FunctionName"] == "GENAIIDP-${AWS::StackName}"
    assert not any(name.startswith("TextractHook") for name in Rendering().resources)


def test_without_one_everything_is_encrypted_all_the_same() -> None:
    rendering = Rendering(**HOOK)
    assert "aws:kms" not in rendering.text()
    assert all(queue["SqsManagedSseEnabled"] is True for queue in rendering.of_type("AWS::SQS::Queue").values())


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("ApiLogRoleOfAccount", "TextractHookRole")])
def test_a_role_may_use_the_key_as_far_as_it_needs_it(role: str) -> None:
    needed: set[str] = set()
    granted: set[str] = set()
    for statement in statements(role):
        for action in actions(statement):
            needed |= OF_KEYS.get(action, set())
        if statement["Resource"] == {"Ref": "KmsKey"}:
            granted |= set(actions(statement))
    assert granted == needed


def test_the_grants_are_there_with_a_key_alone() -> None:
    assert KEY not in Rendering().text()
    assert "kms:" not in Rendering().text()
    (statement,) = [
        statement
        for statement in Rendering(SourceKmsKeys=f"{SOURCE},{KEY}").resources["ApiRole"]["Properties"]["Policies"][0][
            "PolicyDocument"
        ]["Statement"]
        if "kms:Decrypt" in listed(statement["Action"])
    ]
    assert statement["Resource"] == [SOURCE, KEY]


def test_functions_run_in_the_subnets_and_their_roles_let_lambda_connect_them() -> None:
    rendering = Rendering(**NETWORK, **ACCELERATOR)
    settings = rendering.value({"Fn::If": ["InNetwork", _vpc(), None]})
    assert settings == {name: ids.split(",") for name, ids in NETWORK.items()}
    for function in FUNCTIONS:
        role = rendering.resources[function]["Properties"]["Role"].removeprefix("${").removesuffix(".Arn}")
        assert rendering.resources[role]["Properties"]["ManagedPolicyArns"] == ["${NetworkPolicy}"]
    for statement in rendering.resources["NetworkPolicy"]["Properties"]["PolicyDocument"]["Statement"]:
        assert statement["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}, "not for the function's code"


def _vpc() -> Any:
    from tests.support.aws.template import TEMPLATE

    condition, settings, otherwise = TEMPLATE["Globals"]["Function"]["VpcConfig"]["Fn::If"]
    assert (condition, otherwise) == ("InNetwork", {"Ref": "AWS::NoValue"})
    return settings


@pytest.mark.parametrize("half", sorted(NETWORK))
def test_half_a_network_is_none_in_silence(half: str) -> None:
    assert Rendering(**{half: NETWORK[half]}).holds("InNetwork"), "Lambda refuses it"


def test_log_lines_are_kept_as_long_as_is_said() -> None:
    def days(**parameters: str) -> set[Any]:
        return {
            int(logs["RetentionInDays"]) for logs in Rendering(**parameters).of_type("AWS::Logs::LogGroup").values()
        }

    assert (days(), days(Stage="dev"), days(LogDays="400", ApiAccessLog="on")) == ({90}, {7}, {400})
    with pytest.raises(Refused):
        Rendering(LogDays="8")


@pytest.mark.parametrize("name", ["a" * 128, "org/unit/team/" + "b" * 114])
def test_names_of_secrets_and_parameters_may_be_long(name: str) -> None:
    for kind in (
        f"secretsmanager:eu-west-1:123456789012:secret:{name}-AbCdEf",
        f"ssm:cn-north-1:123456789012:parameter/{name}",
    ):
        assert Rendering(Credentials=f"arn:aws:{kind}").holds("HasCredentials")
    with pytest.raises(Refused, match="128"):
        Rendering(Credentials=f"arn:aws:ssm:us-east-1:123456789012:parameter/{'a' * 129}")


def test_a_bucket_is_named_by_cloudformation_and_an_updated_stack_keeps_its_own() -> None:
    def name(**parameters: str) -> Any:
        return Rendering(**parameters).resources["InputBucket"]["Properties"].get("BucketName")

    assert name() is None, "CloudFormation's own names have at most 63 characters"
    assert name(InputBucketName="") == "${AWS::StackName}-input-${AWS::AccountId}-us-east-1"
    assert name(InputBucketName="documents.example") == "documents.example"


def test_each_key_has_its_quota() -> None:
    assert "Quota" not in Rendering().resources["ApiPlan"]["Properties"]
    plan = Rendering(ApiQuota="1000", ApiQuotaPeriod="MONTH").resources["ApiPlan"]["Properties"]
    assert plan["Quota"] == {"Limit": "1000", "Period": "MONTH"}


def policy(**parameters: str) -> Any:
    body = Rendering(**parameters).resources["RestApi"]["Properties"]["DefinitionBody"]
    return body.get("x-amazon-apigateway-policy")


def test_calls_come_from_the_addresses_named() -> None:
    assert policy() is None
    allow, deny = policy(ApiCidrs="203.0.113.0/24,2001:db8::/32")["Statement"]
    assert allow["Effect"] == "Allow"
    assert deny["Effect"] == "Deny"
    blocks = deny["Condition"]["NotIpAddress"]["aws:SourceIp"]
    assert [str(ipaddress.ip_network(block)) for block in blocks] == ["203.0.113.0/24", "2001:db8::/32"]
    with pytest.raises(Refused, match="CIDR"):
        Rendering(ApiCidrs="203.0.113.0")


def test_addresses_let_nobody_in_who_does_not_sign() -> None:
    (deny,) = policy(Api="iam", ApiCidrs="203.0.113.0/24")["Statement"]
    assert deny["Effect"] == "Deny", "an Allow would be one for everybody in the account"


def test_a_firewall_stands_before_the_api() -> None:
    made = Rendering(ApiWebAcl=ACL).resources["ApiFirewall"]["Properties"]
    assert made == {
        "ResourceArn": "arn:aws:apigateway:us-east-1::/restapis/${RestApi}/stages/${RestApi.Stage}",
        "WebACLArn": ACL,
    }
    assert "ApiFirewall" not in Rendering(ApiWebAcl=ACL, Api="none").resources
    with pytest.raises(Refused, match="web ACL"):
        Rendering(ApiWebAcl=ACL.replace("regional", "global"))


@pytest.mark.parametrize(
    "name", ["PermissionsBoundary", "KmsKey", "SourceKmsKeys", "ApiWebAcl", "Credentials", "CredentialsKey"]
)
def test_arns_of_every_partition_are_taken(name: str) -> None:
    arn = {"PermissionsBoundary": BOUNDARY, "ApiWebAcl": ACL}.get(name, KEY)
    if name == "Credentials":
        arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ocr-AbCdEf"
    for partition in ("aws", "aws-cn", "aws-us-gov"):
        assert Rendering(**{name: arn.replace("arn:aws:", f"arn:{partition}:")})
    assert PARAMETERS[name]["Default"] == ""
