"""What can go wrong with a call to a paid provider: one vocabulary for all of them, and what Folio then does.

Which of a service's codes means what stands with the service; sources and traps of the codes: the vendors' error pages,
named there.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from folio.errors import (
    DocumentTypeMismatch,
    EngineFailed,
    FolioError,
    ImageRefused,
    ProviderDenied,
    QuotaExhausted,
    Throttled,
)


class ErrorKind(StrEnum):
    """Each is met in its own way; see RETRY_POLICY."""

    THROTTLED = "throttled"
    TRANSIENT = "transient"
    TRANSIENT_ONCE = "transient_once"  # seldom better the second time
    DENSE = "dense"  # too much on one image, or a passing fault: nobody can tell
    AUTH_REFRESH = "auth_refresh"
    QUOTA = "quota"
    CONFIG = "config"
    IMAGE_FIXABLE = "image_fixable"
    EMPTY = "empty"  # no text on the image: an answer, not a failure
    REJECTED = "business"


class RetryPolicy(Struct, frozen=True):
    """`repeats`: how often the same image is sent again at most; `error`: what it is if that did not help."""

    repeats: int
    error: type[FolioError]


RETRY_POLICY: dict[ErrorKind, RetryPolicy] = {
    ErrorKind.THROTTLED: RetryPolicy(20, Throttled),  # as many as call_attempts and the deadline allow
    ErrorKind.TRANSIENT: RetryPolicy(20, EngineFailed),
    ErrorKind.TRANSIENT_ONCE: RetryPolicy(1, EngineFailed),
    ErrorKind.DENSE: RetryPolicy(1, EngineFailed),  # then the image is split
    ErrorKind.AUTH_REFRESH: RetryPolicy(1, ProviderDenied),  # with a new token
    ErrorKind.QUOTA: RetryPolicy(0, QuotaExhausted),
    ErrorKind.CONFIG: RetryPolicy(0, ProviderDenied),
    ErrorKind.IMAGE_FIXABLE: RetryPolicy(0, ImageRefused),  # after the image was made smaller, once
    ErrorKind.EMPTY: RetryPolicy(0, EngineFailed),
    ErrorKind.REJECTED: RetryPolicy(0, DocumentTypeMismatch),
}

_REASONS = {
    ErrorKind.THROTTLED: "says that it is called too often",
    ErrorKind.QUOTA: "says that the quota, or the money for it, is used up",
    ErrorKind.CONFIG: "refuses the request or the keys",
    ErrorKind.AUTH_REFRESH: "takes no token, not even a new one",
    ErrorKind.IMAGE_FIXABLE: "does not take the image, not even a smaller one",
    ErrorKind.REJECTED: "cannot read this as the card or invoice it should be",
}


class CallFailed(Exception):
    """One call failed. Lives only between a service and the policy in `cloud`, which makes it one of Folio's errors.

    `code` is the service's own, or a word of ours for what happened on the way; its message is left out: it may quote
    the document.
    """

    def __init__(self, kind: ErrorKind, code: str, retry_after: float | None = None) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code
        self.retry_after = retry_after

    def error(self, provider: str) -> FolioError:
        """The error of Folio's tree for it, once nothing more is tried."""
        reason = _REASONS.get(self.kind, "failed")
        code = "".join(sign if sign.isprintable() else "?" for sign in self.code[:80])
        message = f"{provider} {reason} ({code})."
        kind = RETRY_POLICY[self.kind].error
        return Throttled(message, self.retry_after) if kind is Throttled else kind(message)


def classify(code: str, table: Mapping[str, ErrorKind], default: ErrorKind) -> ErrorKind:
    """Return the kind behind a code: the longest entry it equals or begins with at a dot, or else the default."""
    while code:
        if code in table:
            return table[code]
        code = code.rpartition(".")[0]
    return default
