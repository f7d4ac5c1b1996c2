"""The options of a document as options of the command line, from the table that checks them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from folio.cli.messages import is_chinese, sentence
from folio.options.table import ALIASES, Option, options

_LETTERS = {"languages": "-l"}


def document_options[F: Callable[..., Any]](command: F, without: Sequence[str] = ()) -> F:
    """Add the options of a document to a command, all but some, and `-O` for the switches of single providers."""
    for option in reversed(options().values()):
        if option.name in without:
            continue
        for name in (option.name, *(short for short, long in ALIASES.items() if long == option.name)):
            names = *filter(None, [_LETTERS.get(name)]), f"--{name.replace('_', '-')}", name
            command = click.option(*names, help=_help(option, name), shell_complete=_completion(option))(command)
    switch = "A switch of one provider; docs/providers.md lists them."
    return click.option("-O", "--option", "pairs", multiple=True, metavar="NAME=VALUE", help=switch)(command)


def examples(*commands: str) -> str:
    """Return the end of a command's help: how it is used."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands)


def requested(options: Mapping[str, str | None], pairs: Sequence[str]) -> dict[str, str]:
    """Return what was given on the command line, by name."""
    return {name: value for name, value in options.items() if value} | dict(map(pair, pairs))


def pair(text: str) -> tuple[str, str]:
    """Return name and value of NAME=VALUE. Raises click.BadParameter."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.")
    return name.strip(), value


def _completion(option: Option) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return what completes a value, or the last of several that are joined by commas."""

    def complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
        before, comma, part = incomplete.rpartition(",")
        return [before + comma + value for value in option.kind.values if value.startswith(part)]

    return complete


def _help(option: Option, name: str) -> str:
    if name in ALIASES:
        return f"The same as --{option.name.replace('_', '-')}."
    example = f"For example {option.example}." if option.example else ""
    about = option.chinese if is_chinese() else option.english
    return " ".join(part for part in (about, sentence(option.kind.hint()), sentence(example)) if part)
