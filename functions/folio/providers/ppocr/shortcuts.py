"""Ways to read lines in a part of the time, which are tried first, and which words are read again after them."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from folio.providers.ppocr.characters import Character, mean_probability
from folio.providers.ppocr.networks import Networks
from folio.providers.ppocr.recognizer import Recognizer
from folio.providers.ppocr.trials import Trials

_LONG_RATIO = 8  # of width to height; of shorter lines too little is there to tell a letter by
_NARROWED, _NARROWED_PROBABILITY = 0.8, 0.95
# A word stands as the quick recognizer read it if its characters have this probability, those of a long line more.
_QUICK_PROBABILITY, _QUICK_LONG_PROBABILITY = 0.85, 0.93
# On pages where fewer of the letters and signs are clear, so many of them counted, it is wrong also where it is sure.
# Of public pages that it reads well 96.9% and more are clear, of forms and receipts 95.7% and less.
_QUICK_CLEAR, _QUICK_SHARE, _QUICK_FIRST = 0.95, 0.963, 400
_QUICK_BLANK = (0.2, 0.85)  # probabilities of a blank between which it does not know whether there is one
_LIKE_OTHERS = frozenset("ŞşŢţ")  # it writes these for Romanian's Șș and Țț, which it does not have


class Shortcut(Struct, frozen=True):
    """A way to read lines in a part of the time, which is tried first; what is not clear so is read again.

    It is given up on a page where too few of its `trials` are clear: of the lines, or of all their characters if it
    reads `by_character`; then what it read is not kept either. `for_words` is how single words are read again.
    """

    recognizer: Recognizer
    fraction: float  # of the width of a line
    min_ratio: float  # of width to height, of the lines it is for
    trials: Trials
    by_character: bool
    for_words: "Shortcut | None" = None

    def is_clear(self, characters: Sequence[Character], ratio: float) -> bool:
        """Return whether a line of that ratio of width to height stands as it was read."""
        if not self.by_character:
            return mean_probability(characters) >= _NARROWED_PROBABILITY
        least = _least(ratio)
        return bool(characters) and all(_is_sure(one, least) for one in characters)

    def count(self, characters: Sequence[Character], ratio: float) -> None:
        """Count one more line."""
        if self.by_character:
            printed = [one.probability for one in characters if one.text != " "]
            self.trials.count_many(len(printed), gained=sum(one >= _QUICK_CLEAR for one in printed))
        else:
            self.trials.count(gained=self.is_clear(characters, ratio))


def shortcuts(networks: Networks) -> tuple[Shortcut, ...]:
    """Return the shortcuts for the lines of one page."""
    rough, quick = networks.rough_recognizer, networks.quick_recognizer
    narrowed = Shortcut(rough, _NARROWED, _LONG_RATIO, Trials(_NARROWED), by_character=False)
    if quick is None:
        return (narrowed,)
    words = Shortcut(rough, 1.0, 0.0, Trials(_NARROWED), by_character=False)
    trials = Trials(_QUICK_SHARE, _QUICK_FIRST)
    return Shortcut(quick, 1.0, 0.0, trials, by_character=True, for_words=words), narrowed


def unclear_words(characters: Sequence[Character], ratio: float, min_length: float) -> list[slice]:
    """Return the words of which the quick recognizer is not sure, those side by side as one.

    They are parted by blanks of which it is sure. What is shorter than `min_length` is taken with a word beside it.
    """
    least = _least(ratio)
    runs = groupby(range(len(characters)), lambda at: characters[at].text == " " and _is_sure(characters[at], least))
    words = [(run[0], run[-1] + 1) for run in (list(indices) for is_blank, indices in runs if not is_blank)]
    chosen: list[tuple[int, int]] = []
    for index, (start, stop) in enumerate(words):
        if all(_is_sure(one, least) for one in characters[start:stop]):
            continue
        first = last = index
        while characters[words[last][1] - 1].right - characters[words[first][0]].left < min_length:
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
    return [slice(words[first][0], words[last][1]) for first, last in chosen]


def _least(ratio: float) -> float:
    return _QUICK_LONG_PROBABILITY if ratio >= _LONG_RATIO else _QUICK_PROBABILITY


def _is_sure(character: Character, least: float = _QUICK_PROBABILITY) -> bool:
    """Return whether a character stands as the quick recognizer read it."""
    is_blank_doubtful = _QUICK_BLANK[0] < character.blank < _QUICK_BLANK[1]
    return character.probability >= least and not is_blank_doubtful and character.text not in _LIKE_OTHERS
