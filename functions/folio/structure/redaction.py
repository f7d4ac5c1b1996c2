"""A page whose private numbers and addresses are masked: in all of its text, with the places where they stand.

What is private is looked for in the lines, in every block, cell and field by itself (an engine breaks a number at the
end of a line or of a cell), and what is found anywhere is masked everywhere on the page.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from folio.config.options import Redact
from folio.models import Field, Line, Page, Redaction, Table, Word
from folio.structure.private_numbers import INVISIBLE, find_private
from folio.text.spacing import is_wide
from folio.transform import Point, Polygon, bounds

MASK = "█"
_NAMED: dict[str, Redact] = {"id_number": "id_number", "card_number": "bank_card"}  # fields that are nothing else
_SEPARATORS = frozenset(" \t\n\u00a0\u2009_·-‐‑‒–—―") | INVISIBLE
_SPARE_CHARACTERS, _SPARE_SHARE = 1.5, 0.04  # around a part of a word: where its characters are is estimated

_MIN_LABELED, _MAX_LABELED = 8, 500  # characters of a value that is looked for on other pages; and how many there are

type Values = dict[str, Redact]  # without separators


class KnownPrivate:
    """What is private in a document and told by its label alone, as far as its pages were read. For several threads."""

    def __init__(self) -> None:
        self._values: Values = {}
        self._lock = threading.Lock()

    def join(self, values: Values) -> Values:
        """Return the values of a page with those of other pages, and remember which of them others would not notice."""
        labeled = {
            value: kind
            for value, kind in values.items()
            if len(value) >= _MIN_LABELED and value not in private_values(value, [kind])
        }
        with self._lock:
            if len(self._values) + len(labeled) <= _MAX_LABELED:
                self._values |= labeled
            return self._values | values


def redacted(
    page: Page, fields: Sequence[Field], kinds: Sequence[Redact], known: KnownPrivate | None = None
) -> tuple[Page, tuple[Field, ...]]:
    """Return a page and its fields with what is private masked, character by character, and `redactions`: those that
    it has already, and what is masked now. What is `known` of other pages is masked too.
    """
    values = _values(page, fields, kinds)
    if known:
        values = known.join(values)
    if not values:
        return page, tuple(fields)
    lines, locations = _masked_lines(page, values)
    whole = [(code.value, code.polygon) for code in page.codes] + [(seal.text, seal.polygon) for seal in page.seals]
    hidden = [(text, polygon) for text, polygon in whole if mask(text, values) != text]
    locations += [Redaction(kind=_kind_in(text, values), polygon=polygon) for text, polygon in hidden]
    page = msgspec.structs.replace(
        page,
        text=mask(page.text, values),
        lines=lines,
        blocks=tuple(msgspec.structs.replace(block, text=mask(block.text, values)) for block in page.blocks),
        tables=tuple(_masked_table(table, values) for table in page.tables),
        seals=tuple(msgspec.structs.replace(seal, text=mask(seal.text, values)) for seal in page.seals),
        codes=tuple(msgspec.structs.replace(code, value=mask(code.value, values)) for code in page.codes),
        redactions=(*page.redactions, *locations),
        warnings=tuple(mask(warning, values) for warning in page.warnings),
    )
    return page, tuple(_masked_field(field, values) for field in fields)


def mask(text: str, values: Values) -> str:
    """Return a text with every character of these values in it masked; separators in them stay."""
    compact, at = _compact(text)
    hidden = {at[index] for index in _occurrences(compact, values)}
    return "".join(MASK if index in hidden else character for index, character in enumerate(text)) if hidden else text


def private_values(text: str, kinds: Sequence[Redact]) -> Values:
    """Return what is private in a text."""
    return {_compact(text[one.start : one.end])[0]: one.kind for one in find_private(text, kinds)}


def masked(text: str, kinds: Sequence[Redact]) -> str:
    """Return a text that stands by itself (the name of a file, a warning) with what is private masked."""
    return mask(text, private_values(text, kinds))


def kinds_of(counted: Mapping[str, int] | None) -> tuple[Redact, ...]:
    """Return what is masked in a result, by its `redacted`."""
    return msgspec.convert(list(counted or ()), tuple[Redact, ...])


def redacted_correction(read: str, text: str, kinds: Sequence[Redact]) -> str:
    """Return what a person wrote in the place of `read`, with what is private masked, also where it is but a part.

    Where something is masked in `read`, only what stands around that there may stand around it in the text too.
    """
    text = masked(text, kinds)
    if MASK not in read:
        return text
    start, end = read.index(MASK), len(read) - 1 - read.rindex(MASK)
    before, after = read[:start], read[len(read) - end :]
    if text.startswith(before) and text[start:].endswith(after):
        return before + _ascii_masked(text[start : len(text) - end]) + after
    known = set(read.split())
    return "".join(part if part in known else _ascii_masked(part) for part in re.split(r"(\s+)", text))


def _values(page: Page, fields: Sequence[Field], kinds: Sequence[Redact]) -> Values:
    texts = ["\n".join(line.text for line in page.lines), page.text]
    texts += [line.text for line in page.lines]
    texts += [block.text for block in page.blocks]
    texts += ["\n".join(page.lines[index].text for index in block.lines) for block in page.blocks]
    texts += [cell.text for table in page.tables for cell in table.cells]
    texts += [seal.text for seal in page.seals] + [code.value for code in page.codes]
    texts += [field.value for field in fields] + [f"{field.name}: {field.value}" for field in fields]
    values: Values = {}
    for text in dict.fromkeys(texts):
        values |= private_values(text, kinds)
    for field in fields:
        if (kind := _NAMED.get(field.name)) in kinds and kind and len(_compact(field.value)[0]) >= 8:
            values[_compact(field.value)[0]] = kind
    return values


def _compact(text: str) -> tuple[str, list[int]]:
    """Return a text without separators and with its usual signs, and where in it each of these characters stands."""
    characters, at = [], []
    for index, character in enumerate(text):
        if character in _SEPARATORS:
            continue
        folded = unicodedata.normalize("NFKC", character)
        characters.append(folded if len(folded) == 1 else character)
        at.append(index)
    return "".join(characters), at


def _occurrences(compact: str, values: Values) -> dict[int, Redact]:
    """Return the indexes of characters that are part of one of the values."""
    hidden: dict[int, Redact] = {}
    for value, kind in values.items():
        start = compact.find(value)
        while start >= 0:
            hidden |= dict.fromkeys(range(start, start + len(value)), kind)
            start = compact.find(value, start + 1)
    return hidden


def _kind_in(text: str, values: Values) -> Redact:
    return next(iter(_occurrences(_compact(text)[0], values).values()))


def _masked_table(table: Table, values: Values) -> Table:
    cells = tuple(msgspec.structs.replace(cell, text=mask(cell.text, values)) for cell in table.cells)
    return msgspec.structs.replace(table, cells=cells)


def _masked_field(field: Field, values: Values) -> Field:
    """Return a field without what is private in it, its names included: those of a form are what the form says."""
    return msgspec.structs.replace(
        field,
        name=mask(field.name, values),
        provider_name=mask(field.provider_name, values),
        value=mask(field.value, values),
    )


# --- Lines: characters of words, in orders in which a value may run over several of them ---


type _At = tuple[int, int]  # index of a line and of a word in it; -1: the line has no words


def _masked_lines(page: Page, values: Values) -> tuple[tuple[Line, ...], list[Redaction]]:
    words = [
        ((number, index), word.text)
        for number, line in enumerate(page.lines)
        for index, word in (enumerate(line.words) if line.words else [(-1, Word(line.text, None, line.polygon))])
    ]
    hidden: dict[_At, dict[int, Redact]] = {}
    for order in _orders(page, words):
        _hide(order, values, hidden)
    lines, locations = [], []
    for number, line in enumerate(page.lines):
        new, of_line = _masked_line(number, line, hidden, values)
        lines.append(new)
        locations += of_line
    return tuple(lines), locations


def _orders(page: Page, words: list[tuple[_At, str]]) -> Iterable[list[tuple[_At, str]]]:
    """Yield words in the orders in which they are read: all lines, those of a block, those in a cell."""
    yield words
    for block in page.blocks:
        chosen = set(block.lines)
        if len(chosen) > 1:
            yield [word for word in words if word[0][0] in chosen]
    for table in page.tables:
        for cell in table.cells:
            if cell.polygon and any(map(str.isdigit, cell.text)):
                yield [word for word in words if _lies_in(_polygon(page, word[0]), cell.polygon)]


def _polygon(page: Page, at: _At) -> Polygon:
    line = page.lines[at[0]]
    return line.polygon if at[1] < 0 else line.words[at[1]].polygon


def _lies_in(polygon: Polygon, other: Polygon) -> bool:
    x, y = sum(x for x, _ in polygon) / 4, sum(y for _, y in polygon) / 4
    left, top, right, bottom = bounds(other)
    return left <= x <= right and top <= y <= bottom


def _hide(order: list[tuple[_At, str]], values: Values, hidden: dict[_At, dict[int, Redact]]) -> None:
    """Add what of words that follow each other is one of the values."""
    compact, where = "", []
    for at, text in order:
        plain, positions = _compact(text)
        compact += plain
        where += [(at, position) for position in positions]
    for index, kind in _occurrences(compact, values).items():
        at, position = where[index]
        hidden.setdefault(at, {})[position] = kind


def _masked_line(
    number: int, line: Line, hidden: dict[_At, dict[int, Redact]], values: Values
) -> tuple[Line, list[Redaction]]:
    locations: list[Redaction] = []
    if not line.words:
        chars = hidden.get((number, -1), {})
        locations = _locations(Word(line.text, None, line.polygon), chars)
        return msgspec.structs.replace(line, text=_without(line.text, chars)), locations
    words = []
    for index, word in enumerate(line.words):
        chars = hidden.get((number, index), {})
        words.append(msgspec.structs.replace(word, text=_without(word.text, chars)))
        locations += _locations(word, chars)
    if not locations:
        text = mask(line.text, values)
        if text != line.text:  # words that are not those of the text
            locations = [Redaction(kind=_kind_in(line.text, values), polygon=line.polygon)]
            words = [msgspec.structs.replace(word, text=_ascii_masked(word.text)) for word in words]
        return msgspec.structs.replace(line, text=text, words=tuple(words)), locations
    return msgspec.structs.replace(line, text=_as_words(line, words, values), words=tuple(words)), locations


def _as_words(line: Line, words: Sequence[Word], values: Values) -> str:
    """Return a line's text with those characters masked that are masked in its words."""
    plain, at = _compact(line.text)
    before, _ = _compact("".join(word.text for word in line.words))
    after, _ = _compact("".join(word.text for word in words))
    if plain != before or len(after) != len(before):
        text = mask(line.text, values)
        return text if text != line.text else _ascii_masked(text)
    hidden = {at[index] for index, character in enumerate(after) if character == MASK}
    return "".join(MASK if index in hidden else character for index, character in enumerate(line.text))


def _without(text: str, chars: dict[int, Redact]) -> str:
    return "".join(MASK if index in chars else character for index, character in enumerate(text)) if chars else text


def _ascii_masked(text: str) -> str:
    """Return a text without any letter or digit of ASCII, wide ones included."""
    plain = (unicodedata.normalize("NFKC", character)[:1] for character in text)
    return "".join(MASK if new.isascii() and new.isalnum() else old for old, new in zip(text, plain, strict=True))


def _locations(word: Word, chars: dict[int, Redact]) -> list[Redaction]:
    """Return the place of the masked characters of a word, a little more of it than they are thought to take."""
    if not chars:
        return []
    first, last = min(chars), max(chars) + 1
    widths = [2.0 if is_wide(character) else 1.0 for character in word.text]
    total = sum(widths)
    spare = _SPARE_CHARACTERS + _SPARE_SHARE * total
    start = 0.0 if first == 0 else max(0.0, (sum(widths[:first]) - spare) / total)
    end = 1.0 if last == len(widths) else min(1.0, (sum(widths[:last]) + spare) / total)
    a, b, c, d = word.polygon
    polygon = (_between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start))
    return [Redaction(kind=chars[first], polygon=polygon)]


def _between(one: Point, two: Point, portion: float) -> Point:
    return round(one[0] + (two[0] - one[0]) * portion, 1), round(one[1] + (two[1] - one[1]) * portion, 1)
