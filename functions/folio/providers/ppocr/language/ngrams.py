"""How likely characters follow others in Chinese and Japanese: counted runs of up to three (`scripts/ngrams.py`).

Shorter runs stand in for those that were never met. Source: Jurafsky and Martin, "Speech and Language Processing", 3.
"""

import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from folio.providers.ppocr.onnx.characters import Character, mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Bytes = NDArray[np.uint8]
    type Numbers = memoryview[int]  # sorted

DIGIT = "0"  # stands for all of them
STEPS_PER_UNIT = 12  # of a natural logarithm
ZEROS = frozenset("〇○")
_PLANES = 4  # bytes of a number
_MAX_KNOWN = 10_000  # answers that are kept: those of a stretch are asked for again, and a process reads many pages
_UNKNOWN = -16.0  # the logarithm of the probability of a character that no text has
# By language: the weight of that logarithm beside that of what the recognizer saw; what each character makes up for, so
# that longer readings are not the unlikelier ones; and the mean of a line that reads as writing: of those below it most
# are none, or misread. Runs of Chinese tell of characters within words alone, those of simplified Chinese nothing of
# traditional: half of its common characters are in none.
_WORTH = {"japanese": (0.7, 3.2, -7.0), "chinese": (0.4, 3.4, -10.0), "traditional": (0.0, 0.0, -10.0)}
_TABLES: Mapping[str, str] = {"traditional": "chinese"}
# Signs that a language writes otherwise: the middle dot of Chinese and Latin letters looks like that of Japanese.
_FORMS: Mapping[str, Mapping[str, str]] = {"japanese": {"·": "・"}}


class Ngrams:
    """The runs of one language, whose characters are known by their index in its alphabet."""

    def __init__(
        self,
        blocks: Iterator[bytes],
        weight: float,
        bonus: float,
        min_likelihood: float,
        forms: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._weight, self.max_worth, self._min_likelihood = weight, bonus, min_likelihood
        self._forms = forms
        self._index = {text: index for index, text in enumerate(next(blocks).decode())}
        self._single, self._after_single = _bytes(next(blocks)), _bytes(next(blocks))
        self._pairs, self._pair, self._after_pair = _numbers(blocks), _bytes(next(blocks)), _bytes(next(blocks))
        self._triples, self._triple = _numbers(blocks), _bytes(next(blocks))
        self._known: dict[tuple[str, str], float] = {}
        self._found: dict[str, int | None] = {}

    def likelihood(self, before: str, text: str) -> float:
        """Return the natural logarithm of how likely a character stands after the last two of those before it."""
        key = before[-2:], text
        if key not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[key] = self._likelihood([self._find(one) for one in key[0]], self._find(text))
        return self._known[key]

    def has(self, text: str) -> bool:
        """Return whether its texts have a character."""
        return self._find(text) is not None

    def form(self, text: str) -> str:
        """Return a character as the language writes it."""
        return self._forms.get(text, text)

    def written(self, characters: list[Character]) -> list[Character]:
        """Return a line's characters as the language writes them."""
        return [replace(one, text=self.form(one.text)) if one.text in self._forms else one for one in characters]

    def worth(self, before: str, text: str) -> float:
        """Return what a character adds to the logarithm of a reading's probability.

        A blank adds nothing, nor does a digit: no text tells which ones stand in a number, and how many. The zero of
        dates (二〇二六) is in no list of words.
        """
        if text.isspace() or text.isdecimal() or text in ZEROS:
            return 0.0
        return self._weight * self.likelihood(before, text) + self.max_worth

    def is_likely(self, text: str) -> bool:
        """Return whether a line reads as writing does."""
        plain = "".join(text.split())
        likely = [self.likelihood(plain[:index], one) for index, one in enumerate(plain)]
        return mean(likely) >= self._min_likelihood

    def _find(self, text: str) -> int | None:
        if text not in self._found:
            plain = unicodedata.normalize("NFKC", text)[:1]
            self._found[text] = self._index.get(DIGIT if plain.isdecimal() else plain)
        return self._found[text]

    def _likelihood(self, before: list[int | None], index: int | None) -> float:
        if index is None:
            return _UNKNOWN
        steps = 0
        if before and (last := before[-1]) is not None:
            pair = _location(self._pairs, last * len(self._index) + index)
            if len(before) == 2 and (first := before[0]) is not None:
                context = _location(self._pairs, first * len(self._index) + last)
                if context is not None:
                    triple = _location(self._triples, context * len(self._index) + index)
                    if triple is not None:
                        return -int(self._triple[triple]) / STEPS_PER_UNIT
                    steps += int(self._after_pair[context])
            if pair is not None:
                return -(steps + int(self._pair[pair])) / STEPS_PER_UNIT
            steps += int(self._after_single[last])
        return max(_UNKNOWN, -(steps + int(self._single[index])) / STEPS_PER_UNIT)


@cache
def ngrams(language: str) -> Ngrams:
    """Return those of `chinese`, of which `traditional` has the characters alone, or `japanese`."""
    content = Path(__file__).with_name(f"{_TABLES.get(language, language)}.ngrams").read_bytes()
    return Ngrams(blocks(content), *_WORTH[language], _FORMS.get(language, {}))


def blocks(content: bytes) -> Iterator[bytes]:
    """Yield the parts of a table as the script has written them."""
    start = 0
    while start < len(content):
        end = start + 4 + int.from_bytes(content[start : start + 4], "little")
        yield zlib.decompress(content[start + 4 : end])
        start = end


def _bytes(block: bytes) -> "Bytes":
    import numpy as np

    return np.frombuffer(block, np.uint8)


def _numbers(blocks: Iterator[bytes]) -> "Numbers":
    """Return sorted numbers of which the file has the bytes of how far they are apart."""
    import numpy as np

    apart = sum(_bytes(next(blocks)).astype(np.int64) << 8 * plane for plane in range(_PLANES))
    return memoryview(np.cumsum(apart))


def _location(numbers: "Numbers", number: int) -> int | None:
    index = bisect_left(numbers, number)
    return index if index < len(numbers) and numbers[index] == number else None
