"""Forms in English: questions and their answers, beside each other, below, or as the columns of a list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from folio.models import Field
from folio.structure.fields.labels import Found
from folio.structure.fields.paper import Check, Kind
from folio.structure.fields.rows import Row, Span
from folio.text.field_values import PAIR

_MAX_SIGNS = 5000  # on a form, which is not a page of running text
_MAX_WORDS = 7  # of a question without a colon
_MIN_COLUMNS, _MIN_LISTED, _MIN_FILLED = 3, 2, 0.5  # of a list: columns, rows, share of places that are filled
_MIN_PAIRS = 3  # below each other, where nothing else tells a question
_MAX_GAP, _MAX_LEADING = 3.0, 1.9  # heights between the rows of a list, and between the lines of an answer
_MAX_LINES = 12  # of an answer
_QUESTION = re.compile(r"([^:\t]*[A-Za-z#)][^:\t]{0,60}?)\s?:(?![\d/])\s*")


class _Part(Struct):
    """A part of a row; a question, what is asked for, or neither; `used` by a pair."""

    span: Span
    is_question: bool
    used: bool = False

    @property
    def text(self) -> str:
        return self.span.text


def _is_one(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]:", text)) >= 3 and len(text) < _MAX_SIGNS


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    lines = [list(_parts(row)) for row in rows]
    yield from _with_colons(lines)
    yield from _lists(lines)
    yield from _neighbors(lines)


def _parts(row: Row) -> Iterator[_Part]:
    """Yield a row's columns, and within them questions with a colon apart from their answers."""
    for column in row.columns():
        start = 0
        for match in _QUESTION.finditer(column.text):
            if (
                match.start(1) > start
                and (before := row.span(column.start + start, column.start + match.start(1))).text
            ):
                yield _Part(before, is_question=False)
            yield _Part(row.span(column.start + match.start(1), column.start + match.end(1)), is_question=True)
            start = match.end()
        if (rest := row.span(column.start + start, column.end)).text:
            yield _Part(rest, is_question=False)


def _with_colons(lines: Sequence[list[_Part]]) -> Iterator[Found]:
    for number, parts in enumerate(lines):
        for at, part in enumerate(parts):
            if not part.is_question:
                continue
            following = parts[at + 1] if at + 1 < len(parts) else None
            if following and not following.is_question:
                answer: _Part | None = following
            else:
                answer = _under(lines, number, part)
            if answer and not answer.used:
                part.used = True
                yield _pair(part, [answer, *_further(lines, number, answer)])


def _under(lines: Sequence[list[_Part]], number: int, part: _Part) -> _Part | None:
    """Return what stands under a question, at its left edge or a little to the right of it."""
    left, _, right, bottom = part.span.box
    height = part.span.row.height
    for parts in lines[number + 1 : number + 3]:
        for other in parts:
            x0, y0, _, _ = other.span.box
            if left - height < x0 < right and y0 - bottom < _MAX_LEADING * height:
                return None if other.is_question or other.used else other
    return None


def _further(lines: Sequence[list[_Part]], number: int, answer: _Part) -> Iterator[_Part]:
    """Yield the lines in which an answer goes on: right below it, from its left edge, without questions beside."""
    last = answer.span.box
    answer.used = True
    height = answer.span.row.height
    for parts in lines[number + 1 : number + 1 + _MAX_LINES]:
        if any(part.is_question or (part.span.box[0] < last[0] - 2 * height and _may_ask(part.text)) for part in parts):
            return
        below = [part for part in parts if abs(part.span.box[0] - last[0]) < 2 * height and not part.used]
        if parts and (not below or below[0].span.box[1] - last[3] > (_MAX_LEADING - 1) * height):
            return
        for part in below[:1]:
            last = part.span.box
            part.used = True
            yield part


def _lists(lines: Sequence[list[_Part]]) -> Iterator[Found]:
    """Yield each entry of a list with the head of its column."""
    for number, heads in enumerate(lines):
        free = [part for part in heads if not part.used]
        if len(free) < _MIN_COLUMNS or not all(_may_ask(part.text) for part in free):
            continue
        if _is_first_of_two(lines, number, free):
            continue
        entries = list(_entries(lines, number, free))
        rows = {id(entry.span.row) for _, entry in entries}
        if len(rows) >= _MIN_LISTED and len(entries) >= _MIN_FILLED * len(rows) * len(free):
            for head, entry in entries:
                head.used = entry.used = True
                yield _pair(head, [entry], _above(lines, number, head))


def _is_first_of_two(lines: Sequence[list[_Part]], number: int, heads: Sequence[_Part]) -> bool:
    """Return whether the heads go on in the next row."""
    following = lines[number + 1] if number + 1 < len(lines) else []
    if not following or not all(_may_ask(part.text) and not part.is_question for part in following):
        return False
    gap = following[0].span.box[1] - heads[0].span.box[3]
    return (
        gap < heads[0].span.row.height * 0.6
        and sum(any(_overlap(head, part) for part in following) for head in heads) > 1
    )


def _entries(lines: Sequence[list[_Part]], number: int, heads: Sequence[_Part]) -> Iterator[tuple[_Part, _Part]]:
    bottom = heads[0].span.box[3]
    for parts in lines[number + 1 :]:
        if not parts or parts[0].span.box[1] - bottom > _MAX_GAP * heads[0].span.row.height:
            return
        if any(part.is_question or sum(_overlap(head, part) for head in heads) > 1 for part in parts):
            return  # another section, or its title
        hits = [(head, part) for part in parts for head in heads if _overlap(head, part) and not part.used]
        if hits and all(_may_ask(part.text) for part in parts) and len(parts) == len(heads):
            return  # heads again
        bottom = parts[0].span.box[3]
        yield from hits


def _above(lines: Sequence[list[_Part]], number: int, head: _Part) -> list[_Part]:
    """Return the first line of a head that stands in two."""
    left, top, right, _ = head.span.box
    for parts in lines[max(0, number - 2) : number]:
        for part in parts:
            x0, _, x1, y1 = part.span.box
            if x0 < right and left < x1 and top - y1 < head.span.row.height * 0.6 and _may_ask(part.text):
                return [part]
    return []


def _overlap(head: _Part, part: _Part) -> bool:
    left, _, right, _ = head.span.box
    x0, _, x1, _ = part.span.box
    return min(right, x1) - max(left, x0) > 0.3 * min(right - left, x1 - x0)


def _neighbors(lines: Sequence[list[_Part]]) -> Iterator[Found]:
    """Yield what stands beside a few words without a colon, where several rows have such pairs below each other."""
    pairs = [
        (number, question, answer)
        for number, parts in enumerate(lines)
        for question, answer in pairwise(parts)
        if not (question.used or answer.used or question.is_question or answer.is_question) and _may_ask(question.text)
    ]
    edges = [(question.span.box[0], answer.span.box[0]) for _, question, answer in pairs]
    for (number, question, answer), edge in zip(pairs, edges, strict=True):
        height = question.span.row.height
        alike = sum(abs(edge[0] - one[0]) < height and abs(edge[1] - one[1]) < height for one in edges)
        if alike >= _MIN_PAIRS and not question.used and not answer.used:
            question.used = True
            yield _pair(question, [answer, *_further(lines, number, answer)])


def _may_ask(text: str) -> bool:
    alphabetic = sum(sign.isalpha() for sign in text)
    digits = sum(sign.isdigit() for sign in text)
    return (
        alphabetic >= 2
        and digits <= alphabetic / 4
        and len(text.split()) <= _MAX_WORDS
        and not text.endswith((".", ","))
    )


def _pair(question: _Part, answers: Sequence[_Part], before: Sequence[_Part] = ()) -> Found:
    label = " ".join(part.span.raw for part in (*before, question))
    spans = tuple(answer.span for answer in answers)
    return Found(PAIR, label, spans, form=" ".join(span.raw for span in spans).replace("\t", " "))


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    del values  # nothing is known of what may be answered
    return {}


KIND = Kind("form", _is_one, _read, _check, "", {}, (PAIR,))
