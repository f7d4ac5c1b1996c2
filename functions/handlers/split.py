"""The workflow's first entry point: which chunks of a long document are to be recognized."""

from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.errors import Superseded
from folio.longdocs.steps import split
from handlers.telemetry import logger
from handlers.workflow import step


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return the chunks (first index, last index, paid calls; none if all is done), and how many are read at once."""
    with step(event, context) as (job, services, deadline):
        try:
            chunks = split(job.request(), services, deadline)
        except Superseded:  # the last step says so
            chunks = []
        logger.info("Document split", chunks=len(chunks))
        return {"chunks": msgspec.to_builtins(chunks), "at_once": services.settings.split_concurrency}
