"""`textract`: the document as Amazon Textract's blocks, for programs that are written for its answers.

Source: the API reference of Amazon Textract, data type Block and AnalyzeDocument's response. Geometry is in ratios of
the page's width and height, confidence from 0 to 100.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from folio.models import Block, BlockKind, Cell, Field, Line, Page, Table, Word, encode
from folio.outputs.base import TextFile, words_of
from folio.transform import Polygon, bounds, box

type Json = dict[str, Any]

_LAYOUT: dict[BlockKind, str] = {
    "title": "LAYOUT_TITLE", "heading": "LAYOUT_SECTION_HEADER", "paragraph": "LAYOUT_TEXT",
    "list_item": "LAYOUT_TEXT", "table": "LAYOUT_TABLE", "figure": "LAYOUT_FIGURE", "caption": "LAYOUT_TEXT",
    "header": "LAYOUT_HEADER", "footer": "LAYOUT_FOOTER", "footnote": "LAYOUT_TEXT", "stamp": "LAYOUT_FIGURE",
    "page_number": "LAYOUT_PAGE_NUMBER",
}  # fmt: skip


class TextractWriter(TextFile):
    """One answer for the whole document, as AnalyzeDocument with TABLES, FORMS and LAYOUT gives one.

    Every page has a PAGE block, a failed one an empty one. Where an engine states no confidence it is 0, and 100 for
    what a text layer says.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "textract.json")
        self._pages = 0
        self.write('{"Blocks":[')

    def add(self, page: Page) -> None:
        self.add_with_fields(page, ())

    def add_with_fields(self, page: Page, fields: Sequence[Field]) -> None:
        blocks = page_blocks(page, fields)
        self.write("," if self._pages else "")
        self.write(",".join(encode(block).decode() for block in blocks))
        self._pages += 1

    def finish(self) -> Path:
        self.write(f'],"DocumentMetadata":{{"Pages":{self._pages}}},"AnalyzeDocumentModelVersion":"1.0"}}')
        return super().finish()


def page_blocks(page: Page, fields: Sequence[Field]) -> list[Json]:
    """Return a page's blocks: PAGE first, then what it has as children, each followed by its own."""
    return _PageBlocks(page).all(fields)


class _PageBlocks:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._count = 0
        self._blocks: list[Json] = []
        self._words: list[tuple[Word, str]] = []
        self._in_cells: set[str] = set()  # words that are a cell's, or a field's
        self._unknown = 100.0 if page.origin == "text-layer" else 0.0

    def all(self, fields: Sequence[Field]) -> list[Json]:
        whole = box(0, 0, self._page.width, self._page.height)
        page = self._block("PAGE", whole, None)
        del page["Confidence"]  # the one block that has none
        lines = [self._line(line) for line in self._page.lines]
        children = list(lines)
        children += [identity for table in self._page.tables for identity in self._table(table)]
        self._in_cells = set()
        children += [identity for field in fields for identity in self._field(field)]
        children += [self._layout(block, lines) for block in self._page.blocks]
        _relate(page, "CHILD", children)
        return self._blocks

    def _block(self, kind: str, polygon: Polygon, confidence: float | None, **members: Any) -> Json:
        self._count += 1
        block = {
            "BlockType": kind,
            "Id": f"{self._page.number:08x}-0000-4000-8000-{self._count:012x}",
            "Page": self._page.number,
            "Confidence": self._unknown if confidence is None else round(100 * confidence, 4),
            "Geometry": self._geometry(polygon),
            **members,
        }
        self._blocks.append(block)
        return block

    def _geometry(self, polygon: Polygon) -> Json:
        width, height = max(self._page.width, 1), max(self._page.height, 1)
        left, top, right, bottom = bounds(polygon)
        return {
            "BoundingBox": {
                "Left": left / width,
                "Top": top / height,
                "Width": (right - left) / width,
                "Height": (bottom - top) / height,
            },
            "Polygon": [{"X": x / width, "Y": y / height} for x, y in polygon],
        }

    def _word(self, word: Word) -> str:
        members = {"Text": word.text, "TextType": "PRINTED"}
        return str(self._block("WORD", word.polygon, word.confidence, **members)["Id"])

    def _line(self, line: Line) -> str:
        block = self._block("LINE", line.polygon, line.confidence, Text=line.text)
        words = [(word, self._word(word)) for word in words_of(line)]
        self._words += words
        _relate(block, "CHILD", [identity for _, identity in words])
        return str(block["Id"])

    def _text(self, text: str, polygon: Polygon | None, confidence: float | None, whole: Polygon) -> list[str]:
        """Return the words of a text at a place: the page's own, where they say the same, or else words made of it."""
        if polygon:
            inside = [(word, identity) for word, identity in self._words if _is_inside(word.polygon, polygon)]
            free = [pair for pair in inside if pair[1] not in self._in_cells]
            if identities := _spelling(text, free):
                self._in_cells.update(identities)
                return identities
        return [self._word(Word(token, confidence, polygon or whole)) for token in text.split()]

    def _table(self, table: Table) -> Iterator[str]:
        cells = [cell.polygon for cell in table.cells if cell.polygon]
        whole = table.polygon or box(*(bounds(*cells) if cells else (0, 0, self._page.width, self._page.height)))
        known = [cell.confidence for cell in table.cells if cell.confidence is not None]
        block = self._block("TABLE", whole, min(known) if known else None, EntityTypes=["STRUCTURED_TABLE"])
        children: list[str] = []
        merged: list[str] = []
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
            parts = [self._cell(table, cell, row, column, whole) for row, column in _positions(cell)]
            children += parts
            if len(parts) > 1:
                merged.append(self._merged(cell, parts, whole))
        _relate(block, "CHILD", children)
        _relate(block, "MERGED_CELL", merged)
        yield str(block["Id"])

    def _cell(self, table: Table, cell: Cell, row: int, column: int, whole: Polygon) -> str:
        """Add one of the places that a cell takes; the first has its text."""
        position: Json = {"RowIndex": row + 1, "ColumnIndex": column + 1, "RowSpan": 1, "ColumnSpan": 1}
        if row < table.header_rows:
            position["EntityTypes"] = ["COLUMN_HEADER"]
        block = self._block("CELL", cell.polygon or whole, cell.confidence, **position)
        if (row, column) == (cell.row, cell.column):
            _relate(block, "CHILD", self._text(cell.text, cell.polygon, cell.confidence, whole))
        return str(block["Id"])

    def _merged(self, cell: Cell, parts: list[str], whole: Polygon) -> str:
        members = {
            "RowIndex": cell.row + 1,
            "ColumnIndex": cell.column + 1,
            "RowSpan": cell.row_span,
            "ColumnSpan": cell.column_span,
        }
        block = self._block("MERGED_CELL", cell.polygon or whole, cell.confidence, **members)
        _relate(block, "CHILD", parts)
        return str(block["Id"])

    def _field(self, field: Field) -> Iterator[str]:
        whole = box(0, 0, self._page.width, self._page.height)
        polygon = field.polygon or whole
        key = self._block("KEY_VALUE_SET", polygon, field.confidence, EntityTypes=["KEY"])
        value = self._block("KEY_VALUE_SET", polygon, field.confidence, EntityTypes=["VALUE"])
        _relate(key, "VALUE", [str(value["Id"])])
        _relate(key, "CHILD", [self._word(Word(field.name, field.confidence, polygon))])
        _relate(value, "CHILD", self._text(field.value, field.polygon, field.confidence, whole))
        yield str(key["Id"])
        yield str(value["Id"])

    def _layout(self, block: Block, lines: Sequence[str]) -> str:
        made = self._block(_LAYOUT[block.kind], block.polygon, self._page.confidence)
        _relate(made, "CHILD", [lines[index] for index in block.lines])
        return str(made["Id"])


def _spelling(text: str, words: Sequence[tuple[Word, str]]) -> list[str]:
    """Return the identities of words in the order in which they spell a text; none if they do not.

    First in the page's order, then the longest first: `a space` must not be taken for `as` and a rest.
    """
    rest = "".join(text.split())
    return _spelled(rest, list(words)) or _spelled(rest, sorted(words, key=lambda pair: -len(pair[0].text)))


def _spelled(rest: str, unused: list[tuple[Word, str]]) -> list[str]:
    """Return the identities of the words that spell a text, taking the first that fits each time."""
    order: list[str] = []
    while rest:
        match = next((pair for pair in unused if rest.startswith(pair[0].text)), None)
        length = len(match[0].text) if match else 0
        if match is None:  # a word divided at a line's end is whole in the text
            match = next((pair for pair in unused if rest.startswith(_undivided(pair[0].text))), None)
            length = len(_undivided(match[0].text)) if match else 0
        if match is None or not length:
            return []
        unused.remove(match)
        order.append(match[1])
        rest = rest[length:]
    return order


def _undivided(text: str) -> str:
    return text[:-1] if text.endswith(("-", "\u00ad", "\u2010")) and len(text) > 1 else text


def _relate(block: Json, kind: str, identities: list[str]) -> None:
    if identities:
        block.setdefault("Relationships", []).append({"Type": kind, "Ids": identities})


def _positions(cell: Cell) -> list[tuple[int, int]]:
    rows, columns = range(cell.row, cell.row + cell.row_span), range(cell.column, cell.column + cell.column_span)
    return [(row, column) for row in rows for column in columns]


def _is_inside(polygon: Polygon, area: Polygon) -> bool:
    x, y = sum(x for x, _ in polygon) / 4, sum(y for _, y in polygon) / 4
    left, top, right, bottom = bounds(area)
    return left <= x <= right and top <= y <= bottom
