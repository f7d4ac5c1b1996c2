"""Which words stand as the quick recognizer read them, and which are read again."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, starmap

from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character, least_probability
from folio.providers.ppocr.text.blanks import is_doubtful
from folio.providers.ppocr.text.confidence import is_known
from folio.text.spacing import is_wide

# That the characters of a word that stands have at least; with 0.85 a rare name became another word by the list of
# words. Words of the page's language are right far below that: of 22 on clean public pages with 0.5 to 0.9 all were.
_MIN_PROBABILITY, _MIN_KNOWN_PROBABILITY = 0.93, 0.6
_LIKE_OTHERS = frozenset("ŞşŢţ")  # it writes these for Romanian's Șș and Țț, which it does not have


def unclear_words(characters: Sequence[Character], lexicon: Lexicon | None, min_length: float = 0.0) -> list[slice]:
    """Return the words that do not stand, those side by side as one; `lexicon` has the words of the page's language.

    They are parted by blanks that are sure. What is shorter than `min_length` is taken with a word beside it.
    """
    words = list(_words(characters))
    chosen: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        if _stands(characters[word], lexicon):
            continue
        first = last = index
        while characters[words[last].stop - 1].right - characters[words[first].start].left < min_length:
            if last + 1 < len(words):
                last += 1
            elif first:
                first -= 1
            else:
                break
        if chosen and first <= chosen[-1][1] + 1:
            before = chosen.pop()
            first, last = min(first, before[0]), max(last, before[1])
        chosen.append((first, last))
    return [slice(words[first].start, words[last].stop) for first, last in chosen]


def _stands(word: Sequence[Character], lexicon: Lexicon | None) -> bool:
    if any(is_doubtful(one) or one.text in _LIKE_OTHERS for one in word):
        return False
    lowest = least_probability(word)
    if lowest >= _MIN_PROBABILITY or lexicon is None or lowest < _MIN_KNOWN_PROBABILITY:
        return lowest >= _MIN_PROBABILITY
    return is_known("".join(one.text for one in word), lexicon)


def _words(characters: Sequence[Character]) -> Iterator[slice]:
    """Yield what stands between blanks that are sure; wide characters are words of their own."""
    runs = groupby(range(len(characters)), lambda index: _is_sure_blank(characters[index]))
    for first, *others in (list(run) for is_blank, run in runs if not is_blank):
        apart = [at for at in others if is_wide(characters[at].text) or is_wide(characters[at - 1].text)]
        yield from starmap(slice, pairwise((first, *apart, first + len(others) + 1)))


def _is_sure_blank(character: Character) -> bool:
    return character.text == " " and not is_doubtful(character)
