"""The characters of a line, and how a network's answer becomes them."""

from collections.abc import Sequence
from itertools import pairwise
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
_CLEAR_NONE = 0.95  # probability that a step writes no character, from which on none was nearly written

# What a character is from: one of the ways to read a line (`shortcuts`), or what decided it when that left doubts: the
# list of words, or which characters follow each other in texts.
type Source = Literal["exact", "rough", "quick", "spelled", "likely"]


class Character(Struct, frozen=True):
    """One character of a line, blanks included; `left` and `right` are where its steps begin and end in the crop.

    `blank` is the highest probability of a blank between the character before it and this one, `missed` that of a
    character that was nearly written there.
    """

    text: str
    probability: float
    left: float
    right: float
    blank: float = 0.0
    source: Source = "exact"
    missed: float = 0.0

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


def missed_within(word: Sequence[Character]) -> float:
    """Return how probably a character is missing between two letters or digits of a word.

    Of a ligature the second letter may be: `first` is read as `frst`, each of whose letters is clear. Beside signs
    something else is thought of too, and what was read is right.
    """
    beside = pairwise(word)
    return max((one.missed for before, one in beside if before.text.isalnum() and one.text.isalnum()), default=0.0)


def least_probability(word: Sequence[Character]) -> float:
    """Return that of a word's least probable character, or of none missing in it."""
    return min(1 - missed_within(word), *(one.probability for one in word))


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
    missed = _missed(answer, best, known[-1] == " ")
    if classes is not None:
        best = classes[best]
    blanks = answer[:, -1] if known[-1] == " " else np.zeros(len(best))
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    # Of few numbers Python finds the largest sooner than numpy.
    written, each_sure, each_blank, each_missed = best.tolist(), sure.tolist(), blanks.tolist(), missed.tolist()
    characters, before, ended = [], 0, 0
    for start, end in pairwise(edges):
        if written[start]:
            blank, probability = max(each_blank[before:end]), max(each_sure[start:end])
            nearly = max(each_missed[ended:start], default=0.0)
            characters.append(
                Character(known[written[start]], probability, start * step, end * step, blank, source, nearly)
            )
            before, ended = start, end
    return characters


def _missed(answer: "Floats", best: "Classes", has_blank: bool) -> "Floats":
    """Return for each step that writes none how probable a character is that neither of its neighbors is, nor a blank.

    Where it is clear that there is none, it is not looked for.
    """
    import numpy as np

    missed: Floats = np.zeros(len(best), np.float32)
    steps = np.flatnonzero((best == 0) & (answer[:, 0] < _CLEAR_NONE))
    if not steps.size:
        return missed
    written = np.flatnonzero(best)
    neighbors = np.concatenate([[0], best[written], [0]])
    at = np.searchsorted(written, steps)
    others, rows = answer[steps], np.arange(len(steps))
    others[:, 0] = others[rows, neighbors[at]] = others[rows, neighbors[at + 1]] = 0.0
    if has_blank:
        others[:, -1] = 0.0
    missed[steps] = others.max(1)
    return missed
