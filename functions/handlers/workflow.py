"""What the doors of the workflow for long documents share: its input, and how it is started.

Between its steps go keys and numbers, never text. Errors keep the names of their classes, by which the workflow knows
what to try again; what is no error of ours is told without its message, which may quote the document.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext
from msgspec import Struct

from folio.deadline import Deadline
from folio.errors import AccessDenied, FolioError, StoreUnavailable
from folio.models import encode
from folio.reading.request import Outcome, Request, Services
from folio.wiring import s3_services, sharing_bucket
from handlers.telemetry import logger, metered, record_failure

_DENIED = ("AccessDeniedException", "InvalidArn", "StateMachineDoesNotExist")
_EXECUTIONS = 100  # of one reading: each was started when the one before it had ended without a result


class UnexpectedFault(Exception):
    """A fault of ours; the log says which, and where."""


class Job(Struct, frozen=True, kw_only=True):
    """The document a workflow reads."""

    bucket: str
    key: str
    etag: str
    options: dict[str, str] = {}
    force: bool = False

    def request(self, *, last_attempt: bool = True) -> Request:
        return Request(key=self.key, etag=self.etag, options=self.options, force=self.force, last_attempt=last_attempt)


@contextmanager
def step(event: dict[str, Any], context: LambdaContext) -> Iterator[tuple[Job, Services, Deadline]]:
    """One step's document and tools; what goes wrong is logged, and raised so that it gives nothing away."""
    job = msgspec.convert(event["job"], Job)
    with logger.append_context_keys(bucket=job.bucket, key=job.key):
        try:
            services = metered(s3_services(job.bucket))
            yield job, services, Deadline(context.get_remaining_time_in_millis() / 1000 - services.settings.margin)
        except FolioError as error:
            record_failure(error, last=False)
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is)
            record_failure(error, last=False)
            raise UnexpectedFault(type(error).__name__) from None


def fanning_out(services: Services, bucket: str, deadline: Deadline) -> Services:
    """The same tools, which give long documents to the workflow if there is one."""
    if not (workflow := services.settings.workflow):
        return services
    kind, _, lock = workflow.partition(":")
    if kind == "lock":
        return sharing_bucket(services, bucket, Path(lock), deadline)
    return msgspec.structs.replace(services, fan_out=_starter(workflow, bucket))


def _starter(workflow: str, bucket: str) -> Callable[[Request, str], Outcome]:
    def start(request: Request, mark: str) -> Outcome:
        job = Job(
            bucket=bucket,
            key=request.key,
            etag=request.etag or "",
            options=dict(request.options),
            force=request.force,
        )
        name = f"{mark}-{hashlib.sha256(request.key.encode()).hexdigest()[:16]}"
        _start(workflow, name, encode({"job": job}).decode())
        return Outcome(key=request.key, status="started")

    return start


def _start(workflow: str, name: str, content: str) -> None:
    """Start the workflow for a reading, unless it is under way: the same name with the same input is the same one.

    A name whose execution has ended cannot be had again, so the next one has a number.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client("stepfunctions")
    for number in range(_EXECUTIONS):
        try:
            client.start_execution(stateMachineArn=workflow, name=f"{name}-{number}", input=content)
        except client.exceptions.ExecutionAlreadyExists:
            continue
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            kind = AccessDenied if code in _DENIED else StoreUnavailable
            raise kind(f"The workflow for long documents could not be started ({code}).") from error
        return
    raise StoreUnavailable(f"The workflow ended {_EXECUTIONS} times without a result.")
