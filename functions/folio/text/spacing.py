"""Joining words: spaces where a reader expects them, none between Chinese characters."""

import math
import unicodedata
from collections.abc import Sequence

import msgspec

from folio.models import Word

# In line heights. Engines separate Chinese from Latin where the page does not: only a visible gap is a space.
_MIN_WORD_GAP = 0.4
# Between the parts of a word, whose lower one is a superscript, a subscript or small capitals.
_MAX_TOUCH, _MAX_OVERLAP, _MAX_PART_HEIGHT = 0.05, 0.3, 0.9
# A gap between two Chinese words wider than this is that of columns.
_MIN_COLUMN_GAP = 1.5


def is_wide(character: str) -> bool:
    """Return whether a character is set solid, as Chinese, Japanese and full-width punctuation are."""
    return unicodedata.east_asian_width(character) in "WF"


def join(words: Sequence[Word], min_word_gap: float = _MIN_WORD_GAP, *, parts_touch: bool = False) -> str:
    """Return the text of a line from its words in reading order.

    `min_word_gap` is the gap between Chinese and Latin, in heights of the line, that is a space. With `parts_touch`
    words of different heights without a gap are one: `H`, a low `2` and `O`.
    """
    if not parts_touch and all(word.text.isascii() for word in words):
        return " ".join(word.text for word in words)
    text = ""
    for before, word in zip((None, *words), words, strict=False):
        if before is not None and text and _spaced(before, word, min_word_gap, parts_touch=parts_touch):
            text += " "
        text += word.text
    return text


def _spaced(before: Word, word: Word, min_word_gap: float, *, parts_touch: bool) -> bool:
    wide = is_wide(before.text[-1]) + is_wide(word.text[0])
    if not wide and not parts_touch:
        return True
    # The taller of the two: a comma does not tell the height of a line.
    lower, height = sorted(math.dist(one.polygon[0], one.polygon[3]) for one in (before, word))
    if not wide:
        is_touching = -_MAX_OVERLAP * height <= _gap(before, word) <= _MAX_TOUCH * height
        is_part = is_touching and lower < _MAX_PART_HEIGHT * height
        return not is_part or (before.text[-1].isdigit() and word.text[0].isdigit())
    solid = wide == 2 or before.text[-1] in _WIDE_SIGNS or word.text[0] in _WIDE_SIGNS  # which include space
    return _gap(before, word) > height * (_MIN_COLUMN_GAP if solid else min_word_gap)


def _gap(before: Word, word: Word) -> float:
    """Return the gap between two words along the line, which may run sideways or upside down."""
    (x, y), (end_x, end_y), (start_x, start_y) = before.polygon[0], before.polygon[1], word.polygon[0]
    length = math.dist((x, y), (end_x, end_y)) or 1.0
    return ((start_x - end_x) * (end_x - x) + (start_y - end_y) * (end_y - y)) / length


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
