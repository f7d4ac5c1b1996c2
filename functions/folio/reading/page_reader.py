"""One page: its own text, or image -> prepared image -> text. Whatever goes wrong with it is in its outcome."""

import tempfile
from pathlib import Path

from msgspec import Struct

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline, Stopwatch
from folio.documents.rasterize import rasterize
from folio.errors import DeadlineExceeded, PageUnreadable, Refused, Unavailable
from folio.models import Document
from folio.preprocess.blank import is_blank
from folio.preprocess.recipes import prepare
from folio.providers.chain import Chain
from folio.reading.page_outcome import PageOutcome, blank_page, failed_page, finished_page
from folio.textlayer.layers import TextLayers


class PageReader(Struct, frozen=True, kw_only=True):
    """What is fixed for all pages of a document. Serves several threads; scratch files lie in `folder`."""

    document: Document
    options: Options
    settings: Settings
    chain: Chain
    layers: TextLayers
    folder: Path
    deadline: Deadline
    last_attempt: bool

    def read(self, number: int) -> PageOutcome:
        """Raises DeadlineExceeded, Misconfigured, and before the last attempt what may pass."""
        clock = Stopwatch()
        image = None
        try:
            text_page = self.layers.page(number, self.folder, self.deadline)
            clock.lap("text_layer")
            if text_page:
                return PageOutcome(text_page, (), clock.laps)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="page-") as name:
                folder = Path(name)
                timeout = self.deadline.timeout(self.settings.page_timeout)
                image = rasterize(self.document, number, self.options.dpi, folder, self.settings, timeout)
                clock.lap("rasterize")
                if is_blank(image):
                    return PageOutcome(blank_page(image), (), clock.laps)
                prepared = prepare(image, self.options.recipe, folder)
                clock.lap("prepare")
                reading = self.chain.read(prepared, self.deadline)
                clock.lap("recognize")
            return PageOutcome(*finished_page(prepared, reading), clock.laps)
        except (PageUnreadable, Refused, Unavailable) as error:
            if isinstance(error, Unavailable):
                self._give_up_or_go_on(error)
            return PageOutcome(failed_page(number, image, error), (), clock.laps)

    def _give_up_or_go_on(self, error: Unavailable) -> None:
        if isinstance(error, DeadlineExceeded):
            raise error
        if self.deadline.passed():
            raise DeadlineExceeded("The time for this document ran out before it was read.") from error
        if not self.last_attempt:
            raise error
