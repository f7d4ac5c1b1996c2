"""share/: completion of `folio` in bash, zsh and fish, and its man page, made of the parser; the wheel brings them."""

import re
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from folio.cli.main import cli
from folio.version import __version__

SHARE = Path(__file__).parents[1] / "share"
_VARIABLE = "_FOLIO_COMPLETE"
# Shell -> where it looks for what completes a command.
_COMPLETIONS = {
    "bash": "bash-completion/completions/folio",
    "zsh": "zsh/site-functions/_folio",
    "fish": "fish/vendor_completions.d/folio.fish",
}


def shell_files() -> dict[Path, str]:
    """Return the files and what must stand in them."""
    files = {SHARE / path: _completion(shell) for shell, path in _COMPLETIONS.items()}
    return files | {SHARE / "man" / "man1" / "folio.1": man_page()}


def _completion(shell: str) -> str:
    """Return a script that asks `folio` itself what fits, so that it knows the options of the version installed."""
    kind = get_completion_class(shell)
    assert kind
    script = kind(cli, {}, "folio", _VARIABLE)
    return (script.source_template % script.source_vars()).strip() + "\n"


def man_page() -> str:
    """Return folio(1) in the man macros: each command with its text, options and examples."""
    parts = [
        f'.TH FOLIO 1 "" "Folio {__version__}"',
        ".SH NAME",
        "folio \\- text of PDFs and pictures, with its places",
    ]
    parts += [".SH SYNOPSIS", ".B folio", ".I COMMAND", "[...]", ".SH DESCRIPTION", *_paragraphs(cli.help or "")]
    parts.append(".SH COMMANDS")
    context = click.Context(cli, info_name="folio")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        parts += _command(name, command, context)
    parts += [".SH ENVIRONMENT", *_paragraphs("Every option has a variable FOLIO_NAME; docs/tables.md lists them.")]
    parts += [".SH SEE ALSO", ".BR tesseract (1),", ".BR pdftoppm (1)"]
    return "\n".join(parts) + "\n"


def _command(name: str, command: click.Command, parent: click.Context) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [f".SS folio {name}", f".B folio {name}", _escaped(usage), *_paragraphs(command.help or "")]
    for parameter in command.get_params(context):
        if record := parameter.get_help_record(context):
            parts += [".TP", f".B {_escaped(record[0])}", _escaped(record[1])]
    examples = (command.epilog or "").partition("Examples:\n")[2]
    return [*parts, ".P", "Examples:", ".nf", *(_escaped(line) for line in examples.splitlines()), ".fi"]


def _paragraphs(text: str) -> list[str]:
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()))
    return [line for paragraph in paragraphs if paragraph for line in (".P", _escaped(paragraph))]


def _escaped(text: str) -> str:
    r"""Return text in which nothing is a macro: backslashes, hyphens that are to be typed, dots at a line's start."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\b", "")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
