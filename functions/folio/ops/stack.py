"""A deployed installation: its queues, its bucket and its log, found by the name of its stack."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from folio.config.filters import is_document
from folio.errors import AccessDenied, BadOption, Misconfigured, StoreUnavailable
from folio.keys import JOBS
from folio.stores.placement import Placement, placement

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# The template's outputs that Folio needs.
OUTPUTS = ("QueueUrl", "DeadLetterQueueUrl", "BucketName", "LogGroupName", "FunctionName")
_CDK_PARAMETERS = "FolioParameters"  # an output of deploy/cdk


class Sources(Struct, frozen=True, kw_only=True):
    """Where the documents of an installation lie, which of the keys there are documents, and where results lie (as the
    setting `results` has it).
    """

    buckets: tuple[str, ...]
    prefix: str = ""
    suffixes: tuple[str, ...] = ()
    results: str = ""
    filters: str = ""

    def takes(self, bucket: str, key: str) -> bool:
        """Whether an upload under that key is a document by the rule and the bucket's own patterns, be it Folio's own
        or not.
        """
        chosen = key.startswith(self.prefix) and (not self.suffixes or key.endswith(self.suffixes))
        return (chosen and is_document(self.filters, bucket, key)) or key.startswith(JOBS)

    def placement(self, bucket: str) -> Placement:
        return placement(bucket, self.results)


class Stack(Struct, frozen=True):
    """Addresses in AWS, and clients for them; `bucket` is the first of the sources."""

    queue: str  # URL
    dead_letters: str  # URL
    bucket: str
    log_group: str
    sqs: "SQSClient"
    s3: "S3Client"
    logs: "CloudWatchLogsClient"
    sources: Sources
    function: str  # that reads uploads


def find_stack(name: str) -> Stack:
    """Return the installation deployed under that name.

    Raises BadOption, AccessDenied, StoreUnavailable, Misconfigured.
    """
    import boto3

    with translated():
        (description,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}
        if missing := [output for output in OUTPUTS if output not in outputs]:
            raise BadOption(
                f"The stack {name!r} is not one of Folio's, or is incomplete: it lacks {', '.join(missing)}."
            )
        queue, dead_letters, bucket, log_group, function = (outputs[output] for output in OUTPUTS)
        clients = boto3.client("sqs"), boto3.client("s3"), boto3.client("logs")
        return Stack(
            queue, dead_letters, bucket, log_group, *clients, _sources(bucket, parameters_of(description)), function
        )


def parameters_of(description: "StackTypeDef") -> dict[str, str]:
    """Return a stack's parameters, also those that the CDK has made values of, which the construct tells in an output.

    Raises Misconfigured.
    """
    parameters = {each["ParameterKey"]: each.get("ParameterValue", "") for each in description.get("Parameters", [])}
    for output in description.get("Outputs", []):
        if output["OutputKey"] == _CDK_PARAMETERS:
            try:
                return parameters | msgspec.json.decode(output["OutputValue"], type=dict[str, str])
            except msgspec.DecodeError as error:
                raise Misconfigured(f"The stack's output {_CDK_PARAMETERS} is not an object of texts.") from error
    return parameters


def _sources(bucket: str, parameters: Mapping[str, str]) -> Sources:
    """Return what a stack's parameters say; one from before them has a bucket of its own and nothing else."""
    existing, suffixes, results = (
        [part for part in parameters.get(name, "").split(",") if part]
        for name in ("ExistingBucket", "SourceSuffix", "ResultBucket")
    )
    prefix = parameters.get("ResultPrefix", "")
    return Sources(
        buckets=tuple(arn.rpartition(":")[2] for arn in existing) or (bucket,),
        prefix=parameters.get("SourcePrefix", ""),
        suffixes=tuple(suffixes),
        results=f"s3://{results[0].rpartition(':')[2]}/{prefix}" if results else prefix,
        filters=settings_of(parameters).get("source_filters", ""),
    )


def settings_of(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the pairs in a stack's parameter Settings."""
    return dict(pair.partition("=")[::2] for pair in parameters.get("Settings", "").split())


@contextmanager
def translated() -> Iterator[None]:
    """Raise errors of the AWS SDK as those of folio.errors."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

    try:
        yield
    except ClientError as error:
        raise _translate(error.response["Error"]["Code"], error.operation_name) from error
    except NoCredentialsError as error:
        raise AccessDenied("There are no AWS credentials; log in, or set AWS_PROFILE.") from error
    except NoRegionError as error:
        raise Misconfigured("There is no AWS region; set AWS_REGION, or one in your profile.") from error
    except BotoCoreError as error:
        raise StoreUnavailable(f"AWS could not be reached ({type(error).__name__}).") from error


def _translate(code: str, operation: str) -> Exception:
    if code == "ValidationError" and operation == "DescribeStacks":
        return BadOption("There is no such stack in this account and region; name it with --stack.")
    if "AccessDenied" in code or code in ("403", "ExpiredToken", "InvalidClientTokenId", "UnrecognizedClientException"):
        return AccessDenied(f"AWS denies {operation} ({code}).")
    return StoreUnavailable(f"AWS answered {code} to {operation}.")
