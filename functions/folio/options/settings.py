"""An installation's settings from the environment."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from folio.config.callers import PREFIXES
from folio.config.environment import variable
from folio.config.filters import FILTERS
from folio.config.settings import PREFIX, TOGETHER, Settings
from folio.errors import BadOption, Misconfigured
from folio.options.kinds import Chain, shown
from folio.options.resolve import parse_options
from folio.options.table import options
from folio.providers.registry import declarations
from folio.stores.placement import placement

_NOT_SETTINGS = ("options", "endpoints")  # which gather several
_ENDPOINT = "_endpoint"


@cache
def setting_names() -> tuple[str, ...]:
    """Return the names of all settings: FOLIO_ and the name in capitals is the environment variable."""
    specific = (name for name in Settings.__struct_fields__ if name not in _NOT_SETTINGS)
    fixed = (name for name, option in options().items() if option.setting)
    endpoints = (f"{name}{_ENDPOINT}" for name, declared in declarations().items() if declared.endpoint)
    return (*fixed, *specific, *endpoints)


def load_settings() -> Settings:
    """Return the settings from the environment. Raises Misconfigured that names the variable that does not fit."""
    settings = Settings()
    for name, value, source in _given():
        try:
            settings = with_setting(settings, name, value)
        except (msgspec.ValidationError, BadOption) as error:
            raise Misconfigured(f"The environment variable {source} does not fit: {error}") from error
    return settings


# Setting -> what its text has to be, and what is said of other text.
_FORMS = {
    "caller_prefixes": (PREFIXES, "names no prefixes of callers; write ab12cd=team/,*=shared/."),
    "source_filters": (FILTERS, "names no documents of buckets; write scans=in/*.pdf,faxes=*.tif."),
}


def with_setting(settings: Settings, name: str, text: str) -> Settings:
    """Return the settings with one of them set. Raises BadOption, msgspec.ValidationError."""
    if name not in setting_names():
        raise BadOption(f"there is no setting {shown(name)}.")
    if name in options():
        # Checked here too, or every document would be refused.
        return msgspec.structs.replace(settings, options=parse_options({name: text}, settings.options))
    if name.endswith(_ENDPOINT):
        endpoints = dict(settings.endpoints) | {name.removesuffix(_ENDPOINT): text}
        return msgspec.structs.replace(settings, endpoints=tuple(sorted(endpoints.items())))
    if name == "qps":
        _check_rates(text)
    if name == "caller_providers":
        text = ",".join(Chain(tuple(declarations())).parse(name, text))
    if name == "results":
        placement("bucket", text)
    if text and name in _FORMS and not re.fullmatch(_FORMS[name][0], text, re.ASCII):
        raise BadOption(f"{shown(text)} {_FORMS[name][1]}")
    converted = msgspec.convert({name: text}, Settings, strict=False)
    return msgspec.structs.replace(settings, **{name: getattr(converted, name)})


def _given() -> Iterator[tuple[str, str, str]]:
    """Yield setting, value and variable; what has a variable of its own comes last and prevails."""
    for pair in variable(TOGETHER).split():
        name, _, value = pair.partition("=")
        yield name, value, TOGETHER
    for name in setting_names():
        specific = f"{PREFIX}{name.upper()}"
        if value := variable(specific):
            yield name, value, specific


def _check_rates(text: str) -> None:
    """Raise BadOption for what is not a rate of some provider."""
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, rate = (side.strip() for side in part.partition("="))
        provider, _, mode = name.partition(".")
        declared = declarations().get(provider)
        if not declared or mode not in ("", *declared.modes) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", rate, re.ASCII):
            raise BadOption(f"{shown(part)} is not a rate; write baidu=10 or tencent.table=2.")
