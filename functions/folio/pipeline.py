"""The story: a document in a store becomes its text beside it.

source -> document -> for each page: its own text, or image -> prepared image -> text -> page
-> result (or error) beside the source
"""

import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from msgspec import Struct

from folio import document, naming
from folio.checkpoint import Checkpoint, clear
from folio.config import Settings, fingerprint, make_options, metadata_options, page_numbers, wanted_options
from folio.cost import Ledger, Usage
from folio.errors import (
    FolioError,
    Misconfigured,
    NameTooLong,
    Refused,
    StoreUnavailable,
    Superseded,
    Unavailable,
)
from folio.fallback import Chain
from folio.models import Document, Options, Page, encode
from folio.outputs.json import JsonWriter
from folio.outputs.pages import PageOutcome, Summary
from folio.outputs.writers import Outputs
from folio.pagereader import PageReader
from folio.providers.base import Provider
from folio.results import engine_head, error_report, result_head
from folio.retry import Deadline
from folio.stores.base import SourceObject, Store
from folio.stores.publish import Publication
from folio.textlayer import Layers


class Request(Struct, frozen=True, kw_only=True):
    """One document to read.

    `etag` is the version somebody told us of (null: whatever is there); `options` go over the object's own.
    Before the `last_attempt`, a page that fails for a reason that may pass fails the document, to be retried.
    """

    key: str
    etag: str | None = None
    options: Mapping[str, str] = {}
    force: bool = False
    last_attempt: bool = True


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a request; `written` is the key of the result or error that is there now.

    `confidence` and `seconds` (from the start of the reading to its publication) are those of a result just written.
    """

    key: str
    status: Literal["complete", "partial", "failed", "already-read", "superseded", "ignored"]
    written: str | None = None
    pages: int = 0
    failed_pages: int = 0
    confidence: float | None = None
    seconds: float | None = None
    error: FolioError | None = None


class Tools(Struct, frozen=True, kw_only=True):
    """What the story works with, chosen in `wiring`. `pool` reads as many pages at once as it has workers.

    `on_usage` is told what was asked of providers for each document, also of one that failed.
    """

    store: Store
    settings: Settings
    provider: Callable[[str], Provider]
    pool: Executor
    on_page: Callable[[Document, Page], None] = lambda _document, _page: None
    on_usage: Callable[[tuple[Usage, ...]], None] = lambda _usage: None


def read_upload(request: Request, tools: Tools, deadline: Deadline) -> Outcome:
    """Read one document of the store and leave its result, or its error, beside it.

    Raises Unavailable for what should be tried again and Misconfigured for what an operator must mend.
    """
    key = request.key
    if naming.is_ours(key) or naming.is_folder_marker(key):
        return Outcome(key=key, status="ignored")
    if not naming.fits(key):
        raise NameTooLong("The document's name is too long to put a result beside it.")
    try:
        source = tools.store.head(key)
        if request.etag not in (None, source.etag):
            Publication(tools.store, source, settings="").tidy()
            return Outcome(key=key, status="superseded")
        return _read_source(source, request, tools, deadline)
    except Superseded as error:
        return Outcome(key=key, status="superseded", error=error)


def _read_source(source: SourceObject, request: Request, tools: Tools, deadline: Deadline) -> Outcome:
    started = time.monotonic()
    wanted = wanted_options(tools.settings, {**metadata_options(source.metadata), **request.options})
    publication = Publication(tools.store, source, fingerprint(wanted, tools.settings), force=request.force)
    if not request.force and (there := publication.done()):
        clear(tools.store, source.key, publication.settings)  # of a reading that was stopped right at its end
        return Outcome(key=source.key, status="already-read", written=there)
    with _workspace() as folder:
        try:
            reading = Reading(source, wanted, publication.settings, folder, tools, deadline, request.last_attempt)
            content, summary, outputs = reading.run()
        except Refused as error:
            publication.publish(publication.error_key, _error_file(error, source, publication.settings, folder))
            clear(tools.store, source.key)
            return Outcome(key=source.key, status="failed", written=publication.error_key, error=error)
        publication.publish(publication.result_key, content, outputs)
        reading.kept.clear()
    return Outcome(
        key=source.key,
        status=summary.status,
        written=publication.result_key,
        pages=summary.pages,
        failed_pages=summary.failed,
        confidence=summary.confidence,
        seconds=time.monotonic() - started,
        error=summary.first_error,
    )


class Reading:
    """One document on its way: what is fixed for all its pages."""

    kept: Checkpoint
    reader: PageReader

    def __init__(
        self,
        source: SourceObject,
        wanted: Mapping[str, str],
        mark: str,
        folder: Path,
        tools: Tools,
        deadline: Deadline,
        last_attempt: bool,
    ) -> None:
        self.source = source
        self.settings = tools.settings
        self.tools = tools
        self.deadline = deadline
        self.last_attempt = last_attempt
        self.folder = folder
        self.mark = mark  # the settings fingerprint, the same that the publication looks for
        self.options: Options = make_options(wanted)
        self.ledger = Ledger(self.options.max_calls)
        self.chain = Chain(tools.provider, self.options, self.ledger, self.settings.page_timeout)

    def run(self) -> tuple[Path, Summary, dict[str, Path]]:
        """Read the document into a result file and its outputs. Raises Refused, Unavailable, Misconfigured."""
        try:
            return self._run()
        finally:
            self.tools.on_usage(self.ledger.usage())

    def _run(self) -> tuple[Path, Summary, dict[str, Path]]:
        started = time.monotonic()
        opened, numbers = self._open()
        try:
            return self._read(opened, numbers, started)
        except (Unavailable, Misconfigured):  # it may be read again: not from the start
            self.kept.rescue()
            raise

    def _open(self) -> tuple[Document, list[int]]:
        """The document as a local file, and the pages to read of it; those that are kept are read already."""
        if self.options.ocr != "never":
            self.chain.check()
        document.check_bytes(self.source.bytes, self.settings)
        local = self.folder / "source"
        self.tools.store.fetch(self.source, local)
        opened = document.open_document(local, self.settings, self.deadline.timeout(self.settings.page_timeout))
        numbers = list(page_numbers(self.options.pages, opened.pages))
        self.kept = self._checkpoint(opened, len(numbers))
        unread = [number for place, number in enumerate(numbers, 1) if place not in self.kept]
        layers = Layers(opened, unread, self.options, self.settings)
        # Before the first call: a document that cannot be paid for to its end costs nothing.
        self.chain.afford(len(unread), lambda: layers.readable(self.folder, self.deadline))
        self.reader = PageReader(
            document=opened,
            options=self.options,
            settings=self.settings,
            chain=self.chain,
            layers=layers,
            folder=self.folder,
            deadline=self.deadline,
            last_attempt=self.last_attempt,
        )
        return opened, numbers

    def _checkpoint(self, opened: Document, total: int) -> Checkpoint:
        return Checkpoint(
            self.tools.store,
            self.source.key,
            opened.sha256,
            self.mark,
            total=total,
            folder=self.folder,
            ledger=self.ledger,
            every=self.settings.keep_seconds,
        )

    def _read(self, opened: Document, numbers: list[int], started: float) -> tuple[Path, Summary, dict[str, Path]]:
        summary = Summary()
        outputs = Outputs(self.options.outputs, opened, self.folder, self.settings)
        with JsonWriter(self.folder) as writer:
            for outcome in self._pages(numbers):
                writer.add(outcome.page)
                outputs.add(outcome.page)
                summary.add(outcome)
                self.tools.on_page(opened, outcome.page)
            summary.require_a_page()
            files, warnings = outputs.finish()
            summary.warn(warnings)
            summary.timings["total"] = time.monotonic() - started
            engine = engine_head(self.options, self.chain.version(), self.mark)
            head = result_head(self.source, opened, engine, summary, files, self.ledger.cost())
            return writer.finish(head), summary, files

    def _pages(self, numbers: list[int]) -> Iterator[PageOutcome]:
        """Pages in order, as many at once as the pool has workers; no more of them are held than that."""
        waiting: deque[tuple[int, Future[PageOutcome] | None]] = deque()
        try:
            for place, number in enumerate(numbers, 1):
                kept = place in self.kept
                waiting.append((place, None if kept else self.tools.pool.submit(self.reader.read, number)))
                if len(waiting) > self.settings.cores():
                    yield self._outcome(*waiting.popleft())
            while waiting:
                yield self._outcome(*waiting.popleft())
        finally:
            reading = [future for _, future in waiting if future]
            for future in reading:
                future.cancel()
            wait(reading)  # their scratch files lie in our folder

    def _outcome(self, place: int, reading: Future[PageOutcome] | None) -> PageOutcome:
        if reading is None:
            return self.kept.take(place)
        outcome = reading.result()
        self.kept.keep(place, outcome)
        return outcome


def _error_file(error: Refused, source: SourceObject, settings: str, folder: Path) -> Path:
    target = folder / "error.json"
    target.write_bytes(encode(error_report(error, source, settings)))
    return target


@contextmanager
def _workspace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            yield Path(name)
    except OSError as error:
        raise StoreUnavailable(f"The scratch space cannot be used ({error.strerror}); it may be full.") from error
