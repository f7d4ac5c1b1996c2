"""Blanks that the quick recognizer is not sure of, told by its own doubt and the ink together.

It seldom mistakes letters and often hesitates at blanks, most of which the gap in the ink tells.
"""

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.ink import Ink
from folio.text.spacing import is_wide

# Probabilities of a blank between which it is not known whether there is one.
DOUBTFUL = (0.2, 0.85)
# Odds of a blank times its gap, in the widest gap of the line that is none. Fitted to what the larger network says of
# 217 doubtful ones of public pages: 70% are decided, 5% of them otherwise; by the probability alone 20% are told so.
_MIN_ODDS, _MAX_ODDS = 3.0, 0.6
_MIN_GAPS = 4  # between letters, of which the widest is meant
_MIN_WIDEST, _MIN_GAP = 0.08, 0.02  # in heights of the crop


def is_doubtful(character: Character) -> bool:
    return DOUBTFUL[0] < character.blank < DOUBTFUL[1]


def with_blanks_by_ink(characters: Sequence[Character], image: Grey) -> list[Character]:
    """Return a line's characters, of its doubtful blanks those written that the ink has and those left out that it has
    not; what it does not tell either stays as it is."""
    if not any(is_doubtful(one) for one in characters):
        return list(characters)
    printed = [index for index, one in enumerate(characters) if one.text != " "]
    ink = Ink(image)
    pairs = [(before, after, _gap(ink, characters[before], characters[after])) for before, after in pairwise(printed)]
    within = [gap for _, after, gap in pairs if characters[after].blank <= DOUBTFUL[0]]
    if len(within) < _MIN_GAPS:
        return list(characters)
    widest = max(_MIN_WIDEST, *within)
    changed = list(characters)
    for before, after, gap in reversed(pairs):
        first, last = characters[before], characters[after]
        if not is_doubtful(last) or is_wide(first.text) or is_wide(last.text):
            continue
        odds = last.blank / (1 - last.blank) * gap / widest
        if odds >= _MIN_ODDS:
            blank = Character(" ", 1.0, first.right, last.left, 1.0, last.source)
            changed[before + 1 : after + 1] = [blank, replace(last, blank=1.0)]
        elif odds <= _MAX_ODDS:
            changed[before + 1 : after + 1] = [replace(last, blank=0.0)]
    return changed


def _gap(ink: Ink, before: Character, after: Character) -> float:
    """Return the widest gap in the ink between two characters, in heights of the crop; not 0."""
    start, end = ink.gap(before.center, after.center) or (0.0, 0.0)
    return max(_MIN_GAP, float(end - start) / float(ink.height))
