"""Till slips: a column of names and one of amounts make no table there, but rows below the names of columns do."""

import re
from collections.abc import Sequence

from folio.structure.tables.drafts import Draft, DraftTable
from folio.structure.tables.tokens import Token, is_figure, left_of, right_of, text_of, words_in

# Of 21 public receipts the widest has 33 heights of its text across, of 39 forms and pages the narrowest 43.
_MAX_WIDTH = 38.0
_WORDS = re.compile(
    r"RECEIPT|INVOICE|CASH|CASHIER|CHANGE|GST|VAT|QTY|SUB-?TOTAL|TENDER(?:ED)?|ROUNDING|收银员?|找零|实收|应收|小票"
)
_MIN_WORDS = 2  # different ones
_MIN_HEADS, _MAX_WORDS_OF_HEAD = 3, 2.0


def is_till_slip(tokens: Sequence[Token], height: float) -> bool:
    """Return whether a page's text is as narrow as a till slip's and has words of one; `height` is the text's."""
    if right_of(tokens) - left_of(tokens) > _MAX_WIDTH * height:
        return False
    words = {match[0] for token in tokens if (match := _WORDS.fullmatch(token.text.upper().strip(" :：.,*-()")))}
    return len(words) >= _MIN_WORDS


def has_heads(table: DraftTable) -> bool:
    """Return whether one of the first rows names three columns or more, each in a word or two."""
    rows: dict[int, list[Draft]] = {}
    for cell in table.cells:
        rows.setdefault(cell.top, []).append(cell)
    return any(_names_columns(cells) for _, cells in sorted(rows.items())[:2])


def _names_columns(cells: Sequence[Draft]) -> bool:
    texts = [text_of(cell.tokens) for cell in cells]
    if len(cells) < _MIN_HEADS or any(map(is_figure, texts)):
        return False
    return all(words_in(cell.tokens) <= _MAX_WORDS_OF_HEAD for cell in cells)
