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
from folio.config import Settings, fingerprint, make_options, metadata_options, page_numbers, wanted_options
from folio.cost import Ledger, Usage
from folio.errors import (
    DeadlineExceeded,
    FolioError,
    NameTooLong,
    PageUnreadable,
    Refused,
    StoreUnavailable,
    Superseded,
    Unavailable,
)
from folio.fallback import Chain
from folio.models import Document, Engine, ErrorReport, Field, Options, Page, ResultHead, Source, encode, now
from folio.outputs.json import JsonWriter
from folio.outputs.pages import Summary, blank_page, failed_page, finished_page, problem
from folio.outputs.writers import Outputs
from folio.preprocess import is_blank, prepare
from folio.providers.base import Provider
from folio.raster import rasterize
from folio.retry import Deadline, Stopwatch
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
    publication = Publication(tools.store, source, fingerprint(wanted, tools.settings))
    if not request.force and (there := publication.done()):
        return Outcome(key=source.key, status="already-read", written=there)
    with _workspace() as folder:
        try:
            reading = Reading(source, wanted, publication.settings, folder, tools, deadline, request.last_attempt)
            content, summary, outputs = reading.run()
        except Refused as error:
            publication.publish(publication.error_key, _error_file(error, source, publication.settings, folder))
            return Outcome(key=source.key, status="failed", written=publication.error_key, error=error)
        publication.publish(publication.result_key, content, outputs)
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
        if self.options.ocr != "never":
            self.chain.check()
        document.check_bytes(self.source.bytes, self.settings)
        local = self.folder / "source"
        self.tools.store.fetch(self.source, local)
        opened = document.open_document(local, self.settings, self._patience())
        numbers = list(page_numbers(self.options.pages, opened.pages))
        self.layers = Layers(opened, numbers, self.options, self.settings)
        # Before the first call: a document that cannot be paid for to its end costs nothing.
        self.chain.afford(len(numbers), lambda: self.layers.readable(self.folder, self.deadline))
        summary = Summary()
        outputs = Outputs(self.options.outputs, opened, self.folder, self.settings)
        with JsonWriter(self.folder) as writer:
            for page, fields, error, timings in self._read_pages(opened, numbers):
                writer.add(page)
                outputs.add(page)
                summary.add(page, fields, error, timings)
                self.tools.on_page(opened, page)
            summary.require_a_page()
            files, warnings = outputs.finish()
            summary.warn(warnings)
            summary.timings["total"] = time.monotonic() - started
            return writer.finish(self._head(opened, summary, list(files))), summary, files

    def _read_pages(self, opened: Document, numbers: list[int]) -> Iterator["PageOutcome"]:
        """Pages in order, as many at once as the pool has workers; no more of them are kept than that."""
        waiting: deque[Future[PageOutcome]] = deque()
        try:
            for number in numbers:
                waiting.append(self.tools.pool.submit(self._read_page, opened, number))
                if len(waiting) > self.settings.cores():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            wait(waiting)  # their scratch files lie in our folder

    def _read_page(self, opened: Document, number: int) -> "PageOutcome":
        clock = Stopwatch()
        image = None
        try:
            own = self.layers.page(number, self.folder, self.deadline)
            clock.lap("text_layer")
            if own:
                return own, (), None, clock.laps
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="page-") as name:
                folder = Path(name)
                image = rasterize(opened, number, self.options.dpi, folder, self.settings, self._patience())
                clock.lap("rasterize")
                if is_blank(image):
                    return blank_page(image), (), None, clock.laps
                prepared = prepare(image, self.options.recipe, folder)
                clock.lap("prepare")
                reading = self.chain.read(prepared, self.deadline)
                clock.lap("recognize")
            return *finished_page(prepared, reading), None, clock.laps
        except (PageUnreadable, Refused, Unavailable) as error:
            if isinstance(error, Unavailable):
                self._give_up_or_go_on(error)
            return failed_page(number, image, error), (), error, clock.laps

    def _give_up_or_go_on(self, error: Unavailable) -> None:
        if isinstance(error, DeadlineExceeded):
            raise error
        if self.deadline.passed():
            raise DeadlineExceeded("The time for this document ran out before it was read.") from error
        if not self.last_attempt:
            raise error

    def _patience(self) -> float:
        return self.deadline.timeout(self.settings.page_timeout)

    def _head(self, opened: Document, summary: Summary, outputs: list[str]) -> ResultHead:
        options = self.options
        return ResultHead(
            status=summary.status,
            created=now(),
            source=_source(self.source, opened),
            engine=Engine(
                provider=options.providers[0],
                version=self.chain.version(),
                fallbacks=options.providers[1:],
                languages=options.languages,
                mode=options.mode,
                settings=self.mark,
            ),
            text=summary.text,
            confidence=summary.confidence,
            fields=summary.fields,
            cost=self.ledger.cost(),
            outputs={kind: naming.output_key(self.source.key, kind) for kind in outputs},
            warnings=summary.warnings,
            timings={name: round(seconds, 3) for name, seconds in summary.timings.items()},
        )


type PageOutcome = tuple[Page, tuple[Field, ...], FolioError | None, dict[str, float]]


def _source(source: SourceObject, opened: Document | None = None) -> Source:
    return Source(
        bucket=source.bucket,
        key=source.key,
        version=source.version,
        etag=source.etag,
        bytes=source.bytes,
        sha256=opened.sha256 if opened else None,
        media_type=opened.media_type if opened else None,
        pages=opened.pages if opened else None,
    )


def _error_file(error: Refused, source: SourceObject, settings: str, folder: Path) -> Path:
    report = ErrorReport(created=now(), source=_source(source), settings=settings, error=problem(error))
    target = folder / "error.json"
    target.write_bytes(encode(report))
    return target


@contextmanager
def _workspace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(prefix="folio-") as name:
            yield Path(name)
    except OSError as error:
        raise StoreUnavailable(f"The scratch space cannot be used ({error.strerror}); it may be full.") from error
