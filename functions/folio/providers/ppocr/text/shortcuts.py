"""Ways to read lines in a part of the time, which are tried first."""

import math
from collections.abc import Sequence

from msgspec import Struct

from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character, mean_probability
from folio.providers.ppocr.onnx.networks import Networks
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.text.trials import Trials
from folio.providers.ppocr.text.trust import unclear_words

_LONG_RATIO = 8  # of width to height; of shorter lines too little is there to tell a letter by
_SHORT, _LONG, _ANY = (0.0, _LONG_RATIO), (_LONG_RATIO, math.inf), (0.0, math.inf)
_NARROWED, _NARROWED_PROBABILITY = 0.8, 0.95
# Of 1025 short lines of receipts, forms and tables 854 are as clear as this in whole numbers, and two of these are not
# what they are exactly.
_ROUGH_PROBABILITY = 0.97
_QUICK_NARROWED = 0.85  # narrowed so, the quick recognizer is surer of its blanks, and no less of letters
# On pages where fewer of the letters and signs are clear, so many of them counted, it is wrong also where it is sure.
# Of public pages that it reads well 96.9% and more are clear, of forms and receipts 95.7% and less.
_QUICK_CLEAR, _QUICK_SHARE, _QUICK_FIRST = 0.95, 0.963, 200


class Shortcut(Struct, frozen=True):
    """A way to read lines in a part of the time, which is tried first; what is not clear so is read again.

    It is given up on a page where too few of its `trials` are clear: of the lines, or of all their characters if it
    reads `by_character`; then what it read is not kept either. `for_words` is how single words are read again.
    """

    recognizer: Recognizer
    fraction: float  # of the width of a line
    ratios: tuple[float, float]  # of width to height: the least of the lines it is for, and that from which it is not
    trials: Trials
    by_character: bool
    least: float = _NARROWED_PROBABILITY  # on average, of a line that is clear, unless `by_character`
    for_words: "Shortcut | None" = None

    def is_clear(self, characters: Sequence[Character], lexicon: Lexicon | None = None) -> bool:
        """Return whether a line stands as it was read; `lexicon` has the words of the page's language."""
        if not self.by_character:
            return mean_probability(characters) >= self.least
        return bool(characters) and not unclear_words(characters, lexicon)

    def count(self, characters: Sequence[Character]) -> None:
        """Count one more line."""
        if self.by_character:
            printed = [one.probability for one in characters if one.text != " "]
            self.trials.count_many(len(printed), gained=sum(one >= _QUICK_CLEAR for one in printed))
        else:
            self.trials.count(gained=self.is_clear(characters))


def shortcuts(networks: Networks) -> tuple[Shortcut, ...]:
    """Return the shortcuts for the lines of one page."""
    rough, quick = networks.rough_recognizer, networks.quick_recognizer
    narrowed = Shortcut(rough, _NARROWED, _LONG, Trials(_NARROWED), by_character=False)
    short = Shortcut(rough, 1.0, _SHORT, Trials(networks.rough_share), by_character=False, least=_ROUGH_PROBABILITY)
    if quick is None:
        return narrowed, short
    words = Shortcut(rough, 1.0, _ANY, Trials(_NARROWED), by_character=False)

    def quickly(ratios: tuple[float, float]) -> Shortcut:
        trials = Trials(_QUICK_SHARE, _QUICK_FIRST)
        return Shortcut(quick, _QUICK_NARROWED, ratios, trials, by_character=True, for_words=words)

    return quickly(_LONG), quickly(_SHORT), narrowed, short
