"""Errors as problem documents (RFC 9457)."""

import re

from msgspec import UNSET, Struct, UnsetType

from folio.errors import FolioError
from folio.models import Problem


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
    """Return the problem document of an error."""
    field = getattr(error, "field", "")
    return _problem(type(error), error.message, error.hint, field, request_id)


def problem_of_report(problem: Problem) -> ProblemDocument:
    """Return the problem document of the error in a stored error report."""
    return _problem(error_class(problem.type), problem.message, problem.hint)


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


def error_class(name: str) -> type[FolioError]:
    """Return the class with that name, or FolioError for one that does not exist any more."""
    classes: list[type[FolioError]] = [FolioError]
    for kind in classes:
        classes += kind.__subclasses__()
    return next((kind for kind in classes if kind.__name__ == name), FolioError)
