"""The workflow's last entry point: the saved pages become the result."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.jobs import records
from folio.longdocs.steps import merge
from folio.problems import error_class
from folio.reading.request import Outcome
from handlers.announce import announce
from handlers.telemetry import logger, record, record_failure
from handlers.workflow import step


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return what became of the document; a `failure` of the workflow is only recorded and announced."""
    with step(event, context) as (job, services, deadline):
        if failure := event.get("failure"):
            error = error_class(failure["Error"])("The document could not be read; the log has the reason.")
            record_failure(error, last=True)
            records.give_up(services.store, job.key, error)
            outcome = Outcome(key=job.key, status="failed", error=error)
        else:
            outcome = merge(job.request(), services, deadline)
            record(outcome)
        announce(outcome, job.bucket, services.settings)
        return {"status": outcome.status, "pages": outcome.pages}
