"""GET v1/jobs/{id}: the state of a job."""

from folio.api.context import ApiContext
from folio.api.http import RETRY_AFTER_SECONDS, HttpRequest, HttpResponse, json_response
from folio.jobs.records import find, look


def get_job(request: HttpRequest, context: ApiContext) -> HttpResponse:
    """GET v1/jobs/{id}"""
    job = look(context.bucket, request.owner, find(context.bucket, request.owner, request.values["id"]))
    wait = {} if job.state in ("complete", "partial", "failed") else {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return json_response(job, headers=wait)
