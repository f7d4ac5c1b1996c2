"""`folio`, the command line."""

import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from folio.cli import console, operations
from folio.cli.bench import bench
from folio.cli.reading import inspect, read
from folio.cli.serve import serve as serve_command
from folio.cli.worker import worker
from folio.desk import local
from folio.errors import FolioError
from folio.version import __version__

INTERRUPTED = 130
FOLDER = click.Path(file_okay=False, path_type=Path)


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="folio")
def cli() -> None:
    """Folio reads documents: a PDF or a picture becomes text beside it, as JSON."""


cli.add_command(read)
cli.add_command(inspect)
cli.add_command(bench)
operations.add_to(cli)
cli.add_command(serve_command)
cli.add_command(worker)


@cli.command()
def providers() -> int:
    """Which providers can be used here, and what the others lack."""
    usable = False
    for status in local.provider_status():
        usable = usable or status.usable
        lacks = f" (missing: {', '.join(status.missing)})" if status.missing else ""
        console.out(f"{'usable' if status.usable else 'not usable':<12}{status.name}: {status.detail}{lacks}")
    return 0 if usable else 69


@cli.command()
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True
)
def demo(output: Path) -> None:
    """Upload two samples to a local S3, let the real handler read them, and show what it leaves."""
    from folio.cli.demo import run_demo, samples

    for shown in run_demo(samples(), output):
        click.secho(f"\n{shown.uri}", file=sys.stdout, bold=True)
        confidence = "unknown" if shown.confidence is None else f"{shown.confidence:.0%}"
        console.out(f"{shown.text}\n\n  confidence  {confidence}")
        console.out(f"  result      {shown.copy}\n  boxes       {shown.picture}")
