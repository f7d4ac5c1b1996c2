"""Words of languages, by which a doubtful reading is decided: the lists of the package `pyspellchecker`.

Each holds 80,000 to 420,000 words and how often films say them. Kept are numbers made of the words and how likely each
is, 12 bytes a word.
"""

import gzip
import math
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Numbers = NDArray[np.int64]  # sorted
    type Logarithms = NDArray[np.float32]

_PACKAGE = "spellchecker"
_COMMON = 50_000  # words of a language, its most frequent ones, and all that are said as often as the last of them
_SHORT, _SHORT_COMMON = 3, 500  # characters of a word, and how many of those so short are common
_PAGE_FREQUENCY = math.log(1e-4)  # of a page's words by one that is clear elsewhere on it
_PART_BYTES = 500_000  # of a list that is decoded at once
# By Tesseract's names: the list of the language, and words that most of its pages have and those of others have not.
_LANGUAGES = {
    "eng": ("en", "the of and to for that with by this from please is you your thank cash tax invoice amount receipt"),
    "deu": ("de", "die und das ist von mit nicht eine auf für zu dem werden bei wir ihre rechnung betrag summe"),
    "fra": ("fr", "les des et est une pour dans du au sur pas qui sont vous votre avec montant facture merci"),
    "spa": ("es", "los el las del y con por para que una como su importe gracias factura fecha"),
    "ita": ("it", "il di che della per gli è sono nel alla dei un importo grazie fattura totale"),
    "por": ("pt", "os da em um uma para não dos das ao mais são valor obrigado fatura"),
    "nld": ("nl", "het een van en dat niet voor zijn aan met ook wordt bedrag factuur totaal btw"),
}
_MIN_TYPICAL = 3  # different ones, for a page to be in a language


class Lexicon(Struct, frozen=True):
    """One language's words."""

    known: "Numbers"
    common: "Numbers"
    log_frequencies: "Logarithms"  # of the known ones: natural logarithm of how many of a text's words are that one

    def has(self, word: str) -> bool:
        """Return whether it is a word, whatever its case."""
        return _is_among(word, self.known)

    def is_common(self, word: str) -> bool:
        """Return whether it is among the frequent words, whatever its case; short ones are to be very frequent."""
        return _is_among(word, self.common)

    def log_frequency(self, word: str) -> float | None:
        """Return the natural logarithm of how many of a text's words are that one, None if it is no word."""
        index = _index(word, self.known)
        return None if index is None else float(self.log_frequencies[index])

    def with_words(self, words: Iterable[str]) -> "Lexicon":
        """Return the list with some more words, which are common."""
        import numpy as np

        numbers = np.array(sorted(hash(word.casefold()) for word in words), np.int64)
        at = np.searchsorted(self.known, numbers)
        known, logarithms = np.insert(self.known, at, numbers), np.insert(self.log_frequencies, at, _PAGE_FREQUENCY)
        return Lexicon(known, np.insert(self.common, np.searchsorted(self.common, numbers), numbers), logarithms)


def find_language(words: Iterable[str], languages: Collection[str]) -> str | None:
    """Return in which of the languages words are, None if in none that there is a list of."""
    read = {word.casefold() for word in words}
    counts = {name: len(read.intersection(typical.split())) for name, (_, typical) in _LANGUAGES.items()}
    asked = {name: count for name, count in counts.items() if name in languages}
    best = max(asked, key=lambda name: asked[name], default=None)
    return best if best is not None and asked[best] >= _MIN_TYPICAL else None


def find_lexicon(words: Iterable[str], languages: Collection[str]) -> Lexicon | None:
    """Return the list of the language that words are in; None if that is none of the languages, or has no list."""
    language = find_language(words, languages)
    return lexicon(language) if language else None


@cache
def lexicon(language: str) -> Lexicon | None:
    """Return a language's words, None where its list is not installed."""
    import numpy as np

    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "resources" / f"{_LANGUAGES[language][0]}.json.gz"
    parts = []
    for part in _parts(gzip.decompress(path.read_bytes())):
        words = msgspec.json.decode(part, type=dict[str, int])
        columns = map(hash, words), words.values(), map(len, words)
        parts.append(np.stack([np.fromiter(column, np.int64, len(words)) for column in columns]))
    numbers, often, lengths = np.concatenate(parts, 1)
    is_short = lengths <= _SHORT
    common = []
    for chosen, count in ((is_short, _SHORT_COMMON), (~is_short, _COMMON)):
        least = np.sort(often[chosen])[-min(count, chosen.sum())]
        common.append(numbers[chosen & (often >= least)])
    order, logarithms = np.argsort(numbers), np.log(np.maximum(often, 1) / often.sum()).astype(np.float32)
    return Lexicon(numbers[order], np.sort(np.concatenate(common)), logarithms[order])


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield a JSON object with an entry on each line in smaller ones, which take less memory."""
    start, end = content.index(b"{") + 1, content.rindex(b"}")
    while start < end:
        newline = content.find(b"\n", start + _PART_BYTES, end)
        stop = newline if newline > 0 else end
        yield b"{" + content[start:stop].strip().rstrip(b",") + b"}"
        start = stop


def _is_among(word: str, numbers: "Numbers") -> bool:
    return _index(word, numbers) is not None


def _index(word: str, numbers: "Numbers") -> int | None:
    import numpy as np

    number = hash(word.casefold())
    index = int(np.searchsorted(numbers, number))
    return index if index < len(numbers) and int(numbers[index]) == number else None
