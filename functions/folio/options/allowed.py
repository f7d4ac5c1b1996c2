"""What only an installation decides: who is paid, and how much a document may cost.

Whoever can put an object into a bucket or call the API chooses options; the bill is the installation's.
"""

from folio.config.callers import EVERYBODY_ELSE
from folio.config.options import AUTO, Options
from folio.config.settings import PREFIX, Settings
from folio.errors import BadOption, at_field
from folio.options.table import options
from folio.providers.registry import is_paid


def require_allowed(chosen: Options, settings: Settings) -> None:
    """Raise BadOption, which names the setting that would allow it, for what callers may not choose here."""
    for name in chosen.providers:
        if not may_choose(name, settings):
            message = (
                f"Here neither a document's metadata nor a caller may choose the paid provider {name}; the setting"
                f" {PREFIX}CALLER_PROVIDERS={name} allows it."
            )
            raise at_field(BadOption(message), "providers")
    for name, option in options().items():
        ceiling = getattr(settings.options, name)
        if option.ceiling and getattr(chosen, name) > ceiling:
            message = (
                f"{name}={getattr(chosen, name)} is more than this installation allows; give at most {ceiling}, or"
                f" raise its setting {PREFIX}{name.upper()}."
            )
            raise at_field(BadOption(message), name)


def may_choose(name: str, settings: Settings) -> bool:
    """Return whether a document's metadata or a caller may choose a provider."""
    return (
        name == AUTO
        or not is_paid(name)
        or name in (*settings.options.providers, *settings.caller_providers.split(","))
    )


def may_read(key: str, caller: str, settings: Settings) -> bool:
    """Return whether a caller of the API may read the stored document under a key."""
    prefixes = dict(pair.split("=", 1) for pair in settings.caller_prefixes.split(",") if pair)
    return key.startswith(prefixes.get(caller, prefixes.get(EVERYBODY_ELSE, "")))
