"""A zero among letters that is an O, and signs that are zeros.

Of an O the recognizer is hardly ever sure, and words in no list are names. A circle or an O among Chinese numerals is
their zero, as in 二〇二六年; among decimals what looks like a zero with a rule through it is one.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from folio.providers.ppocr.onnx.characters import Character
from folio.text.spacing import is_wide

_MAX_PROBABILITY = 0.985  # of a zero that may be an O
_RULED_ZEROS = frozenset("ΦφØøθ")
_MIN_LETTERS = 3  # of a word, besides its zeros
_MIN_LETTERS_AFTER = 5  # of one that begins with a zero before a small letter: 0mcg is an amount

_ZERO, _CIRCLES = "〇", frozenset("○◯Oo〇")
_NUMERALS = frozenset("一二三四五六七八九")
_AFTER_NUMERALS = _NUMERALS | frozenset("年月日")


def with_zeros(characters: Sequence[Character]) -> list[Character]:
    """Return a line's characters, with a Chinese zero for each circle in a number that begins with another numeral."""
    changed = list(characters)
    start = 0
    while start < len(changed):
        end = start
        while end < len(changed) and changed[end].text in _CIRCLES:
            end += 1
        is_between = 0 < start < end < len(changed) and changed[end].text in _AFTER_NUMERALS
        if is_between and changed[start - 1].text in _NUMERALS:
            changed[start:end] = [replace(one, text=_ZERO) for one in changed[start:end]]
        start = end + 1
    return changed


def with_ruled_zeros(characters: Sequence[Character]) -> list[Character]:
    """Return a line's characters, with a zero for each sign of its look behind a decimal point: 4Φ12 is steel."""
    changed = list(characters)
    for index, one in enumerate(changed):
        if one.text not in _RULED_ZEROS:
            continue
        before = "".join(other.text for other in changed[max(0, index - 3) : index])
        after = "".join(other.text for other in changed[index + 1 : index + 3])
        if re.search(r"\d\.\d?$", before) and not re.match(r"\d\d", after):
            changed[index] = replace(one, text="0")
    return changed


def with_letters(characters: Sequence[Character]) -> list[Character]:
    """Return a line's characters, with an O for each doubtful zero in words that are letters otherwise."""
    changed = list(characters)
    if all(one.text != "0" for one in changed):
        return changed
    start = 0
    for end in [*(index for index, one in enumerate(changed) if not _is_of_word(one)), len(changed)]:
        word = changed[start:end]
        if _is_of_letters(word):
            changed[start:end] = [_as_letter(word, index) for index in range(len(word))]
        start = end + 1
    return changed


def _is_of_word(one: Character) -> bool:
    return one.text.isalnum() and not is_wide(one.text)


def _is_of_letters(word: Sequence[Character]) -> bool:
    alphabetic = [one.text for one in word if one.text.isalpha()]
    zeros = [one for one in word if one.text == "0"]
    count = len(alphabetic)
    if not zeros or count + len(zeros) < len(word) or count < max(_MIN_LETTERS, len(zeros) + 1):
        return False
    first = alphabetic[0]
    if word[0].text == "0" and (first == "x" or (first.islower() and count < _MIN_LETTERS_AFTER)):
        return False
    return all(one.probability < _MAX_PROBABILITY for one in zeros)


def _as_letter(word: Sequence[Character], index: int) -> Character:
    """Return a character of a word of letters; a zero is as high as a capital, and so it is one at the beginning."""
    one = word[index]
    if one.text != "0":
        return one
    is_small = index > 0 and word[index - 1].text.islower()
    return replace(one, text="o" if is_small else "O")
