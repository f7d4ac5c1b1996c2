"""A stack for `folio doctor`: healthy, on buckets that were there before, with what moto does not tell put in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from click.testing import CliRunner

from folio import keys
from folio.cli.main import cli
from tests.support.aws.deployed import Deployed, deploy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT: dict[str, int] = {}
EXISTING = {"ExistingBucket": "arn:aws:s3:::scans", "ResultBucket": "arn:aws:s3:::results"}
API = "https://a1b2c3.execute-api.us-east-1.amazonaws.com"
CORS: Any = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD", "POST"], "AllowedHeaders": ["*"]}
LIFECYCLE: Any = [
    {
        "ID": "checkpoints",
        "Status": "Enabled",
        "Filter": {"Tag": {"Key": "folio", "Value": "checkpoint"}},
        "Expiration": {"Days": 21},
    },
    {"ID": "jobs", "Status": "Enabled", "Filter": {"Prefix": keys.JOBS}, "Expiration": {"Days": 7}},
]


@contextmanager
def healthy_stack(moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A healthy stack on a bucket that was there before, with what moto's CloudFormation leaves out."""
    ACCOUNT.update(ConcurrentExecutions=1000, UnreservedConcurrentExecutions=1000)
    with deploy(moto_s3.meta.endpoint_url, monkeypatch, EXISTING) as stack:
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        boto3.setup_default_session()
        tell_of_events(monkeypatch)
        tell_of_account(ACCOUNT)
        for bucket in ("scans", "results"):
            stack.s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": LIFECYCLE})
        stack.s3.put_bucket_cors(Bucket="scans", CORSConfiguration={"CORSRules": [CORS]})
        tell_output("ApiUrl", f"{API}/prod/")
        tell_output("NotifyDeadLetterQueueUrl", stack.sqs.create_queue(QueueName="untold")["QueueUrl"])
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


def tell_output(name: str, value: str) -> None:
    """An output of the stack, whose resource moto does not make."""
    session = boto3.DEFAULT_SESSION
    assert session is not None

    def add(parsed: Any, **_: Any) -> None:
        parsed["Stacks"][0]["Outputs"].append({"OutputKey": name, "OutputValue": value})

    session.events.register("after-call.cloudformation.DescribeStacks", add)
