"""The Step Functions workflow that reads long documents: how it is started, and the job it carries from step to step.

Between its steps go keys and numbers, never text.
"""

import hashlib

from msgspec import Struct

from folio.errors import AccessDenied, StoreUnavailable
from folio.models import encode
from folio.reading.request import Outcome, Request

_DENIED = ("AccessDeniedException", "InvalidArn", "StateMachineDoesNotExist")
_MAX_EXECUTIONS = 100  # of one reading: each was started when the one before it had ended without a result


class Job(Struct, frozen=True, kw_only=True):
    """The document a workflow reads."""

    bucket: str
    key: str
    etag: str
    options: dict[str, str] = {}
    force: bool = False

    def request(self, *, last_attempt: bool = True) -> Request:
        return Request(key=self.key, etag=self.etag, options=self.options, force=self.force, last_attempt=last_attempt)


def start_workflow(arn: str, bucket: str, request: Request, fingerprint: str) -> Outcome:
    """Give a document to the state machine `arn`, unless it is reading it already. Raises AccessDenied,
    StoreUnavailable.

    `fingerprint` is the reading's: the same whenever the same document is read under the same settings.
    """
    job = Job(
        bucket=bucket,
        key=request.key,
        etag=request.etag or "",
        options=dict(request.options),
        force=request.force,
    )
    _start(arn, f"{fingerprint}-{digest_of(request.key)}", encode({"job": job}).decode())
    return Outcome(key=request.key, status="started")


def stop_workflow(arn: str, key: str) -> None:
    """End what the state machine `arn` is doing for a document. Raises AccessDenied, StoreUnavailable."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client("stepfunctions")
    try:
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn, statusFilter="RUNNING")
        running = [one for page in pages for one in page["executions"] if f"-{digest_of(key)}-" in one["name"]]
        for execution in running:
            client.stop_execution(executionArn=execution["executionArn"], cause="The job was deleted.")
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        kind = AccessDenied if code in _DENIED else StoreUnavailable
        raise kind(f"The workflow for long documents could not be stopped ({code}).") from error


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _start(arn: str, name: str, content: str) -> None:
    """Start an execution, unless it is under way: the same name with the same input is the same one.

    A name whose execution has ended cannot be had again, so the next one has a number.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    client = boto3.client("stepfunctions")
    for number in range(_MAX_EXECUTIONS):
        try:
            client.start_execution(stateMachineArn=arn, name=f"{name}-{number}", input=content)
        except client.exceptions.ExecutionAlreadyExists:
            continue
        except (BotoCoreError, ClientError) as error:
            code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
            kind = AccessDenied if code in _DENIED else StoreUnavailable
            raise kind(f"The workflow for long documents could not be started ({code}).") from error
        return
    raise StoreUnavailable(f"The workflow ended {_MAX_EXECUTIONS} times without a result.")
