"""Errors as problem documents (RFC 9457), all from the one tree."""

import math
import re

from msgspec import UNSET, Struct, UnsetType

from folio.api.calls import Answer
from folio.errors import FolioError, NotAllowed, error_class
from folio.models import Problem as Told
from folio.models import encode

MEDIA_TYPE = "application/problem+json"


class ProblemDocument(Struct, frozen=True, kw_only=True):
    """What went wrong. `type` names the kind of error and never changes, `hint` says what to do, `field` is the option
    or the part of the body at fault.
    """

    type: str
    title: str
    status: int
    detail: str
    hint: str
    field: str | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


def problem_of(error: FolioError, request_id: str = "") -> ProblemDocument:
    """An error of ours, told to a caller."""
    field = getattr(error, "field", "")
    return _problem(type(error), error.message, error.hint, field, request_id)


def problem_told(told: Told) -> ProblemDocument:
    """An error that a stored report tells of."""
    return _problem(error_class(told.type), told.message, told.hint)


def _problem(kind: type[FolioError], message: str, hint: str, field: str = "", request_id: str = "") -> ProblemDocument:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()
    return ProblemDocument(
        type="urn:folio:error:" + words.lower().replace(" ", "-"),
        title=words,
        status=kind.http_status,
        detail=message,
        hint=hint,
        field=field or UNSET,
        request_id=request_id or UNSET,
    )


def refuse(error: FolioError, request_id: str = "") -> Answer:
    """The answer to a call that failed."""
    headers = {}
    if isinstance(error, NotAllowed):
        headers["Allow"] = ", ".join(error.allow)
    # 503: what it depends on is out of order, which takes longer to pass than a queue.
    wait = getattr(error, "retry_after", None) or (30 if error.http_status in (429, 503) else None)
    if wait:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return Answer(
        status=error.http_status,
        body=encode(problem_of(error, request_id)),
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def at_field[E: FolioError](error: E, field: str) -> E:
    """The same error, which tells where in the request it is."""
    error.field = field
    return error
