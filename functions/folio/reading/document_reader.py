"""A document that is open for reading: its pages read side by side, or taken from those that are saved."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from folio import keys
from folio.config.options import Options
from folio.deadline import Deadline
from folio.documents.document import open_chosen
from folio.documents.limits import check_bytes, check_room
from folio.errors import BadOption, FolioError, Misconfigured, StoreUnavailable, Unavailable
from folio.models import Document
from folio.options.resolve import page_numbers
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.providers.registry import is_paid
from folio.reading.checkpoint import Checkpoint
from folio.reading.page_order import groups, large_first, sizes_of
from folio.reading.page_outcome import PageOutcome, failed_page
from folio.reading.page_reader import MAX_UNPAID_SHARE, PageReader
from folio.reading.request import Request, Services
from folio.stores.base import SourceObject
from folio.textlayer.parts import PageTexts, page_texts


class LongDocument(Exception):
    """Several are to read it; what was read here is saved for them."""


class ReadContext(Struct, frozen=True, kw_only=True):
    """What is known of a reading before the document is fetched.

    `options` are checked, or else the reason why they are refused; `fingerprint` is theirs and the settings', `began` a
    time of `time.monotonic`.
    """

    source: SourceObject
    request: Request
    options: Options | BadOption
    fingerprint: str
    services: Services
    deadline: Deadline
    began: float

    @property
    def scope(self) -> str:
        """The part whose result lies beside that of the whole document; empty where that one lies."""
        if isinstance(self.options, BadOption):
            return ""
        return keys.scope_of("" if self.request.force else self.options.pages, self.options.attachment)


class Reading(Struct, kw_only=True):
    """One document while it is read.

    `numbers` are its chosen pages, whose indexes count from 1; `unread` are the indexes still to be read, the others
    asked for are in the checkpoint. `folder` is for scratch.
    """

    context: ReadContext
    options: Options
    folder: Path
    document: Document
    numbers: list[int]
    unread: list[int]
    checkpoint: Checkpoint
    ledger: Ledger
    chain: Chain
    reader: PageReader
    read_here: int = 0  # pages that were read by this process
    needs_ocr: bool = False  # whether one of them was

    @property
    def services(self) -> Services:
        return self.context.services

    def check_budget(self) -> None:
        """Before the first call: what cannot be paid for to its end costs nothing. Raises CallBudgetExceeded."""
        self.chain.check_budget(
            len(self.unread), lambda: self.reader.layers.readable(self.folder, self.context.deadline, MAX_UNPAID_SHARE)
        )

    @contextmanager
    def saved_on_failure(self) -> Iterator[None]:
        """Save what was read if the document may be read again, and in any case report what providers were asked."""
        try:
            yield
        except (Unavailable, Misconfigured):
            self.checkpoint.flush_on_failure()
            raise
        finally:
            self.report_usage()

    def pages(self, indexes: Iterable[int] | None = None) -> Iterator[PageOutcome]:
        """Yield all pages, or those at some indexes, in order; as many are read at once as the pool has workers.

        No more are held than twice that, at the end of a scan four times. Raises LongDocument after the pages that
        were begun, if the rest is for several to read; what page_reader raises; StoreUnavailable.
        """
        waiting: deque[tuple[int, Future[PageOutcome] | None]] = deque()
        handed_over = False
        sizes = {} if self._may_be_for_several() else sizes_of(self.document, self.numbers)
        chosen = range(1, len(self.numbers) + 1) if indexes is None else indexes
        try:
            for group in groups(chosen, sizes, self.services.settings.cores()):
                if handed_over := self._is_for_several():
                    break
                begun = {index: self._begin(index) for index in large_first(group, sizes)}
                waiting.extend((index, begun[index]) for index in group)
                if len(waiting) > self._pages_ahead():
                    yield self._outcome(*waiting.popleft())
            while waiting:
                yield self._outcome(*waiting.popleft())
        finally:
            running = [page for _, page in waiting if page]
            for page in running:
                page.cancel()
            wait(running)  # their scratch files lie in our folder
        if handed_over:
            self.checkpoint.hand_over()
            raise LongDocument

    def _pages_ahead(self) -> int:
        """Return how many pages are begun beyond the one that is waited for.

        More than there are workers, so that none of these waits while one page takes long; but not before the first
        page is read, which may tell that others are to read the rest.
        """
        workers = self.services.settings.cores()
        return 2 * workers if self.read_here else workers

    def _begin(self, index: int) -> Future[PageOutcome] | None:
        """Have a page read; None if it is saved."""
        if index in self.checkpoint:
            return None
        return self.services.pool.submit(self.reader.read, self.numbers[index - 1])

    def _outcome(self, index: int, page: Future[PageOutcome] | None) -> PageOutcome:
        if page is None:
            return self.checkpoint.take(index)
        outcome = page.result()
        self.checkpoint.keep(index, outcome)
        self.read_here += 1
        self.needs_ocr = self.needs_ocr or outcome.page.origin in ("ocr", "mixed")
        return outcome

    def _is_for_several(self) -> bool:
        """Whether they should read the rest: many pages, not all with a text of their own; or they do already."""
        if not self._may_be_for_several():
            return False
        slow = self.needs_ocr or len(self.unread) < len(self.numbers)
        many = len(self.unread) - self.read_here > self.services.settings.split_pages
        return self.checkpoint.shared or (slow and many)

    def _may_be_for_several(self) -> bool:
        if self.services.fan_out is None:
            return False
        return self.checkpoint.shared or len(self.unread) > self.services.settings.split_pages

    # --- For the steps of a long document (`folio.longdocs.steps`) ---

    def remaining_calls(self) -> int:
        """Return how many paid calls may still be made, with those counted that were made for all saved pages."""
        if any(is_paid(name) for name in self.chain.names):
            self.checkpoint.restore(range(1, len(self.numbers) + 1))
        return max(0, self.options.max_calls - self.ledger.cost().calls)

    def limit_calls(self, indexes: Iterable[int], calls: int) -> None:
        """Allow so many paid calls for the pages at some indexes, those included that were made for them before."""
        self.checkpoint.restore(indexes)
        self.ledger.limit(calls)

    def read_unread(self) -> None:
        """Read and save the unread pages."""
        deque(self.pages(self.unread), maxlen=0)

    def read_unread_singly(self, crashed: FolioError) -> None:
        """Read and save the unread pages one by one: a page that stops its process must not take others along.

        Such a page is saved as failed with the error `crashed`.
        """
        for index in self.unread:
            with self.checkpoint.marking_in_progress(index, self._failed(index, crashed)):
                deque(self.pages([index]), maxlen=0)
                self.checkpoint.flush()

    def fail_unread(self, error: FolioError) -> None:
        """Save the unread pages as failed."""
        for index in self.unread:
            self.checkpoint.keep(index, self._failed(index, error))

    def _failed(self, index: int, error: FolioError) -> PageOutcome:
        return PageOutcome(failed_page(self.numbers[index - 1], None, error))

    def report_usage(self) -> None:
        """Report what providers were asked."""
        self.services.on_usage(self.ledger.usage())


def open_reading(
    context: ReadContext, folder: Path, indexes: Iterable[int] | None = None, *, closing: bool = False
) -> Reading:
    """Fetch a document into a scratch folder, and find which of its pages, or of those at some indexes, are unread.

    With `closing`, pages that failed for a reason that may pass are done as well. Raises Refused, Unavailable,
    Misconfigured.
    """
    request, services = context.request, context.services
    options = context.options
    if isinstance(options, BadOption):
        raise options
    ledger = Ledger(options.max_calls)
    chain = Chain(services.provider, options, ledger, services.settings.page_timeout)
    if options.ocr != "never" and not request.merging:
        chain.check()
    document = fetch(context, folder)
    numbers = list(page_numbers(options.pages, document.pages))
    checkpoint = _open_checkpoint(context, document, len(numbers), folder, ledger, closing=closing or request.merging)
    chosen = range(1, len(numbers) + 1) if indexes is None else indexes
    unread = [index for index in chosen if index not in checkpoint]
    if request.merging and unread:
        raise StoreUnavailable(f"{len(unread)} pages of the document are not there to be put together.")
    layers = page_texts(document, [numbers[index - 1] for index in unread], options, services.settings)
    return Reading(
        context=context,
        options=options,
        folder=folder,
        document=document,
        numbers=numbers,
        unread=unread,
        checkpoint=checkpoint,
        ledger=ledger,
        chain=chain,
        reader=_page_reader(context, options, folder, document, chain, layers),
    )


def fetch(context: ReadContext, folder: Path) -> Document:
    """Copy a document into a scratch folder and open it, or what is attached to it.

    Raises Refused, Unavailable, SourceChanged.
    """
    settings = context.services.settings
    check_bytes(context.source.bytes, settings)
    check_room(context.source.bytes, folder)
    local = folder / "source"
    context.services.store.fetch(context.source, local)
    options = Options() if isinstance(context.options, BadOption) else context.options
    timeout = context.deadline.timeout(settings.page_timeout)
    return open_chosen(local, options.attachment, folder, settings, timeout, frames=options.frames == "all")


def _open_checkpoint(
    context: ReadContext, document: Document, total: int, folder: Path, ledger: Ledger, *, closing: bool
) -> Checkpoint:
    return Checkpoint(
        context.services.store,
        context.source.key,
        document.sha256,
        context.fingerprint,
        total=total,
        folder=folder,
        ledger=ledger,
        every=context.services.settings.keep_seconds,
        closing=closing,
    )


def _page_reader(
    context: ReadContext, options: Options, folder: Path, document: Document, chain: Chain, layers: PageTexts
) -> PageReader:
    return PageReader(
        document=document,
        options=options,
        settings=context.services.settings,
        chain=chain,
        layers=layers,
        folder=folder,
        deadline=context.deadline,
        last_attempt=context.request.last_attempt,
    )
