"""`folio`, the door at a desk."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from folio.cli import operations
from folio.cli.serve import serve as serve_command
from folio.config.options import MODES, OCR, OUTPUTS, PROVIDERS, RECIPES
from folio.config.settings import Settings, load_settings
from folio.deadline import Deadline
from folio.desk import local
from folio.desk.local import LocalFile, ReadOptions
from folio.errors import FolioError
from folio.models import Document, Page
from folio.reading.pipeline import Outcome
from folio.version import __version__
from folio.wiring import local_services

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

INTERRUPTED = 130
SEVERAL_REASONS = 1
READ = ("complete", "partial", "already-read")
WITH_FIELDS = ("id_card", "bank_card", "invoice")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
FILES = click.argument("files", nargs=-1, required=True)


def main() -> NoReturn:
    """Run the command line: an error of ours is a sentence and an exit code, never a traceback."""
    _silence_libraries()
    # `kill`, and who runs services, mean what Ctrl-C means; by default all that was started would be left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(cli(standalone_mode=False) or 0)
    except FolioError as error:
        click.echo(f"folio: {error.message} {error.hint}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("folio: Stopped. What was finished is whole; run the same command again to go on.", err=True)
        sys.exit(INTERRUPTED)


def _silence_libraries() -> None:
    """C libraries (libtiff) write on descriptor 2 whatever they think of a damaged file; only we speak there."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="folio")
def cli() -> None:
    """Folio reads documents: a PDF or a picture becomes text beside it, as JSON."""


@cli.command()
@FILES
@click.option("-o", "--output", type=FOLDER, help="Folder for results.")
@click.option("--text", is_flag=True, help="Print the texts to standard output too.")
@click.option("--force", is_flag=True, help="Read again what was read already.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Pages read at once. [default: one per core]")
@click.option("--provider", help=f"Who reads: {', '.join(PROVIDERS)}.")
@click.option("--providers", help="Who reads, in order, each where those before it cannot: tesseract,baidu.")
@click.option("--mode", help=f"What is read: {', '.join(MODES)}.")
@click.option("--ocr", help=f"{', '.join(OCR)}: a PDF's own text is read where it is good, nowhere, everywhere.")
@click.option("--id-card-side", help="auto, front or back.")
@click.option("--min-confidence", help="Below this, from 0 to 1, the next provider is asked too.")
@click.option("--max-calls", help="Paid calls for one document at most.")
@click.option("-O", "--option", "more", multiple=True, metavar="NAME=VALUE", help="A switch of one provider.")
@click.option("--languages", help="For example eng, chi_sim or eng+chi_sim.")
@click.option("--pages", help="For example 1-3,7 or 5-.")
@click.option("--recipe", help=f"How pages are prepared: {', '.join(RECIPES)}.")
@click.option("--dpi", help="Resolution PDF pages are drawn at, 50 to 1200.")
@click.option("--psm", help="Tesseract's page segmentation mode: 1 or 3 to 13.")
@click.option("--second-look", help="How many letters of a page may be read again: 1 is all of them, 0 none.")
@click.option("--outputs", help=f"Files beside the JSON, in NAME.ocr/: {', '.join(OUTPUTS)}, joined by commas.")
def read(
    files: tuple[str, ...],
    output: Path | None,
    text: bool,
    force: bool,
    jobs: int | None,
    more: tuple[str, ...],
    **options: str | None,
) -> int:
    """Read FILES: documents, folders (with all below them) or patterns.

    The result of each lies beside it as NAME.ocr.json, or in the folder given with -o. What was read before with the
    same settings is not read again. Of cards and invoices the fields are printed. The exit code is 0, that of the only
    reason why files failed, or 1 for several.
    """
    settings = _settings(jobs)
    given = {name: value for name, value in options.items() if value} | dict(map(_pair, more))
    run = ReadOptions(options=given, results=output, force=force)
    found = local.find_files(list(files))
    outcomes: dict[LocalFile, Outcome] = {}
    deadline = Deadline()
    with _progress(len(found.files)) as (on_page, on_file):
        try:
            for file, outcome in local.read_files(found.files, run, local_services(settings), deadline, on_page):
                outcomes[file] = outcome
                on_file()
        finally:
            deadline.stop()
    if text or given.get("mode", settings.mode) in WITH_FIELDS:
        _print([file for file in found.files if outcomes[file].status in READ], output, text)
    if found.left_out:
        click.echo(f"{found.left_out} files that are no documents were left out.", err=True)
    return _summarize(outcomes)


def _settings(jobs: int | None) -> Settings:
    settings = load_settings()
    return msgspec.structs.replace(settings, jobs=jobs) if jobs else settings


# Of the options of `read` those that say what to do with results and not how to read.
_NOT_READING = ("files", "output", "outputs", "text", "force")


def _reading_options(command: click.Command) -> click.Command:
    """The reading options of `read`, all of them, so that a new one is known to other commands at once."""
    command.params += [param for param in read.params if param.name not in _NOT_READING]
    return command


@_reading_options
@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=FILE, help="Where the report goes. [default: FILE.inspect.html]")
def inspect(file: Path, output: Path | None, jobs: int | None, more: tuple[str, ...], **options: str | None) -> None:
    """Read FILE and show how: a web page with the words boxed on each page, what was done to it, and its text.

    Long documents are shown up to page 20; choose others with --pages. The report is one file that loads nothing.
    """
    from folio.desk.inspect import inspect_file

    given = {name: value for name, value in options.items() if value} | dict(map(_pair, more))
    with _progress(1) as (on_page, on_file):
        report = inspect_file(file, output, given, local_services(_settings(jobs)), on_page)
        on_file()
    click.echo(report)


@cli.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--recipe", default="auto,none", show_default=True, help=f"Some of {', '.join(RECIPES)}.")
@click.option("--provider", default="tesseract", show_default=True, help=f"Some of {', '.join(PROVIDERS)}.")
@click.option("--baseline", default="bare,textbook", show_default=True, help="What Folio is compared with; or none.")
@click.option("-O", "--option", "more", multiple=True, metavar="NAME=VALUE", help="Any option, for all documents.")
@click.option("--every", type=click.IntRange(1), default=1, help="Only every n-th document of each set.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, help="Documents read at once.")
@click.option("--details", is_flag=True, help="Show every document too.")
@click.option("-o", "--output", type=FILE, help="Write every document's scores there, as JSON lines.")
def bench(
    folder: Path,
    recipe: str,
    provider: str,
    baseline: str,
    more: tuple[str, ...],
    every: int,
    jobs: int,
    details: bool,
    output: Path | None,
) -> int:
    """Measure readings of documents whose text is known, against bare Tesseract and the usual script.

    DIR, or folders in it, have an index.jsonl: a JSON object a line with the file, its text, and its lang (eng).
    """
    from folio.bench import readers, run, tables, truth

    everybody = readers.contenders(_list(recipe), _list(provider), _list(baseline), dict(map(_pair, more)))
    truths = truth.sampled(truth.load(folder), every)
    coming = run.recorded(run.run(truths, everybody, jobs), output)
    on_terminal = sys.stderr.isatty()
    length = len(truths) * len(everybody)
    with click.progressbar(coming, length, "Reading", file=sys.stderr) if on_terminal else nullcontext(coming) as bar:
        rows = list(bar)
    click.echo(tables.report(rows) + (f"\n\n{tables.details(rows)}" if details else ""))
    return int(any(row.error for row in rows))


def _list(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _print(files: list[LocalFile], results: Path | None, text: bool) -> None:
    """The texts, or the fields of cards and invoices, under the names of the files if there are several."""
    for file in files:
        result = local.stored_result(file, results)
        if result is None:
            continue
        if len(files) > 1 and not text:
            click.echo(f"# {file.key}")
        if text:
            click.echo(result.text)
        else:
            for field in result.fields:
                click.echo(f"{field.name}: {field.value}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is no NAME=VALUE.")
    return name.strip(), value


@contextmanager
def _progress(files: int) -> Iterator[tuple[Callable[[Document, Page], None], Callable[[], None]]]:
    """A bar on standard error, if that is a terminal: a file is a thousand steps, shared by its pages."""
    whole = 1000
    if not sys.stderr.isatty():
        yield lambda _document, _page: None, lambda: None
        return
    state = {"files": 0, "pages": 0}
    shown: ProgressBar[int] = click.progressbar(
        length=files * whole,
        label="Reading",
        file=sys.stderr,
        item_show_func=lambda _: f"{state['files']}/{files} files, {state['pages']} pages",
    )
    with shown as bar:

        def on_page(document: Document, page: Page) -> None:
            state["pages"] += 1
            bar.update(whole // document.pages, page.number)

        def on_file() -> None:
            state["files"] += 1
            bar.update(max(0, state["files"] * whole - bar.pos), state["files"])
            bar.render_progress()  # an update by nothing does not draw the counts

        yield on_page, on_file


def _summarize(outcomes: dict[LocalFile, Outcome]) -> int:
    """Counts, and a line for every file that was not read whole; the exit code."""
    bad = {file: outcome.error for file, outcome in outcomes.items() if outcome.error}
    for file, error in bad.items():
        status = outcomes[file].status
        click.echo(f"{status}: {file.key}: {error.message} [{type(error).__name__}] {error.hint}", err=True)
    counts = Counter(outcome.status for outcome in outcomes.values())
    pages = sum(outcome.pages for outcome in outcomes.values())
    told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "nothing to read"
    click.echo(f"{len(outcomes)} files: {told}; {pages} pages read.", err=True)
    codes = {error.exit_code for error in bad.values()}
    return 0 if not codes else codes.pop() if len(codes) == 1 else SEVERAL_REASONS


operations.add_to(cli)


@cli.command()
def providers() -> int:
    """Which providers can be used here, and what the others lack."""
    usable = False
    for status in local.provider_status():
        usable = usable or status.usable
        lacks = f" (missing: {', '.join(status.missing)})" if status.missing else ""
        click.echo(f"{'usable' if status.usable else 'not usable':<12}{status.name}: {status.detail}{lacks}")
    return 0 if usable else 69


@cli.command()
def check() -> int:
    """The tools, languages and fonts Folio needs, with their versions."""
    missing = 0
    for name, found, advice in local.installation():
        missing += found is None
        click.echo(f"{'ok' if found else 'MISSING':<9}{name}: {found or advice}")
    return 69 if missing else 0


cli.add_command(serve_command)


@cli.command()
@click.option("-o", "--output", type=FOLDER, default=Path("demo"), show_default=True)
def demo(output: Path) -> None:
    """Upload two samples to a local S3, let the real handler read them, and show what it leaves."""
    from folio.cli.demo import run_demo, samples

    for shown in run_demo(samples(), output):
        click.secho(f"\n{shown.uri}", bold=True)
        confidence = "unknown" if shown.confidence is None else f"{shown.confidence:.0%}"
        click.echo(f"{shown.text}\n\n  confidence  {confidence}")
        click.echo(f"  result      {shown.copy}\n  boxes       {shown.picture}")
