"""`folio`, the command line."""

import _thread
import gc
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

import click

from folio.cli import console
from folio.cli.commands import Commands
from folio.cli.messages import error_text, sentence, tr
from folio.errors import FolioError
from folio.version import __version__

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

INTERRUPTED = 130
# New objects after which Python looks for garbage, instead of 2,000: a page is many small ones, hardly any in circles.
_GARBAGE = 20_000
_AGAIN_SECONDS = 0.02


def main() -> NoReturn:
    """Run the command line: an error of ours is a sentence and an exit code, never a traceback."""
    streams = console.Streams()
    # `kill`, and who runs services, mean what Ctrl-C means; by default all that was started would be left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.unraisablehook = interrupt_again
    gc.set_threshold(_GARBAGE)
    code = streams.finish(_run())
    gc.freeze()  # else all that was imported is looked through once more at the end: 70 ms
    sys.exit(code)


def interrupt_again(unraisable: "UnraisableHookArgs") -> None:
    """Raise a KeyboardInterrupt anew that Python ignored, as it does in finalizers and callbacks of weak references.

    Else Ctrl-C would end what the programs of this page do, which get it too, and the command would go on.
    """
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        threading.Timer(_AGAIN_SECONDS, _thread.interrupt_main).start()  # here it would be ignored again
    else:
        sys.__unraisablehook__(unraisable)


def _run() -> int:
    """Return the exit code of the command."""
    try:
        return cli(prog_name="folio", standalone_mode=False) or 0
    except FolioError as error:
        console.err(f"folio: {error_text(error)}")
        return error.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        message = tr("Stopped. What was finished is whole; run the same command again to go on.")
        console.err(f"folio: {message}")
        return INTERRUPTED


def _show(error: click.ClickException) -> None:
    """Say what click says of a command that it does not understand."""
    if isinstance(error, click.UsageError) and error.ctx:
        console.err(error.ctx.get_usage())
        console.err(sentence(f"Try '{error.ctx.command_path} --help' for help.") + "\n")
    console.err(sentence(f"Error: {error.format_message()}"))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="folio")
def cli() -> None:
    """Folio reads documents: a PDF or a picture becomes text beside it, as JSON.

    folio COMMAND --help tells more of each command, with an example.
    """
