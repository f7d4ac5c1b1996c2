"""What every engine is to Folio."""

from typing import Protocol

from msgspec import Struct

from folio.deadline import Deadline
from folio.errors import BadOption
from folio.models import Mode, Options, PageImage, PageText
from folio.providers.cost import Ledger

_ALL: tuple[Mode, ...] = ("general", "accurate", "handwriting", "table", "id_card", "bank_card", "invoice")
# Provider -> what it can read; the paid ones need a call for each page.
MODES: dict[str, tuple[Mode, ...]] = {"tesseract": ("general",), "baidu": _ALL, "tencent": _ALL, "aliyun": _ALL}
PAID = ("baidu", "tencent", "aliyun")


class Status(Struct, frozen=True):
    """Whether a provider can be used here; if not, `missing` names what it lacks."""

    name: str
    usable: bool
    detail: str
    missing: tuple[str, ...] = ()


class Provider(Protocol):
    """Reads page images. One instance serves several threads."""

    @property
    def name(self) -> str: ...

    def version(self) -> str:
        """Version of the engine or its API. Raises ToolMissing."""
        ...

    def check(self, options: Options) -> None:
        """Refuse options this provider cannot serve, before any page.

        Raises BadOption, ToolMissing, CredentialsMissing, QuotaExhausted.
        """
        ...

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        """Read one page; coordinates in the pixels of the image file. No text is an empty PageText.

        Calls are counted in `ledger`, paid ones before they are made. Raises EngineTimeout when the deadline passes,
        EngineFailed, Throttled, PageUnreadable, DocumentTypeMismatch, CallBudgetExceeded, Misconfigured.
        """
        ...

    def status(self) -> Status:
        """For `folio providers`; raises nothing."""
        ...


def require_mode(provider: str, mode: Mode) -> None:
    """Raise BadOption, with those that have it, if a provider lacks a mode."""
    if mode not in MODES[provider]:
        having = ", ".join(name for name, modes in MODES.items() if mode in modes)
        raise BadOption(f"{provider} has no mode {mode}; these providers have it: {having}.")
