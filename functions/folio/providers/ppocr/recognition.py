"""What a line says: its crop, the recognizer's answer, and where in the crop each character stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.pixels import Grey
from folio.providers.ppocr.characters import Character, decoded, mean_probability, stripped
from folio.providers.ppocr.curved import Strip
from folio.providers.ppocr.networks import Networks
from folio.providers.ppocr.recognizer import Recognizer
from folio.providers.ppocr.shortcuts import Shortcut, shortcuts, unclear_words
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.detection import Corners, Region
    from folio.providers.ppocr.sessions import Floats

    type Classes = NDArray[np.intp]

HEIGHT_PX = 48
_MIN_WIDTH_PX, _WIDTH_STEP_PX = 64, 16
_CLEAR_PROBABILITY = 0.9  # on average; above it a line holds what its languages have
_MANY_CLASSES = 2000  # of 18,710: all take hardly more time
_UPRIGHT_RATIO = 1.5  # of height to width; what is higher runs downwards or upwards
_STANDING_RATIO = 4.0  # of height to width; what is higher is not a character
# A part that is read by itself is so long at least, in its heights, and takes as long as so many more pixels of it; the
# whole line, narrowed, takes this share of its own.
_MIN_PART_RATIO, _PART_PX, _NARROWED_SHARE = 3.0, 100, 0.8
_GAP_PARTS = 6  # of a line's height, in which there is least ink between two words
_TELLING_PROBABILITY = 0.95  # on average, of a line that tells how a page lies and what it is written in


class Crop(Struct, frozen=True):
    """A line cut out of its page, upright and in the page's scaled resolution; `corners` are the crop's on the page.

    `strip` is where a bent line lies.
    """

    image: Grey
    corners: "Corners"
    strip: Strip | None = None

    @property
    def is_turned(self) -> bool:
        """Whether the line runs downwards on the page."""
        (x0, y0), (x1, y1) = self.corners[:2].tolist()
        return bool(abs(y1 - y0) > abs(x1 - x0))

    @property
    def length(self) -> int:
        """In pixels, along the text."""
        return int(self.image.shape[1])

    def flipped(self) -> "Crop":
        """Return the same line upside down."""
        return Crop(self.image[::-1, ::-1], self.corners[[2, 3, 0, 1]], self.strip and self.strip.flipped())

    @property
    def can_be_standing(self) -> bool:
        """Whether a line that runs downwards is so short that it can be one narrow character, such as an I."""
        return self.is_turned and self.length < _STANDING_RATIO * self.image.shape[0]

    @property
    def can_be_lying(self) -> bool:
        """Whether a line that runs to the right is so short that it can be a short word that runs downwards."""
        return not self.is_turned and self.strip is None and self.length < _UPRIGHT_RATIO * self.image.shape[0]

    def between(self, left: int, right: int) -> "Crop":
        """Return a part of the line, for its characters alone: its corners are those of the whole line."""
        return Crop(self.image[:, left:right], self.corners)

    def lying(self) -> "Crop":
        """Return a line that runs to the right as if it ran downwards."""
        return Crop(self.image[:, ::-1].T, self.corners[[1, 2, 3, 0]])

    def standing(self) -> "Crop":
        """Return a line that runs downwards as if it ran to the right."""
        return Crop(self.image.T[:, ::-1], self.corners[[3, 0, 1, 2]])


def crop(image: Grey, region: "Region") -> Crop:
    import cv2
    import numpy as np

    if isinstance(region, Strip):
        return Crop(region.straight(image), region.corners(), region)
    corners = region

    def side(start: int, end: int) -> float:
        return float(np.linalg.norm(corners[start] - corners[end]))

    width, height = (max(1, int(max(side(*one), side(*other)))) for one, other in (((0, 1), (2, 3)), ((0, 3), (1, 2))))
    if height >= width * _UPRIGHT_RATIO:
        corners, width, height = corners[[1, 2, 3, 0]], height, width
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    straighten = cv2.getPerspectiveTransform(corners - 0.5, target - 0.5)  # OpenCV's points are middles of pixels
    cut = cv2.warpPerspective(
        image, straighten, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Crop(cut.astype(np.uint8, copy=False), corners)


class Recognition:
    """A line before the networks, each of which sees it once, for whatever classes."""

    def __init__(self, line: Crop, networks: Networks, shortcuts: Sequence[Shortcut]) -> None:
        self._line = line
        self._networks = networks
        self._ratio = line.length / line.image.shape[0]
        self._shortcuts = [one for one in shortcuts if self._ratio >= one.min_ratio]
        self._seen: dict[_View, tuple[Floats, float]] = {}
        self._every: dict[_View, Floats] = {}
        self._last = self._exact = _View(networks.recognizer, 1.0)
        self._taken: Shortcut | None = None
        self._parts: dict[tuple[int, int], Recognition] = {}
        self._again: list[tuple[int, int]] = []
        self.is_final = True

    @property
    def stands(self) -> bool:
        """Whether what was read last is not to be read again: its shortcut was not given up since."""
        return self._taken is None or not self._taken.by_character or self._taken.trials.pay()

    def characters(self, classes: "Classes | None", *, roughly: bool = False) -> list[Character]:
        """Return the line's characters; of those in `classes` only, where it is given.

        With `roughly` they need not be right as long as they tell what a page is like; `is_final` then is false.
        """
        self._taken, self._again, self.is_final = None, [], True
        for shortcut in self._shortcuts:
            view = _View(shortcut.recognizer, shortcut.fraction)
            is_first = view not in self._seen
            if not shortcut.trials.pay() and (is_first or shortcut.by_character):
                continue
            characters = self._read(classes, view)
            if is_first:
                shortcut.count(characters, self._ratio)
            self._taken = shortcut
            if shortcut.is_clear(characters, self._ratio):
                return characters
            if roughly and shortcut.by_character and _is_telling(characters):
                self.is_final = False
                return characters
            if shortcut.for_words and (mended := self._mended(characters, shortcut.for_words, classes)):
                return mended
        self._taken = None
        characters = self._read(classes, self._exact)
        if classes is not None and mean_probability(characters) < _CLEAR_PROBABILITY:
            # What is none of the allowed characters is told by its likeness to all the others.
            answer = self._likely(self._exact)[:, classes]
            return decoded(answer, self._networks.characters, classes, self._features(self._exact)[1])
        return characters

    def _mended(
        self, characters: list[Character], shortcut: Shortcut, classes: "Classes | None"
    ) -> list[Character] | None:
        """Return the characters with unclear words read again by themselves.

        None if that takes as long as the line, or loses characters: of the first ones alone some are hardly seen.
        """
        height = self._line.image.shape[0]
        words = unclear_words(characters, self._ratio, _MIN_PART_RATIO * height)
        locations = [self._location(characters, word) for word in words]
        spent = sum(_PART_PX * height / HEIGHT_PX + right - left for left, right in locations)
        if spent > _NARROWED_SHARE * self._line.length:
            return None
        mended = list(characters)
        for word, (left, right) in reversed(list(zip(words, locations, strict=True))):
            part = self._parts.setdefault(
                (left, right), Recognition(self._line.between(left, right), self._networks, (shortcut,))
            )
            read = stripped(part.characters(classes))
            if len(read) < word.stop - word.start:
                return None
            mended[word] = [one.shifted(left) for one in read]
        self._again = locations
        return mended

    def _location(self, characters: Sequence[Character], word: slice) -> tuple[int, int]:
        """Return the first column of a word and the one after its last, both between it and its neighbors."""
        image = self._line.image
        first, last = characters[word.start], characters[word.stop - 1]
        left, right = 0, self._line.length
        if word.start > 1:
            left = _lightest(image, characters[word.start - 2].center, first.center)
        if word.stop < len(characters) - 1:
            right = _lightest(image, last.center, characters[word.stop + 1].center)
        return left, max(right, left + 1)

    def answer(self, left: float, right: float, classes: "Classes | None") -> "tuple[Floats, Sequence[str]]":
        """Return what the network that read them last says of the steps around a part of the crop.

        These are the probability of each character in each step, and the characters, those of the classes that the
        network has.
        """
        for start, end in self._again:
            if start <= (left + right) / 2 < end:
                return self._parts[start, end].answer(left - start, right - start, classes)
        known = self._last.recognizer.known(classes)
        every = self._networks.characters
        alphabet = every if known is None else [every[index] for index in known.tolist()]
        step = self._features(self._last)[1]
        first, last = max(0, round(left / step) - 1), round(right / step) + 1
        return self._probabilities(self._last, classes)[first:last], alphabet

    def drop(self) -> None:
        """Give up what takes memory and can be computed again: 75 KB for each step of a line."""
        self._every = {}
        for part in self._parts.values():
            part.drop()

    def _read(self, classes: "Classes | None", view: "_View") -> list[Character]:
        self._last = view
        answer, (_, step) = self._probabilities(view, classes), self._features(view)
        return decoded(answer, self._networks.characters, view.recognizer.known(classes), step)

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
            height, width = self._line.image.shape
            scaled = max(_WIDTH_STEP_PX, round(HEIGHT_PX * width / height * view.fraction))
            padded = max(_MIN_WIDTH_PX, -(-scaled // _WIDTH_STEP_PX) * _WIDTH_STEP_PX)
            pixels = np.full((HEIGHT_PX, padded), 127, np.uint8)
            pixels[:, :scaled] = cv2.resize(self._line.image, (scaled, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
            features = view.recognizer.features(pixels)
            self._seen[view] = features, padded / features.shape[1] * width / scaled
        return self._seen[view]


class _View(Struct, frozen=True):
    """How a line is shown: to which network, and at what fraction of its width."""

    recognizer: Recognizer
    fraction: float


def recognize(line: Crop, networks: Networks, classes: "Classes | None") -> list[Character]:
    """Return the characters of one line."""
    return Recognition(line, networks, shortcuts(networks)).characters(classes)


def _is_telling(characters: Sequence[Character]) -> bool:
    """Return whether what was read quickly tells how a page lies; of Chinese and Japanese it does not."""
    return mean_probability(characters) >= _TELLING_PROBABILITY and not any(is_wide(one.text) for one in characters)


def _lightest(image: Grey, start: float, end: float) -> int:
    """Return the column between two others around which there is least ink."""
    import cv2

    first, last = int(start), max(int(start) + 1, int(end))
    contrast = image[:, first:last].std(0)[None].astype("float32")
    around = max(1, image.shape[0] // _GAP_PARTS)
    return first + int(cv2.blur(contrast, (around, 1))[0].argmin())
