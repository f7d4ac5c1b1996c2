"""Whether letters stand side by side as in the languages of their script (`scripts/letter_pairs.py` made the table)."""

import json
import math
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

_TABLE = Path(__file__).with_name("letter_pairs.json")
_STEPS_PER_UNIT, _MIN_LOGARITHM = (
    8,
    -4,
)  # as in the script: steps of a natural logarithm's unit, and the logarithm of what is never met
_MIN_PAIRS = 8
_RUN = re.compile(r"(.)\1{2,}")  # a sample of a font, or a rule made of letters: no word
_REVERSED = re.compile("[\u0590-\u08ff]")


class Likeness(Struct, frozen=True):
    """How much letters of one script are like a language: the mean, over their pairs, of a natural logarithm.

    It tells how much likelier a pair is in the script's languages than by chance: 0.5 to 1.5 in texts, -1 to -3 where
    letters were exchanged. A word counts once, and a little more the more often it is there.
    """

    characters: int
    pairs: float
    mean: float


class _Script(Struct, frozen=True):
    runs: re.Pattern[str]
    scores: dict[tuple[str, str], float]
    is_reversible: bool


@cache
def _scripts() -> tuple[_Script, ...]:
    scripts = []
    for alphabet, table in json.loads(_TABLE.read_text("utf-8")):
        pairs = ((one, other) for one in alphabet for other in alphabet)
        scores = {
            pair: (ord(code) - ord("0")) / _STEPS_PER_UNIT + _MIN_LOGARITHM
            for pair, code in zip(pairs, table, strict=True)
        }
        scripts.append(_Script(re.compile(f"[{alphabet}]+"), scores, bool(_REVERSED.match(alphabet))))
    return tuple(scripts)


def likenesses(text: str) -> list[Likeness]:
    """Return for each script of which enough is in the text how much like a language it is.

    `text` is in lower case, its letters composed.
    """
    text = _RUN.sub(" ", text)
    likeness_of_each = (_likeness(script, Counter(script.runs.findall(text))) for script in _scripts())
    return [likeness for likeness in likeness_of_each if likeness.pairs >= _MIN_PAIRS]


def _likeness(script: _Script, words: Counter[str]) -> Likeness:
    characters = sum(len(word) * count for word, count in words.items())
    total = forwards = backwards = 0.0
    for word, count in words.items():
        if len(word) < 2:
            continue
        weight = 1 + math.log(count)
        total += weight * (len(word) - 1)
        forwards += weight * sum(script.scores[pair] for pair in pairwise(word))
        if script.is_reversible:  # some layers have Hebrew and Arabic as they stand on the page
            backwards += weight * sum(script.scores[pair] for pair in pairwise(word[::-1]))
    best = max(forwards, backwards) if script.is_reversible else forwards
    return Likeness(characters, total, best / max(total, 1))
