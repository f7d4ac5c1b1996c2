"""GET v1/jobs/{id}: the state of a job."""

from folio.api.http import HttpRequest, HttpResponse, json_response
from folio.api.service import Service
from folio.jobs.records import find, look

ASK_AGAIN = 2  # seconds


def get_job(call: HttpRequest, service: Service) -> HttpResponse:
    """GET v1/jobs/{id}"""
    job = look(service.bucket, call.owner, find(service.bucket, call.owner, call.values["id"]))
    wait = {} if job.state in ("complete", "partial", "failed") else {"Retry-After": str(ASK_AGAIN)}
    return json_response(job, headers=wait)
