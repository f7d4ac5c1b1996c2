"""Lines that run downwards, a second time: their doubtful characters turned upright, side by side.

The recognizer reads such a line lying on its side, while most of what it was trained on stands. Turned upright alone,
characters lose strokes where they are cut apart (a third more are wrong), but others than those that are misread lying.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.onnx.networks import Networks
from folio.providers.ppocr.text.answers import MIN_CHOICE, Answered, seen_again
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.decoding import CLEAR, unclear_stretches
from folio.providers.ppocr.text.ink import lightest_column
from folio.providers.ppocr.text.recognition import HEIGHT_PX
from folio.providers.ppocr.text.trials import Trials
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Classes = NDArray[np.intp]

_CELL_HEIGHT_PX, _CELL_WIDTH_PX, _MARGIN_PX = 38, 32, 5  # as characters stand in a line that runs to the right
_EDGE = 0.07  # of a line's height, on both sides, beside its characters
_MIN_CELL = 0.3  # of the characters' distance, of which there may be one more at a line's ends
_CUT = 0.3  # of the distance of two characters' middles, which is the character's own
_HALF = 0.55  # of the characters' distance, from the middle of a line's first or last one to its end
_MIN_UPRIGHT, _FIRST = 0.5, 6  # of the lines, that are clear upright; they stand already where fewer are
# The longest lines, by which it is told whether a page lies on its side: those by which its turn was told, which are
# read. How many clear characters are looked at of one at most, and of all at least; the share of these that are read
# again in columns: there 0.89 to 1.0, else 0.07 at most.
_LONGEST, _OF_LINE, _MIN_CLEAR, _MIN_STANDING = 5, 8, 6, 0.4


class _Cell(Struct, frozen=True):
    """Where a character stands in the crop, and its index in the line; None if none was read there."""

    left: int
    right: int
    index: int | None


class Upright:
    """Shows the recognizer the doubtful characters of a page's lines upright, as long as they are clearer so."""

    def __init__(self, networks: Networks, read: Iterable[str]) -> None:
        """`read` is what was read of the page: what a line may say are characters of it and what was thought of."""
        index_of = {text: index for index, text in enumerate(networks.characters)}
        self._networks = networks
        self._index_of = index_of
        self._usual = {index_of[text] for text in read if text in index_of}
        self._clearer: set[bool] = set()  # the directions of lines that were clear so
        self._trials = {is_turned: Trials(_MIN_UPRIGHT, _FIRST) for is_turned in (True, False)}

    def answer(self, line: Crop, characters: Sequence[Character], before: Answered) -> Answered | None:
        """Return what the recognizer says of a line upright; None if nothing is to be shown, or it lies otherwise."""
        trials = self._trials[line.is_turned]
        if not self.is_tried(line) or not (shown := doubtful_upright(line.image, characters)):
            return None
        image, middles = shown
        features = self._networks.rough_recognizer.features(image)
        classes = self._classes(before)
        probabilities = self._networks.rough_recognizer.probabilities_once(features, classes)
        alphabet = [self._networks.characters[index] for index in classes.tolist()]
        upright = Answered(probabilities, alphabet, image.shape[1] / len(probabilities), middles)
        clear = [
            seen_again(characters, index, upright) is not None
            for index, middle in enumerate(middles)
            if middle is not None and characters[index].probability >= CLEAR
        ]
        if not clear:  # as the others of the page
            return upright if line.is_turned in self._clearer else None
        if not trials.count(gained=2 * sum(clear) > len(clear)):
            return None
        self._clearer.add(line.is_turned)
        return upright

    def is_tried(self, line: Crop) -> bool:
        """Return whether lines of that direction may still be clearer upright."""
        return self._trials[line.is_turned].pay()

    def _classes(self, before: Answered) -> "Classes":
        thought = (before.probabilities >= MIN_CHOICE).any(0).nonzero()[0]
        also = (self._index_of[before.alphabet[index]] for index in thought.tolist())
        return _indices({0, *self._usual, *also})


def lies_on_side(networks: Networks, lines: Sequence[Crop], recognize: Callable[[Crop], list[Character]]) -> bool:
    """Return whether lines that run downwards are those of a page on its side, and no columns of Chinese or Japanese.

    Few of their clear characters are read again if they are turned as they would stand in a column. `lines` are as the
    page lies; `recognize` reads one, and is to count nothing: the same lines are read once more.
    """
    index_of = {text: index for index, text in enumerate(networks.characters)}
    clear = upright = 0
    for line in sorted((one for one in lines if one.is_turned), key=lambda one: -one.length)[:_LONGEST]:
        characters = recognize(line)
        cells = [cell for cell in _cells(line.image, characters) if _is_clear_wide(characters, cell.index)][:_OF_LINE]
        if len(cells) < 2:
            continue
        image, middles = _laid(line.image, cells, len(characters))
        alphabet = sorted({characters[cell.index].text for cell in cells if cell.index is not None})
        classes = _indices([0, *(index_of[text] for text in alphabet)])
        features = networks.rough_recognizer.features(image)
        probabilities = networks.rough_recognizer.probabilities_once(features, classes)
        names = [networks.characters[index] for index in classes.tolist()]
        second = Answered(probabilities, names, image.shape[1] / len(probabilities), middles)
        steps = [seen_again(characters, cell.index, second) for cell in cells if cell.index is not None]
        clear, upright = clear + len(steps), upright + sum(step is not None for step in steps)
    return clear >= _MIN_CLEAR and upright < _MIN_STANDING * clear


def _is_clear_wide(characters: Sequence[Character], index: int | None) -> bool:
    return index is not None and characters[index].probability >= CLEAR and is_wide(characters[index].text)


def _indices(values: Iterable[int]) -> "Classes":
    import numpy as np

    return np.array(sorted(set(values)), np.intp)


def doubtful_upright(image: Grey, characters: Sequence[Character]) -> tuple[Grey, list[float | None]] | None:
    """Return the unclear characters of a line turned upright, at the recognizer's height, and where each stands there.

    `image` is the line's crop, in which they lie with their tops to the left.
    """
    cells = _doubtful(_cells(image, characters), characters)
    return _laid(image, cells, len(characters)) if cells else None


def _cells(image: Grey, characters: Sequence[Character]) -> list[_Cell]:
    """Return the cells of a line from its beginning to its end, those of characters that were not read too."""
    middles = [(one.center, index) for index, one in enumerate(characters) if not one.text.isspace()]
    usual = median([after - before for (before, _), (after, _) in pairwise(middles)] or [0.0])
    if usual <= 1:
        return []
    first, last, length = middles[0][0], middles[-1][0], image.shape[1]
    centers: list[tuple[float, int | None]] = [
        (first - usual * back, None) for back in range(int((first - _MIN_CELL * usual) / usual), 0, -1)
    ]
    for (before, index), (after, _) in pairwise(middles):
        count = max(1, round((after - before) / usual))
        centers += [(before + (after - before) * at / count, None if at else index) for at in range(count)]
    centers.append(middles[-1])
    beyond = range(1, int((length - _MIN_CELL * usual - last) / usual) + 1)
    centers += [(last + usual * ahead, None) for ahead in beyond]
    cuts = [lightest_column(image, a + _CUT * (b - a), b - _CUT * (b - a)) for (a, _), (b, _) in pairwise(centers)]
    ends = max(0, int(centers[0][0] - _HALF * usual)), min(length, int(centers[-1][0] + _HALF * usual) + 1)
    edges = [ends[0], *cuts, ends[1]]
    return [
        _Cell(left, max(right, left + 1), index)
        for (left, right), (_, index) in zip(pairwise(edges), centers, strict=True)
    ]


def _doubtful(cells: Sequence[_Cell], characters: Sequence[Character]) -> list[_Cell]:
    """Return the cells of unclear stretches, and of the character on either side, which tells where they are."""
    index_of = {cell.index: at for at, cell in enumerate(cells)}
    chosen: set[int] = set()
    for stretch in unclear_stretches(characters):
        first = index_of.get(stretch.start - 1) if stretch.start else 0
        last = index_of.get(stretch.stop) if stretch.stop < len(characters) else len(cells) - 1
        if first is not None and last is not None:
            chosen.update(range(first, last + 1))
    return [cells[at] for at in sorted(chosen)]


def _laid(image: Grey, cells: Sequence[_Cell], count: int) -> tuple[Grey, list[float | None]]:
    """Return cells of a line turned upright and laid side by side, and the middle of each of its characters there."""
    import cv2
    import numpy as np

    edge = int(_EDGE * image.shape[0])
    rows = image[edge : image.shape[0] - edge]
    middles: list[float | None] = [None] * count
    upright = []
    for at, cell in enumerate(cells):
        turned = np.ascontiguousarray(rows[:, cell.left : cell.right].T[:, ::-1])
        way = cv2.INTER_AREA if len(turned) > _CELL_HEIGHT_PX else cv2.INTER_LINEAR
        upright.append(cv2.resize(turned, (_CELL_WIDTH_PX, _CELL_HEIGHT_PX), interpolation=way))
        if cell.index is not None:
            middles[cell.index] = _MARGIN_PX + (at + 0.5) * _CELL_WIDTH_PX
    above = (HEIGHT_PX - _CELL_HEIGHT_PX) // 2
    below = HEIGHT_PX - _CELL_HEIGHT_PX - above
    laid = cv2.copyMakeBorder(np.hstack(upright), above, below, _MARGIN_PX, _MARGIN_PX, cv2.BORDER_REPLICATE)
    return laid.astype(np.uint8, copy=False), middles
