"""What the entry points of the workflow for long documents share.

Errors keep the names of their classes, by which the workflow knows what to try again; what is not an error of ours is
raised without its message, which may quote the document.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.deadline import Deadline
from folio.errors import FolioError
from folio.longdocs.workflow import Job
from folio.reading.request import Services
from folio.wiring import s3_services
from handlers.scratch import clear_scratch
from handlers.telemetry import logger, metered, record_failure


class UnexpectedFault(Exception):
    """A fault of ours; the log says which, and where."""


@contextmanager
def step(event: dict[str, Any], context: LambdaContext) -> Iterator[tuple[Job, Services, Deadline]]:
    """The document and services of one step; what goes wrong is logged, and raised so that it gives nothing away."""
    clear_scratch()
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
