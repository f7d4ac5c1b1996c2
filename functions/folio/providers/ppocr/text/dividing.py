"""Where letters are parted that the recognizer wrote without a blank: by the ink, and by a list of words.

Monospaced print has wide gaps beside its narrow letters, and tight print hardly any between its words.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import combinations, pairwise

from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character

_MIN_LENGTH = 4  # letters of a word that is put together again
# Of words written as one: how many, what the recognizer gave for each blank between them at least, and on average.
_MAX_PARTS, _MIN_BLANK, _MIN_MEAN_BLANK = 3, 0.002, 0.005
_LETTERS = "aeiouy"  # that are words, in some language that the list of words is of


def blanks_by_words(characters: Sequence[Character], blanks: Set[int], lexicon: Lexicon) -> set[int]:
    """Return the indices of letters before which there is a blank, of those that the ink has and a few more.

    A blank of the ink is none where the letters around it are a word and those beside it are not. There is one where
    common words are written as what is no word, if the recognizer thought of a blank there.
    """
    decided = set(blanks)
    for start, end in _written(characters):
        cuts = [start, *sorted(index for index in blanks if start < index < end), end]
        decided -= _within_words(characters, cuts, lexicon)
        remaining = [cut for cut in cuts if cut in decided or cut in (start, end)]
        decided.update(*(_missing_blanks(characters, *word, lexicon) for word in pairwise(remaining)))
    return decided


def _written(characters: Sequence[Character]) -> Iterator[tuple[int, int]]:
    """Yield where what stands between blanks that the recognizer wrote begins and ends."""
    edges = [-1, *(index for index, one in enumerate(characters) if one.text == " "), len(characters)]
    yield from ((before + 1, after) for before, after in pairwise(edges) if after > before + 1)


def _within_words(characters: Sequence[Character], cuts: Sequence[int], lexicon: Lexicon) -> set[int]:
    """Return the cuts that lie within words, the longest words first."""
    parts = len(cuts) - 1
    for count in range(parts, 1, -1):
        for first in range(parts - count + 1):
            between = cuts[first : first + count + 1]
            if _is_one_word([_text(characters, *part) for part in pairwise(between)], lexicon):
                before, after = cuts[: first + 1], cuts[first + count :]
                others = _within_words(characters, before, lexicon) | _within_words(characters, after, lexicon)
                return others | set(between[1:-1])
    return set()


def _is_one_word(parts: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether parts make a word and are not words themselves; signs stand at its ends only."""
    word = "".join(parts).strip(_SIGNS)
    if len(word) < _MIN_LENGTH or not word.isalpha() or not lexicon.has(word):
        return False
    return not all(lexicon.is_common(part.strip(_SIGNS)) for part in parts)


def _missing_blanks(characters: Sequence[Character], start: int, end: int, lexicon: Lexicon) -> tuple[int, ...]:
    """Return where common words are written as one that is none."""
    text = _text(characters, start, end)
    word = text.strip(_SIGNS)
    if not word.isalpha() or len(word) < _MIN_LENGTH or lexicon.has(word):
        return ()
    first = start + text.index(word)
    last = first + len(word)
    locations = [index for index in range(first + 1, last) if characters[index].blank >= _MIN_BLANK]
    divisions = [
        cuts
        for count in range(1, _MAX_PARTS)
        for cuts in combinations(locations, count)
        if sum(characters[cut].blank for cut in cuts) >= _MIN_MEAN_BLANK * count
        and all(_is_common(_text(characters, *part), lexicon) for part in pairwise((first, *cuts, last)))
    ]
    return max(divisions, key=lambda cuts: min(characters[cut].blank for cut in cuts), default=())


def _is_common(word: str, lexicon: Lexicon) -> bool:
    return lexicon.is_common(word) and (len(word) > 1 or word.casefold() in _LETTERS)


def _text(characters: Sequence[Character], start: int, end: int) -> str:
    return "".join(one.text for one in characters[start:end])


_SIGNS = "()[]{}.,;:!?\"'*-/"
