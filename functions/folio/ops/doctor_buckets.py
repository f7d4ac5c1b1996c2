"""What `folio doctor` looks at in the buckets: events, the rule that takes them, keys, and what removes leftovers."""

import json
from collections.abc import Iterator
from typing import Any

from folio import keys
from folio.ops.deployment import Deployment
from folio.ops.findings import Finding

_DEPLOYING = "docs/deploying.md, “A bucket that is there already”"


def rule(deployment: Deployment) -> Iterator[Finding]:
    """Yield whether the rule that takes uploads is on and leads to the queue."""
    events, arn = deployment.client("events"), deployment.queue_arn(deployment.stack.queue)
    names = events.list_rule_names_by_target(TargetArn=arn)["RuleNames"]
    rules = [events.describe_rule(Name=name) for name in names]
    if not rules:
        yield Finding("rule", "No rule of EventBridge leads to the queue: no upload is read.", "Deploy again.")
    for each in rules:
        on = each["State"] == "ENABLED"
        state = f"{each['Name']} is {each['State']}."
        yield Finding("rule", state, "" if on else "Enable it in EventBridge, Rules; then folio backfill.")


def buckets(deployment: Deployment) -> Iterator[Finding]:
    """Yield how each bucket of documents, and that of the results, is set up."""
    sources = deployment.stack.sources
    for number, bucket in enumerate(sources.buckets):
        yield _events(deployment, bucket)
        yield from _key(deployment, bucket)
        if deployment.parameters.get("ExistingBucket"):
            results = sources.placement(bucket).bucket == bucket
            yield from _lifecycle(deployment, bucket, checkpoints=results, jobs=number == 0)
    for bucket in {sources.placement(each).bucket for each in sources.buckets} - set(sources.buckets):
        yield from _key(deployment, bucket)
        yield from _lifecycle(deployment, bucket, checkpoints=True, jobs=False)


def _events(deployment: Deployment, bucket: str) -> Finding:
    payload = deployment.stack.s3.get_bucket_notification_configuration(Bucket=bucket)
    on = "EventBridgeConfiguration" in payload
    return Finding(
        f"bucket {bucket}",
        "It sends its events to EventBridge." if on else "It sends no events to EventBridge: no upload is read.",
        "" if on else "Switch it on: S3, the bucket, Properties, Amazon EventBridge; then folio backfill.",
    )


def _key(deployment: Deployment, bucket: str) -> Iterator[Finding]:
    """Yield whether the functions may use the KMS key that encrypts a bucket."""
    key = _kms_key(deployment, bucket)
    if not key:
        return
    payload = deployment.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    if payload.get("KeyManager") == "AWS":  # S3's own in this account, which all may use through it
        return
    if payload["KeyState"] != "Enabled":
        yield Finding(
            f"bucket {bucket}",
            f"Its key {payload['Arn']} is {payload['KeyState']}: nothing is read.",
            "Enable the key in KMS.",
        )
    granted = deployment.parameters.get("KmsKey", ""), *deployment.parameters.get("SourceKmsKeys", "").split(",")
    known = payload["Arn"] in granted
    yield Finding(
        f"bucket {bucket}",
        f"It is encrypted by {payload['Arn']}, {'which the functions may use' if known else 'unknown to the stack'}.",
        "" if known else "Name it in SourceKmsKeys, and let the functions' roles in by its policy.",
    )


def _kms_key(deployment: Deployment, bucket: str) -> str:
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


def _lifecycle(deployment: Deployment, bucket: str, *, checkpoints: bool, jobs: bool) -> Iterator[Finding]:
    text = json.dumps([rule for rule in _rules(deployment, bucket) if rule["Status"] == "Enabled"])
    ((name, value),) = keys.CHECKPOINT_TAG.items()
    if checkpoints and not (f'"{name}"' in text and f'"{value}"' in text):
        yield Finding(
            f"bucket {bucket}",
            f"Nothing removes what stopped readings leave (tag {name}={value}).",
            f"Add the lifecycle rule of {_DEPLOYING}.",
        )
    if jobs and f'"{keys.JOBS}"' not in text:
        yield Finding(
            f"bucket {bucket}",
            f"Nothing removes {keys.JOBS}.",
            f"Add the lifecycle rule of {_DEPLOYING}.",
        )


def _rules(deployment: Deployment, bucket: str) -> list[Any]:
    from botocore.exceptions import ClientError

    try:
        return list(deployment.stack.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchLifecycleConfiguration":
            return []
        raise
