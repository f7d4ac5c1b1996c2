"""The characters of a line, and how a network's answer becomes them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from folio.text.spacing import is_wide

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.onnx.sessions import Floats

    type Classes = NDArray[np.intp]

# On average, of a line that tells how a page lies and what it is written in; and of a line of small print, with the
# letters and digits that it has at least: patterns in pictures are read as one or two.
_TELLING_PROBABILITY, _SMALL_PROBABILITY, _MIN_SMALL_CHARACTERS = 0.95, 0.9, 4

# What a character is from: one of the ways to read a line (`shortcuts`), or what decided it when that left doubts: the
# list of words, or which characters follow each other in texts.
type Source = Literal["exact", "rough", "quick", "spelled", "likely"]


class Character(Struct, frozen=True):
    """One character of a line, blanks included; `left` and `right` are where its steps begin and end in the crop.

    `blank` is the highest probability of a blank between the character before it and this one.
    """

    text: str
    probability: float
    left: float
    right: float
    blank: float = 0.0
    source: Source = "exact"

    @property
    def center(self) -> float:
        return (self.left + self.right) / 2

    def shifted(self, by: float) -> "Character":
        """Return it in a longer crop, of which this one is a part that begins there."""
        return replace(self, left=self.left + by, right=self.right + by)


def mean(values: Sequence[float]) -> float:
    """Return 0 if there are none."""
    return sum(values) / len(values) if values else 0.0


def mean_probability(characters: Sequence[Character]) -> float:
    """Return 0 if there are none."""
    return mean([character.probability for character in characters])


def filled(characters: Sequence[Character]) -> float:
    """Return how much of a line its characters fill, in heights, those that are not sure for less."""
    return sum(one.probability * (1.0 if is_wide(one.text) else 0.5) for one in characters)


def is_telling(characters: Sequence[Character]) -> bool:
    """Return whether what was read quickly tells how a page lies; of Chinese and Japanese it does not."""
    return mean_probability(characters) >= _TELLING_PROBABILITY and not any(is_wide(one.text) for one in characters)


def is_text(characters: Sequence[Character]) -> bool:
    """Return whether it is more than a pattern in a picture, where no other line is."""
    alphanumeric = sum(character.text.isalnum() for character in characters)
    return alphanumeric >= _MIN_SMALL_CHARACTERS and mean_probability(characters) >= _SMALL_PROBABILITY


def printed(characters: Sequence[Character]) -> str:
    """Return their text without blanks."""
    return "".join(one.text for one in characters if not one.text.isspace())


def stripped(characters: Sequence[Character]) -> list[Character]:
    """Return them without blanks at both ends."""
    printed = [index for index, one in enumerate(characters) if one.text != " "]
    return list(characters[printed[0] : printed[-1] + 1]) if printed else []


def decoded(
    answer: "Floats", known: Sequence[str], classes: "Classes | None", step: float, source: Source = "exact"
) -> list[Character]:
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
                Character(known[best[start]], float(sure[start:end].max()), start * step, end * step, blank, source)
            )
            before = start
    return characters
