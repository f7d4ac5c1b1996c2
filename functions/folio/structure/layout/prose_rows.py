"""Rows of a page that are lines of prose: they stand right below each other, and together they read as sentences.

A line of a narrow column is as short as a chart's label; what tells it is the paragraph that it stands in.
"""

from collections.abc import Sequence
from statistics import median

from folio.structure.layout.frame import Row
from folio.text.spacing import is_wide

_MIN_ROWS = 2
# In heights of a row.
_MAX_LAP, _MAX_GAP = 0.4, 0.8  # between two rows
_MAX_INDENT = 2.6  # of a paragraph's first row, or a list's mark
_MAX_HEIGHT_RATIO = 1.3

_MIN_PROSE = 40.0  # widths of letters of prose, in a row or in several; a Chinese character is two wide
_MIN_FILL = 0.6  # of the widest row's width, that half of the rows have
_MIN_WORDS = 6  # of prose in Latin letters, most of which begin small
_MIN_HIRAGANA = 4  # of Japanese prose: names have hardly any
_MAX_STOP_SPACING = 40  # characters between two stops of Chinese prose
_STOPS = "，。、；！？"
_BULLETS, _MIN_ITEM = tuple("•·‣⁃∙◦➢✓✔▶"), 10.0  # squares and circles are those of a chart's legend; its widths


def stacks(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of prose, those together that stand right below each other; `rows` are sorted by their tops."""
    columns: list[list[Row]] = []
    ends: list[list[Row]] = []
    for row in rows:
        ends = [end for end in ends if row.box[1] - end[-1].box[3] <= _MAX_GAP * end[-1].height]
        before = next((end for end in ends if goes_on(end[-1], row)), None)
        if before is None:
            columns.append([row])
            ends.append(columns[-1])
        else:
            before.append(row)
    return [column for column in columns if _is_item(column[0]) or (len(column) >= _MIN_ROWS and _is_prose(column))]


def reads_as_prose(text: str) -> bool:
    """Return whether a text is long enough for prose, and has what names and labels lack."""
    size = len(text) + sum(map(is_wide, text))
    if size < _MIN_PROSE or sum(map(str.isalpha, text)) <= 2 * sum(map(str.isdigit, text)):
        return False
    tokens = text.split()
    is_latin = sum(token[0].islower() for token in tokens) * 2 >= len(tokens) >= _MIN_WORDS
    is_japanese = sum("\u3041" <= character <= "\u309f" for character in text) >= _MIN_HIRAGANA
    return is_latin or is_japanese or sum(map(text.count, _STOPS)) * _MAX_STOP_SPACING >= len(text)


def goes_on(before: Row, row: Row) -> bool:
    """Return whether a row stands right below another one, as the next line of a paragraph does."""
    lower, higher = sorted((before.height, row.height))
    gap = row.box[1] - before.box[3]
    is_below = -_MAX_LAP * lower <= gap <= _MAX_GAP * lower and higher <= _MAX_HEIGHT_RATIO * lower
    return is_below and abs(before.box[0] - row.box[0]) <= _MAX_INDENT * lower


def _is_item(row: Row) -> bool:
    """Return whether a row begins an item of a list."""
    return row.text.startswith(_BULLETS) and len(row.text) + sum(map(is_wide, row.text)) >= _MIN_ITEM


def _is_prose(column: Sequence[Row]) -> bool:
    widths = [row.width for row in column]
    return median(widths) >= _MIN_FILL * max(widths) and reads_as_prose(" ".join(row.text for row in column))
