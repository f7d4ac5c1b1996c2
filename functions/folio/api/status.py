"""GET v1/providers and v1/health: what can be used here."""

from typing import Literal

from msgspec import Struct

from folio.api.context import ApiContext
from folio.api.http import HttpResponse, json_response
from folio.providers.auto import modes, statuses
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
    return json_response(
        [
            ProviderStatus(
                name=status.name,
                usable=status.usable,
                modes=modes(status.name),
                missing=status.missing,
                detail=status.detail,
            )
            for status in statuses(context.settings)
        ]
    )


def get_health() -> HttpResponse:
    """GET v1/health: the code runs; it looks at nothing else."""
    return json_response(Health(version=__version__))
