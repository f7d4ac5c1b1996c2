"""The options of a document as one table: those declared in `folio.config.options`, and the switches of providers."""

from functools import cache
from typing import Any, TypeAliasType, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from folio.config.declare import Labels
from folio.config.options import AUTO, FileName, Languages, Options, PageRanges, ProviderChain, Switches
from folio.options.kinds import (
    Chain,
    Choice,
    Choices,
    Decimal,
    DocumentName,
    Kind,
    LanguageNames,
    PageList,
    WholeNumber,
)
from folio.providers.base import Switch
from folio.providers.registry import declarations

ALIASES = {"provider": "providers"}


class Option(Struct, frozen=True, kw_only=True):
    """One option: `default` is its value, `labels` say what a value means, in English and in Chinese.

    `setting`: whether an installation may fix another default, and `ceiling`: whether callers may ask for no more than
    that. `example`: how it may be written, where that is not clear. `providers`: those that know a switch; empty for
    the options of all.
    """

    name: str
    kind: Kind
    default: Any
    english: str
    chinese: str
    labels: Labels
    example: str
    setting: bool
    ceiling: bool = False
    providers: tuple[str, ...] = ()

    def label(self, value: str, *, chinese: bool = False) -> str:
        """Return what a value means."""
        return self.labels[value][chinese] if value in self.labels else value


@cache
def options() -> dict[str, Option]:
    """Return the options that all documents have, by name, in the order in which they are shown."""
    hints = get_type_hints(Options, include_extras=True)
    fields = {field.name: field.default for field in msgspec.structs.fields(Options)}
    return {name: _option(name, hints[name], fields[name]) for name in fields if hints[name] is not Switches}


def values(name: str) -> tuple[str, ...]:
    """Return the values of an option that has a list of them."""
    return options()[name].kind.values


@cache
def switches() -> dict[str, dict[str, Switch]]:
    """Return the switches of single services by option and provider."""
    by_name: dict[str, dict[str, Switch]] = {}
    for declaration in declarations().values():
        for switch in declaration.switches:
            by_name.setdefault(switch.option, {})[declaration.name] = switch
    return by_name


@cache
def switch_options() -> dict[str, Option]:
    """Return the switches as options, by name."""
    return {name: _switch_option(name, reach) for name, reach in switches().items()}


def _option(name: str, hint: Any, default: Any) -> Option:
    declared, meta = get_args(hint)
    extra = meta.extra
    labels = extra["labels"] or (_provider_titles() if declared is ProviderChain else {})
    return Option(
        name=name,
        kind=_kind(declared, *extra["range"]),
        default=default,
        english=meta.description,
        chinese=extra["chinese"],
        labels=labels,
        example=extra["example"],
        setting=extra["setting"],
        ceiling=extra["ceiling"],
    )


def _kind(declared: Any, low: int, high: int) -> Kind:
    """Return the kind of option that a type makes."""
    if declared is ProviderChain:
        return Chain((AUTO, *declarations()))
    if declared is Languages:
        return LanguageNames()
    if declared is PageRanges:
        return PageList()
    if declared is FileName:
        return DocumentName()
    if declared is int:
        return WholeNumber(low=low, high=high)
    if declared is float:
        return Decimal(low=low, high=high)
    if get_origin(declared) is tuple:
        return Choices(_literals(get_args(declared)[0]))
    return Choice(_literals(declared))


def _literals(declared: Any) -> tuple[str, ...]:
    """Return the values of a `Literal`; an empty one, which means that nothing was chosen, cannot be asked for."""
    plain = declared.__value__ if isinstance(declared, TypeAliasType) else declared
    return tuple(value for value in get_args(plain) if value)


def _provider_titles() -> Labels:
    titles = {name: (declared.title, declared.chinese_title) for name, declared in declarations().items()}
    return {AUTO: ("PP-OCR, or Tesseract where that fits better", "PP-OCR，更合适时用 Tesseract"), **titles}


def _switch_option(name: str, reach: dict[str, Switch]) -> Option:
    values = dict.fromkeys(value for switch in reach.values() for value in switch.values)
    return Option(
        name=name,
        kind=Choice(tuple(values)),
        default="",
        english=f"A switch of {', '.join(reach)}.",
        chinese=f"{'、'.join(reach)} 的开关。",
        labels={},
        example="",
        setting=False,
        providers=tuple(reach),
    )
