"""GET v1/providers and v1/health: what can be used here."""

from typing import Literal

from msgspec import Struct

from folio.api.context import ApiContext
from folio.api.http import HttpResponse, json_response
from folio.config.settings import PREFIX, Settings
from folio.options.allowed import may_choose
from folio.providers.auto import modes, statuses
from folio.providers.base import Status
from folio.version import __version__


class ProviderStatus(Struct, frozen=True, kw_only=True):
    """Whether a provider can be used; if not, `missing` names what it lacks."""

    name: str
    usable: bool
    modes: tuple[str, ...]
    missing: tuple[str, ...]
    detail: str


class Health(Struct, frozen=True, kw_only=True):
    status: Literal["ok"] = "ok"
    version: str


def get_providers(context: ApiContext) -> HttpResponse:
    """GET v1/providers"""
    return json_response([_callers(status, context.settings) for status in statuses(context.settings)])


def _callers(status: Status, settings: Settings) -> ProviderStatus:
    """Return whether a caller can use a provider: whether it is set up, and for the choice of callers."""
    allowed = may_choose(status.name, settings)
    return ProviderStatus(
        name=status.name,
        usable=status.usable and allowed,
        modes=modes(status.name),
        missing=status.missing if allowed else (*status.missing, f"{PREFIX}CALLER_PROVIDERS"),
        detail=status.detail if allowed else "callers may not choose it here",
    )


def get_health() -> HttpResponse:
    """GET v1/health: the code runs; it looks at nothing else."""
    return json_response(Health(version=__version__))
