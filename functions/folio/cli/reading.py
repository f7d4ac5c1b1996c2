"""`folio read` and `folio inspect`: files become text beside them, or a report."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from folio.cli import console
from folio.cli.flags import document_options, requested
from folio.config.options import PAPER_MODES
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk import local
from folio.desk.local import LocalFile, ReadOptions
from folio.models import Document, Page
from folio.options.settings import load_settings
from folio.reading.pipeline import Outcome
from folio.text.field_values import PAIR
from folio.wiring import local_services

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

SEVERAL_REASONS = 1
READ = ("complete", "partial", "already-read")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
FILES = click.argument("files", nargs=-1, required=True)
JOBS = click.option("--jobs", type=click.IntRange(1, 256), help="Pages read at once. [default: one per core]")


@click.command()
@FILES
@click.option("-o", "--output", type=FOLDER, help="Folder for results.")
@click.option("--text", is_flag=True, help="Print the texts to standard output too.")
@click.option("--force", is_flag=True, help="Read again what was read already.")
@JOBS
@document_options
def read(
    files: tuple[str, ...],
    output: Path | None,
    text: bool,
    force: bool,
    jobs: int | None,
    pairs: tuple[str, ...],
    **options: str | None,
) -> int:
    """Read FILES: documents, folders (with all below them) or patterns.

    The result of each lies beside it as NAME.ocr.json, or in the folder given with -o; that of some pages (--pages) as
    NAME.ocr/pages-2.json, and with --force in its place. What was read before with the same settings is not read again;
    other --outputs are added. Of cards and invoices the fields are printed. The exit code is 0, that of the only
    reason why files failed, or 1 for several.
    """
    settings = _settings(jobs)
    chosen = requested(options, pairs)
    run = ReadOptions(options=chosen, results=output, force=force)
    matches = local.find_files(list(files))
    outcomes: dict[LocalFile, Outcome] = {}
    deadline = Deadline()
    with _progress(len(matches.files)) as (on_page, on_file):
        try:
            for file, outcome in local.read_files(matches.files, run, local_services(settings), deadline, on_page):
                outcomes[file] = outcome
                on_file()
        finally:
            deadline.stop()
    if text or chosen.get("mode", settings.options.mode) in PAPER_MODES:
        _print({file: outcomes[file] for file in matches.files if outcomes[file].status in READ}, output, text)
    if matches.left_out:
        what = "that is not a document was" if matches.left_out == 1 else "that are not documents were"
        console.err(f"{_number(matches.left_out, 'file')} {what} left out.")
    return _summarize(outcomes)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=FILE, help="Where the report goes. [default: FILE.inspect.html]")
@JOBS
@document_options
def inspect(file: Path, output: Path | None, jobs: int | None, pairs: tuple[str, ...], **options: str | None) -> None:
    """Read FILE and show how: a web page with the words boxed on each page, what was done to it, and its text.

    Long documents are shown up to page 20; choose others with --pages. The report is one file that loads nothing.
    """
    from folio.desk.inspect import inspect_file

    chosen = requested(options, pairs)
    with _progress(1) as (on_page, on_file):
        report = inspect_file(file, output, chosen, local_services(_settings(jobs)), on_page)
        on_file()
    console.out(str(report))


def _settings(jobs: int | None) -> Settings:
    settings = load_settings()
    return msgspec.structs.replace(settings, jobs=jobs) if jobs else settings


def _print(outcomes: dict[LocalFile, Outcome], results: Path | None, text: bool) -> None:
    """The texts, or the fields of cards and invoices, under the names of the files if there are several."""
    for file, outcome in outcomes.items():
        result = local.stored_result(file, outcome, results)
        if result is None:
            continue
        if len(outcomes) > 1 and not text:
            console.out(f"# {file.key}")
        if text:
            console.out(result.text)
        else:
            for field in result.fields:
                label = field.provider_name if field.name == PAIR else field.name
                console.out(f"{label}: {field.value}{' (its check failed)' if field.check == 'failed' else ''}")


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
        preserved = " The result that is there is kept." if outcomes[file].preserved else ""
        console.err(f"{status}: {file.key}: {error.message} [{type(error).__name__}] {error.hint}{preserved}")
    counts = Counter(outcome.status for outcome in outcomes.values())
    pages = sum(outcome.pages for outcome in outcomes.values())
    summary = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "nothing to read"
    console.err(f"{_number(len(outcomes), 'file')}: {summary}; {_number(pages, 'page')} read.")
    codes = {error.exit_code for error in bad.values()}
    return 0 if not codes else codes.pop() if len(codes) == 1 else SEVERAL_REASONS


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
