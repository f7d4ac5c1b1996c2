"""The template as SAM's translator makes it, deployed into moto's CloudFormation, with Lambda's part played here.

Left out is what moto does not know, and what refers to that; a test says what it is.
"""

import io
import json
import threading
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from msgspec import Struct, field
from scripts.cloudformation import translate

from folio.serve.local_lambda import LocalContext, load_handler
from folio.wiring import s3_services, s3_store
from handlers import announce, visibility
from handlers.telemetry import logger
from tests.support.aws.template import TEMPLATE, referred
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

NAME = "folio"
ACCOUNT = "123456789012"  # moto's
CODE = "s3://code/code.zip"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def translated() -> dict[str, Any]:
    """What CloudFormation gets: the template with SAM's resources as AWS's own."""
    template: dict[str, Any] = json.loads(json.dumps(TEMPLATE))
    template["Globals"]["Function"]["CodeUri"] = CODE
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = CODE
        if resource["Type"] == "AWS::Serverless::StateMachine":
            definition = ROOT / resource["Properties"].pop("DefinitionUri")
            resource["Properties"]["Definition"] = json.loads(definition.read_text())
    return translate(template)


def known_to_moto(template: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The template without what moto does not know, and the types that are missing."""
    resources, gone = dict(template["Resources"]), set[str]()
    while more := {
        name for name, part in resources.items() if not _known(part["Type"]) or referred(part["Properties"]) & gone
    }:
        gone |= more
        resources = {name: part for name, part in resources.items() if name not in more}
    outputs = {name: output for name, output in template["Outputs"].items() if not referred(output) & gone}
    # With the address that is told go its role and its rule, whose types are known.
    types = {template["Resources"][name]["Type"] for name in gone if not name.startswith("Notify")}
    return {**template, "Resources": resources, "Outputs": outputs}, types


def _known(kind: str) -> bool:
    from moto.cloudformation.parsing import get_model_map  # it imports all that moto can do

    # moto knows API Gateway, but CloudFormation there takes no description of an API as its body.
    return kind in get_model_map() and not kind.startswith("AWS::ApiGateway")


class Deployed(Struct):
    """A stack, and the queue's deliveries to the function as Lambda makes them."""

    s3: "S3Client"
    sqs: "SQSClient"
    log: io.StringIO
    outputs: dict[str, str]
    function: dict[str, Any]  # its configuration
    source: dict[str, Any]  # of its events: the mapping's properties
    lock: Any = field(default_factory=threading.RLock)  # moto is no use to several threads at once

    @property
    def bucket(self) -> str:
        return self.outputs["BucketName"]

    def put(self, key: str, body: bytes, bucket: str = "", **options: str) -> str:
        metadata = {f"folio-{name}": value for name, value in options.items()}
        with self.lock:
            put = self.s3.put_object(Bucket=bucket or self.bucket, Key=key, Body=body, Metadata=metadata)
        return put["ETag"].strip('"')

    def keys(self, bucket: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket or self.bucket)
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))

    def body(self, key: str, bucket: str = "") -> bytes:
        return self.s3.get_object(Bucket=bucket or self.bucket, Key=key)["Body"].read()

    def drain(self, seconds: float = 300) -> int:
        """Deliver what waits in the queue until nothing does; a failed message comes again at once. How many."""
        delivered = 0
        while messages := self.receive(self.source["BatchSize"]):
            delivered += len(messages)
            self.deliver(messages, seconds)
        return delivered

    def receive(self, most: int) -> list["MessageTypeDef"]:
        with self.lock:
            return self.sqs.receive_message(
                QueueUrl=self.outputs["QueueUrl"], MaxNumberOfMessages=most, AttributeNames=["All"]
            ).get("Messages", [])

    def deliver(self, messages: list["MessageTypeDef"], seconds: float = 300) -> None:
        """One invocation; what it does not report as failed is deleted, the rest becomes visible again."""
        answer = load_handler(self.function["Handler"])(self.event(messages), LocalContext(seconds))
        self.settle(messages, {item["itemIdentifier"] for item in answer["batchItemFailures"]})

    def event(self, messages: list["MessageTypeDef"]) -> dict[str, Any]:
        """What Lambda makes of messages."""
        records = [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                # AWS writes etag here (S3 user guide, "EventBridge event message structure"), moto 5.2 eTag.
                "body": message["Body"].replace('"eTag"', '"etag"'),
                "attributes": message["Attributes"],
                "eventSource": "aws:sqs",
            }
            for message in messages
        ]
        return {"Records": records}

    def settle(self, messages: list["MessageTypeDef"], failed: set[str]) -> None:
        """What Lambda does after an invocation, but that SQS need not wait for the visibility timeout."""
        queue = self.outputs["QueueUrl"]
        with self.lock:
            for message in messages:
                if message["MessageId"] in failed:
                    self.sqs.change_message_visibility(
                        QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                    )
                else:
                    self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def waiting(self, queue: str = "QueueUrl") -> int:
        found = self.sqs.get_queue_attributes(
            QueueUrl=self.outputs[queue], AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(found["Attributes"]["ApproximateNumberOfMessages"])


def forget() -> None:
    """What a warm function keeps, which another test's would point elsewhere."""
    for kept in (s3_services, s3_store, announce._client, visibility._client):
        kept.cache_clear()


@contextmanager
def deploy(
    endpoint: str | None,
    monkeypatch: pytest.MonkeyPatch,
    parameters: dict[str, str] | None = None,
    package: Callable[[], dict[str, Any]] = translated,
) -> Iterator[Deployed]:
    """A stack in the moto there, which is emptied first, or (None) in this process's own `mock_aws`.

    `package` puts code there and gives what CloudFormation gets.

    Buckets that parameters name are there before it. The handlers get the function's variables.
    """
    if endpoint:
        _empty(endpoint)
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    log = io.StringIO()
    # It keeps the standard output of the moment it was imported, which is no test's.
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    _mend_moto(monkeypatch)
    s3 = boto3.client("s3")
    _put_code(s3)
    template = package()
    documents = existing_buckets(s3, parameters or {})
    outputs = _create_stack(template, parameters or {})
    function: Any = boto3.client("lambda").get_function_configuration(FunctionName=outputs["FunctionName"])
    for name, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(name, value)
    source = template["Resources"]["UploadFunctionUploads"]["Properties"]
    _finish(s3, *(documents or [outputs["BucketName"]]))
    forget()
    try:
        yield Deployed(s3, boto3.client("sqs"), log, outputs, function, source)
    finally:
        if endpoint:
            _empty(endpoint)
        forget()


def existing_buckets(s3: "S3Client", parameters: dict[str, str]) -> list[str]:
    """Make the buckets that parameters name; return those of documents."""
    arns = [parameters.get(name, "") for name in ("ExistingBucket", "ResultBucket")]
    sources, results = ([arn.rpartition(":")[2] for arn in text.split(",") if arn] for text in arns)
    for name in {*sources, *results}:
        s3.create_bucket(Bucket=name)
    return sources


def _mend_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto 5.2 cannot refer to a bus that CloudFormation made, and knows no revision of a state machine; one that was
    never changed has this one.
    """
    from moto.events.models import EventBus
    from moto.stepfunctions.models import StateMachine

    monkeypatch.setattr(EventBus, "physical_resource_id", property(lambda bus: bus.name), raising=False)
    known, has = StateMachine.get_cfn_attribute, StateMachine.has_cfn_attr
    revision = "StateMachineRevisionId"
    monkeypatch.setattr(StateMachine, "has_cfn_attr", classmethod(lambda _, name: name == revision or has(name)))
    monkeypatch.setattr(
        StateMachine, "get_cfn_attribute", lambda it, name: "INITIAL" if name == revision else known(it, name)
    )


def _create_stack(packaged: dict[str, Any], parameters: dict[str, str]) -> dict[str, str]:
    """Its outputs."""
    template, _ = known_to_moto(packaged)
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(
        StackName=NAME,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _empty(endpoint: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()


def _finish(s3: "S3Client", *buckets: str) -> None:
    """What moto's CloudFormation overlooks in a bucket, and what an operator does in one that was there."""
    properties = TEMPLATE["Resources"]["InputBucket"]["Properties"]
    assert properties["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"] is True
    versioning = TEMPLATE["Mappings"]["Stages"][TEMPLATE["Parameters"]["Stage"]["Default"]]["Versioning"]
    for bucket in buckets:
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": versioning})


def _put_code(s3: "S3Client") -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("README", "The code that runs is that of the tests.")
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="code.zip", Body=file.getvalue())
