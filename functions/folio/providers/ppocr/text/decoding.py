"""Doubtful stretches of Chinese and Japanese, decided by which characters follow each other in texts.

Of the readings that the recognizer thought of, the one is taken that is likely both by what it saw and as writing. What
it did not think of is never written. Source of the search: Graves, "Supervised sequence labelling with recurrent neural
networks" (2012), 7.5.3.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from folio.providers.ppocr.language.ngrams import ZEROS, Ngrams
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.text.answers import MIN_CHOICE, Answered, Stretch, seen_again
from folio.providers.ppocr.text.ctc import MIN_PROBABILITY, log_probabilities
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

CLEAR, _UNCLEAR = 0.99, 0.95  # probability of a character; below it another may stand there; to be looked at again
_WIDE_GAP = 1.6  # of the usual distance of two characters, between which one may be missing
_MIN_IN_GAP = 0.05  # probability of a character that stands in a gap; in blank ones there is none of 0.001
_READINGS, _CHOICES = 20, 24  # readings that are followed; what a step adds to each
_MIN_NONE = 1e-4  # probability that a step says no character: where one is clear, others would have to follow it
# Of what two looks say, beside each other and texts; both would count whole if their errors had nothing in common.
_FIRST_WEIGHT, _SECOND_WEIGHT = 0.8, 0.4


class _Reading(Struct):
    """A text: its probability with and without a blank at its end, as writing, and the step of each character."""

    with_none: float
    with_last: float
    likelihood: float
    steps: tuple[int, ...]

    @property
    def score(self) -> float:
        return math.log(self.with_none + self.with_last + MIN_PROBABILITY) + self.likelihood


def has_doubtful(characters: Sequence[Character]) -> bool:
    """Return whether a line is one of wide characters, and one of them may be another or missing.

    What the quick recognizer read stands on a clean page.
    """
    is_quick = any(one.source == "quick" for one in characters)
    wide = sum(is_wide(one.text) for one in characters)
    return not is_quick and 2 * wide > len(characters) and any(True for _ in _stretches(characters))


def decided(
    characters: Sequence[Character], line: Answered, ngrams: Ngrams, second: Answered | None = None
) -> list[Character]:
    """Return a line's characters, doubtful ones as their neighbors make them likely; none is surer than before.

    `second` is another look at some of them.
    """
    changed = list(characters)
    for at in reversed(list(_stretches(characters))):
        changed[at] = [replace(one, source="likely") for one in _decided(characters, at, line, ngrams, second)]
    return changed


def unclear_stretches(characters: Sequence[Character]) -> Iterator[slice]:
    """Yield the doubtful stretches that are worth a second look."""
    for at in _stretches(characters):
        if min((one.probability for one in characters[at]), default=0.0) < _UNCLEAR:
            yield at


def _stretches(characters: Sequence[Character]) -> Iterator[slice]:
    """Yield where characters are doubtful, or may be missing, between two that are clear or the line's ends."""
    usual = median([after.center - before.center for before, after in pairwise(characters)] or [0.0])
    start: int | None = None
    for index, one in enumerate(characters):
        if _is_doubtful(characters, index):
            start = index if start is None else start
        elif start is not None:
            yield slice(start, index)
            start = None
        elif index and _has_gap(characters[index - 1], one, usual):
            yield slice(index, index)
    if start is not None:
        yield slice(start, len(characters))


def _is_doubtful(characters: Sequence[Character], index: int) -> bool:
    """Return whether another may stand in the place of a character: of a letter only where it stands alone.

    Between wide characters it may be one of them, `o` the kana の; beside letters and digits it is a part of a name.
    """
    one = characters[index]
    if one.probability >= CLEAR or not _is_writing(one):
        return False
    beside = (*characters[max(0, index - 1) : index], *characters[index + 1 : index + 2])
    return is_wide(one.text) or one.text.isdecimal() or all(is_wide(other.text) for other in beside)


def _has_gap(before: Character, after: Character, usual: float) -> bool:
    return _is_writing(before) and _is_writing(after) and after.center - before.center > _WIDE_GAP * usual


def _is_writing(one: Character) -> bool:
    """Return whether it is no sign: boxes, dashes and brackets follow anything."""
    return one.text.isalnum()


def _is_said(one: Character) -> bool:
    """Return whether a character stands in a gap however unlikely its neighbors make it; a sign does not."""
    return one.probability >= _MIN_IN_GAP and (_is_writing(one) or one.text in ZEROS)


def _decided(
    characters: Sequence[Character], at: slice, line: Answered, ngrams: Ngrams, second: Answered | None
) -> Sequence[Character]:
    """Return the likeliest characters of a stretch; those that are there if no reading goes on as the line does."""
    before, after = characters[: at.start], characters[at.stop : at.stop + 1]
    first = max(0, round(before[-1].right / line.step) - 1) if before else 0  # the last step of the one before
    last = round(after[0].left / line.step) + 1 if after else len(line.probabilities)
    context = "".join(one.text for one in before[-3:-1])
    start, end = ("".join(one.text for one in beside[-1:]) for beside in (before, after))
    parts = [line.part(first, last)]
    if second and (also := _second_part(characters, at, second)):
        parts.append(also)
    candidates: dict[str, tuple[_Reading, Stretch]] = {}
    for part in parts:
        choices = _choices(part.probabilities, part.line.alphabet, ngrams)
        for text, one in _readings(choices, context, start, ngrams).items():
            if len(text) >= len(start) + len(end) and text.endswith(end):
                candidates.setdefault(text, (one, part))
    if not candidates:
        return characters[at]
    scores = _scores(candidates, parts, ngrams)
    ends = len(start), len(end)
    text = max(scores, key=lambda one: scores[one])
    made = _characters(text, ends, candidates[text], characters, at, ngrams)
    longer = [one for one in scores if len(one) > sum(ends)]
    if at.start < at.stop or made or not longer:
        return made
    text = max(longer, key=lambda one: scores[one])
    made = _characters(text, ends, candidates[text], characters, at, ngrams)
    return made if all(_is_said(one) for one in made) else []


def _characters(
    text: str,
    ends: tuple[int, int],
    candidate: tuple[_Reading, Stretch],
    characters: Sequence[Character],
    at: slice,
    ngrams: Ngrams,
) -> list[Character]:
    """Return those of a text without so many at its ends, which stand already; where they stand and how probably."""
    reading, part = candidate
    begins = (*reading.steps, len(part.probabilities))
    columns = part.columns(text, ngrams)
    made = []
    for index in range(ends[0], len(text) - ends[1]):
        probable = columns[text[index]][begins[index] : begins[index + 1]]
        middle = part.middle(begins[index] + int(probable.argmax()), characters)
        made.append(_character(text[index], float(probable.max()), middle, part.line.step, characters[at]))
    return made


def _second_part(characters: Sequence[Character], at: slice, second: Answered) -> Stretch | None:
    """Return what a second look says of a stretch, from the character before it to the one after it."""
    first, last = 0, len(second.probabilities) - 1
    if any(second.middles[index] is None for index in range(at.start, at.stop) if characters[index].text != " "):
        return None
    if at.start:
        if (step := seen_again(characters, at.start - 1, second)) is None:
            return None
        first = step
    if at.stop < len(characters):
        if (step := seen_again(characters, at.stop, second)) is None:
            return None
        last = step
    return second.part(first, last + 1) if first <= last else None


def _scores(
    candidates: Mapping[str, tuple[_Reading, Stretch]], parts: Sequence[Stretch], ngrams: Ngrams
) -> dict[str, float]:
    """Return how likely each text is by all that was seen of it, and as writing."""
    if len(parts) == 1:
        return {text: one.score for text, (one, _) in candidates.items()}
    texts = [*candidates]
    scores = [one.likelihood for one, _ in candidates.values()]
    for part, weight in zip(parts, (_FIRST_WEIGHT, _SECOND_WEIGHT), strict=True):
        none = part.probabilities[:, 0].clip(_MIN_NONE)
        logs = log_probabilities(texts, none, part.columns(set("".join(texts)), ngrams))
        scores = [score + weight * one for score, one in zip(scores, logs, strict=True)]
    return dict(zip(texts, scores, strict=True))


def _character(text: str, probability: float, middle: float, step: float, read: Sequence[Character]) -> Character:
    """Return a character in place of the one of those read that stands there, if any does."""
    original = next((one for one in read if one.left - step <= middle <= one.right + step), None)
    if original is None:
        return Character(text, probability, middle - step, middle + step)
    return original if original.text == text else replace(original, text=text)


def _choices(probabilities: "Floats", alphabet: Sequence[str], ngrams: Ngrams) -> Iterator[list[tuple[str, float]]]:
    """Yield for each step the characters that were thought of, and how probably; an empty text for none."""
    for row in probabilities:
        likely = (row[1:] >= MIN_CHOICE).nonzero()[0] + 1
        if len(likely) > _CHOICES:
            likely = likely[(-row[likely]).argsort()[:_CHOICES]]
        characters = [ngrams.form(alphabet[index]) for index in likely.tolist()]
        yield [("", max(float(row[0]), _MIN_NONE)), *zip(characters, row[likely].tolist(), strict=True)]


def _readings(
    steps: Iterator[list[tuple[str, float]]], context: str, start: str, ngrams: Ngrams
) -> dict[str, _Reading]:
    """Return the most probable texts of some steps that begin with the character before them, which has a context."""
    readings = {start: _Reading(0.0, 1.0, 0.0, (0,)) if start else _Reading(1.0, 0.0, 0.0, ())}
    for step, ((_, none), *choices) in enumerate(steps):
        followed = {
            text: replace(one, with_none=(one.with_none + one.with_last) * none, with_last=0.0)
            for text, one in readings.items()
        }
        # What cannot become one of the readings that are followed is not looked up.
        is_full = len(readings) == _READINGS
        least = min(one.score for one in followed.values()) - ngrams.max_worth if is_full else -math.inf
        for text, one in readings.items():
            _follow(followed, text, one, step, choices, context, ngrams, least)
        readings = dict(sorted(followed.items(), key=lambda item: -item[1].score)[:_READINGS])
        scale = max(one.with_none + one.with_last for one in readings.values())
        for one in readings.values():
            one.with_none, one.with_last = one.with_none / scale, one.with_last / scale
    return readings


def _follow(
    followed: dict[str, _Reading],
    text: str,
    one: _Reading,
    step: int,
    choices: Sequence[tuple[str, float]],
    context: str,
    ngrams: Ngrams,
    least: float,
) -> None:
    """Add what a text becomes with each character of a step, if that is as likely as `least` before it is looked up."""
    every = one.with_none + one.with_last
    for character, probability in choices:
        shorter = every
        if text.endswith(character):
            followed[text].with_last += one.with_last * probability
            shorter = one.with_none
        if not shorter:
            continue
        longer = text + character
        if longer not in followed:
            if math.log(shorter * probability + MIN_PROBABILITY) + one.likelihood < least:
                continue
            likelihood = one.likelihood + ngrams.worth(context + text, character)
            followed[longer] = _Reading(0.0, 0.0, likelihood, (*one.steps, step))
        followed[longer].with_last += shorter * probability
