"""Characters that run down the edges of a form, one below the other: they are no part of the rows beside them."""

from collections.abc import Sequence

from folio.structure.fields.labels import find_all
from folio.structure.fields.rows import Row, Span, Token
from folio.text.spacing import is_wide

_NEAREST = 2  # labels, by height on the page, which tell where the form's edge is: it leans on a photograph
_SIGNS = frozenset(":：〔〕[]()")
_MIN_ASIDE = 0.5  # heights of the text


def without_margins(rows: Sequence[Row], first: str, last: str) -> list[Row]:
    """Return the rows without single characters to the left of a form's first labels and to the right of its last ones.

    `first` and `last` are patterns of labels.
    """
    if not rows:
        return []
    begin, end = min(row.tokens[0].box[0] for row in rows), max(row.tokens[-1].box[2] for row in rows)
    # The same labels stand in the middle too, where two parties are beside each other.
    left = [one for one in find_all(rows, first) if one.box[0] < begin + (end - begin) / 3]
    right = list(find_all(rows, last))
    lengths: dict[int, int] = {}
    for token in (token for row in rows for token in row.tokens):
        lengths[token.segment] = lengths.get(token.segment, 0) + len(token.word.text)

    def is_outside(token: Token, row: Row) -> bool:
        text, aside = token.word.text, _MIN_ASIDE * row.height
        if lengths[token.segment] != 1 or not (is_wide(text) or text.isdigit() or text in _SIGNS):
            return False
        if left and token.box[2] < min(one.box[0] for one in _nearest(left, token)) - aside:
            return True
        after = right and token.box[0] > max(one.box[2] for one in _nearest(right, token)) + aside
        return bool(after) and not text.isdigit()

    parts = ([token for token in row.tokens if not is_outside(token, row)] for row in rows)
    return [Row(tokens) for tokens in parts if tokens]


def _nearest(labels: Sequence[Span], token: Token) -> list[Span]:
    return sorted(labels, key=lambda one: abs(one.box[1] - token.box[1]))[:_NEAREST]
