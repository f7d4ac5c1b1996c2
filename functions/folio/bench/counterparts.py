"""What a truth that has no places, or gaps, tells of a word.

A wrong word may be a misreading of what the truth has, or stand where it has nothing: charts, headers and stamps are
often left out.

What is left out is read as well as the rest, and says nothing of whether confidences can be believed. Nor does, by
this, a pattern that is read as writing; so what has no counterpart is counted apart, and not passed over.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from folio.bench.baselines import ReadWord
from folio.bench.scores import covered_share, distance, units
from folio.bench.truth import Truth

_CONTEXT = 2  # characters before and after one, by which its place in a text is found
_MAX_EDITS = 0.5  # of a word's characters, up to which it may be another one misread


def with_counterpart(read: Sequence[ReadWord], right: Sequence[bool], truth: Truth) -> list[bool]:
    """Return which words are right, or are misread: what else the truth has there, or like it, was not read."""
    if truth.words:
        return [
            is_right or any(covered_share(word.box, other.box) for other in truth.words)
            for word, is_right in zip(read, right, strict=True)
        ]
    parts = [units(word.text, truth.by_character) for word in read]
    expected = units(truth.text, truth.by_character)
    unread = Counter(expected) - Counter(
        one for part, is_right in zip(parts, right, strict=True) if is_right for one in part
    )
    if truth.by_character:
        misread = _in_contexts("".join(expected), unread, ["".join(part) for part in parts])
    else:
        misread = [any(_is_like(one, other) for one in part for other in unread) for part in parts]
    return [is_right or is_misread for is_right, is_misread in zip(right, misread, strict=True)]


def by_chance_alone(read: Sequence[ReadWord], truth: Truth) -> list[bool]:
    """Return which words are characters that stand nowhere in the truth beside a neighbor, as far from it, within two.

    Most characters that a long text was misread as stand somewhere else in it.
    """
    if not truth.by_character:
        return [False] * len(read)
    parts = ["".join(units(word.text, by_character=True)) for word in read]
    known = set(_pairs("".join(units(truth.text, by_character=True))))
    text, at, chance = "".join(parts), 0, []
    for part in parts:
        first = max(0, at - _CONTEXT)
        beside = text[first : at + 1 + _CONTEXT]
        chance.append(len(part) == 1 and part.isalpha() and known.isdisjoint(_pairs(beside, at - first)))
        at += len(part)
    return chance


def _is_like(word: str, other: str) -> bool:
    """Return whether one may be the other misread, or a part of it."""
    longer = max(len(word), len(other))
    return word in other or other in word or distance(word, other) <= max(1, int(_MAX_EDITS * longer))


def _in_contexts(text: str, unread: Iterable[str], words: Sequence[str]) -> list[bool]:
    """Return which words stand before, after or between what an unread character of the text does."""
    missing = set(unread)
    contexts: set[tuple[str, str]] = set()
    for index, character in enumerate(text):
        if character in missing:
            contexts |= _contexts(text[max(0, index - _CONTEXT) : index], text[index + 1 : index + 1 + _CONTEXT])
    return [
        not contexts.isdisjoint(
            _contexts("".join(words[max(0, at - _CONTEXT) : at]), "".join(words[at + 1 : at + 1 + _CONTEXT]))
        )
        for at in range(len(words))
    ]


def _contexts(before: str, after: str) -> set[tuple[str, str]]:
    """Return by what a place in a text is found: what is before it, after it, or a little of both."""
    return {
        pair
        for pair in ((before[-_CONTEXT:], ""), ("", after[:_CONTEXT]), (before[-1:], after[:1]))
        if len("".join(pair)) == _CONTEXT
    }


def _pairs(text: str, at: int | None = None) -> Iterator[tuple[str, str, int]]:
    """Yield characters that stand near each other and how far from each other; only with the one that is `at`."""
    for apart in range(1, _CONTEXT + 1):
        for first in range(len(text) - apart):
            if at is None or at in (first, first + apart):
                yield text[first], text[first + apart], apart
