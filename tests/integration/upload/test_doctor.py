"""`folio doctor --stack` against the deployed stack: a healthy one has nothing wrong, planted faults are found."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.support.aws.accounts import encrypt, in_network, own_key
from tests.support.aws.deployed import Deployed
from tests.support.aws.doctored import ACCOUNT, API, CORS, doctor, healthy_stack, tell_output
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ALARM = "folio-BacklogAlarm-1"


@pytest.fixture
def stack(moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with healthy_stack(moto_s3, monkeypatch) as stack:
        yield stack


def test_of_a_healthy_stack_nothing_is_wrong(stack: Deployed) -> None:
    assert doctor() == (0, []), doctor()


# Operation -> the action it needs, where that has another name.
ACTIONS = {
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
}


def test_the_actions_it_needs_are_listed_and_read_only(stack: Deployed) -> None:
    own = own_key({"AWS": "arn:aws:iam::123456789012:root"})
    encrypt(stack, "scans", own)
    in_network("s3")
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


def closed_key(stack: Deployed) -> None:
    encrypt(stack, "scans", own_key({"AWS": "arn:aws:iam::123456789012:role/somebody"}))


def closed_queue(stack: Deployed) -> None:
    """Its key lets in the account, but not the service that puts uploads there."""
    key = own_key({"AWS": "arn:aws:iam::123456789012:root"})
    stack.sqs.set_queue_attributes(QueueUrl=stack.outputs["QueueUrl"], Attributes={"KmsMasterKeyId": key})


def no_lifecycle(stack: Deployed) -> None:
    stack.s3.delete_bucket_lifecycle(Bucket="results")


def no_cors(stack: Deployed) -> None:
    stack.s3.delete_bucket_cors(Bucket="scans")


def cors_of_others(stack: Deployed) -> None:
    rules: Any = [{**CORS, "AllowedOrigins": ["https://example.org"]}, {**CORS, "AllowedMethods": ["GET"]}]
    stack.s3.put_bucket_cors(Bucket="scans", CORSConfiguration={"CORSRules": rules})


def no_trigger(_: Deployed) -> None:
    client = boto3.client("lambda")
    (mapping,) = client.list_event_source_mappings()["EventSourceMappings"]
    client.delete_event_source_mapping(UUID=mapping["UUID"])


def function_off(stack: Deployed) -> None:
    name = stack.outputs["FunctionName"]
    boto3.client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def dead_letter(stack: Deployed) -> None:
    stack.sqs.send_message(QueueUrl=stack.outputs["DeadLetterQueueUrl"], MessageBody="{}")


def untold_event(stack: Deployed) -> None:
    stack.sqs.send_message(QueueUrl=stack.sqs.get_queue_url(QueueName="untold")["QueueUrl"], MessageBody="{}")


def metric(namespace: str, name: str, dimension: str, of: str, value: float) -> None:
    data: Any = {"MetricName": name, "Value": value, "Timestamp": datetime.now(UTC) - timedelta(minutes=1)}
    data["Dimensions"] = [{"Name": dimension, "Value": of}]
    boto3.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[data])


def old_upload(stack: Deployed) -> None:
    queue = stack.outputs["QueueUrl"].rpartition("/")[2]
    metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, 9000)


def shut_in(_: Deployed) -> None:
    in_network("s3", "sqs", "events")


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
    closed_key: ["bucket scans: It is encrypted by arn:aws:kms:", "does not allow", ": kms:Decrypt", "Your own key"],
    closed_queue: ["queue: It is encrypted by arn:aws:kms:", "allow events.amazonaws.com: kms:GenerateDataKey"],
    shut_in: ["network vpc-", "do not reach states: there is no endpoint", "Your own network"],
    no_lifecycle: ["bucket results: Nothing removes", "lifecycle rule"],
    no_cors: ["bucket scans: The web page may not use it", f"do not allow GET and POST from {API}.", "CORS rule"],
    cors_of_others: ["bucket scans: The web page may not use it", f"do not allow POST from {API}."],
    no_trigger: ["trigger: No function takes uploads", "Deploy again"],
    function_off: ["It is switched off", "Take that away"],
    dead_letter: ["dead-letter queue: 1 uploads were given up.", "folio redrive --stack folio"],
    untold_event: ["queue of the webhook: 1 events were not taken", "Mend the address"],
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


@pytest.mark.parametrize("grantor", ["account", "grants"])
def test_keys_that_let_the_functions_in_are_well(grantor: str, stack: Deployed) -> None:
    roles = {each["Role"] for each in boto3.client("lambda").list_functions()["Functions"]}
    who = "root" if grantor == "account" else "role/somebody"
    key = own_key({"AWS": f"arn:aws:iam::123456789012:{who}", "Service": "events.amazonaws.com"})
    encrypt(stack, "scans", key)
    encrypt(stack, "results", key)
    stack.sqs.set_queue_attributes(QueueUrl=stack.outputs["QueueUrl"], Attributes={"KmsMasterKeyId": key})
    for role in roles if grantor == "grants" else ():
        boto3.client("kms").create_grant(KeyId=key, GranteePrincipal=role, Operations=["Decrypt", "GenerateDataKey"])
    assert doctor() == (0, [])


@pytest.mark.parametrize(
    ("services", "out"), [(("s3", "sqs", "states", "events"), False), ((), True)], ids=["endpoints", "gateway"]
)
def test_a_network_with_all_endpoints_or_a_way_out_is_well(
    services: tuple[str, ...], out: bool, stack: Deployed
) -> None:
    in_network(*services, out=out)
    assert doctor() == (0, [])


@pytest.mark.parametrize("origin", ["*", API, "https://*.amazonaws.com"])
def test_cors_rules_that_let_the_page_in_are_well_and_without_a_page_none_is_asked_for(
    origin: str, stack: Deployed
) -> None:
    rule: Any = {**CORS, "AllowedOrigins": [origin]}
    stack.s3.put_bucket_cors(Bucket="scans", CORSConfiguration={"CORSRules": [rule]})
    assert doctor() == (0, [])
    no_cors(stack)
    tell_output("ApiUrl", "")
    assert doctor() == (0, [])


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
