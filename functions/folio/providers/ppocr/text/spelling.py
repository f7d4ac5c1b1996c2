"""Doubtful words decided by a list of words: of what the recognizer thought of, a common word, if it is likely enough.

Blurred words, short and known ones too, are decided by how often texts have each: what it thinks of them says little.
What it did not think of is never written, and a word that it is sure of stays, in the list or not: names, numbers and
codes do. Source of the search: Graves, "Supervised sequence labelling with recurrent neural networks" (2012), 7.5.3.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from folio.providers.ppocr.language.lexicon import Lexicon
from folio.providers.ppocr.onnx.characters import Character, least_probability

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

# Measured on public forms, recall and precision 93.5 / 92.1: with 10 instead of 30 94.5 / 93.1, with 30 94.8 / 93.4,
# with 100 94.9 / 93.5 and the first right word lost. Of 62 words that became others 52 were then right, none had been.
_TIMES_LIKELIER = 30.0  # a common word is than what is none
_TIMES_LIKELIER_NUMBER = 5.0  # digits alone are than digits with one letter among them, such as an O
_MAX_PROBABILITY = 0.985  # of the least probable character of a doubtful word
# Letters of a word that tells how others on its page are spelled; and the least of their probabilities where it is
# read twice, so that no doubtful word is its own witness.
_MIN_CLEAR_LENGTH, _REPEATED_PROBABILITY = 5, 0.7
# Of a blurred word's least probable character; the least letters of one. Logarithms: of how many of a text's words are
# one that is in no list, of so many letters; by which a reading is to be likelier than what was read.
_BLURRED, _MIN_BLURRED_LENGTH = 0.9, 2
_UNLISTED, _UNLISTED_LETTER, _MIN_LIKELIER = -13.0, -0.5, 2.0
_MIN_LENGTH = 3  # letters; at most one of a word is something else, such as a 0 for an O
_BEAMS, _CHOICES, _MIN_CHOICE = 16, 8, 0.003  # readings that are followed; what a step adds to each, and how probably
_MAX_CONFIDENCE = 0.98
_MIN_READING = 1e-9  # probability of what was read and is not among the readings


def has_doubt(characters: Sequence[Character]) -> bool:
    """Return whether a line has a character that a list of words may decide."""
    return any(min(one.probability, 1 - one.missed) <= _MAX_PROBABILITY for one in characters)


def clear_words(lines: Iterable[Sequence[Character]]) -> set[str]:
    """Return the words of a page that are clear, or were read twice: names are in no list, and a text repeats them.

    What begins or ends a line may be a part of a word.
    """
    times: Counter[str] = Counter()
    for line in lines:
        for at in list(_words(line))[1:-1]:
            core, least = _core(_text(line[at])), min(one.probability for one in line[at])
            if least >= _REPEATED_PROBABILITY and len(core) >= _MIN_CLEAR_LENGTH and core.isalpha():
                times[core.casefold()] += 2 if least > _MAX_PROBABILITY else 1
    return {word for word, count in times.items() if count > 1}


def doubtful_words(characters: Sequence[Character], lexicon: Lexicon) -> list[slice]:
    """Return where in a line words are that are doubtful and not in the list."""
    return [at for at in _words(characters) if _is_doubtful(characters[at], lexicon) or _is_blurred(characters, at)]


def respelled(
    characters: Sequence[Character],
    words: Sequence[slice],
    answer: "Callable[[float, float], tuple[Floats, Sequence[str]]]",
    lexicon: Lexicon,
) -> list[Character]:
    """Return a line's characters with those of `words` instead that the list decides for.

    `answer` gives for a part of the crop a probability for each step and each character of an alphabet, and this.
    """
    changed = list(characters)
    for at in reversed(words):
        word = characters[at]
        text, readings = _text(word), _readings(*answer(word[0].left, word[-1].right))
        if likelier := _likelier(text, readings, lexicon) or (
            _is_blurred(characters, at) and _most_likely(text, readings, lexicon)
        ):
            changed[at] = _spread(*likelier, word)
    return changed


def _words(characters: Sequence[Character]) -> Iterator[slice]:
    for is_blank, run in groupby(range(len(characters)), lambda index: characters[index].text == " "):
        indices = list(run)
        if not is_blank:
            yield slice(indices[0], indices[-1] + 1)


def _is_doubtful(word: Sequence[Character], lexicon: Lexicon) -> bool:
    if least_probability(word) > _MAX_PROBABILITY or word[-1].text == "-":
        return False
    core = _core(_text(word))
    if len(core) < _MIN_LENGTH:
        return False
    alphabetic = sum(map(str.isalpha, core))
    return (alphabetic == 1 and _is_number(core)) or (alphabetic >= len(core) - 1 and not lexicon.has(core))


def _is_blurred(characters: Sequence[Character], at: slice) -> bool:
    """Return whether a word of letters, of which one at most was read as something else, is far from clear.

    What begins or ends a line may be a part of a word.
    """
    word = characters[at]
    if at.start == 0 or at.stop == len(characters) or word[-1].text == "-":
        return False
    core = _core(_text(word))
    is_of_letters = sum(map(str.isalpha, core)) >= max(1, len(core) - 1)
    return is_of_letters and len(core) >= _MIN_BLURRED_LENGTH and least_probability(word) < _BLURRED


def _most_likely(text: str, readings: dict[str, float], lexicon: Lexicon) -> tuple[str, float] | None:
    """Return the likeliest reading as seen and as a text's word, and how probably it is right, if not what was read.

    Shorter ones are likelier as words, and mostly what was read without a letter.
    """
    length = len(_core(text))
    likely = {
        reading: math.log(max(probability, _MIN_READING)) + _log_frequency(_core(reading), lexicon)
        for reading, probability in {text: 0.0, **readings}.items()
        if len(_core(reading)) >= length
    }
    best = max(likely, key=lambda one: likely[one])
    if best == text or likely[best] < likely[text] + _MIN_LIKELIER:
        return None
    every = sum(math.exp(one - likely[best]) for one in likely.values())
    return best, min(_MAX_CONFIDENCE, 1 / every)


def _log_frequency(core: str, lexicon: Lexicon) -> float:
    """Return the logarithm of how many of a text's words are that one."""
    is_whole = core.isupper() or core[1:].islower() or len(core) == 1
    listed = lexicon.log_frequency(core) if is_whole else None
    return _UNLISTED + _UNLISTED_LETTER * len(core) if listed is None else listed


def _is_number(core: str) -> bool:
    """Return whether a word has digits and signs between them, and one letter at most."""
    return sum(map(str.isdigit, core)) >= _MIN_LENGTH - 1 and sum(map(str.isalpha, core)) <= 1


def _likelier(text: str, readings: dict[str, float], lexicon: Lexicon) -> tuple[str, float] | None:
    """Return the most probable reading that is a common word, and how probably it is right, if it is likelier."""
    unchanged = readings.get(text, 0.0)
    for reading, probability in sorted(readings.items(), key=lambda one: -one[1]):
        core = _core(reading)
        if times := _times_likelier(core, lexicon):
            likely = probability * times
            return (reading, min(_MAX_CONFIDENCE, likely / (likely + unchanged))) if likely >= unchanged else None
    return None


def _times_likelier(core: str, lexicon: Lexicon) -> float:
    """Return how much likelier a word is than what is none; 0 for what is none."""
    if len(core) < _MIN_LENGTH:
        return 0.0
    if _is_number(core) and not any(map(str.isalpha, core)):
        return _TIMES_LIKELIER_NUMBER
    is_whole = core.isalpha() and (core.isupper() or core[1:].islower())
    return _TIMES_LIKELIER if is_whole and lexicon.is_common(core) else 0.0


def _readings(answer: "Floats", alphabet: Sequence[str]) -> dict[str, float]:
    """Return the most probable texts of some steps, of which the first of the alphabet writes none."""
    import numpy as np

    beams = {"": (1.0, 0.0)}  # probability of a text that ends with none, and of one that ends with its last character
    for probabilities in answer:
        best = np.argpartition(-probabilities, min(_CHOICES, len(alphabet) - 1))[:_CHOICES]
        choices = [(alphabet[index], float(probabilities[index])) for index in best.tolist()]
        beams = _followed(beams, [choice for choice in choices if choice[1] >= _MIN_CHOICE])
    readings: dict[str, float] = {}
    for text, ends in beams.items():
        readings[text.strip()] = readings.get(text.strip(), 0.0) + sum(ends)
    return readings


def _followed(
    beams: dict[str, tuple[float, float]], choices: Sequence[tuple[str, float]]
) -> dict[str, tuple[float, float]]:
    ends: dict[str, list[float]] = {}
    for text, (with_none, with_last) in beams.items():
        for character, probability in choices:
            if not character:
                ends.setdefault(text, [0.0, 0.0])[0] += (with_none + with_last) * probability
            elif text.endswith(character):
                ends.setdefault(text, [0.0, 0.0])[1] += with_last * probability
                ends.setdefault(text + character, [0.0, 0.0])[1] += with_none * probability
            else:
                ends.setdefault(text + character, [0.0, 0.0])[1] += (with_none + with_last) * probability
    best = sorted(ends.items(), key=lambda one: -sum(one[1]))[:_BEAMS]
    return {text: (with_none, with_last) for text, (with_none, with_last) in best}


def _spread(text: str, probability: float, word: Sequence[Character]) -> list[Character]:
    """Return the characters of a text, evenly from the middle of the word's first one to that of its last."""
    start, end = word[0].center, word[-1].center
    half = (word[0].right - word[0].left) / 2
    distance = (end - start) / max(1, len(text) - 1)
    middles = [start + distance * index for index in range(len(text))]
    return [
        Character(one, probability, middle - half, middle + half, word[0].blank if not index else 0.0, "spelled")
        for index, (one, middle) in enumerate(zip(text, middles, strict=True))
    ]


def _text(word: Sequence[Character]) -> str:
    return "".join(one.text for one in word)


def _core(text: str) -> str:
    """Return a word without the signs around it."""
    indices = [index for index, one in enumerate(text) if one.isalnum()]
    return text[indices[0] : indices[-1] + 1] if indices else ""
