"""What can go wrong with a call to a paid provider: one vocabulary for all of them, and what Folio then does.

Which of a service's codes means what stands with the service; sources and traps of the codes: the vendors' error pages,
named there.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from folio.errors import (
    EngineFailed,
    FolioError,
    ImageRefused,
    ProviderDenied,
    QuotaExhausted,
    Throttled,
    WrongDocument,
)


class Fault(StrEnum):
    """Each is met in its own way; see TREATMENT."""

    THROTTLED = "throttled"
    TRANSIENT = "transient"
    TRANSIENT_ONCE = "transient_once"  # seldom better the second time
    DENSE = "dense"  # too much on one image, or a passing fault: nobody can tell
    AUTH_REFRESH = "auth_refresh"
    QUOTA = "quota"
    CONFIG = "config"
    IMAGE_FIXABLE = "image_fixable"
    EMPTY = "empty"  # no text on the image: an answer, not a failure
    BUSINESS = "business"


class Treatment(Struct, frozen=True):
    """`repeats`: how often the same image is sent again at most; `error`: what it is if that did not help."""

    repeats: int
    error: type[FolioError]


TREATMENT: dict[Fault, Treatment] = {
    Fault.THROTTLED: Treatment(20, Throttled),  # as many as call_attempts and the deadline allow
    Fault.TRANSIENT: Treatment(20, EngineFailed),
    Fault.TRANSIENT_ONCE: Treatment(1, EngineFailed),
    Fault.DENSE: Treatment(1, EngineFailed),  # then the image is split
    Fault.AUTH_REFRESH: Treatment(1, ProviderDenied),  # with a new token
    Fault.QUOTA: Treatment(0, QuotaExhausted),
    Fault.CONFIG: Treatment(0, ProviderDenied),
    Fault.IMAGE_FIXABLE: Treatment(0, ImageRefused),  # after the image was made smaller, once
    Fault.EMPTY: Treatment(0, EngineFailed),
    Fault.BUSINESS: Treatment(0, WrongDocument),
}

_TOLD = {
    Fault.THROTTLED: "says that it is called too often",
    Fault.QUOTA: "says that the quota, or the money for it, is used up",
    Fault.CONFIG: "refuses the request or the keys",
    Fault.AUTH_REFRESH: "takes no token, not even a new one",
    Fault.IMAGE_FIXABLE: "does not take the image, not even a smaller one",
    Fault.BUSINESS: "cannot read this as the card or invoice it should be",
}


class CallFailed(Exception):
    """One call failed. Lives only between a service and the policy in `cloud`, which makes it one of Folio's errors.

    `code` is the service's own, or a word of ours for what happened on the way; its message is left out: it may quote
    the document.
    """

    def __init__(self, fault: Fault, code: str, retry_after: float | None = None) -> None:
        super().__init__(f"{fault}: {code}")
        self.fault = fault
        self.code = code
        self.retry_after = retry_after

    def error(self, provider: str) -> FolioError:
        """The error of Folio's tree for it, once nothing more is tried."""
        told = _TOLD.get(self.fault, "failed")
        code = "".join(sign if sign.isprintable() else "?" for sign in self.code[:80])
        message = f"{provider} {told} ({code})."
        kind = TREATMENT[self.fault].error
        return Throttled(message, self.retry_after) if kind is Throttled else kind(message)


def classify(code: str, table: Mapping[str, Fault], default: Fault) -> Fault:
    """The fault behind a service's code: the longest entry it equals or begins with at a dot, or else the default."""
    while code:
        if code in table:
            return table[code]
        code = code.rpartition(".")[0]
    return default
