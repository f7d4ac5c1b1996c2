"""Least privilege of the API's function: every route, in every story that asks something else of AWS."""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from folio import keys
from folio.longdocs import workflow
from folio.serve.local_lambda import LocalContext
from handlers import api
from tests.integration.privilege.test_upload import workflow as long_documents
from tests.support.aws.deployed import forget
from tests.support.aws.inbox import BUCKET, Inbox, remove_bucket
from tests.support.aws.privileges import CREDENTIALS_KEY, OTHER, Need, granted, missing, of_lambda, unused, watched
from tests.support.paths import DATA
from tests.support.tools import needs_tools
from tests.unit.handlers.test_gateway import event

pytestmark = needs_tools

ONE = (DATA / "english.pdf").read_bytes()


def call(method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """The status and, where it is JSON, the body."""
    told = event(
        method,
        path,
        body=base64.b64encode(body).decode() if body else None,
        isBase64Encoded=body is not None,
        multiValueHeaders={name.replace("_", "-"): [value] for name, value in headers.items()},
    )
    answer = api.handler(told, LocalContext())  # type: ignore[arg-type] # all a handler may ask of it
    data = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    return answer["statusCode"], json.loads(data) if data.startswith(b"{") else data


def documents(body: Any, **headers: str) -> tuple[int, Any]:
    return call("POST", "/v1/documents", json.dumps(body).encode(), Content_Type="application/json", **headers)


def every_story(inbox: Inbox, found: set[Need]) -> None:
    assert call("GET", "/v1/health")[0] == 200
    assert call("GET", "/v1/providers")[0] == 200
    assert call("POST", "/v1/documents", ONE, Content_Type="application/pdf")[0] == 200
    for bucket in (BUCKET, OTHER):
        inbox.client.put_object(Bucket=bucket, Key="a.pdf", Body=ONE)
        assert documents({"s3": {"bucket": bucket, "key": "a.pdf"}})[0] == 200
        assert documents({"s3": {"bucket": bucket, "key": "none.pdf"}})[0] == 404
    status, job = call(
        "POST",
        "/v1/documents",
        ONE,
        Content_Type="application/pdf",
        Prefer="respond-async",
        Idempotency_Key="12345678",
    )
    assert status == 202, job
    (key,) = [key for key in list(inbox.keys()) if key.startswith("folio-jobs/") and not keys.is_ours(key)]
    assert call("GET", f"/v1/jobs/{job['id']}")[0] == 200
    so_far = set(found)
    assert inbox.deliver(key, inbox.client.head_object(Bucket=BUCKET, Key=key)["ETag"].strip('"'))
    found.intersection_update(so_far)  # what the upload function asked for is not the API's
    done = call("GET", f"/v1/jobs/{job['id']}")[1]
    assert done["state"] == "complete"
    for accept in ("application/json", "image/png"):
        assert call("GET", f"/v1/jobs/{job['id']}/pages/1", Accept=accept)[0] == 200
    assert call("GET", "/v1/jobs/" + "A" * 32)[0] == 404
    so_far = set(found)
    name = f"folio-{workflow.digest_of(key)}-0"
    boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["FOLIO_WORKFLOW"], name=name)
    found.intersection_update(so_far)  # the upload function starts it
    assert call("DELETE", f"/v1/jobs/{job['id']}")[0] == 204
    status, ticket = call("POST", "/v1/uploads", b'{"filename": "b.pdf"}', Content_Type="application/json")
    assert status == 201, ticket


@pytest.fixture
def needs(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Need]]:
    monkeypatch.setenv("FOLIO_BUCKET", BUCKET)
    monkeypatch.setenv("FOLIO_SOURCES", OTHER)
    monkeypatch.setenv("FOLIO_WORKFLOW", long_documents())
    inbox.client.create_bucket(Bucket=OTHER)
    for bucket in (BUCKET, OTHER):
        inbox.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    with watched(monkeypatch) as found:
        for kept in (api._settings, api._context):
            kept.cache_clear()
        forget()
        every_story(inbox, found)
        yield set(found)
    for kept in (api._settings, api._context):
        kept.cache_clear()
    remove_bucket(inbox.client, OTHER)
    forget()


def test_the_apis_function_is_granted_what_it_asks_for_and_nothing_else(needs: set[Need]) -> None:
    grants = granted("ApiRole")
    assert missing(needs, grants) == []
    assert missing(of_lambda("ApiFunction"), grants) == []
    # The providers' keys are asked for by the same code as the upload function's (test_privilege).
    keys = {Need("kms:Decrypt", CREDENTIALS_KEY), Need("secretsmanager:GetSecretValue"), Need("ssm:GetParameter")}
    # It reads what lies in a bucket by the upload function's own story (`read_upload`), whose test tells of readings
    # that are replaced or stopped: these delete and tag.
    left = unused(needs | of_lambda("ApiFunction") | keys, grants)
    assert [grant for grant in left if grant.action not in ("s3:DeleteObject", "s3:PutObjectTagging")] == []
