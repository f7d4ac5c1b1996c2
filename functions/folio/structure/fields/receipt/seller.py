"""Who sells, on receipts and invoices."""

import re
from collections.abc import Iterator, Sequence

from folio.structure.fields.labels import Found, find_all
from folio.structure.fields.receipt.words import Words, capitals
from folio.structure.fields.rows import Row
from folio.transform import Box

_MAX_TOP = 10  # rows in which the seller is named
# How far below the words for who buys a name and an address reach, and begin aside, in heights of a line.
_BUYERS_HEIGHTS, _MAX_INDENT = 8.0, 2.0


def seller(rows: Sequence[Row], words: Words) -> Iterator[Found]:
    """Find who sells: the first text that names a company, or else the first of letters, near the top.

    What stands below the words for who buys is none.
    """
    buyers = [span.box for span in find_all(rows, f"(?i){words.buyer}")]
    top = [span for row in rows[:_MAX_TOP] for span in row.columns() if not _is_of_buyer(span.box, buyers)]
    named = [
        span
        for span in top
        if re.search(words.company, capitals(span.text)) and not re.search(words.buyer, capitals(span.text))
    ]
    lettered = [
        span for span in top
        if sum(sign.isalpha() for sign in span.text) >= 4 and not re.search(words.not_a_seller, capitals(span.text))
    ]  # fmt: skip
    for span in (named or lettered)[:1]:
        # A number of registration in parentheses after the name is not of it.
        match = re.match(r"(.*?\S)\s*\(?\s*\(?(?<!#)[A-Z]{0,4}\d{4,}[-\dA-Z]*\)?\s*$", span.text)
        yield Found("seller_name", "", (span.row.span(span.start, span.start + match.end(1)) if match else span,))


def _is_of_buyer(text: Box, buyers: Sequence[Box]) -> bool:
    """Return whether a text is a label of who buys, or begins below one, or beside one whose row it is in."""
    for left, top, right, bottom in buyers:
        height = bottom - top
        is_below = abs(text[0] - left) < _MAX_INDENT * height and top - height / 2 < text[1] < (
            bottom + _BUYERS_HEIGHTS * height
        )
        is_beside = text[0] >= left and text[1] < bottom and text[3] > top and text[0] - right < 3 * height
        if is_below or is_beside:
            return True
    return False
