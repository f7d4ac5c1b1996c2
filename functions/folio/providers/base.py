"""What every engine is to Folio, and how a module of one declares it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, get_args, runtime_checkable

from msgspec import Struct

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.models import Ink, Mode, PageImage, PageText, Preparation, SealText
from folio.providers.cost import Ledger
from folio.providers.tiling import Limits

ALL_MODES: tuple[Mode, ...] = get_args(Mode.__value__)
YES_NO = ("true", "false")


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


@runtime_checkable
class SealReader(Protocol):
    """A provider that reads seals and watermarks, at no cost."""

    def read_seal(self, ink: Ink, deadline: Deadline) -> SealText:
        """Read the ink of one. No text is an empty SealText. Raises as `Provider.recognize` does."""
        ...


@runtime_checkable
class DataReader(Protocol):
    """A provider that reads a language with data of it, at no cost."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Those whose data is installed. Raises ToolMissing."""
        ...


class Operation(Struct, frozen=True, kw_only=True):
    """One endpoint of a service: its own name, what it takes, and how many starts a second it allows by default.

    `cut`: whether half a page makes sense to it (of a card it does not). `price` of one call is in the currency and of
    the date of `folio.providers.cost`; None where it is not known.
    """

    name: str
    limits: Limits
    qps: float
    cut: bool = True
    price: float | None = None


class Switch(Struct, frozen=True):
    """A documented switch of a service, as an option of Folio: the option's name, the service's own, and its reach."""

    option: str
    name: str
    modes: tuple[Mode, ...]
    values: tuple[str, ...] = YES_NO

    def reaches(self, value: str, mode: str) -> bool:
        """Return whether the service knows the value in this mode."""
        return mode in self.modes and value in self.values


class Declaration(Struct, frozen=True, kw_only=True):
    """Everything Folio knows of a provider before it is asked; its module is listed in `folio.providers.registry`.

    `preparation`: for which kind of engine its page images are prepared.
    `keys` are the environment variables with its credentials, `temporary_keys` those that come along with temporary
    ones only. `languages`: mode -> Tesseract's name of a language -> the service's; a paid provider reads Chinese and
    English in modes that are not there.
    """

    name: str
    title: str
    chinese_title: str
    make: Callable[[Settings], Provider]
    modes: tuple[Mode, ...] = ("general",)
    preparation: Preparation = "classical"
    paid: bool = False
    api: str = ""  # the version of the service's interface
    endpoint: str = ""  # the default; FOLIO_<NAME>_ENDPOINT is another
    keys: tuple[str, ...] = ()
    temporary_keys: tuple[str, ...] = ()
    operations: Mapping[Mode, Operation] = {}
    languages: Mapping[Mode, Mapping[str, str]] = {}
    switches: tuple[Switch, ...] = ()

    def native_switches(self, options: Options) -> Iterator[tuple[str, str]]:
        """Yield the switches that reach this provider in the options' mode, under its own names."""
        for name, value in options.switches:
            for switch in self.switches:
                if switch.option == name and switch.reaches(value, options.mode):
                    yield switch.name, value

    def price(self, mode: str) -> float | None:
        """Return the price of one call, None where it is not known."""
        return next((operation.price for known, operation in self.operations.items() if known == mode), None)
