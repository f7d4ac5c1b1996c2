"""`folio doctor --stack` against the deployed stack: a healthy one has nothing wrong, planted faults are found."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from click.testing import CliRunner

from folio import keys
from folio.cli.main import cli
from tests.support.aws.deployed import Deployed, deploy
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT: dict[str, int] = {}
EXISTING = {"ExistingBucket": "arn:aws:s3:::scans", "ResultBucket": "arn:aws:s3:::results"}
ALARM = "folio-BacklogAlarm-1"
LIFECYCLE: Any = [
    {
        "ID": "checkpoints",
        "Status": "Enabled",
        "Filter": {"Tag": {"Key": "folio", "Value": "checkpoint"}},
        "Expiration": {"Days": 21},
    },
    {"ID": "jobs", "Status": "Enabled", "Filter": {"Prefix": keys.JOBS}, "Expiration": {"Days": 7}},
]


@pytest.fixture
def stack(moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A healthy stack on a bucket that was there before, with what moto's CloudFormation leaves out."""
    ACCOUNT.update(ConcurrentExecutions=1000, UnreservedConcurrentExecutions=1000)
    with deploy(moto_s3.meta.endpoint_url, monkeypatch, EXISTING) as stack:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        boto3.setup_default_session()
        tell_of_events(monkeypatch)
        tell_of_account(ACCOUNT)
        for bucket in ("scans", "results"):
            stack.s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})
        arn = stack.sqs.get_queue_attributes(QueueUrl=stack.outputs["QueueUrl"], AttributeNames=["QueueArn"])
        boto3.client("lambda").create_event_source_mapping(
            EventSourceArn=arn["Attributes"]["QueueArn"], FunctionName=stack.outputs["FunctionName"]
        )
        yield stack


def tell_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto 5.2 keeps that a bucket sends its events to EventBridge, but does not tell it."""
    from moto.s3.responses import S3Response

    known = S3Response.serialized

    def serialized(response: Any, answer: Any) -> Any:
        told = getattr(answer, "result", None)
        if isinstance(told, dict) and "TopicConfigurations" in told:
            kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
            told |= {} if kept.event_bridge is None else {"EventBridgeConfiguration": {}}
        return known(response, answer)

    monkeypatch.setattr(S3Response, "serialized", serialized)


def tell_of_account(limit: dict[str, int]) -> None:
    """What Lambda says of the account, which moto 5.2 does not."""
    done = type("Done", (), {"status_code": 200})()
    session = boto3.DEFAULT_SESSION
    assert session is not None
    hook: Any = lambda **_: (done, {"AccountLimit": limit})  # noqa: E731 (a hook that returns is an answer)
    session.events.register("before-call.lambda.GetAccountSettings", hook)


def doctor(*arguments: str) -> tuple[int, list[str]]:
    """The exit code, and the lines about what is wrong."""
    done = CliRunner(mix_stderr=False).invoke(
        cli, ["doctor", *(arguments or ("--stack", "folio"))], standalone_mode=False, catch_exceptions=False
    )
    return done.return_value, [line for line in done.stdout.splitlines() if not line.startswith("ok ")]


def test_of_a_healthy_stack_nothing_is_wrong(stack: Deployed) -> None:
    assert doctor() == (0, []), doctor()


# Operation -> the action it needs, where that has another name.
ACTIONS = {
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
}


def test_the_actions_it_needs_are_listed_and_read_only(stack: Deployed) -> None:
    foreign_key(stack)
    asked = set()

    def notice(event_name: str, **_: Any) -> None:
        service, operation = event_name.split(".")[1:3]  # of before-sign.s3.GetObject
        name = f"{service.replace('eventbridge', 'events').replace('cloudwatch-logs', 'logs')}:{operation}"
        asked.add(ACTIONS.get(name, name))

    session = boto3.DEFAULT_SESSION
    assert session is not None
    session.events.register("before-sign", notice)
    doctor()
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (section,) = re.findall(r"What it asks AWS for, all of it reading: (.*?)\.\s", page, re.DOTALL)
    listed = set(re.findall(r"`(\w+:\w+)`", section))
    assert asked == listed - {"lambda:GetAccountSettings"}, "that one never leaves here"
    assert all(re.match(r"\w+:(Get|List|Describe|Filter)", action) for action in listed)


def small_account(_: Deployed) -> None:
    ACCOUNT.update(ConcurrentExecutions=10, UnreservedConcurrentExecutions=4)


def no_events(stack: Deployed) -> None:
    stack.s3.put_bucket_notification_configuration(Bucket="scans", NotificationConfiguration={})


def rule_off(stack: Deployed) -> None:
    events = boto3.client("events")
    arn = stack.sqs.get_queue_attributes(QueueUrl=stack.outputs["QueueUrl"], AttributeNames=["QueueArn"])
    (name,) = events.list_rule_names_by_target(TargetArn=arn["Attributes"]["QueueArn"])["RuleNames"]
    events.disable_rule(Name=name)


def foreign_key(stack: Deployed) -> None:
    key = boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]
    rule: Any = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    stack.s3.put_bucket_encryption(Bucket="results", ServerSideEncryptionConfiguration={"Rules": [rule]})


def no_lifecycle(stack: Deployed) -> None:
    stack.s3.delete_bucket_lifecycle(Bucket="results")


def no_trigger(_: Deployed) -> None:
    client = boto3.client("lambda")
    (mapping,) = client.list_event_source_mappings()["EventSourceMappings"]
    client.delete_event_source_mapping(UUID=mapping["UUID"])


def function_off(stack: Deployed) -> None:
    name = stack.outputs["FunctionName"]
    boto3.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def dead_letter(stack: Deployed) -> None:
    stack.sqs.send_message(QueueUrl=stack.outputs["DeadLetterQueueUrl"], MessageBody="{}")


def metric(namespace: str, name: str, dimension: str, of: str, value: float) -> None:
    data: Any = {"MetricName": name, "Value": value, "Timestamp": datetime.now(UTC) - timedelta(minutes=1)}
    data["Dimensions"] = [{"Name": dimension, "Value": of}]
    boto3.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])


def old_upload(stack: Deployed) -> None:
    queue = stack.outputs["QueueUrl"].rpartition("/")[2]
    metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, 9000)


def throttled(stack: Deployed) -> None:
    metric("AWS/Lambda", "Throttles", "FunctionName", stack.outputs["FunctionName"], 7)


def alarm_on(_: Deployed) -> None:
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName=ALARM,
        AlarmDescription="A document has waited. Raise MaxConcurrency.",
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Statistic="Maximum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    client.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="planted")


def logged_errors(stack: Deployed) -> None:
    group, logs = stack.outputs["LogGroupName"], boto3.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    lines = [
        {"level": "ERROR", "error": "CredentialsMissing", "message": "Larkfield"},
        {"level": "ERROR", "error": "Larkfield and all it says", "message": "Larkfield"},
        {"level": "INFO", "error": "Refused", "message": "no ERROR"},
    ]
    events: Any = [{"timestamp": int(1000 * time.time()), "message": json.dumps(line)} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[*events, events[0]])


FAULTS = {
    small_account: [
        "concurrency: 10 functions may run at once, 4 of them unreserved; this stack wants 10.",
        "Service Quotas",
    ],
    no_events: ["bucket scans: It sends no events to EventBridge", "Properties, Amazon EventBridge"],
    rule_off: ["is DISABLED.", "Enable it in EventBridge"],
    foreign_key: ["bucket results: It is encrypted by arn:aws:kms:", "SourceKmsKeys"],
    no_lifecycle: ["bucket results: Nothing removes", "lifecycle rule"],
    no_trigger: ["trigger: No function takes uploads", "Deploy again"],
    function_off: ["It is switched off", "Take that away"],
    dead_letter: ["dead-letter queue: 1 uploads were given up.", "folio redrive --stack folio"],
    old_upload: ["queue: 0 uploads wait, the oldest for 9000 s.", "MaxConcurrency"],
    throttled: ["throttles: Lambda refused 7 starts", "Service Quotas"],
    alarm_on: [f"alarm {ALARM}: It is on.", "Raise MaxConcurrency."],
}


@pytest.mark.parametrize("plant", list(FAULTS))
def test_a_planted_fault_is_the_one_that_is_found(plant: Callable[[Deployed], None], stack: Deployed) -> None:
    plant(stack)
    code, lines = doctor()
    assert code == 1
    (line,) = lines
    assert all(part in line for part in FAULTS[plant]), line


def test_errors_of_the_log_are_told_by_class_and_never_by_their_text(stack: Deployed) -> None:
    logged_errors(stack)
    code, lines = doctor()
    assert code == 1
    assert len(lines) == 2
    assert "CredentialsMissing, 2 in the last hour." in lines[0]
    assert "Error, 1 in the last hour." in lines[1]
    assert "Larkfield" not in "".join(lines)


def test_what_may_not_be_asked_is_told_and_the_rest_is_asked(stack: Deployed) -> None:
    dead_letter(stack)
    session = boto3.DEFAULT_SESSION
    assert session is not None
    denied = type("Denied", (), {"status_code": 403})()
    error = {"Error": {"Code": "AccessDeniedException", "Message": ""}}
    session.events.register("before-call.cloudwatch", lambda **_: (denied, error))  # type: ignore[arg-type] # as above
    code, lines = doctor()
    assert code == 1
    assert ["AWS denies" in line for line in lines].count(True) == 3
    assert any("were given up" in line for line in lines)


def test_here_it_is_tools_and_models() -> None:
    code, lines = doctor("--stack", "")
    assert (code, lines) == (0, [])
