"""The text layer of a PDF page instead of OCR, where it can be trusted.

It can if its characters are text (`folio.textlayer.legibility`), its words are there to be seen, and there is no
writing beside them (`folio.textlayer.visibility`). Poppler's programs look at some pages at a time; whatever goes wrong
with them only means OCR.
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
from folio.documents import poppler
from folio.documents.poppler import POINTS_PER_INCH, TextBox, TextPage
from folio.errors import BadOption, DeadlineExceeded, FolioError
from folio.models import PDF, Document, Line, Page, Word
from folio.text.spacing import join
from folio.textlayer import legibility, visibility
from folio.transform import box

TOGETHER = 32  # pages for one run of poppler's programs
PATIENCE = 20.0  # seconds for them; they take about one
SIDE = 640  # pixels of the small drawings' longer side: letters of 10 points are 8 pixels high on A4

_NO_LAYER = "The page has no text layer, and with ocr=never nobody else reads it."


class TextLayers:
    """The text layers of one document. Serves several threads."""

    def __init__(self, document: Document, numbers: Iterable[int], options: Options, settings: Settings) -> None:
        """Raises BadOption for a picture of which only the text layer may be read."""
        self._document, self._options, self._settings = document, options, settings
        self._only = options.ocr == "never"
        if self._only and document.media_type != PDF:
            raise BadOption("A picture has no text layer: ocr=never leaves nobody to read it.")
        wanted = options.ocr != "always" and options.mode in TEXT_MODES and document.media_type == PDF
        chunks = groupby(numbers if wanted else (), key=lambda number: (number - 1) // TOGETHER)
        self._chunks = [_Chunk(list(chunk)) for _, chunk in chunks]
        self._chunk_of = {number: chunk for chunk in self._chunks for number in chunk.numbers}

    def page(self, number: int, folder: Path, deadline: Deadline) -> Page | None:
        """The page as its text layer has it, or null where OCR should read it; each page can be had once.

        Raises DeadlineExceeded; and poppler's failures where only layers are read, for there is no other way.
        """
        if (chunk := self._chunk_of.get(number)) is None:
            return None
        if chunk.lock.locked() and (after := self._after(chunk)):
            self._fill(after, folder, deadline)  # somebody is at these pages: the next ones, instead of waiting
        self._fill(chunk, folder, deadline)
        layer = chunk.layers.pop(number, None)
        if not self._only:
            return self._finished(number, layer) if layer else None
        if chunk.error:
            raise chunk.error
        return self._finished(number, layer) if layer else self._empty(number)

    def readable(self, folder: Path, deadline: Deadline) -> int:
        """How many of the pages need nobody to read them. Looks at all of them and keeps none."""
        if self._only:
            return len(self._chunk_of)
        return sum(len(self._look(chunk.numbers, folder, deadline)[0]) for chunk in self._chunks)

    def _after(self, chunk: "_Chunk") -> "_Chunk | None":
        """The pages that come next, unless somebody is at them too."""
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
        """The layers to read these pages from, and why there are none. DeadlineExceeded only of the document's."""
        within = deadline.within(min(PATIENCE, self._settings.page_timeout))
        with tempfile.TemporaryDirectory(dir=folder, prefix="layers-") as name:
            try:
                return self._read(numbers, Path(name), within), None
            except FolioError as error:
                if isinstance(error, DeadlineExceeded) and deadline.passed():
                    raise
                return {}, error

    def _read(self, numbers: Sequence[int], folder: Path, within: Deadline) -> dict[int, TextPage]:
        document = self._document
        left = within.timeout(PATIENCE)
        found, complaints = poppler.text_layers(document.path, numbers[0], numbers[-1], document.sizes, folder, left)
        layers = {number: _tidy(found[number]) for number in numbers if found[number].blocks}
        if self._only:
            return layers
        if not complaints:
            layers = {
                number: layer for number, layer in layers.items() if not legibility.reason_untrustworthy(_texts(layer))
            }
            layers, complaints = self._seen(layers, folder, within)
        if complaints and len(numbers) > 1:
            # One damaged page says nothing of the others, but which it is shows only alone.
            return {number: layer for one in numbers for number, layer in self._read([one], folder, within).items()}
        return {} if complaints else layers

    def _seen(self, layers: dict[int, TextPage], folder: Path, within: Deadline) -> tuple[dict[int, TextPage], int]:
        """The layers of those pages that show their words and no others; and poppler's complaints."""
        if not layers:
            return {}, 0
        left = within.timeout(PATIENCE)
        drawn, complaints = poppler.draw_small(self._document.path, min(layers), max(layers), SIDE, folder, left)
        seen = {number: _shown(layers[number], *drawn[number]) for number in layers if number in drawn}
        return {number: layer for number, layer in seen.items() if layer}, complaints

    def _finished(self, number: int, layer: TextPage) -> Page:
        """The layer in the pixels of the drawing that OCR would have been given."""
        empty = self._blank(number, (layer.width, layer.height))
        blocks = _placed(layer, (empty.dpi or 0.0) / POINTS_PER_INCH, (empty.width, empty.height))
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
        """The page with its sides in pixels, as large as `documents.rasterize.rasterize` draws it. Raises TooLarge."""
        known = self._document.sizes.get(number, size)
        dpi = poppler.fitting_dpi(known, self._options.dpi, self._settings.raster_pixels)
        width, height = poppler.pixels(size if any(size) else known, dpi)
        return Page(number=number, width=width, height=height, dpi=dpi, origin="text-layer")


class _Chunk:
    """Pages that are looked at together; `layers` are the good ones that nobody has taken yet."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers
        self.lock = threading.Lock()
        self.looked = False
        self.layers: dict[int, TextPage] = {}
        self.error: FolioError | None = None


def _tidy(layer: TextPage) -> TextPage:
    """The same layer with plain characters, and without words that have no text."""
    return layer.changed(
        lambda word: TextBox(text, word.box) if (text := legibility.normalize_word(word.text)) else None
    )


def _texts(layer: TextPage) -> list[str]:
    return [word.text for word in layer.words()]


def _shown(layer: TextPage, smooth: Path, hard: Path) -> TextPage | None:
    """The layer's words that can be seen, or null if they are not what there is to read on the page."""
    import cv2

    images = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in (smooth, hard)]
    if images[0] is None or images[1] is None or images[0].shape != images[1].shape:
        return None
    height, width = images[0].shape
    across, down = width / layer.width, height / layer.height
    words = [
        visibility.Word(len(text), (left * across, top * down, right * across, bottom * down))
        for text, (left, top, right, bottom) in ((word.text, word.box) for word in layer.words())
    ]
    seen = visibility.visible_words(words, images[0].astype("uint8", copy=False), images[1].astype("uint8", copy=False))
    if seen is None:
        return None
    kept = iter(seen)
    return layer.changed(lambda word: word if next(kept) else None)


def _placed(layer: TextPage, scale: float, size: tuple[int, int]) -> list[list[Line]]:
    """Its lines in pixels: `scale` for each point, within a page of that size."""
    import numpy as np

    words = layer.words()
    places = np.array([word.box for word in words]).reshape(-1, 4) * scale
    whole = iter(np.clip(places, 0.0, [*size, *size]).round(1).tolist())
    return [[_line(line, [next(whole) for _ in line]) for line in block] for block in layer.blocks]


def _line(line: list[TextBox], places: list[list[float]]) -> Line:
    words = tuple(Word(word.text, None, box(*place)) for word, place in zip(line, places, strict=True))
    left, top, right, bottom = zip(*places, strict=True)
    return Line(join(words), None, box(min(left), min(top), max(right), max(bottom)), words)
