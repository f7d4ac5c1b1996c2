"""What a line says: its crop, the recognizer's answer, and where in the crop each character stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.pixels import Grey
from folio.providers.ppocr.curved import Strip
from folio.providers.ppocr.networks import Networks
from folio.providers.ppocr.recognizer import Recognizer
from folio.providers.ppocr.trials import Trials

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
_LONG_RATIO = 8  # of width to height; of shorter lines too little is there to tell a letter by
_NARROWED, _NARROWED_PROBABILITY = 0.8, 0.95
# A line stands as the quick recognizer read it if its characters have this probability, those of a long line more, on
# pages where such a share of them has, after so many that tell: on others it is wrong also where it is sure.
_QUICK_PROBABILITY, _QUICK_LONG_PROBABILITY, _QUICK_SHARE, _QUICK_FIRST = 0.85, 0.93, 0.975, 400
_QUICK_BLANK = (0.2, 0.85)  # probabilities of a blank between which it does not know whether there is one
_LIKE_OTHERS = frozenset("ŞşŢţ")  # it writes these for Romanian's Șș and Țț, which it does not have
_UPRIGHT_RATIO = 1.5  # of height to width; what is higher runs downwards or upwards
_STANDING_RATIO = 4.0  # of height to width; what is higher is not a character


class Character(Struct, frozen=True):
    """One character of a line, blanks included; `left` and `right` are where its steps begin and end in the crop.

    `blank` is the highest probability of a blank between the character before it and this one.
    """

    text: str
    probability: float
    left: float
    right: float
    blank: float = 0.0

    @property
    def center(self) -> float:
        return (self.left + self.right) / 2


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


class Shortcut(Struct, frozen=True):
    """A way to read lines in a part of the time, which is tried first; lines that are not clear so are read again.

    It is given up on a page where too few of its `trials` are clear: of the lines, or of all their characters if it
    reads `by_character`; then what it read is not kept either.
    """

    recognizer: Recognizer
    fraction: float  # of the width of a line
    min_ratio: float  # of width to height, of the lines it is for
    trials: Trials
    by_character: bool

    def is_clear(self, characters: Sequence[Character], ratio: float) -> bool:
        """Return whether a line of that ratio of width to height stands as it was read."""
        if not self.by_character:
            return mean_probability(characters) >= _NARROWED_PROBABILITY
        least = _QUICK_LONG_PROBABILITY if ratio >= _LONG_RATIO else _QUICK_PROBABILITY
        return bool(characters) and all(_is_sure(one) and one.probability >= least for one in characters)

    def count(self, characters: Sequence[Character], ratio: float) -> None:
        """Count one more line."""
        if self.by_character:
            self.trials.count_many(len(characters), gained=sum(map(_is_sure, characters)))
        else:
            self.trials.count(gained=self.is_clear(characters, ratio))


def shortcuts(networks: Networks) -> tuple[Shortcut, ...]:
    """Return the shortcuts for the lines of one page."""
    rough, quick = networks.rough_recognizer, networks.quick_recognizer
    narrowed = Shortcut(rough, _NARROWED, _LONG_RATIO, Trials(_NARROWED), by_character=False)
    if quick is None:
        return (narrowed,)
    return Shortcut(quick, 1.0, 0.0, Trials(_QUICK_SHARE, _QUICK_FIRST), by_character=True), narrowed


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

    @property
    def stands(self) -> bool:
        """Whether what was read last is not to be read again: its shortcut was not given up since."""
        return self._taken is None or not self._taken.by_character or self._taken.trials.pay()

    def characters(self, classes: "Classes | None") -> list[Character]:
        """Return the line's characters; of those in `classes` only, where it is given."""
        for shortcut in self._shortcuts:
            view = _View(shortcut.recognizer, shortcut.fraction)
            is_first = view not in self._seen
            if not shortcut.trials.pay() and (is_first or shortcut.by_character):
                continue
            characters = self._read(classes, view)
            if is_first:
                shortcut.count(characters, self._ratio)
            if shortcut.is_clear(characters, self._ratio):
                self._taken = shortcut
                return characters
        self._taken = None
        characters = self._read(classes, self._exact)
        if classes is not None and mean_probability(characters) < _CLEAR_PROBABILITY:
            # What is none of the allowed characters is told by its likeness to all the others.
            answer = self._likely(self._exact)[:, classes]
            return decoded(answer, self._networks.characters, classes, self._features(self._exact)[1])
        return characters

    def answer(self, classes: "Classes") -> "tuple[Floats, float, list[str]]":
        """Return what the line is by the network that read it last.

        These are the probability of each character in each step, a step's length in the crop's pixels, and the
        characters, those of the classes that the network has.
        """
        known = self._last.recognizer.known(classes)
        alphabet = [self._networks.characters[index] for index in ([] if known is None else known.tolist())]
        return self._probabilities(self._last, classes), self._features(self._last)[1], alphabet

    def drop(self) -> None:
        """Give up what takes memory and can be computed again: 75 KB for each step of a line."""
        self._every = {}

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


def _is_sure(character: Character) -> bool:
    """Return whether a character stands as the quick recognizer read it."""
    is_blank_doubtful = _QUICK_BLANK[0] < character.blank < _QUICK_BLANK[1]
    return character.probability >= _QUICK_PROBABILITY and not is_blank_doubtful and character.text not in _LIKE_OTHERS


def mean_probability(characters: Sequence[Character]) -> float:
    """Return 0 if there are none."""
    return sum(character.probability for character in characters) / len(characters) if characters else 0.0


def decoded(answer: "Floats", known: Sequence[str], classes: "Classes | None", step: float) -> list[Character]:
    """Return what the best characters of each step make: a run of one is one, and the first of all is none.

    `answer` has a probability for each step and each of the `known` characters, or of those in `classes`; `step` is the
    length of a step in the crop.
    """
    import numpy as np

    best = answer.argmax(1)
    sure = answer[np.arange(len(best)), best]
    if classes is not None:
        best = classes[best]
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(starts[1:], len(best))
    blanks = answer[:, -1] if known[-1] == " " else np.zeros(len(best))
    characters, before = [], 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start]:
            blank = float(blanks[before:end].max())
            characters.append(
                Character(known[best[start]], float(sure[start:end].max()), start * step, end * step, blank)
            )
            before = start
    return characters
