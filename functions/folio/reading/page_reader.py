"""One page: its own text, or image -> prepared image -> text. Whatever goes wrong with it is in its outcome."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct, field

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline, Stopwatch
from folio.documents import children
from folio.documents.rasterize import rasterize
from folio.errors import (
    DeadlineExceeded,
    EngineFailed,
    EngineTimeout,
    PageUnreadable,
    Refused,
    Unavailable,
    UnreadableScript,
)
from folio.models import Code, Document, Page, PageImage, Preparation, ReadPage
from folio.preprocess.blank import ink_on, is_blurred, strengthen
from folio.preprocess.cut import Region, Sheet, lay_out
from folio.preprocess.recipes import prepare
from folio.providers.chain import Chain
from folio.reading.mixed_page import merged_page, regions
from folio.reading.page_drawings import PageDrawings
from folio.reading.page_outcome import PageOutcome, blank_page, failed_page, finished_page, with_seal_texts
from folio.reading.read_sheets import ReadSheets
from folio.structure.codes import codes_on, codes_within
from folio.structure.page import structured
from folio.structure.redaction import KnownPrivate, redacted
from folio.structure.unread import sure_words
from folio.text.confidence import is_confident
from folio.textlayer.layers import TextLayerPage
from folio.textlayer.parts import PageTexts
from folio.transform import Box

# Of all writing on a page: how much beside its text layer is worth no call of a paid provider.
MAX_UNPAID_SHARE = 0.1
_LINES_DPI = 150  # of a drawing on which only lines are looked for: hairlines are one pixel wide, whatever the DPI
_CODES_DPI = 200  # of a drawing of a text layer's page in which codes are looked for
_NOT_WORTH_A_CALL = (
    "Some of what is written on this page is not in its text layer; it is too little for a call of a paid provider, "
    "and was not read."
)
_BLURRED = (
    "Nothing was read on this page, and nothing on it is sharp: if something is written there, scan or photograph it "
    "again."
)
_NOT_READ = "Some of what is written on this page is not in its text layer, and could not be read:"


class PageReader(Struct, frozen=True, kw_only=True):
    """What is fixed for all pages of a document, and what they share. Serves several threads.

    Scratch files lie in `folder`.
    """

    document: Document
    options: Options
    settings: Settings
    chain: Chain
    layers: PageTexts
    folder: Path
    deadline: Deadline
    last_attempt: bool
    sheets: ReadSheets = field(default_factory=ReadSheets)
    private: KnownPrivate = field(default_factory=KnownPrivate)

    def read(self, number: int) -> PageOutcome:
        """Raises DeadlineExceeded, Misconfigured, and before the last attempt what may pass."""
        clock = Stopwatch()
        images: list[PageImage] = []
        layer = TextLayerPage(None)
        try:
            layer = self.layers.page(number, self.folder, self.deadline)
            clock.lap("text_layer")
            known = layer.page
            outcome = self._known(known, layer, clock) if known else self._recognized(number, clock, images)
        except (PageUnreadable, Refused, Unavailable) as error:
            if isinstance(error, Unavailable):
                self._give_up_or_go_on(error)
            outcome = PageOutcome(failed_page(number, images[0] if images else None, error), (), clock.laps)
        outcome = outcome.with_refusal(layer.refusal) if layer.refusal else outcome
        outcome = outcome.in_part(self.document.part_of(number))
        return self._redacted(outcome) if self.options.redact else outcome

    def _redacted(self, outcome: PageOutcome) -> PageOutcome:
        """Mask what is private, before anything of the page is written anywhere."""
        page, fields = redacted(outcome.page, outcome.fields, self.options.redact, self.private)
        if self.options.codes == "never":
            page = msgspec.structs.replace(page, codes=())
        return PageOutcome(page, fields, outcome.timings)

    def _recognized(self, number: int, clock: Stopwatch, images: list[PageImage]) -> PageOutcome:
        """Read the whole page; its drawing is added to `images`."""
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="page-") as name:
            folder = Path(name)
            image = self._draw(number, folder, clock)
            images.append(image)
            if (ink := self._prepared(ink_on, image)) == "none":
                return PageOutcome(blank_page(image), (), clock.laps)
            is_weak = ink == "faint" and self.options.recipe != "none"
            strong = self._prepared(strengthen, image, folder) if is_weak else image
            prepared, reading = self._engine(strong, folder, clock)
            if ink == "faint" and not is_confident(reading.text):
                return PageOutcome(blank_page(image), (), clock.laps)  # the grain of its paper
            page, fields = finished_page(prepared, reading)
            if not page.text and self._prepared(is_blurred, image):
                page = _with_warning(page, _BLURRED)
            page = with_seal_texts(page, prepared, self.chain.read_seals(prepared.inks, self.deadline))
            # What is to be masked is looked for everywhere.
            words = None if self.options.redact else sure_words(page)
            page = msgspec.structs.replace(page, codes=self._codes(lambda: self._prepared(codes_on, image, words)))
            page, fields = structured(page, fields, lambda: image, self.options.mode)
        clock.lap("structure")
        return PageOutcome(page, fields, clock.laps)

    def _known(self, known: Page, layer: TextLayerPage, clock: Stopwatch) -> PageOutcome:
        """Take a page from its text layer, with what is written beside it."""
        dpi = known.dpi or self.options.dpi
        with PageDrawings(self.document, known, dpi, self.settings, self.deadline, self.folder) as drawings:
            outcome = self._beside(known, layer, drawings, clock)
            codes = self._codes(lambda: self._codes_beside(known, layer.codes, drawings)) if layer.codes else ()
            page = msgspec.structs.replace(outcome.page, codes=codes)
            page, fields = structured(page, (), lambda: drawings.whole(_LINES_DPI), self.options.mode, layer.art)
        clock.lap("structure")
        return PageOutcome(page, fields, clock.laps)

    def _beside(self, page: Page, layer: TextLayerPage, drawings: PageDrawings, clock: Stopwatch) -> PageOutcome:
        """Read what is written beside the text layer; whatever goes wrong with that, the layer is not lost."""
        unread = regions(layer.outside, (page.width, page.height)) if self.options.ocr != "never" else []
        free_only = layer.ratio <= MAX_UNPAID_SHARE
        if not unread:
            return PageOutcome(page, (), clock.laps)
        if free_only and self.chain.is_paid:
            return PageOutcome(_with_warning(page, _NOT_WORTH_A_CALL), (), clock.laps)
        try:
            part = drawings.part([*unread, *layer.codes], page.dpi or self.options.dpi)
            clock.lap("rasterize")
            sheet, image = _sheet(page, unread, part, drawings.folder)
            read = self._read_sheet(image, drawings.folder, clock, free_only=free_only)
            return PageOutcome(merged_page(page, read, sheet), (), clock.laps)
        except UnreadableScript:  # parts of drawings look like that too
            return PageOutcome(page, (), clock.laps)
        except (PageUnreadable, Refused, Unavailable) as error:
            if isinstance(error, Unavailable):
                self._give_up_or_go_on(error)
            return PageOutcome(_with_warning(page, f"{_NOT_READ} {error.message}"), (), clock.laps)

    def _read_sheet(self, image: PageImage, folder: Path, clock: Stopwatch, *, free_only: bool) -> Page:
        """Read a sheet, unless an earlier page of the document had the same: a letterhead is often on each."""
        digest = hashlib.blake2b(image.path.read_bytes(), digest_size=16).digest()
        return self.sheets.get(
            (digest, image.dpi, free_only), lambda: self._read_strips(image, folder, clock, free_only)
        )

    def _read_strips(self, image: PageImage, folder: Path, clock: Stopwatch, free_only: bool) -> Page:
        prepared, reading = self._engine(image, folder, clock, free_only=free_only, is_sheet=True)
        return finished_page(prepared, reading)[0]

    def _draw(self, number: int, folder: Path, clock: Stopwatch) -> PageImage:
        timeout = self.deadline.timeout(self.settings.page_timeout)
        image = rasterize(self.document, number, self.options.dpi, folder, self.settings, timeout)
        clock.lap("rasterize")
        return image

    def _engine(
        self, image: PageImage, folder: Path, clock: Stopwatch, *, free_only: bool = False, is_sheet: bool = False
    ) -> tuple[PageImage, ReadPage]:
        # Strips on a sheet are what a second pass would make of them.
        @cache
        def prepared(preparation: Preparation) -> PageImage:
            clock.lap("recognize")
            better = self._prepared(prepare, image, self.options.recipe, folder, preparation, is_sheet)
            clock.lap("prepare")
            return better

        reading = self.chain.read(prepared, self.deadline, free_only=free_only, once=is_sheet)
        clock.lap("recognize")
        return prepared(reading.preparation), reading

    def _codes(self, read: Callable[[], tuple[Code, ...]]) -> tuple[Code, ...]:
        """Read the codes of a page, if they are wanted; it is read without them too."""
        if self.options.codes != "never" or self.options.redact:
            with suppress(EngineFailed, EngineTimeout):
                return read()
        return ()

    def _codes_beside(self, page: Page, boxes: Sequence[Box], drawings: PageDrawings) -> tuple[Code, ...]:
        """Read the codes in boxes of a text layer's page (in its pixels), of which only those are drawn."""
        if self.options.redact:  # what is to be masked is looked for everywhere
            boxes = [(0, 0, page.width, page.height)]
        page_dpi = page.dpi or self.options.dpi
        dpi = min(_CODES_DPI, page_dpi)
        part = drawings.part(boxes, dpi)
        page_side = round(max(page.width, page.height) * dpi / page_dpi)
        return self._prepared(codes_within, part, tuple(boxes), page_side, dpi / (part.dpi or dpi))

    def _prepared[*A, R](self, step: Callable[[*A], R], *arguments: *A) -> R:
        """Look at a page or change it in a process without keys."""
        within = self.deadline.within(self.settings.page_timeout)
        return children.call("Preparing the page", within, step, *arguments)

    def _give_up_or_go_on(self, error: Unavailable) -> None:
        if isinstance(error, DeadlineExceeded):
            raise error
        if self.deadline.passed():
            raise DeadlineExceeded("The time for this document ran out before it was read.") from error
        if not self.last_attempt:
            raise error


def _with_warning(page: Page, warning: str) -> Page:
    return msgspec.structs.replace(page, warnings=(*page.warnings, warning))


def _sheet(page: Page, unread: Sequence[Region], part: PageImage, folder: Path) -> tuple[Sheet, PageImage]:
    """Return regions of a page as strips on a sheet, and the sheet's image."""
    target = folder / f"sheet{page.number}.pgm"
    sheet = lay_out(part, unread, target)
    return sheet, PageImage(number=page.number, path=target, width=sheet.width, height=sheet.height, dpi=page.dpi)
