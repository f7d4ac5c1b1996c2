"""Lists on forms: columns of entries below their heads, and the parts of rows that they are made of."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from folio.structure.fields.labels import Found
from folio.structure.fields.rows import Span
from folio.text.field_values import PAIR

_MAX_WORDS = 7  # of a question without a colon
# Of a list: columns, columns with entries, rows, and rows where few columns have any; the share of places filled.
_MIN_COLUMNS, _MIN_FULL_COLUMNS, _MIN_LISTED, _MIN_SPARSE, _MIN_FILLED = 3, 2, 2, 3, 0.5
_MAX_GAP = 3.0  # heights between its rows
_CLOSE = 0.6  # heights between the lines of a head, or of an entry
_MIN_WORD_GAP = 0.5  # heights between words of one part that stand in two columns
_ROWS_BELOW = 4  # by which the columns of a head are told


class Part(Struct):
    """A part of a row; a question, what is asked for, or neither; `used` by a pair."""

    span: Span
    is_question: bool
    used: bool = False

    @property
    def text(self) -> str:
        return self.span.text


def may_ask(text: str) -> bool:
    alphabetic = sum(sign.isalpha() for sign in text)
    digits = sum(sign.isdigit() for sign in text)
    return (
        alphabetic >= 2
        and digits <= alphabetic / 4
        and len(text.split()) <= _MAX_WORDS
        and not text.endswith((".", ","))
    )


def pair(question: Part, answers: Sequence[Part], before: Sequence[Part] = ()) -> Found:
    label = " ".join(part.span.raw for part in (*before, question))
    spans = tuple(answer.span for answer in answers)
    return Found(PAIR, label, spans, form=" ".join(span.raw for span in spans).replace("\t", " "))


def lists(lines: Sequence[list[Part]]) -> Iterator[Found]:
    """Yield each entry of a list with the head of its column."""
    for number in range(len(lines)):
        heads = _heads(lines, number)
        if len(heads) < _MIN_COLUMNS or _is_first_of_two(lines, number, heads):
            continue
        entries = list(_entries(lines, number, heads))
        rows = {id(entry[0].span.row) for _, entry in entries}
        columns = {id(head) for head, _ in entries}
        least = _MIN_LISTED if 2 * len(columns) > len(heads) else _MIN_SPARSE
        if len(columns) < _MIN_FULL_COLUMNS or len(rows) < least:
            continue
        if len(entries) >= _MIN_FILLED * len(rows) * len(columns):
            for head, entry in entries:
                for part in (head, *entry):
                    part.used = True
                yield pair(head, entry, _above(lines, number, head))


def _heads(lines: Sequence[list[Part]], number: int) -> list[Part]:
    """Return the heads in a row, and those beside them in a line above it; none if it is another kind of row."""
    parts = [half for part in lines[number] if not part.used for half in _halves(part, lines, number)]
    asking = [part for part in parts if may_ask(part.text)]
    if not asking or len(parts) - len(asking) > len(asking) / 4:
        return []
    above = [part for part in (lines[number - 1] if number else ()) if not part.used and may_ask(part.text)]
    top = min(part.span.box[1] for part in asking)
    near = [part for part in above if top - part.span.box[3] < _CLOSE * part.span.row.height]
    return asking + [part for part in near if not any(_overlap(part, other) for other in parts)]


def _halves(part: Part, lines: Sequence[list[Part]], number: int) -> list[Part]:
    """Return a part of a row of heads, or two if the rows below have a column on both sides of a gap in it."""
    below = lines[number + 1 : number + 1 + _ROWS_BELOW]
    for one, other, cut in _gaps(part):
        middle = (one + other) / 2
        both = [
            row
            for row in below
            if any(_ends_before(entry, middle, part) for entry in row)
            and any(middle < entry.span.box[0] < part.span.box[2] for entry in row)
        ]
        if len(both) >= _MIN_LISTED:
            return [Part(span, is_question=False) for span in _cut(part.span, cut)]
    return [part]


def _ends_before(entry: Part, middle: float, part: Part) -> bool:
    return part.span.box[0] < entry.span.box[2] < middle


def _gaps(part: Part) -> Iterator[tuple[float, float, int]]:
    """Yield where gaps between a part's words begin and end, and the index in the row's text where the next begins."""
    span = part.span
    for match in re.finditer(r" ", span.text):
        at = span.start + match.start()
        before, after = span.row.tokens_between(at - 1, at), span.row.tokens_between(at + 1, at + 2)
        if before and after and after[0].box[0] - before[0].box[2] > _MIN_WORD_GAP * span.row.height:
            yield before[0].box[2], after[0].box[0], at + 1


def _cut(span: Span, at: int) -> tuple[Span, Span]:
    return span.row.span(span.start, at), span.row.span(at, span.end)


def _is_first_of_two(lines: Sequence[list[Part]], number: int, heads: Sequence[Part]) -> bool:
    """Return whether the heads go on in the next row."""
    following = lines[number + 1] if number + 1 < len(lines) else []
    asking = [part for part in following if may_ask(part.text) and not part.is_question]
    if not asking or 4 * (len(following) - len(asking)) > len(asking):
        return False
    gap = following[0].span.box[1] - heads[0].span.box[3]
    over = sum(any(_overlap(head, part) for part in following) for head in heads)
    return gap < heads[0].span.row.height * _CLOSE and over > 1


def _entries(lines: Sequence[list[Part]], number: int, heads: Sequence[Part]) -> Iterator[tuple[Part, list[Part]]]:
    """Yield each entry, the lines of one put together, with its head."""
    bottom = max(head.span.box[3] for head in heads)
    height = heads[0].span.row.height
    last: dict[int, list[Part]] = {}
    for row in lines[number + 1 :]:
        parts = [half for part in row for half in _between_heads(part, heads)]
        if not parts or parts[0].span.box[1] - bottom > _MAX_GAP * height:
            return
        if any(part.is_question or sum(_overlap(head, part) for head in heads) > 1 for part in parts):
            return  # another section, or its title
        hits = [(head, part) for part in parts for head in heads if _overlap(head, part) and not part.used]
        if hits and all(may_ask(part.text) for part in parts) and len(parts) == len(heads):
            return  # heads again
        is_further = parts[0].span.box[1] - bottom < _CLOSE * height and len(parts) < len(last)
        bottom = parts[0].span.box[3]
        if is_further and all(id(head) in last for head, _ in hits):
            for head, part in hits:
                last[id(head)].append(part)
            continue
        last = {id(head): [part] for head, part in hits}
        yield from ((head, last[id(head)]) for head, _ in hits)


def _between_heads(part: Part, heads: Sequence[Part]) -> list[Part]:
    """Return a part of a row, or two if a gap in it stands between two heads that it is below of."""
    over = sorted((head for head in heads if _overlap(head, part)), key=lambda head: head.span.box[0])
    for one, other in pairwise(over):
        for _, begin, cut in _gaps(part):
            if one.span.box[2] < begin and abs(begin - other.span.box[0]) < part.span.row.height:
                return [Part(span, is_question=False, used=part.used) for span in _cut(part.span, cut)]
    return [part]


def _above(lines: Sequence[list[Part]], number: int, head: Part) -> list[Part]:
    """Return the first line of a head that stands in two."""
    left, top, right, _ = head.span.box
    for parts in lines[max(0, number - 2) : number]:
        for part in parts:
            x0, y0, x1, y1 = part.span.box
            is_near = y0 < top and top - y1 < head.span.row.height * _CLOSE and part is not head
            if x0 < right and left < x1 and is_near and may_ask(part.text) and part.span != head.span:
                return [part]
    return []


def _overlap(head: Part, part: Part) -> bool:
    left, _, right, _ = head.span.box
    x0, _, x1, _ = part.span.box
    return min(right, x1) - max(left, x0) > 0.3 * min(right - left, x1 - x0)
