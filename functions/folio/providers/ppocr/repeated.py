"""Doubtful characters of Chinese and Japanese decided by the rest of the page: a text says its words more than once.

Of the characters that the recognizer thought of, one is likelier beside a neighbor with which it stands elsewhere on
the page, where both are clear. What it did not think of is never written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from folio.providers.ppocr.characters import Character
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.sessions import Floats

    type Likelihoods = Callable[[float, float], tuple[Floats, Sequence[str]]]

# Of 100 that became others on a photographed newspaper 45 more were right afterwards than before; with 3 instead of 10
# times as likely 25 of 53, with 30 the same as with 10.
_TIMES_LIKELIER = 10.0  # for each time that a pair stands elsewhere
_MAX_TIMES = 5  # of a pair that are counted
_CLEAR, _DOUBTFUL, _MIN_NEIGHBOR = 0.8, 0.9, 0.5  # probabilities
_CHOICES, _MIN_CHOICE = 10, 0.002  # characters that are thought of, and how probably


def clear_pairs(lines: Iterable[Sequence[Character]]) -> Counter[str]:
    """Count the pairs of wide characters that stand together and are clear."""
    return Counter(
        before.text + after.text
        for line in lines
        for before, after in pairwise(line)
        if min(before.probability, after.probability) >= _CLEAR and is_wide(before.text) and is_wide(after.text)
    )


def has_doubtful(characters: Sequence[Character]) -> bool:
    """Return whether a line has a wide character that its neighbors may decide."""
    return any(map(_is_doubtful, characters))


def decided(characters: Sequence[Character], answer: "Likelihoods", pairs: Counter[str]) -> list[Character]:
    """Return a line's characters, doubtful ones as its neighbors make them likely.

    `answer` says of a part of the crop the probability of each character of its alphabet in each step, one step more at
    both ends.
    """
    likeliest = list(characters)
    for index, character in enumerate(characters):
        if not _is_doubtful(character):
            continue
        before, after = likeliest[index - 1 : index], characters[index + 1 : index + 2]
        times = _Times(pairs, _neighbor(before), _neighbor(after))
        likely, best = character.probability * (1 + times.of(character.text)), character
        for text, probability in _choices(character, answer):
            if (count := times.of(text)) and probability * (1 + count) > likely:
                likely = probability * (1 + count)
                higher = max(probability, character.probability)
                best = replace(character, text=text, probability=higher)
        likeliest[index] = best
    return likeliest


class _Times(Struct, frozen=True):
    """How much likelier a character is between two others; an empty one tells nothing."""

    pairs: Counter[str]
    before: str
    after: str

    def of(self, text: str) -> float:
        beside = [self.before + text] * bool(self.before) + [text + self.after] * bool(self.after)
        return _TIMES_LIKELIER * sum(min(self.pairs[pair], _MAX_TIMES) for pair in beside)


def _choices(character: Character, answer: "Likelihoods") -> Iterator[tuple[str, float]]:
    """Yield the wide characters that were thought of where one stands, and how probably."""
    import numpy as np

    steps, alphabet = answer(character.left, character.right)
    probable = (steps[1:-1] if len(steps) > 2 else steps).max(0)
    best = np.argpartition(-probable, min(_CHOICES, len(alphabet) - 1))[:_CHOICES]
    for index in best.tolist():
        if probable[index] >= _MIN_CHOICE and alphabet[index] and is_wide(alphabet[index]):
            yield alphabet[index], float(probable[index])


def _is_doubtful(character: Character) -> bool:
    return character.probability < _DOUBTFUL and is_wide(character.text)


def _neighbor(beside: Sequence[Character]) -> str:
    """Return the character beside another if it tells of it; an empty text if not."""
    return "".join(one.text for one in beside if one.probability >= _MIN_NEIGHBOR and is_wide(one.text))
