"""`folio read` and `folio inspect`: files become text beside them, or a report."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath

import click
import msgspec

from folio import keys
from folio.cli import console
from folio.cli.flags import document_options, examples, requested
from folio.cli.messages import tr
from folio.cli.progress import Level, Progress, number
from folio.config.options import PAPER_MODES
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk import local
from folio.desk.local import FoundFiles, LocalFile, ReadOptions
from folio.desk.remote import fetch, is_remote
from folio.errors import BadOption
from folio.models import encode
from folio.options.settings import load_settings
from folio.reading.pipeline import Outcome
from folio.text.field_values import PAIR
from folio.wiring import local_services, s3_store

READ = ("complete", "partial", "already-read")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
PATH = click.Path(readable=False, path_type=str)  # or an address, or a pattern; the type is for completion
FILES = click.argument("files", nargs=-1, required=True, type=PATH)
JOBS = click.option("--jobs", type=click.IntRange(1, 256), help="Pages read at once. [default: one per core]")
_STDIN = "-"
_MAX_NAMES = 5  # of files that were left out


@click.command(
    epilog=examples(
        "folio read invoice.pdf",
        "folio read scans/ -o results/ -l chi_sim+eng",
        "folio read scan.pdf --outputs pdf,text",
        "folio read https://example.org/scan.pdf s3://my-bucket/letter.jpg -o results/",
        "curl -s https://example.org/scan.pdf | folio read - --json",
    )
)
@FILES
@click.option("-o", "--output", type=FOLDER, help="Folder for results.")
@click.option("--text", is_flag=True, help="Print the texts to standard output too.")
@click.option("--json", "as_json", is_flag=True, help="Print the results to standard output too, one a line.")
@click.option("--force", is_flag=True, help="Read again what was read already.")
@click.option("-q", "--quiet", "level", flag_value="quiet", help="Say only what went wrong.")
@click.option("-v", "--verbose", "level", flag_value="verbose", help="Say how each page was read.")
@JOBS
@document_options
def read(
    files: tuple[str, ...],
    output: Path | None,
    text: bool,
    as_json: bool,
    force: bool,
    level: Level | None,
    jobs: int | None,
    pairs: tuple[str, ...],
    **options: str | None,
) -> int:
    """Read FILES: documents, folders (with all below them), patterns, or addresses (https://…, s3://bucket/key); - is
    standard input, whose text is printed.

    The result of each lies beside it as NAME.ocr.json, or in the folder given with -o (of what has an address, else in
    this one); that of some pages (--pages) as NAME.ocr/pages-2.json, and with --force in its place. What was read
    before with the same settings is not read again; other --outputs are added. Of cards and invoices the fields are
    printed, unless with -q. The exit code is 0, that of the only reason why files failed, or 1 for several.
    """
    _require_folder(output)
    settings = settings_with(jobs)
    chosen = requested(options, pairs)
    with _found(files, output, settings) as (matches, results):
        if files == (_STDIN,) and not output:  # nothing stays but what is printed
            text, level = text or not as_json, level or "quiet"
        run = ReadOptions(options=chosen, results=results, force=force)
        with Progress(len(matches.files), level or "normal", results) as progress:
            outcomes = _read_all(matches.files, run, settings, progress)
        if as_json:
            _print_json(outcomes, results)
        elif text or (level != "quiet" and chosen.get("mode", settings.options.mode) in PAPER_MODES):
            _print(outcomes, results, text)
    if level != "quiet":
        _tell_left_out(matches.left_out)
    return progress.summarize()


def _read_all(
    files: list[LocalFile], run: ReadOptions, settings: Settings, progress: Progress
) -> dict[LocalFile, Outcome]:
    """Read files, and return the outcomes of those that have a result, in the order of the files."""
    outcomes: dict[LocalFile, Outcome] = {}
    deadline = Deadline()
    try:
        for file, outcome in local.read_files(files, run, local_services(settings), deadline, progress.page):
            outcomes[file] = outcome
            progress.file(file, outcome)
    finally:
        deadline.stop()
    return {file: outcomes[file] for file in files if outcomes[file].status in READ}


@click.command(epilog=examples("folio inspect scan.pdf", "folio inspect scan.pdf --pages 3 -o report.html"))
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
    here = LocalFile(file.parent, file.name)
    with Progress(1) as progress:
        services = local_services(settings_with(jobs))
        report = inspect_file(file, output, chosen, services, partial(progress.page, here))
    console.out(str(report))


def settings_with(jobs: int | None) -> Settings:
    settings = load_settings()
    return msgspec.structs.replace(settings, jobs=jobs) if jobs else settings


def _require_folder(output: Path | None) -> None:
    """Refuse the name of one file: results are several, and lie in a folder."""
    suffixes = {PurePath(name).suffix for name in keys.OUTPUTS.values()} | {".json"}
    if output and not output.is_dir() and output.suffix.lower() in suffixes:
        command = {".pdf": "pdf", ".txt": "text", ".csv": "table", ".xlsx": "table"}.get(output.suffix.lower(), "read")
        better = f"folio {command} FILE {output.name}" if command != "read" else "a folder and --outputs"
        raise BadOption(f"-o names a folder for results, and {output.name!r} looks like a file; try {better}.")


@contextmanager
def _found(files: tuple[str, ...], output: Path | None, settings: Settings) -> Iterator[tuple[FoundFiles, Path | None]]:
    """Yield the documents to read and where results go; what comes from elsewhere is a file for that long."""
    if _STDIN in files and len(files) > 1:
        raise BadOption("Standard input is read alone; name other files in a command of their own.")
    remote = [name for name in files if is_remote(name)]
    if remote and len(remote) < len(files) and not output:
        raise BadOption("Documents from addresses have no folder for their results here; give one with -o.")
    with tempfile.TemporaryDirectory(prefix="folio-fetched-") as name:
        folder = Path(name)
        if _STDIN in files:
            (folder / "standard-input").write_bytes(sys.stdin.buffer.read())
            yield FoundFiles([LocalFile(folder, "standard-input")], []), output or folder / "results"
        elif remote:
            matches = local.find_files([one for one in files if one not in remote])
            fetched = [fetched_file(address, folder / str(index), settings) for index, address in enumerate(remote)]
            yield FoundFiles([*matches.files, *fetched], matches.left_out), output or Path()
        else:
            yield local.find_files(list(files)), output


def fetched_file(address: str, folder: Path, settings: Settings) -> LocalFile:
    """Fetch a document into a new folder. Raises what keeps it from being fetched."""
    folder.mkdir()
    return LocalFile(folder, fetch(address, folder, settings, s3_store).name)


def _print(outcomes: dict[LocalFile, Outcome], results: Path | None, text: bool) -> None:
    """The texts, or the fields of cards and invoices, under the names of the files if there are several."""
    for file, outcome in outcomes.items():
        result = local.stored_result(file, outcome, results)
        if result is None:
            continue
        if len(outcomes) > 1:
            console.out(f"==> {file.key} <==")
        if text:
            console.out(result.text)
        else:
            for field in result.fields:
                label = field.provider_name if field.name == PAIR else field.name
                failed = " " + tr("(its check failed)") if field.check == "failed" else ""
                console.out(f"{label}: {field.value}{failed}")


def _print_json(outcomes: dict[LocalFile, Outcome], results: Path | None) -> None:
    for file, outcome in outcomes.items():
        if result := local.stored_result(file, outcome, results):
            console.out(encode(result).decode())


def _tell_left_out(names: list[str]) -> None:
    if not names:
        return
    shown = ", ".join(names[:_MAX_NAMES])
    if len(names) > _MAX_NAMES:
        shown = tr("{names} and {count} others", names=shown, count=len(names) - _MAX_NAMES)
    one, several = (
        "{files} that is not a document was left out: {names}.",
        "{files} that are not documents were left out: {names}.",
    )
    console.err(tr(one if len(names) == 1 else several, files=number(len(names), "file"), names=shown))
