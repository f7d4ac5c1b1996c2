"""What `folio doctor` looks at in the buckets: events, the rule that takes them, and what removes leftovers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from folio import keys
from folio.ops.deployment import Deployment
from folio.ops.findings import Finding

_DEPLOYING = "docs/deploying.md, “A bucket that is there already”"
_OF_THE_PAGE = ("GET", "POST")


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
        if deployment.parameters.get("ExistingBucket"):
            results = sources.placement(bucket).bucket == bucket
            yield from _lifecycle(deployment, bucket, checkpoints=results, jobs=number == 0)
            if number == 0:
                yield from _cors(deployment, bucket)
    for bucket in {sources.placement(each).bucket for each in sources.buckets} - set(sources.buckets):
        yield from _lifecycle(deployment, bucket, checkpoints=True, jobs=False)


def _events(deployment: Deployment, bucket: str) -> Finding:
    payload = deployment.stack.s3.get_bucket_notification_configuration(Bucket=bucket)
    on = "EventBridgeConfiguration" in payload
    return Finding(
        f"bucket {bucket}",
        "It sends its events to EventBridge." if on else "It sends no events to EventBridge: no upload is read.",
        "" if on else "Switch it on: S3, the bucket, Properties, Amazon EventBridge; then folio backfill.",
    )


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


def _cors(deployment: Deployment, bucket: str) -> Iterator[Finding]:
    """Where there is a web page, it uploads to the bucket and downloads from it."""
    address = deployment.outputs.get("ApiUrl", "")
    by_signature = "iam" in (deployment.parameters.get("Api"), deployment.parameters.get("ApiAuth"))
    if not address or by_signature:
        return
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    methods = {
        method
        for rule in _cors_rules(deployment, bucket)
        if any(fnmatchcase(origin, allowed) for allowed in rule["AllowedOrigins"])
        for method in rule["AllowedMethods"]
    }
    if missing := [method for method in _OF_THE_PAGE if method not in methods]:
        yield Finding(
            f"bucket {bucket}",
            f"The web page may not use it: its CORS rules do not allow {' and '.join(missing)} from {origin}.",
            f"Add the CORS rule of {_DEPLOYING}.",
        )


def _rules(deployment: Deployment, bucket: str) -> list[Any]:
    with _empty_without("NoSuchLifecycleConfiguration"):
        return list(deployment.stack.s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])
    return []


def _cors_rules(deployment: Deployment, bucket: str) -> list[Any]:
    with _empty_without("NoSuchCORSConfiguration"):
        return list(deployment.stack.s3.get_bucket_cors(Bucket=bucket)["CORSRules"])
    return []


@contextmanager
def _empty_without(code: str) -> Iterator[None]:
    """Go on after S3's way of saying that a bucket has no such configuration."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
