"""Files of this machine, many at once."""

import glob
import platform
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import as_completed
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys
from folio.config.environment import memory_mb
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.desk.fonts import font
from folio.documents.opening import is_document
from folio.documents.pdf import poppler
from folio.errors import BadOption, FolioError, SourceGone
from folio.models import Document, Page, Result, decode
from folio.options.resolve import resolve_options
from folio.options.settings import load_settings
from folio.providers.auto import statuses
from folio.providers.base import Status
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.providers.registry import get_provider
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.reading.request import LocalServices
from folio.reading.threads import reader_threads
from folio.stores.folder import FolderStore
from folio.version import __version__

type OnPage = Callable[[LocalFile, Document, Page], None]


class LocalFile(Struct, frozen=True):
    """A file to read: `key` is its path below `root`, and its result's below the folder for results."""

    root: Path
    key: str


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How to read the files of one run; results go beside the sources unless there is a folder for them."""

    options: Mapping[str, str]
    results: Path | None = None
    force: bool = False


class FoundFiles(Struct, frozen=True):
    """The documents to read, and the other files below the folders that were named."""

    files: list[LocalFile]
    left_out: list[str]


def find_files(names: list[str]) -> FoundFiles:
    """Find the documents named or matched by a pattern, and those below folders, as `cp -r` would take them.

    Below folders, hidden files are skipped, and so is what does not start as a document does; results of Folio's own
    always are. A symbolic link to a file is a document of its own, under its own name. Raises SourceGone.
    """
    documents: dict[Path, LocalFile] = {}
    others: list[str] = []
    for path in (absolute(match) for name in names for match in _matches(name)):
        for file in _below(path) if path.is_dir() else [path]:
            key = file.relative_to(path.parent).as_posix()
            if is_own(file, key):
                continue
            if path.is_dir() and not is_document(file):
                others.append(key)
                continue
            documents.setdefault(absolute(file), LocalFile(path.parent, key))
    return FoundFiles(list(documents.values()), others)


def is_own(file: Path, key: str) -> bool:
    """Whether Folio wrote a file. One that is named by itself it did if the document or the result lies there, too."""
    path = file.as_posix()
    if not keys.is_ours(path) or (keys.is_ours(key) and keys.source_of_pdf(key) is None):
        return keys.is_ours(key)
    source = path.rpartition(keys.FOLDER)[0]
    return Path(source).is_file() or Path(keys.result_key(source)).is_file()


def absolute(file: Path) -> Path:
    """Return where a file lies, under its own name: of a symbolic link only the folders are followed."""
    return file.parent.resolve() / file.name if file.name not in ("", "..") else file.resolve()


def _matches(name: str) -> list[Path]:
    if Path(name).exists():
        return [Path(name)]
    if matches := sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 (pathlib takes no absolute pattern)
        return [Path(match) for match in matches]
    raise SourceGone(f"There is no file or folder {name!r}.")


def _below(folder: Path) -> list[Path]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file for file in files if not any(part.startswith(".") for part in file.relative_to(folder).parts))


def read_files(
    files: list[LocalFile],
    run: ReadOptions,
    local: LocalServices,
    deadline: Deadline,
    on_page: OnPage = lambda _file, _document, _page: None,
) -> Iterator[tuple[LocalFile, Outcome]]:
    """Read files side by side, results as they come. Whatever goes wrong with one is in its outcome."""
    _require_distinct_results(files, run)
    read = file_reader(run, local, deadline, on_page)
    with reader_threads(local.services.settings.cores(), "document") as pool:
        running = {pool.submit(read, file): file for file in files}
        try:
            for future in as_completed(running):
                yield running.pop(future), future.result()
        finally:
            for future in running:
                future.cancel()
            if running:  # interrupted: what runs ends at its next step
                deadline.stop()


def file_reader(
    run: ReadOptions,
    local: LocalServices,
    deadline: Deadline,
    on_page: OnPage = lambda _file, _document, _page: None,
) -> Callable[[LocalFile], Outcome]:
    """Return what reads one file, and raises nothing: whatever goes wrong is in the outcome.

    Options are checked before any file, since a mistyped one must not replace good results with as many error reports.
    Raises BadOption, and what the providers lack.
    """
    services = local.services
    resolved = resolve_options(services.settings, run.options)
    Chain(services.provider, resolved.options, Ledger(), services.settings.page_timeout).check()

    def read(file: LocalFile) -> Outcome:
        request = Request(key=file.key, options=run.options, resolved=resolved, force=run.force)
        try:
            shared = local.sharing(file.root, run.results, deadline)
            return _read_file(request, msgspec.structs.replace(shared, on_page=partial(on_page, file)), deadline)
        except FolioError as error:
            return Outcome(key=file.key, status="failed", error=error)
        except Exception as error:  # noqa: BLE001 (a fault of ours in one file must not lose the others)
            return Outcome(key=file.key, status="failed", error=FolioError(f"Unexpected {type(error).__name__}."))

    return read


def read_file(
    file: Path,
    requested: Mapping[str, str],
    results: Path,
    local: LocalServices,
    on_page: Callable[[Document, Page], None] = lambda _document, _page: None,
) -> Result:
    """Read one file by the pipeline, which writes into the folder `results`. Raises what kept it from being read."""
    services = msgspec.structs.replace(local.on_folder(file.parent, results), on_page=on_page)
    deadline = Deadline()
    try:
        outcome = read_upload(Request(key=file.name, options=requested), services, deadline)
    finally:
        deadline.stop()
        services.pool.shutdown()
    result = stored_result(LocalFile(file.parent, file.name), outcome, results)
    if result is None:
        raise outcome.error or BadOption("This is a file that Folio wrote, not one that it reads.")
    return result


def _read_file(request: Request, services: Services, deadline: Deadline) -> Outcome:
    """Read a file, also one that has an error: since then a limit may have been raised, or a language installed."""
    return read_upload(msgspec.structs.replace(request, retry_failed=True), services, deadline)


def _require_distinct_results(files: list[LocalFile], run: ReadOptions) -> None:
    """Two sources must not write to the same result."""
    if run.results is None:
        return
    taken: dict[str, LocalFile] = {}
    for file in files:
        if (other := taken.setdefault(file.key, file)) is not file:
            both = f"{other.root / other.key} and {file.root / file.key}"
            raise BadOption(f"The results of {both} would overwrite each other; give them folders of their own.")


def stored_result(file: LocalFile, outcome: Outcome, results: Path | None) -> Result | None:
    """Return the result that a reading of a file left or found, or None."""
    if outcome.written in (None, keys.error_key(file.key)):
        return None
    stored = FolderStore(file.root, results).read(outcome.written)
    return decode(stored.data, Result) if stored else None


def provider_status() -> list[Status]:
    """Whether each provider can be used here."""
    return statuses(load_settings())


_MEMORY_MB = 1024  # what a page read by PP-OCR takes with all around it


def installation() -> Iterator[tuple[str, str | None, str]]:
    """Yield each thing Folio needs on this machine: its name, its version or None, and what to do about it."""
    setup = "run `make setup`, or install it with your system's packages"
    yield "Folio", f"{__version__} on Python {platform.python_version()}", ""
    tesseract = get_provider("tesseract", Settings()).status()
    yield "tesseract", tesseract.detail if tesseract.usable else None, setup
    neural = get_provider("ppocr", Settings()).status()
    yield "PP-OCR", neural.detail if neural.usable else None, "install folio-ocr with all it requires"
    yield "poppler", poppler.version(), setup
    memory = memory_mb()
    enough = f"{memory} MB" if memory >= _MEMORY_MB else None
    yield "memory", enough, f"{memory} MB are there, and a page read by PP-OCR takes up to {_MEMORY_MB}"
    for name, pattern in (("Latin font", ":lang=en"), ("Chinese font", ":lang=zh-cn")):
        yield name, font(pattern), f"PDFs without embedded fonts would be drawn blank; {setup}"
