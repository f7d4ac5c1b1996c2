"""The characters of a line, and how a network's answer becomes them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.providers.ppocr.sessions import Floats

    type Classes = NDArray[np.intp]


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

    def shifted(self, by: float) -> "Character":
        """Return it in a longer crop, of which this one is a part that begins there."""
        return replace(self, left=self.left + by, right=self.right + by)


def mean_probability(characters: Sequence[Character]) -> float:
    """Return 0 if there are none."""
    return sum(character.probability for character in characters) / len(characters) if characters else 0.0


def stripped(characters: Sequence[Character]) -> list[Character]:
    """Return them without blanks at both ends."""
    printed = [index for index, one in enumerate(characters) if one.text != " "]
    return list(characters[printed[0] : printed[-1] + 1]) if printed else []


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
