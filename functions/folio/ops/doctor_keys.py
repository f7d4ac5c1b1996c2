"""What `folio doctor` looks at in KMS: whether those who use a bucket or a queue may use the key that encrypts it.

Conditions of a key's policy are taken for fulfilled: which requests they are for is known to nobody beforehand.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from folio.ops.deployment import Deployment
from folio.ops.findings import Finding

_DECRYPT, _ENCRYPT = "kms:Decrypt", "kms:GenerateDataKey"
_READERS = ("UploadFunction", "SplitFunction", "RecognizeFunction", "MergeFunction", "ApiFunction")
_WRITERS = ("UploadFunction", "RecognizeFunction", "MergeFunction", "ApiFunction")
_TAKERS = ("UploadFunction",)
_EVENTS = "events.amazonaws.com"

# Who needs what: a role's ARN or a service, and the action.
type _Need = tuple[str, str]


def keys(deployment: Deployment) -> Iterator[Finding]:
    """Yield for each bucket and queue that a KMS key encrypts whether those who use it may use the key."""
    stack = deployment.stack
    sources, results = stack.sources.buckets, {stack.sources.placement(each).bucket for each in stack.sources.buckets}
    roles = _roles(deployment)
    reading = [(roles[name], _DECRYPT) for name in _READERS if name in roles]
    writing = [(roles[name], _ENCRYPT) for name in _WRITERS if name in roles]
    taking = [(roles[name], _DECRYPT) for name in _TAKERS if name in roles]
    for bucket in dict.fromkeys([*sources, *sorted(results)]):
        if key := _key_of_bucket(deployment, bucket):
            yield from _examine(deployment, f"bucket {bucket}", key, reading + (writing if bucket in results else []))
    for name, url, senders in (
        ("queue", stack.queue, [(_EVENTS, _ENCRYPT), (_EVENTS, _DECRYPT)]),
        ("dead-letter queue", stack.dead_letters, []),
    ):
        if key := _key_of_queue(deployment, url):
            yield from _examine(deployment, name, key, taking + senders)


def _roles(deployment: Deployment) -> dict[str, str]:
    """Return the ARNs of the roles of the stack's functions that read documents, by their names in the template."""
    client = deployment.client("lambda")
    names = {function: deployment.resources.get(function, ("", ""))[1] for function in _READERS}
    return {
        function: client.get_function_configuration(FunctionName=name)["Role"]
        for function, name in names.items()
        if name
    }


def _examine(deployment: Deployment, subject: str, key: str, needs: list[_Need]) -> Iterator[Finding]:
    kms = deployment.client("kms")
    payload = kms.describe_key(KeyId=key)["KeyMetadata"]
    if payload.get("KeyManager") == "AWS":  # the service's own in this account, which all may use through it
        return
    arn = payload["Arn"]
    if payload["KeyState"] != "Enabled":
        yield Finding(subject, f"Its key {arn} is {payload['KeyState']}: nothing is read.", "Enable the key in KMS.")
    granted = deployment.parameters.get("KmsKey", ""), *deployment.parameters.get("SourceKmsKeys", "").split(",")
    if arn not in granted:
        yield Finding(
            subject,
            f"It is encrypted by {arn}, unknown to the stack.",
            "Name it in SourceKmsKeys, and let the functions' roles in by its policy.",
        )
        return
    statements = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])["Statement"]
    grants = [grant for page in kms.get_paginator("list_grants").paginate(KeyId=arn) for grant in page["Grants"]]
    missing = [need for need in needs if not (_lets_in(statements, *need) or _grants(grants, *need))]
    if missing:
        listed = "; ".join(dict.fromkeys(f"{who.rpartition('/')[2]}: {action}" for who, action in missing))
        yield Finding(
            subject,
            f"It is encrypted by {arn}, whose policy does not allow {listed}.",
            "Let them in by the key's policy, as docs/deploying.md says under “Your own key”.",
        )
    else:
        yield Finding(subject, f"It is encrypted by {arn}, which the functions may use.")


def _lets_in(statements: Any, who: str, action: str) -> bool:
    """Return whether a key's policy allows somebody an action, by name or by leaving it to the account's IAM."""
    matches = [
        statement["Effect"]
        for statement in ([statements] if isinstance(statements, dict) else statements)
        if _is_about(statement, who) and any(fnmatchcase(action, one) for one in _listed(statement.get("Action")))
        if statement["Effect"] == "Allow" or not statement.get("Condition")
    ]
    return "Allow" in matches and "Deny" not in matches


def _is_about(statement: dict[str, Any], who: str) -> bool:
    principal = statement.get("Principal")
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    if not who.startswith("arn:"):
        return who in _listed(principal.get("Service"))
    partition, account = who.split(":")[1], who.split(":")[4]
    return bool({"*", who, account, f"arn:{partition}:iam::{account}:root"} & set(_listed(principal.get("AWS"))))


def _grants(grants: list[Any], who: str, action: str) -> bool:
    operation = action.partition(":")[2]
    return any(grant.get("GranteePrincipal") == who and operation in grant["Operations"] for grant in grants)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _key_of_bucket(deployment: Deployment, bucket: str) -> str:
    """Return the key of a bucket; empty if S3 encrypts it by itself."""
    from botocore.exceptions import ClientError

    try:
        payload: Any = deployment.stack.s3.get_bucket_encryption(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ServerSideEncryptionConfigurationNotFoundError":
            return ""
        raise
    rules = payload["ServerSideEncryptionConfiguration"]["Rules"]
    return next((rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID", "") for rule in rules), "")


def _key_of_queue(deployment: Deployment, url: str) -> str:
    """Return the key of a queue; empty if SQS encrypts it by itself."""
    payload = deployment.stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["KmsMasterKeyId"])
    return payload.get("Attributes", {}).get("KmsMasterKeyId", "")
