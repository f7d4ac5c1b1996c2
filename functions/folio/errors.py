"""Everything that can go wrong, as one tree.

    FolioError
    ├── Refused                       the input must change: leaves <key>.ocr.error.json, never retried
    │   ├── BadOption                 an option has a value that Folio does not know
    │   │   └── UnknownLanguage       the engine has no data for a language
    │   ├── EmptyDocument             zero bytes, or no page
    │   ├── UnsupportedType           not one of the document types
    │   ├── PasswordProtected         a password is needed
    │   ├── DamagedDocument           no page of it can be read
    │   ├── TooLarge                  more bytes, pages or pixels than the limits
    │   │   └── BodyTooLarge          more bytes than a request to the API may carry
    │   ├── BadRequest                a request to the API is not in a form that Folio knows
    │   │   └── IdempotencyKeyReused  its Idempotency-Key came with another request before
    │   ├── NotFound                  there is nothing under this address
    │   ├── MethodNotAllowed          the address has other methods
    │   ├── NotAcceptable             the answer cannot be given in the requested form
    │   ├── Unauthorized              the key is missing or not known
    │   ├── UnreadableScript              nobody who was asked reads the script that a page is written in
    │   │   └── BlurredWriting            it is too blurred to tell in which
    │   ├── DocumentTypeMismatch      the provider says that it is not the card or invoice it should be
    │   └── CallBudgetExceeded        it needs more paid calls than max_calls
    ├── PageUnreadable                one page cannot be drawn; the others go on
    │   └── ImageRefused              the provider does not take the image of a page
    ├── Superseded                    nothing to do any more: the source changed or is gone
    │   ├── SourceChanged
    │   ├── ReviewChanged             somebody else has corrected the same result meanwhile
    │   └── SourceGone
    ├── Unavailable                   may pass: raised, retried, then sent to the dead-letter queue
    │   ├── StoreUnavailable
    │   ├── EngineFailed
    │   ├── EngineTimeout
    │   ├── Throttled                 the provider is called too often
    │   ├── Busy                      more requests to the API than can be answered
    │   │   └── StillRunning          a request with this Idempotency-Key is being answered
    │   ├── Stalled                   a job that has not reported for too long
    │   ├── RequestTimeout            the rest of a request did not arrive
    │   └── DeadlineExceeded
    └── Misconfigured                 the operator must act: raised, ends in the dead-letter queue
        ├── AccessDenied
        ├── NameTooLong               no result or error can be written beside the document
        ├── ToolMissing
        ├── CredentialsMissing        none for the provider, or they cannot be fetched
        ├── ProviderDenied            the provider does not accept the key or the request, or its service is not enabled
        └── QuotaExhausted            the provider's quota, or the money for it, is used up

Each class carries what the entry points need: exit code, HTTP status, whether to retry, and a hint. A message is one
sentence that never holds document text or secrets, a hint is one sentence that says what to do. Foreign errors are
translated where they arise.
"""

from typing import ClassVar


class FolioError(Exception):
    """Root of the tree; never raised itself."""

    retryable: ClassVar[bool] = False
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 70  # sysexits.h: EX_SOFTWARE
    hint: ClassVar[str] = "Report this at the project's issue tracker."
    logged: str = ""  # what a log says instead of a message that quotes the document
    field: str = ""  # the option or the part of the request that is at fault, if it is known

    @property
    def message(self) -> str:
        return str(self)


class Refused(FolioError):
    http_status = 422
    exit_code = 65  # EX_DATAERR


class BadOption(Refused):
    http_status = 400
    exit_code = 2  # of every Unix tool for a wrong option
    hint = "Correct the option and upload the document again, or repeat the command."


class UnknownLanguage(BadOption):
    hint = "Choose from the installed languages, or install the data of the missing one."


class EmptyDocument(Refused):
    hint = "Upload the document again; the copy that arrived holds nothing."


class UnsupportedType(Refused):
    http_status = 415
    hint = "Convert it to PDF, or to another of the types that docs/tables.md lists."


class PasswordProtected(Refused):
    hint = "Remove the password (for example with qpdf --decrypt) and upload it again."


class DamagedDocument(Refused):
    hint = "Open it in a viewer and save it again, or scan it again."


class TooLarge(Refused):
    http_status = 413
    hint = "Split or reduce the document, choose pages, or raise the limit in the settings."


class BodyTooLarge(TooLarge):
    hint = "Ask POST v1/uploads where to put it; the document then goes straight into the bucket."


class BadRequest(Refused):
    http_status = 400
    hint = "Correct the request; docs/openapi.json describes it."


class IdempotencyKeyReused(BadRequest):
    http_status = 422
    hint = "Send a new Idempotency-Key with a new request."


class NotFound(Refused):
    http_status = 404
    hint = "Check the address; jobs are known only to those who made them, and for a limited time."


class MethodNotAllowed(Refused):
    """`allow`: the methods that the address has."""

    http_status = 405
    hint = "Use one of the methods that the header Allow names."

    def __init__(self, message: str, allow: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allow = allow


class NotAcceptable(Refused):
    http_status = 406
    hint = "Ask for another form in the header Accept, for example application/json."


class Unauthorized(Refused):
    http_status = 401
    hint = "Send a valid key in the header X-Api-Key."


class DocumentTypeMismatch(Refused):
    hint = "Upload the right document (or the right side of the card), or choose the mode that fits it."


class UnreadableScript(Refused):
    hint = "Install Tesseract's data of its language, or name the language if it is another one."


class BlurredWriting(UnreadableScript):
    hint = "Photograph or scan the page again: in focus, held still, and from nearer if its print is small."


class CallBudgetExceeded(Refused):
    hint = "Raise max_calls, choose fewer pages, or let tesseract read."


class PageUnreadable(FolioError):
    """One page failed; raised to the document as DamagedDocument only if every page did."""

    http_status = 422
    exit_code = 65
    hint = "Open the document in a viewer and save it again, or scan this page again."


class ImageRefused(PageUnreadable):
    hint = "Try another provider, a lower DPI, or scan this page again."


class Superseded(FolioError):
    """The document this work was for has changed or is gone; a newer event does what remains to be done."""

    http_status = 409
    exit_code = 75
    hint = "Nothing to do: the newer version of the document is read on its own event."


class SourceChanged(Superseded):
    pass


class ReviewChanged(Superseded):
    http_status = 412
    hint = "Take the newer corrections, put yours to them, and send again those that do not contradict."
    newer: object = None  # the review (`folio.models.Review`) that is there now


class SourceGone(Superseded):
    http_status = 404
    exit_code = 66  # EX_NOINPUT
    hint = "Check the name; the document may have been moved or deleted."


class Unavailable(FolioError):
    retryable = True
    http_status = 503
    exit_code = 75  # EX_TEMPFAIL


class StoreUnavailable(Unavailable):
    hint = "Try again; if it lasts, look at the state of the store and at free disk space."


class EngineFailed(Unavailable):
    http_status = 502
    hint = "Try again; if it lasts, give the function more memory or lower the DPI."


class EngineTimeout(Unavailable):
    http_status = 504
    hint = "Try again; if it lasts, raise the page timeout or lower the DPI."


class Throttled(Unavailable):
    """`retry_after`: seconds that the provider asks to wait, or None if it does not say."""

    http_status = 429
    hint = "Try again later; lower MaxConcurrency or FOLIO_QPS, or buy a higher rate from the provider."

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Unavailable):
    """`retry_after`: seconds after which to ask again."""

    http_status = 429
    hint = "Try again after the seconds that Retry-After names."

    def __init__(self, message: str, retry_after: float = 2) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StillRunning(Busy):
    http_status = 409


class Stalled(Unavailable):
    hint = "Upload the document again; if it fails too, the operator finds why in the dead-letter queue and the log."


class RequestTimeout(Unavailable):
    http_status = 408
    hint = "Send the request again, over a faster connection or through POST v1/uploads."


class DeadlineExceeded(Unavailable):
    http_status = 504
    hint = "Raise the function's timeout, or choose fewer pages at a time."


class Misconfigured(FolioError):
    exit_code = 78  # EX_CONFIG
    hint = "Correct the installation or the settings."


class AccessDenied(Misconfigured):
    http_status = 403
    exit_code = 77  # EX_NOPERM
    hint = "Grant Folio read access to the source and write access beside it."


class NameTooLong(Misconfigured):
    http_status = 400
    exit_code = 73  # EX_CANTCREAT
    hint = "Give the document a shorter name and upload it again."


class ToolMissing(Misconfigured):
    exit_code = 69  # EX_UNAVAILABLE
    hint = "Install it (`make setup`, or attach the ocr-tools layer); `folio doctor` says what is missing."


class CredentialsMissing(Misconfigured):
    hint = "Set what is missing (`folio providers` names it), or choose another provider."


class ProviderDenied(Misconfigured):
    http_status = 502
    hint = "Check the provider's keys, and in its console that the service is open for them."


class QuotaExhausted(Misconfigured):
    http_status = 503
    hint = "Wait for the quota to reset, buy more, or name further providers to fall back on."


def at_field[E: FolioError](error: E, field: str) -> E:
    """Return the same error with the part of the request that is at fault."""
    error.field = field
    return error
