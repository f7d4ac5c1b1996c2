"""A job that is deleted while the workflow reads it: Step Functions and the functions on loopback, called by boto3."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from folio import keys
from folio.errors import AccessDenied
from folio.longdocs import workflow
from folio.reading.request import Request
from tests.fakes.aws.lambdas import Fault, wait_for
from tests.support.aws.region import Region, region, scan
from tests.support.tools import needs_tools
from tests.unit.handlers.test_gateway import event

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = [needs_tools, pytest.mark.timeout(600), pytest.mark.slow("functions in processes of their own")]

PAGES = 26


@pytest.fixture
def here(moto_s3: "S3Client", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    with region(moto_s3.meta.endpoint_url, tmp_path, monkeypatch) as here:
        yield here


def call(here: Region, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body of the API's answer, from its function."""
    sent = {"body": base64.b64encode(json.dumps(body).encode()).decode(), "isBase64Encoded": True} if body else {}
    headers = {"multiValueHeaders": {"Content-Type": ["application/json"]}} if body else {}
    _, _, answered = here.lambdas.invoke("api", event(method, path, **sent, **headers))
    answer = json.loads(answered)
    data = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return answer["statusCode"], json.loads(data) if data else None


def of_job(here: Region, job: str) -> list[str]:
    return [name for name in here.files() if f"/{job}/" in name or f"/{job}." in name]


def test_its_workflow_ends_and_no_other_does(here: Region) -> None:
    status, ticket = call(here, "POST", "/v1/uploads", {"filename": "long.pdf"})
    assert status == 201, ticket
    job = ticket["job"]
    key = ticket["fields"]["key"]
    answers: list[int] = []

    def delete(function: str, event: dict[str, Any]) -> Fault:
        if function == "recognize" and key in json.dumps(event) and not answers:
            answers.append(0)  # before it is asked for: other functions run meanwhile
            answers[0] = call(here, "DELETE", f"/v1/jobs/{job}")[0]
        return Fault()

    other = "other.pdf"
    here.deliver(other, here.put(other, scan(PAGES)))
    here.lambdas.faults = delete
    here.deliver(key, here.put(key, scan(PAGES)))
    states = {arn.rpartition(":")[2]: arn for arn in here.executions()}
    (deleted,) = [arn for name, arn in states.items() if f"-{workflow.digest_of(key)}-" in name]
    assert wait_for(here.steps, deleted, 120)["status"] == "ABORTED"
    assert answers == [204]
    (kept,) = [arn for arn in states.values() if arn != deleted]
    assert wait_for(here.steps, kept, 400)["status"] == "SUCCEEDED"
    assert here.result(other).status == "complete"
    assert call(here, "GET", f"/v1/jobs/{job}")[0] == 404
    here.lambdas.wait_until_idle(60)
    assert of_job(here, job) == [], "functions that were reading it have left nothing"
    assert keys.result_key(key) not in here.files()


def test_of_many_executions_only_those_of_the_document_end(
    moto_s3: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one answer of ListExecutions holds."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto_s3.meta.endpoint_url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("stepfunctions", region_name="us-east-1")
    definition = json.dumps({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}})
    role = "arn:aws:iam::123456789012:role/workflow"
    made = client.create_state_machine(name=f"long-{hashlib.sha256(role.encode()).hexdigest()[:8]}",
                                       definition=definition, roleArn=role)  # fmt: skip
    arn = made["stateMachineArn"]
    documents = [f"folio-jobs/owner/{number}/a.pdf" for number in range(120)]
    for document in documents:
        request = Request(key=document, etag="e", options={})
        assert workflow.start_workflow(arn, "bucket", request, "fingerprint").status == "started"
    workflow.stop_workflow(arn, documents[3])
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter="ABORTED")
    ended = [one["name"] for page in pages for one in page["executions"]]
    assert ended == [f"fingerprint-{workflow.digest_of(documents[3])}-0"]
    workflow.stop_workflow(arn, documents[3])  # nothing of it runs any more
    with pytest.raises(AccessDenied, match="StateMachineDoesNotExist"):
        workflow.stop_workflow(f"{arn}-of-nobody", documents[0])
    client.delete_state_machine(stateMachineArn=arn)
