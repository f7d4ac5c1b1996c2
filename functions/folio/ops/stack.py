"""A deployed installation: its queues, its bucket and its log, found by the name of its stack."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.errors import AccessDenied, BadOption, Misconfigured, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# The template's outputs that Folio needs.
OUTPUTS = ("QueueUrl", "DeadLetterQueueUrl", "BucketName", "LogGroupName")


class Stack(Struct, frozen=True):
    """Addresses in AWS, and clients for them."""

    queue: str  # URL
    dead_letters: str  # URL
    bucket: str
    log_group: str
    sqs: "SQSClient"
    s3: "S3Client"
    logs: "CloudWatchLogsClient"


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
        queue, dead_letters, bucket, log_group = (outputs[output] for output in OUTPUTS)
        clients = boto3.client("sqs"), boto3.client("s3"), boto3.client("logs")
        return Stack(queue, dead_letters, bucket, log_group, *clients)


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
