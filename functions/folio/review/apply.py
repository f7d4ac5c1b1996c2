"""Pages and fields as people have corrected them.

What a person corrects in one place is corrected wherever the same characters stand: a word in its line, its cell and
the page's text; a cell or a field in the words that it is made of, where these are told apart.
"""

from collections.abc import Mapping, Sequence

import msgspec

from folio.models import Edit, Field, Line, Page, Review, Table, Word
from folio.text.geometry import is_inside
from folio.transform import Polygon, bounds, box

type Where = tuple[int, int]  # a line, and a word of it


def by_page(review: Review) -> dict[int, dict[str, Edit]]:
    """Return the corrections that count of each page, by their locations."""
    pages: dict[int, dict[str, Edit]] = {}
    for (number, location), edit in review.current().items():
        pages.setdefault(number, {})[location] = edit
    return pages


def fields_on(page: Page, fields: Sequence[Field], review: Review) -> list[Field]:
    """Return those of a result's `fields` that are on a page, as they or the one word that is their value were
    corrected. `page` is as it was read. The check of a value that has changed does not hold any more.
    """
    current = review.current()
    corrected = []
    for index, field in enumerate(fields):
        if field.page != page.number:
            continue
        value = _new_value(field, current.get((page.number, f"fields/{index}")), page, current)
        if value is None:
            corrected.append(field)
        elif value == field.value:
            corrected.append(msgspec.structs.replace(field, confidence=1.0))
        elif value:
            corrected.append(msgspec.structs.replace(field, value=value, confidence=1.0, check="unchecked"))
    return corrected


def _new_value(field: Field, edit: Edit | None, page: Page, current: Mapping[tuple[int, str], Edit]) -> str | None:
    if edit and edit.read == field.value:
        return edit.text
    words = _around(page, field.polygon)
    if len(words) != 1 or _text(page, words[0]) != field.value:
        return None
    edit = current.get((page.number, _location_of(page, words[0])))
    return edit.text if edit and edit.read == field.value else None


def corrected_page(page: Page, edits: Mapping[str, Edit], fields: Sequence[Field] = ()) -> Page:
    """Return a page with some corrections, by their locations. Those of another reading of the page change nothing.

    `fields` are the result's. Its blocks are left out: they are made anew of what is there now.
    """
    draft = _Draft(page)
    for location, edit in sorted(edits.items(), key=lambda item: item[1].at):
        if edit.text is not None:
            draft.apply(location.split("/"), edit.read, edit.text, fields)
    return draft.page()


class _Draft:
    """A page that is being corrected: the texts of its words and cells, by their locations in the reading."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._texts = [[word.text for word in _words(line)] for line in page.lines]
        self._polygons: dict[Where, Polygon] = {}  # of words that stand for several now
        self._cells: dict[tuple[int, int], str] = {}
        self._sure: set[Where] = set()

    def apply(self, location: Sequence[str], read: str, text: str, fields: Sequence[Field]) -> None:
        numbers = [int(part) for part in location if part.isdigit()]
        if location[0] == "lines":
            self._apply_to_line(numbers, read, text)
        elif location[0] == "tables":
            self._apply_to_cell(numbers[0], numbers[1], read, text)
        elif numbers[0] < len(fields) and fields[numbers[0]].value == read:
            self._spread(_around(self._page, fields[numbers[0]].polygon), read, text)

    def _apply_to_line(self, numbers: Sequence[int], read: str, text: str) -> None:
        if numbers[0] >= len(self._page.lines):
            return
        words = [(numbers[0], index) for index in range(len(self._texts[numbers[0]]))]
        if len(numbers) == 1:
            if self._page.lines[numbers[0]].text == read:
                self._spread(words, read, text)
        elif numbers[1] < len(words) and _text(self._page, words[numbers[1]]) == read:
            self._set(words[numbers[1]], text)

    def _apply_to_cell(self, table: int, cell: int, read: str, text: str) -> None:
        tables = self._page.tables
        if table >= len(tables) or cell >= len(tables[table].cells) or tables[table].cells[cell].text != read:
            return
        self._cells[table, cell] = text
        self._spread(_around(self._page, tables[table].cells[cell].polygon), read, text)

    def _spread(self, words: Sequence[Where], read: str, text: str) -> None:
        """Give a text to words that together are what it stands for: one each, or all of it to the first."""
        if not words or _bare("".join(_text(self._page, where) for where in words)) != _bare(read):
            return
        parts = text.split()
        if len(parts) == len(words):
            for where, part in zip(words, parts, strict=True):
                self._set(where, part)
            return
        polygons = [_words(self._page.lines[line])[index].polygon for line, index in words]
        self._set(words[0], text)
        self._polygons[words[0]] = box(*bounds(*polygons))
        for where in words[1:]:
            self._set(where, "")

    def _set(self, where: Where, text: str) -> None:
        self._texts[where[0]][where[1]] = text
        self._sure.add(where)

    def page(self) -> Page:
        lines = [self._line(index, line) for index, line in enumerate(self._page.lines)]
        tables = tuple(self._table(index, table) for index, table in enumerate(self._page.tables))
        before = [line.text for line in self._page.lines]
        return msgspec.structs.replace(
            self._page,
            text=replaced(self._page.text, before, [line.text for line in lines]),
            lines=tuple(line for line in lines if line.text.strip()),
            tables=tables,
            blocks=(),
        )

    def _line(self, number: int, line: Line) -> Line:
        if not any(where[0] == number for where in self._sure):
            return line
        before, after = [word.text for word in _words(line)], self._texts[number]
        words = tuple(
            Word(
                after[index],
                1.0 if (number, index) in self._sure else word.confidence,
                self._polygons.get((number, index), word.polygon),
            )
            for index, word in enumerate(_words(line))
            if after[index]
        )
        text = replaced(line.text, before, after)
        return msgspec.structs.replace(line, text=text, words=words if line.words else ())

    def _table(self, number: int, table: Table) -> Table:
        cells = list(table.cells)
        for index, cell in enumerate(cells):
            if (number, index) in self._cells:
                cells[index] = msgspec.structs.replace(cell, text=self._cells[number, index], confidence=1.0)
                continue
            words = _around(self._page, cell.polygon) if self._sure else []
            if any(where in self._sure for where in words):
                before = [_text(self._page, where) for where in words]
                text = replaced(cell.text, before, [self._texts[line][word] for line, word in words])
                cells[index] = msgspec.structs.replace(cell, text=text)
        return msgspec.structs.replace(table, cells=tuple(cells))


def replaced(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Return a text with parts of it replaced by others: each where it stands next after the one before it, or
    anywhere if it is not there. With a part that is replaced by nothing goes the white space behind it.
    """
    spans: list[tuple[int, int, str]] = []
    offset = 0
    for old, new in zip(before, after, strict=True):
        start = text.find(old, offset) if old else -1
        if start < 0 and new != old:
            start = _free_start(text, old, spans)
        if start < 0:
            continue
        end = start + len(old)
        spans.append((start, end + (not new and text[end : end + 1].isspace()), new))
        offset = max(offset, end)
    parts, offset = [], 0
    for start, end, new in sorted(spans):
        parts += [text[offset:start], new]
        offset = max(offset, end)
    whole = "".join((*parts, text[offset:]))
    return whole.rstrip() if after and not after[-1] else whole


def _free_start(text: str, part: str, taken: Sequence[tuple[int, int, str]]) -> int:
    """Return where a part stands in a text outside of some spans, -1 if nowhere."""
    start = text.find(part) if part else -1
    while start >= 0:
        after = [end for first, end, _ in taken if first < start + len(part) and start < end]
        if not after:
            return start
        start = text.find(part, max(after))
    return -1


def _words(line: Line) -> tuple[Line, ...] | tuple[Word, ...]:
    """Return a line's words; the line itself where an engine gives only lines."""
    return line.words or (line,)


def _text(page: Page, where: Where) -> str:
    return _words(page.lines[where[0]])[where[1]].text


def _location_of(page: Page, where: Where) -> str:
    line, word = where
    return f"lines/{line}/words/{word}" if page.lines[line].words else f"lines/{line}"


def _around(page: Page, polygon: Polygon | None) -> list[Where]:
    """Return the words whose middle lies in a polygon's upright box."""
    edges = bounds(polygon) if polygon else (0.0, 0.0, 0.0, 0.0)
    return [
        (number, index)
        for number, line in enumerate(page.lines)
        for index, word in enumerate(_words(line))
        if is_inside(word.polygon, edges)
    ]


def _bare(text: str) -> str:
    return "".join(text.split())
