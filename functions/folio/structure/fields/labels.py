"""Values by their labels: to the right of them, or below."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from folio.structure.fields.rows import Row, Span

_MAX_BELOW = 2.5  # heights of the label between it and a value below it
_MAX_LEADING = 1.6  # heights of a line between it and the next of the same value
_MAX_INDENT = 1.5  # heights by which the lines of a value may begin at different places
ANYTHING = r"[^\t]*[^\s:;,.\t][^\t]*"
CHINESE = r"[^\t]*[一-鿿]{2}[^\t]*"
_LEAD = re.compile(r"[\s:;.,|·_\-—☑]*")


class Label(Struct, frozen=True):
    """How a field is labeled: `words` is a pattern in which white space may stand anywhere, `value` what may follow.

    `lines`: how many the value may take, and `rest` what one after the first may be. `below`: it may stand below it.
    """

    name: str
    words: str
    value: str = ANYTHING
    lines: int = 1
    below: bool = False
    rest: str = ".*"


class Found(Struct, frozen=True):
    """A value where it stands; `name` is the field's, `label` as printed, `form` the value if it is not as printed.

    `item` is the number of the row of an invoice's items that it stands in, 0 if in none.
    """

    name: str
    label: str
    spans: tuple[Span, ...]
    label_span: Span | None = None
    form: str = ""
    item: int = 0

    @property
    def text(self) -> str:
        return self.form or "".join(span.raw for span in self.spans)


@cache
def pattern(words: str) -> re.Pattern[str]:
    """Compile a label's pattern; Chinese characters in it, but for those in brackets, may be set apart."""
    return re.compile(
        re.sub(r"(\[[^]]*\])|([一-鿿])(?=[一-鿿])", lambda match: match[1] or match[2] + r"\s{0,9}", words)
    )


def spaced(sign: str, counts: str, gap: str = r"\s?") -> str:
    """Return a pattern for a run of signs, in one word or else in groups: `counts` is `8` or `8|20`."""
    lengths = sorted(counts.split("|"), key=int, reverse=True)
    words = "|".join(f"{sign}{{{count}}}" for count in lengths)
    groups = "|".join(rf"{sign}(?:{gap}{sign}){{{int(count) - 1}}}" for count in lengths)
    return rf"(?<![0-9A-Za-z])(?:(?:{words})(?![0-9A-Za-z])|(?:{groups})(?!{gap}{sign}))"


def labeled(rows: Sequence[Row], labels: Sequence[Label]) -> list[Found]:
    """Return the values of all labels, in the order of the labels on the page; one may stand there several times."""
    matches: list[tuple[Label, Span, Span]] = []
    for number, row in enumerate(rows):
        locations = list(_places(row, labels))
        for at, (start, end, label) in enumerate(locations):
            until = locations[at + 1][0] if at + 1 < len(locations) else len(row.text)
            printed = row.span(start, end)
            value = _beside(row, end, until, label)
            if value is None and label.below:
                value = _below(rows, number, printed, label, labels)
            if value:
                matches.append((label, printed, value))
    taken = [value for _, _, value in matches]
    values = []
    for label, printed, value in matches:
        further = _continued(rows, value, printed, label, labels, taken)
        values.append(Found(label.name, printed.raw.strip(": ："), (value, *further), printed))
    return values


def find_all(rows: Iterable[Row], words: str) -> Iterator[Span]:
    """Yield all places of a pattern."""
    for row in rows:
        for match in re.finditer(words, row.text):
            yield row.span(*match.span())


def _places(row: Row, labels: Sequence[Label]) -> Iterator[tuple[int, int, Label]]:
    """Yield where labels stand in a row, without those inside longer ones."""
    matches = [
        (match.start(), -match.end(), label) for label in labels for match in pattern(label.words).finditer(row.text)
    ]
    end = 0
    for start, last, label in sorted(matches, key=lambda match: match[:2]):
        if start >= end:
            yield start, -last, label
            end = -last


def _beside(row: Row, start: int, end: int, label: Label) -> Span | None:
    begin = _LEAD.match(row.text, start, end)
    first = begin.end() if begin else start
    match = re.compile(label.value).search(row.text, first, end)
    if not match or (label.value in (ANYTHING, CHINESE) and match.start() > first):
        return None
    return row.span(*match.span()) if match[0].strip() else None


def _below(rows: Sequence[Row], number: int, printed: Span, label: Label, labels: Sequence[Label]) -> Span | None:
    left, top, right, bottom = printed.box
    height = bottom - top
    for row in rows[number + 1 :]:
        for part in row.columns():
            x0, y0, x1, _ = part.box
            if not (x0 < right and x1 > left and -0.5 * height < y0 - bottom < _MAX_BELOW * height):
                continue
            match = re.search(label.value, part.text)
            if match and not _has_label(part, labels):
                return row.span(part.start + match.start(), part.start + match.end())
    return None


def _continued(
    rows: Sequence[Row], value: Span, printed: Span, label: Label, labels: Sequence[Label], taken: Sequence[Span]
) -> Iterator[Span]:
    """Yield the lines that a value goes on in: below it, at its left edge, not themselves labels or labeled.

    What stands beside something below the label, `printed`, is another label's, of a name that is not known.
    """
    last = value
    for _ in range(label.lines - 1):
        _, top, _, bottom = last.box
        height = bottom - top
        for part in (part for row in rows for part in row.columns() if row is not last.row):
            x0, y0, _, _ = part.box
            follows = top + 0.5 * height < y0 < bottom + _MAX_LEADING * height
            begins_alike = abs(x0 - value.box[0]) < _MAX_INDENT * height
            is_rest = begins_alike and follows and re.fullmatch(label.rest, part.text)
            is_free = not (_has_label(part, labels) or _is_among(part, taken) or _is_beside_another(part, printed))
            if is_rest and is_free:
                last = part
                yield part
                break
        else:
            return


def _is_beside_another(part: Span, label: Span) -> bool:
    """Return whether something stands to the left of a line that begins where the label of the line above does."""
    left, _, right, bottom = label.box
    return right <= part.box[0] and any(
        abs(one.box[0] - left) < _MAX_INDENT * label.row.height and one.box[1] > bottom - label.row.height / 2
        for one in part.row.columns()
        if one.end <= part.start
    )


def _is_among(part: Span, taken: Sequence[Span]) -> bool:
    return any(one.row is part.row and one.start < part.end and part.start < one.end for one in taken)


def _has_label(part: Span, labels: Sequence[Label]) -> bool:
    return any(pattern(label.words).match(part.text) for label in labels)
