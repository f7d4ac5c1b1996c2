"""What the recognizer says of a line, step by step, and of a second look at some of its characters."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from folio.providers.ppocr.language.ngrams import Ngrams
from folio.providers.ppocr.onnx.characters import Character

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

MIN_CHOICE = 0.001  # probability of a character that was thought of
_MIN_EMITTED = 1e-5  # of a character in a step, where what another look reads is written
_MIN_AGAIN, _AGAIN_STEPS = 0.3, 2  # how probable a clear character is in a second look, how far from where it stands


class Answered(Struct, frozen=True):
    """What the recognizer says of a line: steps x alphabet; `step` is the length of one in the crop.

    Of a second look at some of its characters `middles` has where each of the line's stands there, None if it does not.
    """

    probabilities: "Floats"
    alphabet: Sequence[str]
    step: float
    middles: Sequence[float | None] = ()
    forms: dict[str, list[int]] = field(default_factory=dict)  # where each character stands in the alphabet

    def columns(self, characters: Iterable[str], ngrams: Ngrams) -> list[tuple[str, list[int]]]:
        """Return where some characters stand in the alphabet, in whatever form."""
        if not self.forms:
            for index, text in enumerate(self.alphabet):
                self.forms.setdefault(ngrams.form(text), []).append(index)
        return [(one, self.forms.get(one, [])) for one in characters]

    def part(self, first: int, last: int) -> "Stretch":
        return Stretch(self, first, self.probabilities[first:last])


class Stretch(Struct, frozen=True):
    """What the recognizer says of a stretch of a line: its steps from `first` on."""

    line: Answered
    first: int
    probabilities: "Floats"

    def middle(self, step: int, characters: Sequence[Character]) -> float:
        """Return where one of its steps is in the line's crop."""
        import numpy as np

        along = (self.first + step + 0.5) * self.line.step
        if not self.line.middles:
            return along
        known = [(one, characters[index].center) for index, one in enumerate(self.line.middles) if one is not None]
        return float(np.interp(along, [one for one, _ in known], [one for _, one in known]))

    def columns(self, characters: Iterable[str], ngrams: Ngrams) -> "dict[str, Floats]":
        """Return for each step how probable some characters are there."""
        columns = self.line.columns(characters, ngrams)
        return {one: self.probabilities[:, indices].sum(1).clip(_MIN_EMITTED) for one, indices in columns}


def seen_again(characters: Sequence[Character], index: int, second: Answered) -> int | None:
    """Return the step at which a clear character is read in a second look too, about where it stands; None if not."""
    text, middle = characters[index].text, second.middles[index]
    if middle is None or text not in second.alphabet:
        return None
    usual = int(middle / second.step)
    start = max(0, usual - _AGAIN_STEPS)
    near = second.probabilities[start : usual + _AGAIN_STEPS + 1, second.alphabet.index(text)]
    return start + int(near.argmax()) if near.max(initial=0.0) >= _MIN_AGAIN else None
