"""What every engine is to Folio."""

from typing import Protocol

from msgspec import Struct

from folio.models import Options, PageImage, PageText


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
        """Refuse options this provider cannot serve, before any page. Raises BadOption, ToolMissing."""
        ...

    def recognize(self, page: PageImage, options: Options, timeout: float) -> PageText:
        """Read one page; coordinates in the pixels of the image file. No text is an empty PageText.

        Raises EngineTimeout after `timeout` seconds, EngineFailed, PageUnreadable.
        """
        ...

    def status(self) -> Status:
        """For `folio providers`; raises nothing."""
        ...
