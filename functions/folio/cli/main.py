"""`folio`, the command line."""

import signal
import sys
from typing import NoReturn

import click

from folio.cli import console
from folio.cli.commands import Commands
from folio.errors import FolioError
from folio.version import __version__

INTERRUPTED = 130


def main() -> NoReturn:
    """Run the command line: an error of ours is a sentence and an exit code, never a traceback."""
    streams = console.Streams()
    # `kill`, and who runs services, mean what Ctrl-C means; by default all that was started would be left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(streams.finish(_run()))


def _run() -> int:
    """Return the exit code of the command."""
    try:
        return cli(standalone_mode=False) or 0
    except FolioError as error:
        console.err(f"folio: {error.message} {error.hint}")
        return error.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        console.err("folio: Stopped. What was finished is whole; run the same command again to go on.")
        return INTERRUPTED


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="folio")
def cli() -> None:
    """Folio reads documents: a PDF or a picture becomes text beside it, as JSON.

    folio COMMAND --help tells more of each command, with an example.
    """
