"""What a line says: its crop, the recognizer's answer, and where in the crop each character stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.language.languages import telling_classes
from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character, Source, decoded, is_telling, mean_probability, stripped
from folio.providers.ppocr.onnx.networks import Networks
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.text.blanks import with_blanks_by_ink
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.gaps import has_gap, has_gap_between_wide
from folio.providers.ppocr.text.ink import lightest_between
from folio.providers.ppocr.text.shortcuts import Shortcut, shortcuts
from folio.providers.ppocr.text.trust import unclear_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.sessions import Floats

    type Classes = NDArray[np.intp]

HEIGHT_PX = 48
_MIN_WIDTH_PX, _WIDTH_STEP_PX = 64, 16
_CLEAR_PROBABILITY = 0.9  # on average; above it a line holds what its languages have
_MANY_CLASSES = 10_000  # of 18,710; Japanese has 6,847, which take a third of the time of all
# A part that is read by itself is so long at least, in its heights, and takes as long as so many more pixels of it.
_MIN_PART_RATIO, _PART_PX = 3.0, 20


class Recognition:
    """A line before the networks, each of which sees it once, for whatever classes.

    What is a guess, a line that may be none or lie otherwise, tells nothing of whether shortcuts pay on its page;
    neither does one that `is_ahead`, of which all is kept that the networks say, for when it is read.
    """

    def __init__(
        self,
        line: Crop,
        networks: Networks,
        shortcuts: Sequence[Shortcut],
        *,
        is_guess: bool = False,
        is_ahead: bool = False,
    ) -> None:
        self.line = line
        self.is_guess = is_guess
        self._is_ahead = is_ahead
        self._networks = networks
        self._ratio = line.length / line.image.shape[0]
        self._shortcuts = [one for one in shortcuts if one.ratios[0] <= self._ratio < one.ratios[1]]
        self._seen: dict[_View, tuple[Floats, float]] = {}
        self._every: dict[_View, Floats] = {}
        self._last = self._exact = _View(networks.recognizer, 1.0)
        self._taken: Shortcut | None = None
        self._parts: dict[tuple[int, int], Recognition] = {}
        self._again: list[tuple[int, int]] = []
        self.is_final, self.is_of_few = True, False

    @property
    def stands(self) -> bool:
        """Whether what was read last is not to be read again: its shortcut was not given up since."""
        return self._taken is None or not self._taken.by_character or self._taken.trials.pay()

    def characters(
        self, classes: "Classes | None", lexicon: Lexicon | None = None, *, roughly: bool = False
    ) -> list[Character]:
        """Return the line's characters; of those in `classes` only, where it is given.

        `lexicon` has the words of the page's language. With `roughly` they need not be right as long as they tell what
        a page is like: `is_final` then is false, or `is_of_few` true where few of the wide characters were allowed.
        """
        self._taken, self._again, self.is_final = None, [], True
        for shortcut in self._shortcuts:
            view = _View(shortcut.recognizer, shortcut.fraction)
            is_first = view not in self._seen
            if not shortcut.trials.pay() and (is_first or shortcut.by_character):
                continue
            characters = (roughly and classes is None and self._read_latin(view)) or self._read(classes, view)
            if is_first and not (self.is_guess or self._is_ahead):
                shortcut.count(characters)
            self._taken = shortcut
            if shortcut.is_clear(characters, lexicon) and not has_gap_between_wide(self.line.image, characters):
                return characters
            if roughly and shortcut.by_character and is_telling(characters):
                self.is_final = False
                return characters
            if shortcut.for_words and (mended := self._mended(characters, lexicon, shortcut.for_words, classes)):
                return mended
        return self.exact(classes)

    def exact(self, classes: "Classes | None") -> list[Character]:
        """Return the line's characters as no shortcut reads them."""
        self._taken, self._again, self.is_final = None, [], True
        characters = self._read(classes, self._exact)
        if classes is not None and mean_probability(characters) < _CLEAR_PROBABILITY:
            # What is none of the allowed characters is told by its likeness to all the others.
            answer = self._likely(self._exact)[:, classes]
            return decoded(answer, self._networks.characters, classes, self._features(self._exact)[1])
        return characters

    def _mended(
        self, characters: list[Character], lexicon: Lexicon | None, shortcut: Shortcut, classes: "Classes | None"
    ) -> list[Character] | None:
        """Return the characters with unclear words read again by themselves.

        None if that takes as long as the line, or loses characters: of the first ones alone some are hardly seen.
        """
        height = self.line.image.shape[0]
        words = unclear_words(characters, lexicon, _MIN_PART_RATIO * height)
        locations = [self._location(characters, word) for word in words]
        spent = sum(_PART_PX * height / HEIGHT_PX + right - left for left, right in locations)
        if spent > self._shortcuts[-1].fraction * self.line.length:
            return None
        mended = list(characters)
        for word, (left, right) in reversed(list(zip(words, locations, strict=True))):
            part = self._parts.setdefault((left, right), self._part(left, right, shortcut))
            read = stripped(part.characters(classes))
            if len(read) < word.stop - word.start:
                return None
            mended[word] = [one.shifted(left) for one in read]
        self._again = locations
        return mended

    def _part(self, left: int, right: int, shortcut: Shortcut) -> "Recognition":
        return Recognition(self.line.between(left, right), self._networks, (shortcut,), is_ahead=self._is_ahead)

    def _location(self, characters: Sequence[Character], word: slice) -> tuple[int, int]:
        """Return the first column of a word and the one after its last, both between it and its neighbors."""
        left, right = 0, self.line.length
        if before := stripped(characters[max(0, word.start - 2) : word.start]):
            left = lightest_between(self.line.image, before[-1], characters[word.start])
        if after := stripped(characters[word.stop : word.stop + 2]):
            right = lightest_between(self.line.image, characters[word.stop - 1], after[0])
        return left, max(right, left + 1)

    def answer(self, left: float, right: float, classes: "Classes | None") -> "tuple[Floats, Sequence[str]]":
        """Return what the network that read them last says of the steps around a part of the crop.

        These are the probability of each character in each step, and those of the classes that the network has.
        """
        for start, end in self._again:
            if start <= (left + right) / 2 < end:
                return self._parts[start, end].answer(left - start, right - start, classes)
        known, every = self._last.recognizer.known(classes), self._networks.characters
        alphabet = every if known is None else [every[index] for index in known.tolist()]
        first, last = max(0, round(left / self.step) - 1), round(right / self.step) + 1
        return self._probabilities(self._last, classes)[first:last], alphabet

    @property
    def step(self) -> float:
        """How long the steps of the network that read the line last are in the crop."""
        return self._features(self._last)[1]

    def drop(self) -> None:
        """Give up what takes memory and can be computed again: 75 KB for each step of a line."""
        self._every = {}
        for part in self._parts.values():
            part.drop()

    def _read(self, classes: "Classes | None", view: "_View") -> list[Character]:
        self._last, self.is_of_few = view, False
        return self._decoded(self._probabilities(view, classes), classes, view)

    def _read_latin(self, view: "_View") -> list[Character] | None:
        """Return a clear line of letters, told with few of the wide characters: all take time. None if it is none."""
        self._last, classes = view, telling_classes(self._networks.characters)
        characters = self._decoded(view.recognizer.probabilities(self._features(view)[0], classes), classes, view)
        self.is_of_few = is_telling(characters) and not has_gap(self.line.image, characters)
        return characters if self.is_of_few else None

    def _decoded(self, answer: "Floats", classes: "Classes | None", view: "_View") -> list[Character]:
        source, known, (_, step) = self._source(view), view.recognizer.known(classes), self._features(view)
        characters = decoded(answer, self._networks.characters, known, step, source)
        return with_blanks_by_ink(characters, self.line.image) if source == "quick" else characters

    def _source(self, view: "_View") -> Source:
        if view.recognizer is self._networks.quick_recognizer:
            return "quick"
        return "exact" if view == self._exact else "rough"

    def _probabilities(self, view: "_View", classes: "Classes | None") -> "Floats":
        """Return the probabilities of those of the classes that the view's network has, among them alone."""
        if classes is None:
            return self._likely(view)
        if len(classes) > _MANY_CLASSES:
            likely = self._likely(view)[:, view.recognizer.columns(classes)]
            shares: Floats = likely / likely.sum(1, keepdims=True)
            return shares
        return view.recognizer.probabilities(self._features(view)[0], classes)

    def _likely(self, view: "_View") -> "Floats":
        """Return the probabilities of all characters, which take more time than those of a few."""
        if view not in self._every:
            self._every = {view: view.recognizer.probabilities(self._features(view)[0], None)}
        return self._every[view]

    def _features(self, view: "_View") -> "tuple[Floats, float]":
        """Return the line's features in a view, and how long each of their steps is in the crop."""
        import cv2
        import numpy as np

        if view not in self._seen:
            height, width = self.line.image.shape
            scaled = max(_WIDTH_STEP_PX, round(HEIGHT_PX * width / height * view.fraction))
            padded = max(_MIN_WIDTH_PX, -(-scaled // _WIDTH_STEP_PX) * _WIDTH_STEP_PX)
            pixels = np.full((HEIGHT_PX, padded), 127, np.uint8)
            pixels[:, :scaled] = cv2.resize(self.line.image, (scaled, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
            features = view.recognizer.look_ahead(pixels) if self._is_ahead else view.recognizer.features(pixels)
            self._seen[view] = features, padded / features.shape[1] * width / scaled
        return self._seen[view]


class _View(Struct, frozen=True):
    """How a line is shown: to which network, and at what fraction of its width."""

    recognizer: Recognizer
    fraction: float


def recognize(line: Crop, networks: Networks, classes: "Classes | None") -> list[Character]:
    """Return the characters of one line."""
    return Recognition(line, networks, shortcuts(networks)).characters(classes)
