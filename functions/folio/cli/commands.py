"""The commands of `folio`, each imported when it is run: that of no command costs another's start."""

from importlib import import_module
from typing import Any, cast

import click

# Name -> the module and the command in it, and what `folio --help` says of it.
_COMMANDS = {
    "read": ("folio.cli.reading", "read", "Documents become text beside them, as JSON."),
    "pdf": ("folio.cli.convert", "pdf", "A document becomes a searchable PDF."),
    "text": ("folio.cli.convert", "text", "A document becomes plain text."),
    "table": ("folio.cli.convert", "table", "A document's tables become a spreadsheet."),
    "inspect": ("folio.cli.reading", "inspect", "A page that shows how a document was read."),
    "providers": ("folio.cli.here", "providers", "Which engines can be used here."),
    "doctor": ("folio.cli.operations", "doctor", "What is wrong here or with a stack, and what to do."),
    "serve": ("folio.cli.serve", "serve", "The HTTP API and its web page."),
    "worker": ("folio.cli.worker", "worker", "Documents are read as they come to a bucket or a queue."),
    "backfill": ("folio.cli.operations", "backfill", "Have a bucket's older documents read."),
    "redrive": ("folio.cli.operations", "redrive", "Documents in the dead-letter queue, and another try."),
    "bench": ("folio.cli.bench", "bench", "Measure readings of documents whose text is known."),
    "demo": ("folio.cli.here", "demo", "Two samples, a local S3, the real handler."),
}
_HIDDEN = {"check": ("folio.cli.operations", "check")}


class Commands(click.Group):
    """The group of all commands, in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        location = _COMMANDS.get(cmd_name) or _HIDDEN.get(cmd_name)
        return cast("click.Command", getattr(import_module(location[0]), location[1])) if location else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], _COMMANDS, n=1)
            if close:
                error.message += f" Did you mean {close[0]}?"
            raise
