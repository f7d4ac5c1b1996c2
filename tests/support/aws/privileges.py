"""Which calls of AWS a function makes, as grants of IAM, and which its role in the template has.

Calls are noticed where every one passes, presigned ones too: as botocore signs them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote, urlparse

import boto3
import botocore.handlers
import botocore.session
import pytest
from msgspec import Struct

from tests.support.aws.rendered import Rendering
from tests.support.aws.template import RESOURCES, listed

BUCKET = "folio-input-123456789012-us-east-1"
OTHER = "somebody-elses-documents"  # the template's ApiSourceBucket
# What a name of the template stands for in an ARN.
NAMES = {"${InputBucket.Arn}": f"arn:aws:s3:::{BUCKET}"}
_ACCOUNT = "us-east-1:123456789012"
# Everything that is granted only where a parameter asks for it, and keys from either place.
KEYS = {name: f"arn:aws:kms:{_ACCOUNT}:key/{name}" for name in ("KmsKey", "SourceKmsKeys", "CredentialsKey")}
CREDENTIALS_KEY, BUCKET_KEY, OTHER_KEY = KEYS["CredentialsKey"], KEYS["KmsKey"], KEYS["SourceKmsKeys"]
PARAMETERS = {**KEYS, "ApiSourceBucket": OTHER}
CREDENTIALS = (f"arn:aws:secretsmanager:{_ACCOUNT}:secret:a", f"arn:aws:ssm:{_ACCOUNT}:parameter/a")
# Operation -> the action it needs, where that has another name. Source: Amazon S3 user guide, "Required permissions
# for Amazon S3 API operations". Everything else is named alike.
OPERATIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteObjects": "s3:DeleteObject",
    "states:StartExecution": "states:StartExecution",
}
# What Lambda does itself with the function's role, by what the function is given. Source: AWS Lambda developer guide,
# "Using Lambda with Amazon SQS", "Sending Lambda function logs to CloudWatch Logs", "Using AWS X-Ray".
OF_LAMBDA = {
    "Events": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "kms:Decrypt"},
    "LoggingConfig": {"logs:CreateLogStream", "logs:PutLogEvents"},
    "Tracing": {"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
}


class Need(Struct, frozen=True):
    """An action on a resource; the resource is null where it is not S3's (its kind is in the action already)."""

    action: str
    resource: str | None = None


class Grant(Struct, frozen=True):
    """One action on one resource of one statement."""

    sid: str
    action: str
    resource: str

    def covers(self, need: Need) -> bool:
        if self.action != need.action:
            return False
        return need.resource is None or fnmatchcase(need.resource, self.resource)


def granted(role: str, **parameters: str) -> set[Grant]:
    """What a role may do, with values for parameters of the template."""
    found: set[Grant] = set()
    for credentials in CREDENTIALS:
        rendering = Rendering(**PARAMETERS | {"Credentials": credentials} | parameters)
        for statement in rendering.statements(role):
            for resource in listed(statement["Resource"]):
                found |= {Grant(statement["Sid"], action, _arn(resource)) for action in listed(statement["Action"])}
    return found


def _arn(text: str) -> str:
    for name, value in NAMES.items():
        text = text.replace(name, value)
    return text


def of_lambda(function: str) -> set[Need]:
    """What Lambda itself needs for a function."""
    properties = RESOURCES[function]["Properties"]
    given = {name for name in OF_LAMBDA if properties.get(name)} | {"Tracing"}  # that is in the template's Globals
    needed = {action for name in given for action in OF_LAMBDA[name]}
    return {Need(action, BUCKET_KEY if action.startswith("kms:") else None) for action in needed}


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[Need]]:
    """The needs of every call that clients made from now on make."""
    needs: set[Need] = set()

    def notice(event_name: str, request: Any, **_: Any) -> None:
        service, operation = event_name.split(".")[1:]  # of before-sign.s3.GetObject
        needs.update(_needs(service, operation, request))

    hook = ("before-sign", notice)
    monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", [*botocore.handlers.BUILTIN_HANDLERS, hook])
    monkeypatch.setattr(botocore.session, "handlers", botocore.handlers, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    yield needs


# Source: Amazon S3 user guide, "Using server-side encryption with AWS KMS keys".
_OF_KEYS = {"GetObject": ["kms:Decrypt"], "HeadObject": ["kms:Decrypt"], "PutObject": ["kms:GenerateDataKey"]}
_PREFIXES = {"eventbridge": "events", "secrets-manager": "secretsmanager", "sfn": "states"}


def _needs(service: str, operation: str, request: Any) -> Iterator[Need]:
    name = f"{_PREFIXES.get(service, service)}:{operation}"
    action = OPERATIONS.get(name, name)
    return iter([Need(action)]) if service != "s3" else _of_s3(operation, action, request)


def _of_s3(operation: str, action: str, request: Any) -> Iterator[Need]:
    url = urlparse(request.url)
    bucket, _, key = unquote(url.path).lstrip("/").partition("/")
    if operation == "ListObjectsV2":
        yield Need(action, f"arn:aws:s3:::{bucket}")
        return
    if operation == "PutObject" and not key:  # a form for an upload: the key is in its policy
        yield Need(action)
        return
    place = f"arn:aws:s3:::{bucket}/{key}"
    # S3 uses the bucket's key in the caller's name.
    yield from (Need(use, OTHER_KEY if bucket == OTHER else BUCKET_KEY) for use in _OF_KEYS.get(operation, ()))
    if operation == "DeleteObjects":
        for found in re.findall(rb"<Key>([^<]+)</Key>", request.body or b""):
            yield Need(action, place + found.decode())
        return
    versioned = "versionId=" in url.query or "versionId" in (request.params or {})
    yield Need("s3:GetObjectVersion" if versioned else action, place)
    if operation in ("HeadObject", "GetObject"):
        # Or S3 answers 403 for a key that is not there.
        yield Need("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    if "x-amz-tagging" in request.headers:
        yield Need("s3:PutObjectTagging", place)
    if "If-Match" in request.headers:  # a condition on what is there is a look at it
        yield Need("s3:GetObject", place)


def missing(needs: set[Need], grants: set[Grant]) -> list[Need]:
    return sorted((need for need in needs if not any(grant.covers(need) for grant in grants)), key=str)


def unused(needs: set[Need], grants: set[Grant]) -> list[Grant]:
    return sorted((grant for grant in grants if not any(grant.covers(need) for need in needs)), key=str)
