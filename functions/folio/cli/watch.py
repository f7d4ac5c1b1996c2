"""`folio watch`: files are read as they come to a folder."""

from pathlib import Path

import click

from folio.cli import console
from folio.cli.flags import document_options, examples, requested
from folio.cli.messages import tr
from folio.cli.progress import Level, outcome_line
from folio.cli.reading import FOLDER, JOBS, settings_with
from folio.deadline import Deadline
from folio.desk.local import LocalFile, ReadOptions, absolute
from folio.desk.watch import WatchConfig
from folio.desk.watch import watch as watch_folder
from folio.reading.pipeline import Outcome
from folio.wiring import local_services

_STABLE = "Seconds for which a file must not change before it is read."
_POLL = "Seconds between two looks into the folder."


@click.command(epilog=examples("folio watch inbox/", "folio watch inbox/ -o results/ --outputs pdf,text"))
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("-o", "--output", type=FOLDER, help="Folder for results. [default: beside the files]")
@click.option("--stable", type=click.FloatRange(0.1, 3600), default=2, show_default=True, help=_STABLE)
@click.option("--poll", type=click.FloatRange(0.1, 3600), default=1, show_default=True, help=_POLL)
@click.option("-q", "--quiet", "level", flag_value="quiet", help="Say only what went wrong.")
@JOBS
@document_options
def watch(
    folder: Path,
    output: Path | None,
    stable: float,
    poll: float,
    level: Level | None,
    jobs: int | None,
    pairs: tuple[str, ...],
    **options: str | None,
) -> int:
    """Read the files in DIR and below it, and then each that comes or is replaced, until it is stopped.

    A file is read when it has not changed for some seconds and nobody has it open to write; one that was renamed keeps
    its result without being read again. The results are those of `folio read`. After a stop, or a crash, the same
    command goes on.
    """
    results = absolute(output) if output else None

    def tell(file: LocalFile, outcome: Outcome) -> None:
        if outcome.error or level != "quiet":
            console.err(outcome_line(file, outcome, results))

    run = ReadOptions(options=requested(options, pairs), results=results)
    services = local_services(settings_with(jobs))
    config = WatchConfig(folder=absolute(folder), stable=stable, poll=poll)
    if level != "quiet":
        console.err(tr("Reading what comes to {folder}, until Ctrl-C.", folder=folder))
    try:
        watch_folder(config, run, services, Deadline(), tell)
    except KeyboardInterrupt:
        if level != "quiet":
            console.err(tr("Stopped. The same command goes on from here."))
    return 0
