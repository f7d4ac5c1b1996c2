"""Which rows of a column belong together: paragraphs, by where rows begin and end, their heights and the gaps."""

import re
from collections.abc import Sequence
from statistics import median

from folio.structure.layout.frame import Row
from folio.text.joining import is_divided
from folio.text.spacing import is_wide

_MAX_HEIGHT_RATIO = 1.35  # between two rows of a paragraph: engines box rows with descenders and without differently
_MIN_GAP = 0.28  # heights more than between most rows, that part paragraphs
_MIN_OVER_MEDIAN = 1.5  # and at least so much of the white space between most rows
_MAX_GAP = 2.2  # heights between two rows of a paragraph, whatever the others have: typewritten, double spaced
_MIN_INDENT = 0.8  # heights
_NEAR = 12  # rows above and below one, among which the edge of the column is looked for
_MIN_SLACK = 0.8  # heights more than the next row's first word, that a row would have had room for

BULLET = re.compile(r"[•·▪■◆●○◦‣⁃∙□◇►▶✓✔➢❖※★☆⚫]\s*|[-–—*]\s+(?=\S)")
_ORDINAL = re.compile(
    r"(?:\(?\d{1,2}[.)、．）](?!\d)|[（(]\d{1,2}[)）]|\(?[a-zA-Z][.)](?=\s)|\(?[ivx]{1,5}[.)](?=\s)|[①-⑳]"
    r"|[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\[\d{1,3}\])\s*",
)


def marker(text: str) -> str:
    """Return the mark with which an item of a list begins; empty if there is none."""
    match = BULLET.match(text) or _ORDINAL.match(text)
    return match.group() if match and match.end() < len(text) else ""


def is_bullet(text: str) -> bool:
    """Return whether a text is the mark of an item alone."""
    return len(text.strip()) == 1 and BULLET.fullmatch(text.strip() + " ") is not None


def paragraphs(rows: Sequence[Row]) -> list[list[Row]]:
    """Group a column's rows, from top to bottom, by paragraph."""
    if not rows:
        return []
    column = _Column(rows)
    groups = [[rows[0]]]
    for index in range(1, len(rows)):
        if column.goes_on(groups[-1], index):
            groups[-1].append(rows[index])
        else:
            groups.append([rows[index]])
    return groups


class _Column:
    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._height = median(row.height for row in rows) or 1.0
        gaps = [self._gap(index) for index in range(1, len(rows))]
        self._usual = max(median(gaps), 0.0) if gaps else 0.0
        self._are_apart = [False, *(self._is_apart(index) for index in range(1, len(rows)))]

    def _gap(self, index: int) -> float:
        """Return the white space above a row, by the middles of it and the one before: edges of read boxes vary."""
        before, row = self._rows[index - 1], self._rows[index]
        middles = (row.box[1] + row.box[3] - before.box[1] - before.box[3]) / 2
        return middles - max(self._height, (before.height + row.height) / 2)

    def goes_on(self, group: list[Row], index: int) -> bool:
        """Return whether the row at an index goes on with the paragraph of the rows before it."""
        before, row = self._rows[index - 1], self._rows[index]
        size = min(before.height, row.height) or 1.0
        if max(before.height, row.height) > _MAX_HEIGHT_RATIO * size and not _is_low(before, row):
            return False
        if self._are_apart[index]:
            return False
        if marker(row.text) and row.box[0] <= group[0].box[0] + size:
            return False
        return not self._has_room(index) and not self._is_set_in(group, index, size)

    def _is_apart(self, index: int) -> bool:
        """Return whether the white space above a row is more than between most rows."""
        gap, usual = self._gap(index), self._usual
        size = min(self._rows[index - 1].height, self._rows[index].height) or 1.0
        return gap > _MAX_GAP * size or gap > max(usual + _MIN_GAP * size, _MIN_OVER_MEDIAN * usual)

    def _has_room(self, index: int) -> bool:
        """Return whether the row before ends early, though this one's first word would have had room in it."""
        before, row = self._rows[index - 1], self._rows[index]
        if is_divided(before.text, row.text):
            return False
        first = next((start for start in range(index - 1, max(0, index - _NEAR), -1) if self._are_apart[start]), 0)
        end = min(len(self._rows), index + _NEAR)
        last = next((at for at in range(index, end) if self._are_apart[at]), end)
        edge = max(other.box[2] for other in self._rows[max(first, index - _NEAR) : last])
        slack = _MIN_SLACK + (1.0 if is_wide(row.text[0]) else 0.0)
        return edge - before.box[2] > row.lead + slack * row.height

    def _is_set_in(self, group: list[Row], index: int, size: float) -> bool:
        """Return whether a row is set in as the first of a paragraph is, and the rows of a hanging indent are not."""
        before, row = self._rows[index - 1], self._rows[index]
        if row.box[0] - before.box[0] < _MIN_INDENT * size:
            return False
        after = self._rows[index + 1 : index + 2]
        hangs = bool(after) and abs(after[0].box[0] - row.box[0]) < _MIN_INDENT * size / 2
        return len(group) > 1 or not (hangs or marker(before.text))


def _is_low(one: Row, other: Row) -> bool:
    """Return whether one of two rows is low for want of letters that rise or fall below the line."""
    lower = min(one, other, key=lambda row: row.height)
    return len(lower.text) < 8 and not any(character.isalnum() and is_wide(character) for character in lower.text)
