"""The text layer of a PDF page instead of OCR, where it can be trusted.

It can if its characters are text (`folio.textlayer.legibility`), its words are visible, and there is no writing beside
them (`folio.textlayer.visibility`). Poppler's programs take some pages at a time; whatever goes wrong with them only
means OCR.
"""

import tempfile
import threading
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from folio.config.options import TEXT_MODES, Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import pixels, poppler
from folio.documents.poppler import POINTS_PER_INCH
from folio.documents.text_page import TextBox, TextPage
from folio.errors import BadOption, DeadlineExceeded, FolioError
from folio.models import PDF, Document, Page
from folio.textlayer import legibility, visibility
from folio.textlayer.layout import arrange
from folio.textlayer.lines import placed
from folio.textlayer.normalize import normalize_word
from folio.textlayer.physical import with_physical_text

_CHUNK_PAGES = 32  # for one run of poppler's programs
_CHUNK_SECONDS = 20.0  # for it; it takes about one
_DRAWING_SIDE_PX = 640  # the longer side of the small drawings: text of 10 points is 8 pixels high on A4

_NO_LAYER = "The page has no text layer, and with ocr=never nobody else reads it."


class TextLayers:
    """The text layers of one document. Serves several threads."""

    def __init__(self, document: Document, numbers: Iterable[int], options: Options, settings: Settings) -> None:
        """Raises BadOption for a picture of which only the text layer may be read."""
        self._document, self._options, self._settings = document, options, settings
        self._only = options.ocr == "never"
        if self._only and document.media_type != PDF:
            raise BadOption("A picture has no text layer: ocr=never leaves nobody to read it.")
        is_used = options.ocr != "always" and options.mode in TEXT_MODES and document.media_type == PDF
        chunks = groupby(numbers if is_used else (), key=lambda number: (number - 1) // _CHUNK_PAGES)
        self._chunks = [_Chunk(list(chunk)) for _, chunk in chunks]
        self._chunk_of = {number: chunk for chunk in self._chunks for number in chunk.numbers}

    def page(self, number: int, folder: Path, deadline: Deadline) -> Page | None:
        """Return the page as its text layer has it, or None where OCR should read it. Each page can be taken once.

        Raises DeadlineExceeded, and with ocr=never poppler's failures, since nothing else can read the page.
        """
        if (chunk := self._chunk_of.get(number)) is None:
            return None
        if chunk.lock.locked() and (after := self._after(chunk)):
            self._fill(after, folder, deadline)  # another thread is at these pages: take the next ones meanwhile
        self._fill(chunk, folder, deadline)
        layer = chunk.layers.pop(number, None)
        if not self._only:
            return self._finished(number, layer) if layer else None
        if chunk.error:
            raise chunk.error
        return self._finished(number, layer) if layer else self._empty(number)

    def readable(self, folder: Path, deadline: Deadline) -> int:
        """Count the pages that need no OCR. Looks at all of them and keeps none."""
        if self._only:
            return len(self._chunk_of)
        return sum(len(self._look(chunk.numbers, folder, deadline)[0]) for chunk in self._chunks)

    def _after(self, chunk: "_Chunk") -> "_Chunk | None":
        """Return the chunk that comes next, unless another thread is at it too."""
        following = self._chunk_of.get(chunk.numbers[-1] + 1)
        return None if following is None or following.lock.locked() else following

    def _fill(self, chunk: "_Chunk", folder: Path, deadline: Deadline) -> None:
        with chunk.lock:
            if not chunk.looked:
                chunk.layers, chunk.error = self._look(chunk.numbers, folder, deadline)
                chunk.looked = True

    def _look(
        self, numbers: list[int], folder: Path, deadline: Deadline
    ) -> tuple[dict[int, TextPage], FolioError | None]:
        """Return the layers to read these pages from, and the error where poppler failed.

        Raises DeadlineExceeded only when the document's own time is over.
        """
        within = deadline.within(min(_CHUNK_SECONDS, self._settings.page_timeout))
        with tempfile.TemporaryDirectory(dir=folder, prefix="layers-") as name:
            try:
                layers = self._read(numbers, Path(name), within)
                return with_physical_text(layers, self._document.path, Path(name), within), None
            except FolioError as error:
                if isinstance(error, DeadlineExceeded) and deadline.passed():
                    raise
                return {}, error

    def _read(self, numbers: Sequence[int], folder: Path, within: Deadline) -> dict[int, TextPage]:
        document = self._document
        timeout = within.timeout(_CHUNK_SECONDS)
        texts, complaints = poppler.text_layers(document.path, numbers[0], numbers[-1], document.sizes, folder, timeout)
        layers = {number: normalized(texts[number]) for number in numbers if texts[number].blocks}
        if self._only:
            return layers
        if not complaints:
            layers = {
                number: layer for number, layer in layers.items() if not legibility.reason_untrustworthy(_texts(layer))
            }
            layers, complaints = self._visible(layers, folder, within)
        if complaints and len(numbers) > 1:
            # One damaged page says nothing of the others, but which it is shows only alone.
            return {number: layer for one in numbers for number, layer in self._read([one], folder, within).items()}
        return {} if complaints else layers

    def _visible(self, layers: dict[int, TextPage], folder: Path, within: Deadline) -> tuple[dict[int, TextPage], int]:
        """Return the layers of those pages that show their words and no others, and how often poppler complained."""
        if not layers:
            return {}, 0
        first, last, timeout = min(layers), max(layers), within.timeout(_CHUNK_SECONDS)
        drawn, complaints = poppler.draw_small(self._document.path, first, last, _DRAWING_SIDE_PX, folder, timeout)
        shown = {number: _shown(layers[number], *drawn[number]) for number in layers if number in drawn}
        return {number: layer for number, layer in shown.items() if layer}, complaints

    def _finished(self, number: int, layer: TextPage) -> Page:
        """Return the layer in the pixels of the drawing that OCR would read."""
        empty = self._blank(number, (layer.width, layer.height))
        blocks = placed(arrange(layer), (empty.dpi or 0.0) / POINTS_PER_INCH, (empty.width, empty.height))
        why = legibility.reason_untrustworthy(_texts(layer)) if self._only else None
        return msgspec.structs.replace(
            empty,
            text="\n\n".join("\n".join(line.text for line in block) for block in blocks),
            lines=tuple(line for block in blocks for line in block),
            warnings=(f"The text layer is given as it is, though {why}.",) if why else (),
        )

    def _empty(self, number: int) -> Page:
        return msgspec.structs.replace(self._blank(number, (0.0, 0.0)), warnings=(_NO_LAYER,))

    def _blank(self, number: int, size: tuple[float, float]) -> Page:
        """Return the page without text, as large as `documents.rasterize.rasterize` draws it. Raises TooLarge."""
        known = self._document.sizes.get(number, size)
        dpi = poppler.fitting_dpi(known, self._options.dpi, self._settings.raster_pixels)
        width, height = poppler.pixels(size if any(size) else known, dpi)
        return Page(number=number, width=width, height=height, dpi=dpi, origin="text-layer")


class _Chunk:
    """Pages that are examined together; `layers` are the good ones that were not taken yet."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        self.lock = threading.Lock()
        self.looked = False
        self.layers: dict[int, TextPage] = {}
        self.error: FolioError | None = None


def normalized(layer: TextPage) -> TextPage:
    """Return the layer with plain characters, and without words that have no text."""
    return layer.changed(lambda word: TextBox(text, word.box) if (text := normalize_word(word.text)) else None)


def _texts(layer: TextPage) -> list[str]:
    return [word.text for word in layer.words()]


def _shown(layer: TextPage, smooth_path: Path, hard_path: Path) -> TextPage | None:
    """Return the layer's visible words, or None if they are not what there is to read on the page."""
    smooth, hard = pixels.read(smooth_path), pixels.read(hard_path)
    if smooth is None or hard is None or smooth.shape != hard.shape:
        return None
    height, width = smooth.shape
    across, down = width / layer.width, height / layer.height
    words = [
        visibility.Word(len(text), (left * across, top * down, right * across, bottom * down))
        for text, (left, top, right, bottom) in ((word.text, word.box) for word in layer.words())
    ]
    visible = visibility.visible_words(words, smooth, hard)
    if visible is None:
        return None
    flags = iter(visible)
    return layer.changed(lambda word: word if next(flags) else None)
