"""The commands of `folio`, each imported when it is run: that of no command costs another's start."""

from importlib import import_module
from typing import Any, cast

import click

from folio.cli.ahead import start_ahead
from folio.cli.messages import is_chinese, sentence, tr

# Name -> the module and the command in it, and what `folio --help` says of it.
_COMMANDS = {
    "read": ("folio.cli.reading", "read", "Documents become text beside them, as JSON."),
    "pdf": ("folio.cli.convert", "pdf", "A document becomes a searchable PDF."),
    "text": ("folio.cli.convert", "text", "A document becomes plain text."),
    "table": ("folio.cli.convert", "table", "A document's tables become a spreadsheet."),
    "watch": ("folio.cli.watch", "watch", "Files are read as they come to a folder."),
    "search": ("folio.cli.search", "search", "Words in results, with their pages and places."),
    "inspect": ("folio.cli.reading", "inspect", "A page that shows how a document was read."),
    "providers": ("folio.cli.here", "providers", "Which engines can be used here."),
    "formats": ("folio.cli.formats", "formats", "Which files are read."),
    "doctor": ("folio.cli.operations", "doctor", "What is wrong here or with a stack, and what to do."),
    "serve": ("folio.cli.serve", "serve", "The HTTP API and its web page."),
    "mcp": ("folio.cli.mcp", "mcp", "Agents read documents, by the Model Context Protocol."),
    "worker": ("folio.cli.worker", "worker", "Documents are read as they come to a bucket or a queue."),
    "backfill": ("folio.cli.operations", "backfill", "Have a bucket's older documents read."),
    "redrive": ("folio.cli.operations", "redrive", "Documents in the dead-letter queue, and another try."),
    "corrections": (
        "folio.cli.corrections",
        "corrections",
        "Correct results, and measure readings by what was corrected.",
    ),
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
        if not location:
            return None
        command = cast("click.Command", getattr(import_module(location[0]), location[1]))
        command.context_class = self.context_class
        return command

    def make_context(self, info_name: str | None, args: list[str], **extra: Any) -> click.Context:  # type: ignore[override] # of the parent's no name is used
        if is_chinese():
            from folio.cli.chinese_help import ChineseContext

            self.context_class = ChineseContext
        return super().make_context(info_name, args, **extra)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        start_ahead(args[0], args[1:])
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], _COMMANDS, n=1)
            if close:
                error.message = f"{sentence(error.message)} {tr('Did you mean {name}?', name=close[0])}"
            raise
