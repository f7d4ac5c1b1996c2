"""Forms in English: questions and their answers, beside each other, below, or as the columns of a list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from folio.models import Field
from folio.structure.fields.labels import Found
from folio.structure.fields.lists import Part, lists, may_ask, pair
from folio.structure.fields.paper import Check, Kind
from folio.structure.fields.rows import Row
from folio.text.field_values import PAIR

_MAX_SIGNS = 5000  # on a form, which is not a page of running text
_MIN_PAIRS = 3  # below each other, where nothing else tells a question
_MAX_GAP, _MAX_LEADING = 3.0, 1.9  # heights between a label and the value below it, and between the lines of an answer
_MAX_LEADING_OF_LABEL = 0.9  # heights between the lines of a question
_MAX_INDENT = 3.0  # heights, of a value below its label
_MAX_LINES = 12  # of an answer
_MARK = re.compile(r"[Xx☑☒✓✔√]")
_CHECKED = re.compile(r"((?:[A-Za-z][\w.,/-]*)(?: [\w.,/-]+){0,3}?)[ _]+([Xx☑☒✓✔√])")
_QUESTION = re.compile(r"([^:\t]*[A-Za-z#)][^:\t]{0,60}?)\s?:(?![\d/])\s*")


def _is_one(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]:", text)) >= 3 and len(text) < _MAX_SIGNS


def _read(rows: Sequence[Row]) -> Iterator[Found]:
    lines = [list(_parts(row)) for row in rows]
    yield from _checked(lines)
    yield from _with_colons(lines)
    yield from _stacks(lines)
    yield from lists(lines)
    yield from _neighbors(lines)


def _parts(row: Row) -> Iterator[Part]:
    """Yield a row's columns, and within them questions with a colon apart from their answers."""
    for column in row.columns():
        start = 0
        for match in _QUESTION.finditer(column.text):
            if (
                match.start(1) > start
                and (before := row.span(column.start + start, column.start + match.start(1))).text
            ):
                yield Part(before, is_question=False)
            yield Part(row.span(column.start + match.start(1), column.start + match.end(1)), is_question=True)
            start = match.end()
        if (rest := row.span(column.start + start, column.end)).text:
            yield Part(rest, is_question=False)


def _checked(lines: Sequence[list[Part]]) -> Iterator[Found]:
    """Yield what is crossed or ticked: a mark after its label, in one part with it or the next one."""
    for parts in lines:
        for at, part in enumerate(parts):
            if match := _CHECKED.fullmatch(part.text):
                label = part.span.row.span(part.span.start, part.span.start + match.end(1))
                sign = part.span.row.span(part.span.start + match.start(2), part.span.end)
                part.used = True
                yield pair(Part(label, is_question=True), [Part(sign, is_question=False)])
            elif _MARK.fullmatch(part.text) and at and not parts[at - 1].is_question and not parts[at - 1].used:
                parts[at - 1].used = part.used = True
                yield pair(parts[at - 1], [part])


def _stacks(lines: Sequence[list[Part]]) -> Iterator[Found]:
    """Yield pairs from columns in which labels and values take turns, each value below its label."""
    free = [part for parts in lines for part in parts if not part.used and not part.is_question]
    while free:
        column = [free[0]]
        for part in free[1:]:
            if _is_below(column[-1], part):
                column.append(part)
        taken = {id(part) for part in column}
        free = [part for part in free if id(part) not in taken]
        for start in (0, 1):
            turns = list(zip(column[start::2], column[start + 1 :: 2], strict=False))
            values = sum(any(map(str.isdigit, value.text)) for _, value in turns)
            if len(turns) < _MIN_PAIRS or 2 * values < len(turns) or not all(may_ask(one.text) for one, _ in turns):
                continue
            for label, value in turns:
                label.used = value.used = True
                yield pair(label, [value])
            break


def _is_below(one: Part, other: Part) -> bool:
    left, _, right, bottom = one.span.box
    x0, y0, _, _ = other.span.box
    height = one.span.row.height
    return -height < x0 - left < _MAX_INDENT * height and x0 < right and y0 - bottom < _MAX_GAP * height


def _with_colons(lines: Sequence[list[Part]]) -> Iterator[Found]:
    for number, parts in enumerate(lines):
        for at, part in enumerate(parts):
            if not part.is_question:
                continue
            following = parts[at + 1] if at + 1 < len(parts) else None
            if following and not following.is_question:
                answer: Part | None = following
            else:
                answer = _under(lines, number, part)
            if answer and not answer.used:
                part.used = True
                yield pair(part, [answer, *_further(lines, number, answer)], _first_line(lines, number, part))


def _first_line(lines: Sequence[list[Part]], number: int, part: Part) -> list[Part]:
    """Return the first line of a question that stands in two."""
    left, top, _, _ = part.span.box
    height = part.span.row.height
    for other in lines[number - 1] if number else ():
        x0, _, _, y1 = other.span.box
        is_near = abs(x0 - left) < height / 2 and top - y1 < _MAX_LEADING_OF_LABEL * height
        if is_near and not other.used and not other.is_question and may_ask(other.text) and len(lines[number - 1]) == 1:
            other.used = True
            return [other]
    return []


def _under(lines: Sequence[list[Part]], number: int, part: Part) -> Part | None:
    """Return what stands under a question, at its left edge or a little to the right of it."""
    left, _, right, bottom = part.span.box
    height = part.span.row.height
    for parts in lines[number + 1 : number + 3]:
        for other in parts:
            x0, y0, _, _ = other.span.box
            if left - height < x0 < right and y0 - bottom < _MAX_LEADING * height:
                return None if other.is_question or other.used else other
    return None


def _further(lines: Sequence[list[Part]], number: int, answer: Part) -> Iterator[Part]:
    """Yield the lines in which an answer goes on: right below it, from its left edge, without questions beside."""
    last = answer.span.box
    answer.used = True
    height = answer.span.row.height
    for parts in lines[number + 1 : number + 1 + _MAX_LINES]:
        if any(part.is_question or (part.span.box[0] < last[0] - 2 * height and may_ask(part.text)) for part in parts):
            return
        below = [part for part in parts if abs(part.span.box[0] - last[0]) < 2 * height and not part.used]
        if parts and (not below or below[0].span.box[1] - last[3] > (_MAX_LEADING - 1) * height):
            return
        for part in below[:1]:
            last = part.span.box
            part.used = True
            yield part


def _neighbors(lines: Sequence[list[Part]]) -> Iterator[Found]:
    """Yield what stands beside a few words without a colon, where several rows have such pairs below each other."""
    pairs = [
        (number, question, answer)
        for number, parts in enumerate(lines)
        for question, answer in pairwise(parts)
        if not (question.used or answer.used or question.is_question or answer.is_question) and may_ask(question.text)
    ]
    edges = [(question.span.box[0], answer.span.box[0]) for _, question, answer in pairs]
    for (number, question, answer), edge in zip(pairs, edges, strict=True):
        height = question.span.row.height
        alike = sum(abs(edge[0] - one[0]) < height and abs(edge[1] - one[1]) < height for one in edges)
        if alike >= _MIN_PAIRS and not question.used and not answer.used:
            question.used = True
            yield pair(question, [answer, *_further(lines, number, answer)])


def _check(values: Mapping[str, Field]) -> dict[str, Check]:
    del values  # nothing is known of what may be answered
    return {}


KIND = Kind("form", _is_one, _read, _check, (), {}, (PAIR,))
