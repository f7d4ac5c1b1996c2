"""From what was requested for a document to its checked options, in one step."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct

from folio.config.options import AUTO, Options, Redact, metadata_options, takes_text_layers
from folio.config.settings import Settings
from folio.errors import BadOption
from folio.models import SCHEMA
from folio.options.allowed import require_allowed
from folio.options.kinds import Kind, shown
from folio.options.table import ALIASES, options, switch_options, switches
from folio.providers.auto import identities


class ResolvedOptions(Struct, frozen=True):
    """The checked options of one document, and a short digest of everything that decides what its result says."""

    options: Options
    fingerprint: str


def resolve_options(settings: Settings, requested: Mapping[str, str]) -> ResolvedOptions:
    """Return what was requested over what the installation fixes; blank values are left out.

    What the installation masks is masked whatever is requested, which may only add to it. This is for the
    installation's own wishes, as on the command line. Raises BadOption with the list of good names or values.
    """
    filled = {name: value.strip() for name, value in requested.items() if value.strip()}
    resolved = _at_least_masked(parse_options(filled, settings.options), settings.options.redact)
    return ResolvedOptions(resolved, fingerprint(resolved, settings))


def _at_least_masked(chosen: Options, floor: tuple[Redact, ...]) -> Options:
    together = {*chosen.redact, *floor}
    if len(together) == len(chosen.redact):
        return chosen
    kinds = tuple(kind for kind in get_args(Redact.__value__) if kind in together)
    return msgspec.structs.replace(chosen, redact=kinds)


def resolve_callers_options(settings: Settings, requested: Mapping[str, str]) -> ResolvedOptions:
    """Return the same of what a caller of the API or an object's metadata requested, within what is allowed to them.

    Raises BadOption also for a paid provider or a number of calls that the installation does not allow.
    """
    resolved = resolve_options(settings, requested)
    require_allowed(resolved.options, settings)
    return resolved


def refused_fingerprint(settings: Settings, requested: Mapping[str, str]) -> str:
    """Return the fingerprint of options that are refused: an equal request is refused alike."""
    return _digest([long_names(requested), settings.options, settings.caller_providers], settings)


def resolve_for(
    settings: Settings, metadata: Mapping[str, str], requested: Mapping[str, str]
) -> tuple[Options | BadOption, str]:
    """Return the options of a stored document, those requested over its object's own, and their fingerprint.

    Instead of options that are refused it returns why.
    """
    together = {**metadata_options(metadata), **requested}
    try:
        resolved = resolve_callers_options(settings, together)
    except BadOption as error:
        return error, refused_fingerprint(settings, together)
    return resolved.options, resolved.fingerprint


def with_outputs(chosen: Options, kinds: Iterable[str]) -> Options:
    """Return the same options with more kinds of output."""
    together = {*chosen.outputs, *kinds}
    return msgspec.structs.replace(
        chosen, outputs=tuple(kind for kind in options()["outputs"].kind.values if kind in together)
    )


def parse_options(requested: Mapping[str, str], defaults: Options = Options()) -> Options:  # noqa: B008 (it is frozen)
    """Return checked options: those requested, and of the others the defaults.

    Raises BadOption with the list of good names or values.
    """
    chosen = long_names(requested)
    if unknown := sorted(set(chosen) - set(options()) - set(switch_options())):
        known = Kind((*ALIASES, *options(), *switch_options()))
        raise BadOption(
            f"There is no option {shown(unknown[0])}; {known.suggestion(unknown[0])}the options are"
            f" {', '.join(known.values)}."
        )
    values = {name: option.kind.parse(name, chosen[name]) for name, option in options().items() if name in chosen}
    switches = tuple(
        (name, option.kind.parse(name, chosen[name]))
        for name, option in sorted(switch_options().items())
        if name in chosen
    )
    parsed = msgspec.structs.replace(defaults, **values, **({"switches": switches} if switches else {}))
    _check_together(parsed)
    return parsed


def long_names(requested: Mapping[str, str]) -> dict[str, str]:
    """Return one name for what has two; the long one wins."""
    renamed = {ALIASES[name]: value for name, value in requested.items() if name in ALIASES}
    return renamed | {name: value for name, value in requested.items() if name not in ALIASES}


_YOUNG = ("attachment", "codes", "split", "redact")
_DEFAULTS = Options()


def fingerprint(chosen: Options, settings: Settings) -> str:
    """Return a short digest of everything that decides what a result says: equal digests, equal results.

    Outputs are not part of it: they are other forms of the same result. Instead of `auto` it holds the engines that are
    asked here, and the languages of which a page's own is found, so that what is installed later is noticed.
    """
    deciding = msgspec.structs.asdict(chosen)
    deciding["outputs"] = ()
    engines, languages = identities(chosen)
    deciding["providers"] = engines
    if languages:
        deciding["languages"] = (AUTO, *languages)
    del deciding["max_calls"]
    for name in _YOUNG:  # what was read before they were there is not read again for them
        if deciding[name] == getattr(_DEFAULTS, name):
            del deciding[name]
    return _digest(deciding, settings)


def _digest(deciding: Any, settings: Settings) -> str:
    data = msgspec.json.encode([SCHEMA, deciding, settings.raster_pixels], order="deterministic")
    return hashlib.sha256(data).hexdigest()[:16]


def page_numbers(pages: str, count: int) -> Iterator[int]:
    """Yield the chosen page numbers of a document of `count` pages, rising; all of them if `pages` is empty."""
    if not pages:
        yield from range(1, count + 1)
        return
    chosen: set[int] = set()
    for part in pages.split(","):
        first, dash, last = part.partition("-")
        end = int(last) if last else (count if dash else int(first))
        chosen.update(range(int(first), min(end, count) + 1))
    numbers = sorted(number for number in chosen if number <= count)
    if not numbers:
        raise BadOption(f"The document has {count} page{'s' * (count != 1)}, none of them in pages={pages}.")
    yield from numbers


def _check_together(chosen: Options) -> None:
    """Raise BadOption for options that are good each by itself and not together."""
    for name, value in chosen.switches:
        reach = switches()[name]
        if not any(reach[one].reaches(value, chosen.mode) for one in chosen.providers if one in reach):
            having = "; ".join(f"{provider} in {', '.join(switch.modes)}" for provider, switch in reach.items())
            raise BadOption(
                f"No provider asked for has {name}={value} in mode {chosen.mode}; {name} is there for {having}."
            )
    if chosen.ocr == "never" and not takes_text_layers(chosen):
        raise BadOption(f"ocr=never gives text only; mode={chosen.mode} needs somebody to read it.")
