"""`chunks`: the text in pieces for retrieval, a JSON object a line, each with its headings, pages and boxes."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from folio.models import Table, Word, encode, weighted_mean
from folio.outputs.base import words_of
from folio.outputs.csv import grid
from folio.outputs.flow import Passage, PassageFile, PassageSource
from folio.text.joining import append_line
from folio.text.spacing import is_wide
from folio.transform import Polygon, bounds

MAX_TOKENS = 512
_LETTERS_PER_TOKEN = 4  # of a word in an alphabet; a Chinese character or a sign is a token
_UNIT = re.compile(r"\w+|[^\w\s]")
_TITLE_LEVEL = 0


class _Unit(Struct, frozen=True):
    """What is not divided: a line of text, or a whole table. `begins`: with it another paragraph begins."""

    text: str
    page: int
    polygon: Polygon
    words: tuple[Word, ...]
    begins: bool
    kind: str


class ChunksWriter(PassageFile):
    """JSON lines, UTF-8; see `docs/results.md`. A chunk has one heading's text, or a part of it, or one table."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "chunks.jsonl")
        self._headings: list[tuple[int, str]] = []
        self._units: list[_Unit] = []
        self._size = 0
        self._count = 0

    def end(self) -> None:
        self._close()

    def passage(self, passage: Passage) -> None:
        if passage.kind == "figure" and not passage.text:
            return
        if passage.kind in ("title", "heading"):
            level = _TITLE_LEVEL if passage.kind == "title" else passage.level or 1
            if any(unit.kind != "heading" for unit in self._units):
                self._close()
            self._headings = [(other, text) for other, text in self._headings if other < level]
            self._headings.append((level, passage.text))
        units = _tables(passage, passage.table) if passage.table else _lines(passage)
        if passage.table and any(unit.kind != "heading" for unit in self._units):
            self._close()
        for unit in units:
            size = tokens(unit.text)
            if self._units and self._size + size > MAX_TOKENS:
                self._close()
            self._units.append(unit)
            self._size += size
        if passage.table:
            self._close()

    def _close(self) -> None:
        """Write the chunk of the units that are held."""
        if self._units:
            self._count += 1
            self.write(encode(_chunk(self._count, self._units, [text for _, text in self._headings])).decode() + "\n")
        self._units, self._size = [], 0


def tokens(text: str) -> int:
    """Return about how many tokens a text is for a language model: the real number depends on the model.

    A Chinese or Japanese character counts as one, a sign too, a word in an alphabet as one for each four letters begun.
    """
    count = 0
    for unit in _UNIT.findall(text):
        wide = sum(map(is_wide, unit))
        count += wide - (wide - len(unit)) // _LETTERS_PER_TOKEN
    return count


def _lines(passage: Passage) -> list[_Unit]:
    units = [
        _Unit(" ".join(line.text.split()), source.page.number, line.polygon, words_of(line), False, passage.kind)
        for source in passage.sources
        for line in source.lines
    ]
    if not units:  # a stamp, whose text is of no line
        source = passage.sources[0]
        word = Word(passage.text, None, source.block.polygon)
        units = [_Unit(passage.text, source.page.number, source.block.polygon, (word,), False, passage.kind)]
    first = units[0]
    return [_Unit(first.text, first.page, first.polygon, first.words, True, first.kind), *units[1:]]


def _tables(passage: Passage, table: Table) -> list[_Unit]:
    """Return a whole table as one unit, and units without text for the pages on which it goes on."""
    rows = ["| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" for row in grid(table)]
    return [
        _Unit(
            "" if index else "\n".join(rows), source.page.number, source.block.polygon, _words_in(source), True, "table"
        )
        for index, source in enumerate(passage.sources)
    ]


def _words_in(source: PassageSource) -> tuple[Word, ...]:
    """Return the words of a table's lines; where nobody says which these are, those within its area."""
    if source.lines:
        return tuple(word for line in source.lines for word in words_of(line))
    left, top, right, bottom = bounds(source.block.polygon)

    def is_inside(word: Word) -> bool:
        x, y = sum(x for x, _ in word.polygon) / 4, sum(y for _, y in word.polygon) / 4
        return left <= x <= right and top <= y <= bottom

    return tuple(word for line in source.page.lines for word in words_of(line) if is_inside(word))


def _chunk(number: int, units: list[_Unit], headings: list[str]) -> dict[str, Any]:
    text = ""
    for unit in units:
        text = f"{text}\n\n{unit.text}" if unit.begins and text and unit.text else append_line(text, unit.text)
    return {
        "chunk": number,
        "headings": headings,
        "kind": "table" if any(unit.kind == "table" for unit in units) else "text",
        "pages": sorted({unit.page for unit in units}),
        "text": text,
        "tokens": tokens(text),
        "confidence": weighted_mean((word.confidence, len(word.text)) for unit in units for word in unit.words),
        "boxes": _boxes(units),
        "words": [
            {"text": word.text, "page": unit.page, "box": bounds(word.polygon), "confidence": word.confidence}
            for unit in units
            for word in unit.words
        ],
    }


def _boxes(units: Iterable[_Unit]) -> list[dict[str, Any]]:
    """Return a box for each paragraph or table, and for each page it stands on."""
    groups: list[tuple[int, list[Polygon]]] = []
    for unit in units:
        if unit.begins or not groups or groups[-1][0] != unit.page:
            groups.append((unit.page, []))
        groups[-1][1].append(unit.polygon)
        groups[-1][1].extend(word.polygon for word in unit.words)
    return [{"page": page, "box": bounds(*polygons)} for page, polygons in groups]
