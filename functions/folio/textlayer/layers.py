"""The text layer of a PDF page instead of OCR, where it can be trusted.

It can if its characters are text (`folio.textlayer.legibility`) and its words are most of what a reader sees
(`folio.textlayer.examination`). Poppler's programs take some pages at a time; whatever goes wrong with them only means
OCR.
"""

import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.config.options import Options, takes_text_layers
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.pdf import poppler
from folio.documents.pdf.poppler import POINTS_PER_INCH
from folio.documents.pdf.text_page import TextBox, TextPage
from folio.errors import BadOption, DeadlineExceeded, FolioError
from folio.models import PDF, Document, Page
from folio.textlayer.examination import Examiner, Layer, Pair, read_pair
from folio.textlayer.layout import arrange
from folio.textlayer.line_art import LineArt
from folio.textlayer.lines import placed
from folio.textlayer.normalize import normalize_word
from folio.textlayer.physical import with_directions
from folio.transform import Box

_CHUNK_PAGES = 32  # for one run of poppler's programs
_CHUNK_SECONDS = 20.0  # for it; it takes about one
_DRAWING_SIDE_PX = 640  # the longer side of the small drawings: text of 10 points is 8 pixels high on A4

_NO_LAYER = "The page has no text layer, and with ocr=never nobody else reads it."
_COVERED = (
    "Words of the text layer are covered on the page, by a bar, a box or a picture; they are left out of the text, but "
    "the PDF and a searchable copy of it still hold them."
)
_UNREAD = "Some of what is written on this page is not in its text layer; with ocr=never it is not read."
_DAMAGED = "poppler complained about the page's text"
_COMPLAINED = "poppler complained while drawing this page; parts of it may be missing."


class TextLayerPage(Struct, frozen=True):
    """A page as its text layer has it, and in its pixels the lines of writing that are not in the layer.

    `ratio` is how much of all writing on the page these are; in the boxes of `codes` there may be some. In a refused
    layer `refusal` says why OCR should read the page, which is None where there is no layer at all; `art` is what is
    drawn on the page besides glyphs.
    """

    page: Page | None
    outside: tuple[Box, ...] = ()
    ratio: float = 0.0
    refusal: str | None = None
    art: LineArt | None = None
    codes: tuple[Box, ...] = ()


_NOTHING = TextLayerPage(None)


class TextLayers:
    """The text layers of one document. Serves several threads."""

    def __init__(self, document: Document, numbers: Iterable[int], options: Options, settings: Settings) -> None:
        """Raises BadOption for a picture of which only the text layer may be read."""
        self._document, self._options, self._settings = document, options, settings
        self._only = options.ocr == "never"
        if self._only and document.media_type != PDF:
            raise BadOption("A picture has no text layer: ocr=never leaves nobody to read it.")
        is_used = options.ocr != "always" and takes_text_layers(options) and document.media_type == PDF
        chunks = groupby(numbers if is_used else (), key=lambda number: (number - 1) // _CHUNK_PAGES)
        self._examiner = Examiner(document.path)
        self._chunks = [_Chunk(list(chunk)) for _, chunk in chunks]
        self._chunk_of = {number: chunk for chunk in self._chunks for number in chunk.numbers}

    def page(self, number: int, folder: Path, deadline: Deadline) -> TextLayerPage:
        """Return the page as its text layer has it, or without one where OCR should read it. Each is taken once.

        Raises DeadlineExceeded, and with ocr=never poppler's failures, since nothing else can read the page.
        """
        if (chunk := self._chunk_of.get(number)) is None:
            return _NOTHING
        if chunk.lock.locked() and (after := self._after(chunk)):
            self._fill(after, folder, deadline)  # another thread is at these pages: take the next ones meanwhile
        self._fill(chunk, folder, deadline)
        layer = chunk.layers.pop(number, None)
        if isinstance(layer, str):
            return TextLayerPage(None, refusal=layer)
        if not self._only:
            return self._finished(number, layer) if layer else _NOTHING
        if chunk.error:
            raise chunk.error
        return self._finished(number, layer) if layer else TextLayerPage(self._empty(number))

    def readable(self, folder: Path, deadline: Deadline, max_share: float) -> int:
        """Count the pages of which at most this share of the writing needs OCR. Looks at all and keeps none."""
        if self._only:
            return len(self._chunk_of)
        looks = (self._look(chunk.numbers, folder, deadline)[0] for chunk in self._chunks)
        return sum(isinstance(layer, Layer) and layer.ratio <= max_share for look in looks for layer in look.values())

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
    ) -> tuple[dict[int, Layer | str], FolioError | None]:
        """Return the layers of these pages, or why they are not used, and the error where poppler failed.

        Raises DeadlineExceeded only when the document's own time is over.
        """
        within = deadline.within(min(_CHUNK_SECONDS, self._settings.page_timeout))
        with tempfile.TemporaryDirectory(dir=folder, prefix="layers-") as name:
            try:
                return self._read(numbers, Path(name), within, deadline), None
            except FolioError as error:
                if isinstance(error, DeadlineExceeded) and deadline.passed():
                    raise
                return {}, error

    def _read(
        self, numbers: Sequence[int], folder: Path, within: Deadline, deadline: Deadline
    ) -> dict[int, Layer | str]:
        document = self._document
        timeout = within.timeout(_CHUNK_SECONDS)
        texts, complaints = poppler.text_layers(document.path, numbers[0], numbers[-1], document.sizes, folder, timeout)
        texts = {number: texts[number] for number in numbers if texts[number].blocks}
        refused = _refused(texts) if texts and not self._only else {}
        layers = {number: self._plain(text) for number, text in texts.items() if number not in refused}
        layers = with_directions(layers, document.path, folder, within)
        drawn, faults = self._draw(layers, folder, within)
        if (complaints or faults) and len(numbers) > 1:
            # One damaged page says nothing of the others, but which it is shows only alone.
            alone = [self._read([number], folder, deadline.within(_CHUNK_SECONDS), deadline) for number in numbers]
            return {number: layer for one in alone for number, layer in one.items()}
        if complaints and not self._only:
            return {**dict.fromkeys(layers, _DAMAGED), **refused}
        examined = {
            number: self._examined(number, layers[number], pair, folder, deadline) for number, pair in drawn.items()
        }
        unexamined = {number: Layer(layer) for number, layer in layers.items()} if self._only else {}
        return {
            **unexamined,
            **{number: _with_complaints(layer, faults) for number, layer in examined.items()},
            **refused,
        }

    def _plain(self, text: TextPage) -> TextPage:
        """Return the words of a layer as OCR would read them, without those that have no meaning."""
        from folio.textlayer import legibility

        if not self._only:
            text = text.changed(lambda word: None if legibility.is_meaningless(word.text) else word)
        return normalized(text)

    def _examined(self, number: int, layer: TextPage, drawn: Pair, folder: Path, deadline: Deadline) -> Layer | str:
        return self._examiner.examine(number, layer, drawn, folder, deadline, only=self._only)

    def _draw(self, layers: dict[int, TextPage], folder: Path, within: Deadline) -> tuple[dict[int, Pair], int]:
        """Return small drawings of those pages, and how often poppler complained."""
        if not layers:
            return {}, 0
        first, last, timeout = min(layers), max(layers), within.timeout(_CHUNK_SECONDS)
        try:
            drawn, complaints = poppler.draw_small(self._document.path, first, last, _DRAWING_SIDE_PX, folder, timeout)
        except FolioError:
            if self._only:
                return {}, 0  # the layer is given all the same
            raise
        pairs = {number: read_pair(*drawn[number]) for number in layers if number in drawn}
        return {number: pair for number, pair in pairs.items() if pair}, complaints

    def _finished(self, number: int, layer: Layer) -> TextLayerPage:
        """Return the layer in the pixels of the drawing that OCR would read."""
        text = layer.text
        empty = self._blank(number, (text.width, text.height))
        scale = (empty.dpi or 0.0) / POINTS_PER_INCH
        blocks = placed(arrange(text), scale, (empty.width, empty.height))
        page = msgspec.structs.replace(
            empty,
            text="\n\n".join("\n".join(line.text for line in block) for block in blocks),
            lines=tuple(line for block in blocks for line in block),
            warnings=tuple(self._warnings(layer)),
        )
        outside, codes = (
            tuple((a * scale, b * scale, c * scale, d * scale) for a, b, c, d in boxes)
            for boxes in (layer.outside, layer.codes)
        )
        return TextLayerPage(page, outside, layer.ratio, art=layer.art, codes=codes)

    def _warnings(self, layer: Layer) -> Iterator[str]:
        from folio.textlayer import legibility

        if self._only and (why := legibility.reason_untrustworthy(_texts(layer.text))):
            yield f"The text layer is given as it is, though {why}."
        if layer.covered:
            yield _COVERED
        if self._only and layer.outside:
            yield _UNREAD
        if layer.complaints:
            yield _COMPLAINED

    def _empty(self, number: int) -> Page:
        return msgspec.structs.replace(self._blank(number, (0.0, 0.0)), warnings=(_NO_LAYER,))

    def _blank(self, number: int, size: tuple[float, float]) -> Page:
        """Return the page without text, as large as `documents.rasterize.rasterize` draws it. Raises TooLarge."""
        known = self._document.sizes.get(number, size)
        dpi = poppler.fitting_dpi(known, self._options.dpi, self._settings.raster_pixels)
        width, height = poppler.pixels(size if any(size) else known, dpi)
        return Page(number=number, width=width, height=height, dpi=dpi, origin="text-layer")


class _Chunk:
    """Pages that are examined together; `layers` are those not taken yet, or why they are not used."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        self.lock = threading.Lock()
        self.looked = False
        self.layers: dict[int, Layer | str] = {}
        self.error: FolioError | None = None


def normalized(layer: TextPage) -> TextPage:
    """Return the layer with plain characters, and without words that have no text."""
    return layer.changed(lambda word: TextBox(text, word.box) if (text := normalize_word(word.text)) else None)


def _refused(layers: dict[int, TextPage]) -> dict[int, Layer | str]:
    """Return why layers cannot be the text of their pages, where they cannot."""
    from folio.textlayer import legibility  # slow to import for its patterns, which scans do not need

    reasons = {number: legibility.reason_untrustworthy(_texts(layer)) for number, layer in layers.items()}
    return {number: why for number, why in reasons.items() if why}


def _with_complaints(layer: Layer | str, complaints: int) -> Layer | str:
    return layer if isinstance(layer, str) else msgspec.structs.replace(layer, complaints=complaints)


def _texts(layer: TextPage) -> list[str]:
    return [word.text for word in layer.words()]
