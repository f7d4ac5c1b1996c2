"""One document from its store to a result file: its pages read side by side, or taken from those that are kept."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from pathlib import Path

from folio.config.options import make_options, page_numbers
from folio.deadline import Deadline
from folio.documents import document
from folio.errors import Misconfigured, StoreUnavailable, Unavailable
from folio.models import Document, Options
from folio.outputs.result_json import JsonWriter
from folio.outputs.writers import Outputs
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.reading.checkpoint import Checkpoint
from folio.reading.page_outcome import PageOutcome, Summary
from folio.reading.page_reader import PageReader
from folio.reading.request import Request, Services
from folio.reading.result import engine_head, result_head
from folio.stores.base import SourceObject
from folio.textlayer.layers import TextLayers


class LongDocument(Exception):
    """Several are to read it; what was read here is kept for them."""


class Reading:
    """What is fixed for all pages of one document. `mark` is the settings' fingerprint.

    Once it is open, `numbers` are its pages, at places counted from 1, and `unread` the places still to be read.
    """

    opened: Document
    numbers: list[int]
    unread: list[int]
    kept: Checkpoint
    reader: PageReader

    def __init__(
        self,
        source: SourceObject,
        wanted: Mapping[str, str],
        mark: str,
        folder: Path,
        request: Request,
        services: Services,
        deadline: Deadline,
    ) -> None:
        self.source = source
        self.request = request
        self.settings = services.settings
        self.services = services
        self.deadline = deadline
        self.folder = folder
        self.mark = mark
        self.options: Options = make_options(wanted)
        self.ledger = Ledger(self.options.max_calls)
        self.chain = Chain(services.provider, self.options, self.ledger, self.settings.page_timeout)
        self._ours = 0  # pages that were read here
        self._slow = False  # whether somebody has to be asked for pages of it

    def run(self) -> tuple[Path, Summary, dict[str, Path]]:
        """Read the document into a result file and its outputs.

        Raises Refused, Unavailable, Misconfigured; LongDocument if that is for several.
        """
        started = time.monotonic()
        try:
            self.open()
            try:
                self.check_budget()
                return self._run(started)
            except (Unavailable, Misconfigured):  # it may be read again: not from the start
                self.kept.flush_on_failure()
                raise
        finally:
            self.services.on_usage(self.ledger.usage())

    def open(self, places: Iterable[int] | None = None, *, closing: bool = False) -> None:
        """Fetch the document, and see which of its pages, or of those at some places, are kept already.

        `closing`: those that failed for a reason that may pass are done as well.
        """
        if self.options.ocr != "never" and not self.request.merging:
            self.chain.check()
        document.check_bytes(self.source.bytes, self.settings)
        local = self.folder / "source"
        self.services.store.fetch(self.source, local)
        self.opened = document.open_document(local, self.settings, self.deadline.timeout(self.settings.page_timeout))
        self.numbers = list(page_numbers(self.options.pages, self.opened.pages))
        self.kept = self._checkpoint(closing=closing or self.request.merging)
        wanted = range(1, len(self.numbers) + 1) if places is None else places
        self.unread = [place for place in wanted if place not in self.kept]
        unread = [self.numbers[place - 1] for place in self.unread]
        layers = TextLayers(self.opened, unread, self.options, self.settings)
        self.reader = PageReader(
            document=self.opened,
            options=self.options,
            settings=self.settings,
            chain=self.chain,
            layers=layers,
            folder=self.folder,
            deadline=self.deadline,
            last_attempt=self.request.last_attempt,
        )

    def check_budget(self) -> None:
        """Before the first call: what cannot be paid for to its end costs nothing. Raises CallBudgetExceeded."""
        self.chain.check_budget(len(self.unread), lambda: self.reader.layers.readable(self.folder, self.deadline))

    def _checkpoint(self, *, closing: bool) -> Checkpoint:
        return Checkpoint(
            self.services.store,
            self.source.key,
            self.opened.sha256,
            self.mark,
            total=len(self.numbers),
            folder=self.folder,
            ledger=self.ledger,
            every=self.settings.keep_seconds,
            closing=closing,
        )

    def _run(self, started: float) -> tuple[Path, Summary, dict[str, Path]]:
        if self.request.merging and self.unread:
            raise StoreUnavailable(f"{len(self.unread)} pages of the document are not there to be put together.")
        summary = Summary()
        outputs = Outputs(self.options.outputs, self.opened, self.folder, self.settings)
        with JsonWriter(self.folder) as writer:
            for outcome in self.pages(range(1, len(self.numbers) + 1)):
                writer.add(outcome.page)
                outputs.add(outcome.page)
                summary.add(outcome)
                self.services.on_page(self.opened, outcome.page)
            if summary.pages < len(self.numbers):
                self.kept.hand_over()
                raise LongDocument
            summary.require_pages(self.settings.max_failed)
            files, warnings = outputs.finish()
            if summary.pages > self.settings.split_pages:
                files["index"] = writer.index
            summary.warn(warnings)
            summary.timings["total"] = time.monotonic() - started
            engine = engine_head(self.options, self.chain.version(), self.mark)
            head = result_head(self.source, self.opened, engine, summary, files, self.ledger.cost())
            return writer.finish(head), summary, files

    def pages(self, places: Iterable[int]) -> Iterator[PageOutcome]:
        """Pages in order, as many at once as the pool has workers; no more of them are held than that.

        They end early in a document that is for several to read.
        """
        waiting: deque[tuple[int, Future[PageOutcome] | None]] = deque()
        try:
            for place in places:
                if self._is_for_several():
                    break
                unread = place not in self.kept
                page = self.services.pool.submit(self.reader.read, self.numbers[place - 1]) if unread else None
                waiting.append((place, page))
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
        self._ours += 1
        self._slow = self._slow or outcome.page.origin == "ocr"
        return outcome

    def _is_for_several(self) -> bool:
        """Whether they should read the rest: many pages, not all with a text of their own; or they do already."""
        if self.services.fan_out is None:
            return False
        slow = self._slow or len(self.unread) < len(self.numbers)
        return self.kept.shared or (slow and len(self.unread) - self._ours > self.settings.split_pages)
