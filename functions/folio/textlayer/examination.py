"""One page's text layer examined: which of its words a reader sees, and what is written outside of them.

Two small drawings settle most pages. Where words lie in one place, or nothing of a word is seen in its own, the page is
drawn once more, larger, and beside it its text alone.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from folio.deadline import Deadline
from folio.documents.pdf import poppler
from folio.documents.pdf.text_page import TextBox, TextPage
from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.errors import FolioError
from folio.textlayer import covered, visibility
from folio.textlayer.covered import State
from folio.textlayer.line_art import LineArt, line_art
from folio.textlayer.text_only import TextOnly
from folio.transform import Box

_DETAIL_SIDE_PX = 1600  # of the longer side of the larger drawings: 150 dpi on A4
_BAND_MARGIN_PX = 16  # above and below the words that are looked at closely, of the larger drawings
_DETAIL_SECONDS = 20.0  # for one page; it takes about a third of a second
_SAME_PLACE = 0.4  # of the area of a word that another one shares

_NOTHING_SEEN = "none of its words can be seen"

type Pair = tuple[Grey, Grey]  # smooth and hard drawings


class Layer(Struct, frozen=True):
    """A layer that is used: its visible words, and the lines of writing outside of them.

    `outside` are boxes in points, `ratio` how much of all writing they are; `covered` is whether words are left out
    because something covers them, and `complaints` how often poppler complained while it drew the page; in the boxes
    of `codes` there may be some. `art` is what is drawn on it besides glyphs.
    """

    text: TextPage
    outside: tuple[Box, ...] = ()
    ratio: float = 0.0
    covered: bool = False
    complaints: int = 0
    art: LineArt | None = None
    codes: tuple[Box, ...] = ()


def read_pair(smooth: Path, hard: Path) -> Pair | None:
    """Read two drawings; None if one is incomplete."""
    images = pixels.read(smooth), pixels.read(hard)
    if images[0] is None or images[1] is None or images[0].shape != images[1].shape:
        return None
    return images[0], images[1]


class Examiner:
    """Examines the pages of one document. Serves several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text_only = TextOnly(path)

    def examine(
        self, number: int, layer: TextPage, drawn: Pair, folder: Path, deadline: Deadline, *, only: bool = False
    ) -> Layer | str:
        """Return the layer as a reader sees it, or why it is not used. Raises DeadlineExceeded.

        With `only`, when nothing else can be read, it is used in any case, with words that are invisible.
        """
        words = _words(layer, drawn[0].shape)
        in_view = visibility.drawn_words(words, *drawn).tolist()
        doubtful = _doubtful(words, in_view, drawn)
        # With words that turn out to be hidden there is only more outside of the layer.
        if doubtful and not only and (reason := visibility.outside(words, *drawn).reason):
            return reason if any(in_view) else _NOTHING_SEEN
        closer = self._looked_closely(number, layer, doubtful, folder, deadline) if doubtful else None
        states = _states(words, in_view, doubtful, closer)
        retained = [state == "visible" or (only and state == "invisible") for state in states]
        flags = iter(retained)
        text = layer.changed(lambda word: word if next(flags) else None)
        rest = [word for word, is_kept in zip(words, retained, strict=True) if is_kept]
        if not any(word.length for word in rest) and not only:
            return _NOTHING_SEEN
        # Invisible words are an older OCR's: they say what the picture says, a little beside it.
        is_old = "invisible" in states and only
        height, width = drawn[0].shape
        everywhere = visibility.Outside([], 0.0, codes=[(0, 0, width, height)])
        outside = everywhere if is_old else visibility.outside(rest, *drawn)
        if outside.reason and not only:
            return outside.reason
        across, down = layer.width / width, layer.height / height
        lines, codes = (
            tuple((a * across, b * down, c * across, d * down) for a, b, c, d in boxes)
            for boxes in (outside.boxes, outside.codes)
        )
        is_covered = any(word.length > 1 and state == "covered" for word, state in zip(words, states, strict=True))
        return Layer(text, lines, outside.ratio, is_covered, art=line_art(*drawn), codes=codes)

    def _looked_closely(
        self, number: int, layer: TextPage, doubtful: list[int], folder: Path, deadline: Deadline
    ) -> list[State] | None:
        """Return what a reader sees of the doubtful words, or None if the page cannot be taken apart."""
        within = deadline.within(_DETAIL_SECONDS)
        with tempfile.TemporaryDirectory(dir=folder, prefix="text-") as name:
            scratch = Path(name)
            target = scratch / "only.pdf"
            try:
                band = _band(layer, doubtful)
                page = self._draw(self._path, number, scratch, within, band)
                text = self._draw(target, 1, scratch, within, band) if self._text_only.write(number, target) else None
                timeout = within.timeout(_DETAIL_SECONDS)
                order, _ = poppler.text_layers(self._path, number, number, {}, scratch, timeout, as_drawn=True)
                if page is None or text is None or page[0].shape != text[0].shape:
                    return None
                words = _words_in_detail(layer, doubtful, page[0], band)
                states = covered.states(words, _later(layer, doubtful, order[number].words()), page, text)
                return self._without_hidden_shapes(number, words, states, (page, text), scratch, within, band)
            except FolioError:
                deadline.timeout(_DETAIL_SECONDS)  # raises if it is the document's own time that is over
                return None

    def _without_hidden_shapes(
        self,
        number: int,
        words: Sequence[visibility.Word],
        states: list[State],
        drawn: tuple[Pair, Pair],
        scratch: Path,
        within: Deadline,
        band: tuple[int, int] | None,
    ) -> list[State]:
        """Return the states with those words as invisible that are drawn like shapes, and not seen on the page."""
        shapes = covered.drawn_as_shapes(words, *drawn)
        if not any(shape and state == "visible" for shape, state in zip(shapes, states, strict=True)):
            return states
        target = scratch / "without.pdf"
        without = (
            self._draw(target, 1, scratch, within, band, smooth_only=True)
            if self._text_only.write(number, target, inverse=True)
            else None
        )
        if without is None or without[0].shape != drawn[0][0].shape:
            return states
        on = covered.is_on(words, drawn[0][0], without[0])
        return [
            "invisible" if shape and state == "visible" and not is_seen else state
            for shape, state, is_seen in zip(shapes, states, on, strict=True)
        ]

    def _draw(
        self,
        path: Path,
        number: int,
        scratch: Path,
        within: Deadline,
        band: tuple[int, int] | None,
        *,
        smooth_only: bool = False,
    ) -> Pair | None:
        folder = scratch / path.stem
        folder.mkdir()
        timeout = within.timeout(_DETAIL_SECONDS)
        side = _DETAIL_SIDE_PX
        drawn, _ = poppler.draw_small(path, number, number, side, folder, timeout, band=band, smooth_only=smooth_only)
        return read_pair(*drawn[number]) if number in drawn else None


def _words(layer: TextPage, shape: tuple[int, ...]) -> list[visibility.Word]:
    """Return the words in pixels of a drawing; `shape` is its height and width."""
    height, width = shape
    across, down = width / layer.width, height / layer.height
    return [
        visibility.Word(
            len(word.text) if any(char.isalnum() for char in word.text) else 0,
            (word.box[0] * across, word.box[1] * down, word.box[2] * across, word.box[3] * down),
        )
        for word in layer.words()
    ]


def _doubtful(words: Sequence[visibility.Word], in_view: Sequence[bool], drawn: Pair) -> list[int]:
    """Return which words the small drawings do not settle."""
    overlapping = visibility.overlapping_words(words, drawn[0].shape).tolist()
    return [
        index
        for index, word in enumerate(words)
        if overlapping[index] or (word.length and not in_view[index] and _is_measurable(word))
    ]


def _states(
    words: Sequence[visibility.Word], in_view: Sequence[bool], doubtful: Sequence[int], closer: list[State] | None
) -> list[State]:
    """Return what a reader sees of each word: of those in doubt as larger drawings show it, if there are any."""
    states: list[State] = ["visible"] * len(words)
    for position, index in enumerate(doubtful):
        states[index] = closer[position] if closer else "visible" if in_view[index] else "invisible"
    return _as_most(states, [bool(word.length) and _is_measurable(word) for word in words])


def _band(layer: TextPage, indexes: Sequence[int]) -> tuple[int, int] | None:
    """Return the rows of a detailed drawing in which words stand; None for a page whose height on it is not certain."""
    if layer.height < layer.width:
        return None
    words, scale = layer.words(), _DETAIL_SIDE_PX / layer.height
    tops, bottoms = zip(*((words[index].box[1] * scale, words[index].box[3] * scale) for index in indexes), strict=True)
    first = min(max(0, int(min(tops)) - _BAND_MARGIN_PX), _DETAIL_SIDE_PX - 1)
    return first, max(first + 1, min(_DETAIL_SIDE_PX, int(max(bottoms)) + _BAND_MARGIN_PX))


def _words_in_detail(
    layer: TextPage, indexes: Sequence[int], drawing: Grey, band: tuple[int, int] | None
) -> list[visibility.Word]:
    """Return some of the words in pixels of a detailed drawing, of which only a band may have been drawn."""
    if band is None:
        words = _words(layer, drawing.shape)
        return [words[index] for index in indexes]
    words = _words(layer, (_DETAIL_SIDE_PX, drawing.shape[1]))
    boxes = ((words[index], words[index].box) for index in indexes)
    return [replace(word, box=(a, b - band[0], c, d - band[0])) for word, (a, b, c, d) in boxes]


def _as_most(states: list[State], measured: Sequence[bool]) -> list[State]:
    """Return the states with those that nobody could measure, of marks and of narrow letters, like most others."""
    known = [state for state, is_known in zip(states, measured, strict=True) if is_known]
    if 2 * known.count("visible") >= len(known):
        return states
    hidden: State = "invisible"
    return [
        state if is_known or state != "visible" else hidden for state, is_known in zip(states, measured, strict=True)
    ]


def _is_measurable(word: visibility.Word) -> bool:
    """Return whether a word is large enough on the small drawing for something of it to be seen."""
    left, top, right, bottom = word.box
    return right - left >= 2 and bottom - top >= 3


def _later(layer: TextPage, indexes: Sequence[int], order: Sequence[TextBox]) -> list[bool]:
    """Return for each of the words whether another one is drawn on it afterwards."""
    words = layer.words()
    return [_is_under(words[index], order) for index in indexes]


def _is_under(word: TextBox, order: Sequence[TextBox]) -> bool:
    same = max(
        range(len(order)),
        key=lambda index: (_shared(word.box, order[index].box, max), order[index].text == word.text, -index),
        default=None,
    )
    if same is None or _shared(word.box, order[same].box, max) < _SAME_PLACE:
        return False
    return any(_shared(word.box, other.box, min) > _SAME_PLACE for other in order[same + 1 :])


def _shared(box: Box, other: Box, of: Callable[[float, float], float]) -> float:
    """Return what two boxes share, as a part of the larger or the smaller."""
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    areas = (box[2] - box[0]) * (box[3] - box[1]), (other[2] - other[0]) * (other[3] - other[1])
    return across * down / max(of(*areas), 0.01)
