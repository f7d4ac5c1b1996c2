"""Tags of a deployment (`sam deploy --tags`): CloudFormation hands a stack's tags to all that can have some.

There is no parameter for them: no template makes tags of a text with any number of pairs.
"""

from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped] # it ships no types
from samcli.commands.deploy.command import cli as deploy  # type: ignore[import-untyped] # nor does it

from tests.support.aws.deployed import translated

RESOURCES: dict[str, Any] = translated()["Resources"]
# Parts of what is tagged, and what nobody is charged for.
WITHOUT = {
    "AWS::ApiGateway::Account", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::UsagePlanKey",
    "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route",
    "AWS::Events::ApiDestination", "AWS::Events::Connection",
    "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy",
    "AWS::Lambda::Alias", "AWS::Lambda::LayerVersion", "AWS::Lambda::Permission", "AWS::Lambda::Version",
    "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::WAFv2::WebACLAssociation",
}  # fmt: skip


def tagging(kind: str, region: str) -> dict[str, Any]:
    """What AWS says of tags of a type of resource, in its own schema as cfn-lint ships it."""
    told: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema.get("tagging", {})
    return told


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1"])
def test_everything_that_holds_or_costs_something_gets_the_tags_of_the_stack_also_later(region: str) -> None:
    kinds = {part["Type"] for part in RESOURCES.values()}
    assert {"AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::Logs::LogGroup"} <= kinds
    for kind in kinds - WITHOUT:
        told = tagging(kind, region)
        assert told["taggable"], kind
        assert told["tagOnCreate"], f"{kind}: an organization may refuse to make it without"
        assert told["tagUpdatable"], kind
    assert not [kind for kind in WITHOUT & kinds if tagging(kind, region).get("taggable")]
    assert kinds >= WITHOUT


def test_nothing_has_tags_of_our_own_that_would_stand_before_those() -> None:
    ours = [tag for part in RESOURCES.values() for tag in _pairs(part.get("Properties", {}).get("Tags", []))]
    assert {key for key, _ in ours} == {"lambda:createdBy", "stateMachine:createdBy"}, "SAM's"


def _pairs(tags: Any) -> list[tuple[str, str]]:
    return list(tags.items()) if isinstance(tags, dict) else [(tag["Key"], tag["Value"]) for tag in tags]


def test_the_option_that_the_manual_names_is_one() -> None:
    assert [option for option in deploy.params if "--tags" in option.opts]
