"""One page's text layer examined: which of its words a reader sees, and what is written outside of them.

Two small drawings settle most pages. Where words lie in one place, or nothing of a word is seen in its own, the page is
drawn once more, larger, and beside it its text alone.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from folio.deadline import Deadline
from folio.documents import pixels, poppler
from folio.documents.pixels import Grey
from folio.documents.text_page import TextBox, TextPage
from folio.errors import FolioError
from folio.textlayer import covered, visibility
from folio.textlayer.covered import State
from folio.textlayer.text_only import TextOnly
from folio.transform import Box

_DETAIL_SIDE_PX = 1600  # of the longer side of the larger drawings: 150 dpi on A4
_DETAIL_SECONDS = 20.0  # for one page; it takes about a third of a second
_SAME_PLACE = 0.4  # of the area of a word that another one shares

_NOTHING_SEEN = "none of its words can be seen"

type Pair = tuple[Grey, Grey]  # smooth and hard drawings


class Layer(Struct, frozen=True):
    """A layer that is used: its visible words, and the lines of writing outside of them.

    `outside` are boxes in points, `ratio` how much of all writing they are; `covered` is whether words are left out
    because something covers them, and `complaints` how often poppler complained while it drew the page.
    """

    text: TextPage
    outside: tuple[Box, ...] = ()
    ratio: float = 0.0
    covered: bool = False
    complaints: int = 0


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
        words = _words(layer, drawn[0])
        states = self._states(number, layer, words, drawn, folder, deadline)
        retained = [state == "visible" or (only and state == "invisible") for state in states]
        flags = iter(retained)
        text = layer.changed(lambda word: word if next(flags) else None)
        rest = [word for word, is_kept in zip(words, retained, strict=True) if is_kept]
        if not any(word.length for word in rest) and not only:
            return _NOTHING_SEEN
        # Invisible words are an older OCR's: they say what the picture says, a little beside it.
        outside = visibility.Outside([], 0.0) if "invisible" in states and only else visibility.outside(rest, *drawn)
        if outside.reason and not only:
            return outside.reason
        across, down = layer.width / drawn[0].shape[1], layer.height / drawn[0].shape[0]
        boxes = ((a * across, b * down, c * across, d * down) for a, b, c, d in outside.boxes)
        is_covered = any(word.length > 1 and state == "covered" for word, state in zip(words, states, strict=True))
        return Layer(text, tuple(boxes), outside.ratio, is_covered)

    def _states(
        self,
        number: int,
        layer: TextPage,
        words: Sequence[visibility.Word],
        drawn: Pair,
        folder: Path,
        deadline: Deadline,
    ) -> list[State]:
        """Return what a reader sees of each word, by the small drawings or, of those in doubt, by larger ones."""
        in_view = visibility.drawn_words(words, *drawn).tolist()
        overlapping = visibility.overlapping_words(words, drawn[0].shape).tolist()
        doubtful = [
            index
            for index, word in enumerate(words)
            if overlapping[index] or (word.length and not in_view[index] and _is_measurable(word))
        ]
        states: list[State] = ["visible"] * len(words)
        if doubtful:
            closer = self._looked_closely(number, layer, doubtful, folder, deadline)
            for position, index in enumerate(doubtful):
                states[index] = closer[position] if closer else "visible" if in_view[index] else "invisible"
        return _as_most(states, [bool(word.length) and _is_measurable(word) for word in words])

    def _looked_closely(
        self, number: int, layer: TextPage, doubtful: list[int], folder: Path, deadline: Deadline
    ) -> list[State] | None:
        """Return what a reader sees of the doubtful words, or None if the page cannot be taken apart."""
        within = deadline.within(_DETAIL_SECONDS)
        with tempfile.TemporaryDirectory(dir=folder, prefix="text-") as name:
            scratch = Path(name)
            target = scratch / "only.pdf"
            try:
                page = self._draw(self._path, number, scratch, within)
                text = self._draw(target, 1, scratch, within) if self._text_only.write(number, target) else None
                timeout = within.timeout(_DETAIL_SECONDS)
                order, _ = poppler.text_layers(self._path, number, number, {}, scratch, timeout, as_drawn=True)
                if page is None or text is None or page[0].shape != text[0].shape:
                    return None
                words = [_words(layer, page[0])[index] for index in doubtful]
                states = covered.states(words, _later(layer, doubtful, order[number].words()), page, text)
                return self._without_hidden_shapes(number, words, states, (page, text), scratch, within)
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
    ) -> list[State]:
        """Return the states with those words as invisible that are drawn like shapes, and not seen on the page."""
        shapes = covered.drawn_as_shapes(words, *drawn)
        if not any(shape and state == "visible" for shape, state in zip(shapes, states, strict=True)):
            return states
        target = scratch / "without.pdf"
        without = (
            self._draw(target, 1, scratch, within) if self._text_only.write(number, target, inverse=True) else None
        )
        if without is None or without[0].shape != drawn[0][0].shape:
            return states
        on = covered.is_on(words, drawn[0][0], without[0])
        return [
            "invisible" if shape and state == "visible" and not is_seen else state
            for shape, state, is_seen in zip(shapes, states, on, strict=True)
        ]

    def _draw(self, path: Path, number: int, scratch: Path, within: Deadline) -> Pair | None:
        folder = scratch / path.stem
        folder.mkdir()
        timeout = within.timeout(_DETAIL_SECONDS)
        drawn, _ = poppler.draw_small(path, number, number, _DETAIL_SIDE_PX, folder, timeout)
        return read_pair(*drawn[number]) if number in drawn else None


def _words(layer: TextPage, drawing: Grey) -> list[visibility.Word]:
    """Return the words in pixels of a drawing."""
    height, width = drawing.shape
    across, down = width / layer.width, height / layer.height
    return [
        visibility.Word(
            len(word.text) if any(char.isalnum() for char in word.text) else 0,
            (word.box[0] * across, word.box[1] * down, word.box[2] * across, word.box[3] * down),
        )
        for word in layer.words()
    ]


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
