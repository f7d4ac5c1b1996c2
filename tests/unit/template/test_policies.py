"""The roles of the template: named actions on named resources, and nothing wider than it could be.

That each of them is needed, and none is missing, is what tests/integration/privilege/test_upload.py finds out.
"""

import json
from fnmatch import fnmatch
from importlib.resources import files
from typing import Any

import pytest

from folio import keys
from folio.options.table import values
from tests.support.aws.rendered import Rendering
from tests.support.aws.template import RESOURCES, actions, listed, of_type, referred, statements

OUTPUTS = values("outputs")
EXISTING = "arn:aws:s3:::scans,arn:aws:s3:::faxes"
RESULTS = "arn:aws:s3:::results"
RENDERINGS = (
    Rendering(),
    Rendering(ExistingBucket=EXISTING),
    Rendering(ExistingBucket=EXISTING, ResultBucket=RESULTS, ResultPrefix="read/"),
)

# API Gateway takes one role for all APIs of an account, and only with a policy of AWS's own.
OF_THE_ACCOUNT = {"ApiLogRoleOfAccount"}
ROLES = sorted(set(of_type("AWS::IAM::Role")) - OF_THE_ACCOUNT)
# AWS's own list of actions and the kinds of resources each can be granted on, as cfn-lint ships it.
AUTHORIZATION: dict[str, Any] = json.loads(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text())


def resource_kinds(action: str) -> list[str]:
    service, _, name = action.partition(":")
    kinds: list[str] = AUTHORIZATION[service]["Actions"][name.lower()].get("Resources", [])
    return kinds


def too_wide(statement: dict[str, Any]) -> list[str]:
    """What could be narrower about it."""
    found = [f"{action} is a pattern" for action in actions(statement) if "*" in action or ":" not in action]
    if found:
        return found
    for resource in listed(statement["Resource"]):
        if resource == "*":
            found += [f"{action} could name a resource" for action in actions(statement) if resource_kinds(action)]
            continue
        if not referred(resource):
            found.append(f"{resource} names nothing of this stack")
        found += [
            f"{text} takes in what only begins like it"
            for rendering in RENDERINGS
            for text in listed(rendering.value(resource))
            if _too_early(text)
        ]
    return found


def _too_early(text: str) -> bool:
    """Whether a star stands where it takes in other names."""
    before, star, _ = text.partition("*")
    _, name, behind = before.rpartition("}")
    return bool(star) and not {"/", ":"} & set(behind if name else before[-1:])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_named_things_to_named_things(role: str) -> None:
    assert [fault for statement in statements(role) for fault in too_wide(statement)] == []


@pytest.mark.parametrize("role", ROLES)
def test_only_its_service_takes_a_role_and_nothing_ready_made_is_attached(role: str) -> None:
    properties = RESOURCES[role]["Properties"]
    (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRole"
    assert trust["Principal"]["Service"] in {f"{name}.amazonaws.com" for name in ("lambda", "states", "events")}
    attached = properties.get("ManagedPolicyArns", [])
    assert referred(attached) <= set(of_type("AWS::IAM::ManagedPolicy")) | {"AWS::NoValue"}, (
        "AWS's own name no resources"
    )


@pytest.mark.parametrize("name", sorted(of_type("AWS::IAM::ManagedPolicy")))
def test_a_policy_of_several_roles_is_as_narrow(name: str) -> None:
    for statement in RESOURCES[name]["Properties"]["PolicyDocument"]["Statement"]:
        assert too_wide(statement) == []
        assert statement["Condition"]


@pytest.mark.parametrize("role", sorted(OF_THE_ACCOUNT))
def test_the_accounts_own_role_is_api_gateways_and_writes_logs(role: str) -> None:
    properties = RESOURCES[role]["Properties"]
    (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "apigateway.amazonaws.com"}
    (policy,) = properties["ManagedPolicyArns"]
    assert policy["Fn::Sub"].endswith("/AmazonAPIGatewayPushToCloudWatchLogs")


def test_every_function_and_workflow_has_a_role_of_its_own() -> None:
    parts = of_type("AWS::Serverless::Function") | of_type("AWS::Serverless::StateMachine")
    taken = [properties["Role"]["Fn::GetAtt"][0] for properties in parts.values()]
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(ROLES)


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("role", ROLES)
def test_only_what_is_ours_is_written_or_deleted(role: str, rendering: Rendering) -> None:
    for statement in rendering.statements(role):
        if not {"s3:PutObject", "s3:DeleteObject"} & set(listed(statement["Action"])):
            continue
        for resource in listed(statement["Resource"]):
            _, _, key = resource.partition("/")
            # Only in such folders, though a document of somebody's may lie there too.
            below = f"/*{keys.FOLDER}" in f"/{key}"
            assert below or keys.is_ours(key.replace("*", "x")) or key.startswith("folio-jobs/"), key
    assert all(fnmatch(keys.output_key("a/b.pdf", kind), f"*{keys.FOLDER}*") for kind in OUTPUTS)


@pytest.mark.parametrize("kind", ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::Events::EventBusPolicy"])
def test_others_are_let_in_for_one_thing_from_one_place(kind: str) -> None:
    for properties in of_type(kind).values():
        for statement in properties["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                assert too_wide(statement) == []
                assert statement["Principal"] != "*"
                assert referred(statement["Condition"]), "whose rule it is, or it would be anybody's"


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "s3:*", "Resource": {"Fn::GetAtt": ["InputBucket", "Arn"]}},
        {"Action": ["s3:Get*"], "Resource": {"Fn::Sub": "${InputBucket.Arn}/*"}},
        {"Action": "*", "Resource": {"Fn::GetAtt": ["InputBucket", "Arn"]}},
        {"Action": "events:PutEvents", "Resource": "*"},
        {"Action": ["xray:PutTraceSegments", "states:StartExecution"], "Resource": "*"},
        {"Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:*:*:*"},
        {"Action": "s3:GetObject", "Resource": {"Fn::Sub": "${InputBucket.Arn}*"}},
    ],
)
def test_a_planted_width_is_found(statement: dict[str, Any]) -> None:
    assert too_wide(statement)


FUNCTIONS = ("UploadRole", "SplitRole", "RecognizeRole", "MergeRole", "ApiRole")


def buckets(role: str, rendering: Rendering, *writing: str) -> set[str]:
    """The buckets in which a role may do something, or (some actions) that."""
    return {
        resource.partition("/")[0]
        for statement in rendering.statements(role)
        if not writing or set(writing) & set(listed(statement["Action"]))
        for resource in listed(statement["Resource"])
        if ":s3:" in resource or "${InputBucket" in resource
    }


@pytest.mark.parametrize("role", FUNCTIONS)
def test_roles_get_exactly_the_buckets_there_are(role: str) -> None:
    own, existing, elsewhere = (buckets(role, rendering) for rendering in RENDERINGS)
    assert own == {"${InputBucket.Arn}"}
    assert existing == {"arn:aws:s3:::scans", "arn:aws:s3:::faxes"}
    assert elsewhere == {*existing, RESULTS}


@pytest.mark.parametrize("role", [role for role in FUNCTIONS if role != "ApiRole"])
def test_where_results_lie_elsewhere_only_jobs_are_written_beside_documents(role: str) -> None:
    for statement in RENDERINGS[2].statements(role):
        if {"s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging"} & set(listed(statement["Action"])):
            places = listed(statement["Resource"])
            assert all(place.startswith((f"{RESULTS}/", "arn:aws:s3:::scans/folio-jobs/")) for place in places)


def test_no_bucket_is_made_beside_existing_ones() -> None:
    made = [rendering.of_type("AWS::S3::Bucket") for rendering in RENDERINGS]
    assert [len(buckets) for buckets in made] == [1, 0, 0]
    assert "InputBucket" not in RENDERINGS[1].text()
