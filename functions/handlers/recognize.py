"""The workflow's entry point for one chunk: its pages are read, and saved beside the document."""

from typing import Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio.errors import Superseded
from folio.longdocs.chunks import Chunk
from folio.longdocs.steps import give_up, recognize
from handlers.telemetry import logger
from handlers.workflow import step


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """`attempt` says whether others follow: `next`, `last`, or `none`, when nobody could read what remains."""
    with step(event, context) as (job, services, deadline):
        chunk = msgspec.convert(event["chunk"], Chunk)
        attempt = event["attempt"]
        step_function = give_up if attempt == "none" else recognize
        try:
            pages = step_function(job.request(last_attempt=attempt != "next"), chunk, services, deadline)
        except Superseded:  # the others find so too, and the last step says it
            return {"pages": 0}
        logger.info("Chunk handled", first=chunk.first, last=chunk.last, pages=pages, attempt=attempt)
        return {"pages": pages}
