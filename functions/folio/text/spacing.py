"""Joining words: spaces where a reader expects them, none between Chinese characters."""

import unicodedata
from collections.abc import Sequence

import msgspec

from folio.models import Word

# In line heights. Engines separate Chinese from Latin where the page does not: only a visible gap is a space.
_MIN_WORD_GAP = 0.4
# A gap between two Chinese words wider than this is that of columns.
_MIN_COLUMN_GAP = 1.5


def is_wide(character: str) -> bool:
    """Return whether a character is set solid, as Chinese, Japanese and full-width punctuation are."""
    return unicodedata.east_asian_width(character) in "WF"


def join(words: Sequence[Word]) -> str:
    """Return the text of a line from its words in reading order."""
    if all(word.text.isascii() for word in words):
        return " ".join(word.text for word in words)
    text = ""
    for before, word in zip((None, *words), words, strict=False):
        if before is not None and text and _spaced(before, word):
            text += " "
        text += word.text
    return text


def _spaced(before: Word, word: Word) -> bool:
    wide = is_wide(before.text[-1]) + is_wide(word.text[0])
    if not wide:
        return True
    # The taller of the two: a comma does not tell the height of a line.
    height = max(abs(one.polygon[3][1] - one.polygon[0][1]) for one in (before, word))
    gap = word.polygon[0][0] - before.polygon[1][0]
    solid = wide == 2 or before.text[-1] in _WIDE_SIGNS or word.text[0] in _WIDE_SIGNS  # which include space
    return gap > height * (_MIN_COLUMN_GAP if solid else _MIN_WORD_GAP)


# Engines give much of a Chinese line's punctuation in its Latin form.
_WIDE_FORM = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_WIDE_SIGNS = frozenset(_WIDE_FORM.values())
_OPENING, _CLOSING = "(（", ")）"
_PAUSES = ",;?!"  # between a number and Chinese they are Chinese; a full stop or a bracket may belong to the number


def with_wide_signs(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a line with full-width punctuation where it belongs to Chinese.

    It does after a Chinese character (an opening bracket: before one), unless a Latin letter or a digit follows
    directly; a pause also does before Chinese; and a closing bracket is as wide as its opening one.
    """
    positions = [(index, offset) for index, word in enumerate(words) for offset in range(len(word.text))]
    texts = [list(word.text) for word in words]
    opened: list[bool] = []  # whether the brackets that are open are wide
    for now, (index, offset) in enumerate(positions):
        sign = texts[index][offset]
        if sign not in _WIDE_FORM and sign not in _WIDE_SIGNS:
            continue
        previous, following = positions[now - 1], positions[now + 1] if now + 1 < len(positions) else None
        before = texts[previous[0]][previous[1]] if now else ""
        after = texts[following[0]][following[1]] if following else ""
        attached = following is not None and following[0] == index and after.isascii() and after.isalnum()
        wide = not attached and _belongs_to_chinese(sign, before, after)
        if sign in _CLOSING and opened:
            wide = opened.pop() or wide
        if wide:
            texts[index][offset] = _WIDE_FORM.get(sign, sign)
        if sign in _OPENING:
            opened.append(texts[index][offset] == _OPENING[1])
    return tuple(
        word if "".join(text) == word.text else msgspec.structs.replace(word, text="".join(text))
        for word, text in zip(words, texts, strict=True)
    )


def _belongs_to_chinese(sign: str, before: str, after: str) -> bool:
    if sign in _PAUSES and after and is_wide(after):
        return True
    beside = after if sign in _OPENING else before
    return bool(beside) and is_wide(beside)
