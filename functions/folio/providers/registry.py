"""Which providers there are. A new one is a module with a `DECLARATION`, listed here; nothing else names it."""

from functools import cache
from importlib import import_module

from folio.config.settings import Settings
from folio.errors import BadOption
from folio.models import Mode, Preparation
from folio.providers.base import Declaration, Provider

# In the order in which they are shown. What is slow to import they import when they read.
MODULES = (
    "folio.providers.tesseract.engine",
    "folio.providers.ppocr.engine",
    "folio.providers.cloud.baidu",
    "folio.providers.cloud.tencent",
    "folio.providers.cloud.aliyun",
)


@cache
def declarations() -> dict[str, Declaration]:
    """Return what each provider declares, by name."""
    declared: list[Declaration] = [import_module(module).DECLARATION for module in MODULES]
    return {declaration.name: declaration for declaration in declared}


@cache
def get_provider(name: str, settings: Settings) -> Provider:
    """Return the provider of that name, one instance for settings and process. Raises KeyError."""
    return declarations()[name].make(settings)


def preparation_of(name: str) -> Preparation:
    return declarations()[name].preparation


def is_paid(name: str) -> bool:
    return declarations()[name].paid


def require_mode(provider: str, mode: Mode) -> None:
    """Raise BadOption, with those that have it, if a provider lacks a mode."""
    if mode not in declarations()[provider].modes:
        having = ", ".join(name for name, declared in declarations().items() if mode in declared.modes)
        raise BadOption(f"{provider} has no mode {mode}; these providers have it: {having}.")
