"""What a line says: its crop, the recognizer's answer, and where in the crop each character stands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.pixels import Grey
from folio.providers.ppocr.curved import Strip
from folio.providers.ppocr.networks import Networks
from folio.providers.ppocr.trials import Trials

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.detection import Corners, Region
    from folio.providers.ppocr.networks import Floats

    type Classes = NDArray[np.intp]

HEIGHT_PX = 48
_MIN_WIDTH_PX, _WIDTH_STEP_PX = 64, 16
_CLEAR_PROBABILITY = 0.9  # on average; above it a line holds what its languages have
_MANY_CLASSES = 2000  # of 18,710: all take hardly more time
_LONG_RATIO = 8  # of width to height; of shorter lines too little is there to tell a letter by
_NARROWED, _NARROWED_PROBABILITY = 0.8, 0.95
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
    """A line before the network, which sees it once at each width, for whatever classes.

    A long line is read narrowed, which takes as much less time; once more at its own width if it is not clear so.
    """

    def __init__(self, line: Crop, networks: Networks, narrowing: Trials) -> None:
        self._line = line
        self._networks = networks
        self._narrowing = narrowing
        self._seen: dict[float, tuple[Floats, float]] = {}
        self._every: dict[float, Floats] = {}
        self._fraction = 1.0

    def characters(self, classes: "Classes | None") -> list[Character]:
        """Return the line's characters; of those in `classes` only, where it is given."""
        is_long = self._line.length >= _LONG_RATIO * self._line.image.shape[0]
        if is_long and (_NARROWED in self._seen or self._narrowing.pay()):
            is_first = _NARROWED not in self._seen
            characters = self._read(classes, _NARROWED)
            is_clear = mean_probability(characters) >= _NARROWED_PROBABILITY
            if is_first:
                self._narrowing.count(gained=is_clear)
            if is_clear:
                return characters
        return self._read(classes, 1.0)

    def _read(self, classes: "Classes | None", fraction: float) -> list[Character]:
        features, step = self._features(fraction)
        self._fraction = fraction
        known = self._networks.characters
        if classes is None:
            return decoded(self._likely(fraction), known, None, step)
        if len(classes) > _MANY_CLASSES:
            likely = self._likely(fraction)[:, classes]
            answer = likely / likely.sum(1, keepdims=True)
        else:
            answer = self._networks.probabilities(features, classes)
        characters = decoded(answer, known, classes, step)
        if mean_probability(characters) < _CLEAR_PROBABILITY:
            # What is none of the allowed characters is told by its likeness to all the others.
            characters = decoded(self._likely(fraction)[:, classes], known, classes, step)
        return characters

    def answer(self, classes: "Classes") -> "tuple[Floats, float]":
        """Return the probability of each class in each step of the line as it was read last, and a step's length.

        The length is in the crop's pixels.
        """
        features, step = self._features(self._fraction)
        return self._networks.probabilities(features, classes), step

    def _likely(self, fraction: float) -> "Floats":
        """Return the probabilities of all characters, which take more time than those of a few."""
        if fraction not in self._every:
            self._every = {fraction: self._networks.probabilities(self._features(fraction)[0], None)}
        return self._every[fraction]

    def drop(self) -> None:
        """Give up what takes memory and can be computed again: 75 KB for each step of a line."""
        self._every = {}

    def _features(self, fraction: float) -> "tuple[Floats, float]":
        """Return the line's features at a fraction of its width, and how long each of their steps is in the crop."""
        import cv2
        import numpy as np

        if fraction not in self._seen:
            height, width = self._line.image.shape
            scaled = max(_WIDTH_STEP_PX, round(HEIGHT_PX * width / height * fraction))
            padded = max(_MIN_WIDTH_PX, -(-scaled // _WIDTH_STEP_PX) * _WIDTH_STEP_PX)
            pixels = np.full((HEIGHT_PX, padded), 127, np.uint8)
            pixels[:, :scaled] = cv2.resize(self._line.image, (scaled, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
            features = self._networks.features(pixels)
            self._seen[fraction] = features, padded / features.shape[1] * width / scaled
        return self._seen[fraction]


def narrowing() -> Trials:
    """Return whether lines of a page are read narrowed first: it takes 0.8 of their time, and all of it if unclear."""
    return Trials(_NARROWED)


def recognize(line: Crop, networks: Networks, classes: "Classes | None") -> list[Character]:
    """Return the characters of one line."""
    return Recognition(line, networks, narrowing()).characters(classes)


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
