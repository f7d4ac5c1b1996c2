"""`textract`: the document as Amazon Textract's blocks, for programs that are written for its answers.

Source: the API reference of Amazon Textract, data type Block and AnalyzeDocument's response. Geometry is in ratios of
the page's width and height, confidence from 0 to 100.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from folio.models import Block, BlockKind, Cell, Field, Line, Page, Table, Word, encode
from folio.outputs import printed_words
from folio.outputs.base import TextFile, words_of
from folio.outputs.printed_words import Printed
from folio.text.field_values import PAIR
from folio.transform import Polygon, bounds, box

type Json = dict[str, Any]

_LAYOUT: dict[BlockKind, str] = {
    "title": "LAYOUT_TITLE", "heading": "LAYOUT_SECTION_HEADER", "paragraph": "LAYOUT_TEXT",
    "list_item": "LAYOUT_TEXT", "table": "LAYOUT_TABLE", "figure": "LAYOUT_FIGURE", "caption": "LAYOUT_TEXT",
    "header": "LAYOUT_HEADER", "footer": "LAYOUT_FOOTER", "footnote": "LAYOUT_TEXT", "stamp": "LAYOUT_FIGURE",
    "page_number": "LAYOUT_PAGE_NUMBER",
}  # fmt: skip


class TextractWriter(TextFile):
    """One answer for the whole document, as AnalyzeDocument with TABLES, FORMS, QUERIES and LAYOUT gives one.

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
        self._words: list[Printed] = []
        self._in_cells: set[str] = set()  # words that are a cell's
        self._unknown = 100.0 if page.origin == "text-layer" else 0.0

    def all(self, fields: Sequence[Field]) -> list[Json]:
        whole = box(0, 0, self._page.width, self._page.height)
        page = self._block("PAGE", whole, None)
        del page["Confidence"]  # the one block that has none
        lines = [self._line(line) for line in self._page.lines]
        children = list(lines)
        children += [identity for table in self._page.tables for identity in self._table(table)]
        children += [identity for field in fields for identity in self._field(field)]
        children += [self._layout(block, lines) for block in self._page.blocks]
        _relate(page, "CHILD", children)
        return self._blocks

    def _block(self, kind: str, polygon: Polygon | None, confidence: float | None, **members: Any) -> Json:
        self._count += 1
        block = {
            "BlockType": kind,
            "Id": f"{self._page.number:08x}-0000-4000-8000-{self._count:012x}",
            "Page": self._page.number,
            "Confidence": self._unknown if confidence is None else round(100 * confidence, 4),
            **members,
        }
        if polygon:
            block["Geometry"] = self._geometry(polygon)
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
            inside = printed_words.inside(self._words, polygon)
            free = [pair for pair in inside if pair[1] not in self._in_cells]
            if identities := printed_words.spelling(text, free):
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
        """Add a field as a pair where the page has both its label and its value, and by its name as a query's answer.

        A pair has words of the page alone: what stands in no line is a line of its own to clients. The name of a form's
        pair is its label.
        """
        location = field.polygon
        label = printed_words.label(field.provider_name, self._words, location) if location and not field.item else []
        value = self._value(field.value, location, label) if location and label else []
        if location and value:
            at = box(*bounds(*(word.polygon for word, _ in label)))
            key = self._block("KEY_VALUE_SET", at, field.confidence, EntityTypes=["KEY"])
            answer = self._block("KEY_VALUE_SET", location, field.confidence, EntityTypes=["VALUE"])
            _relate(key, "VALUE", [str(answer["Id"])])
            _relate(key, "CHILD", [identity for _, identity in label])
            _relate(answer, "CHILD", value)
            yield from (str(key["Id"]), str(answer["Id"]))
        if field.name != PAIR or not value:
            yield from self._query(field)

    def _value(self, text: str, location: Polygon, label: Sequence[Printed]) -> list[str]:
        """Return the words that spell a value, or else those at its place: a date is printed in many ways."""
        words = [pair for pair in printed_words.inside(self._words, location) if pair not in label]
        return printed_words.spelling(text, words) or [identity for _, identity in words]

    def _query(self, field: Field) -> Iterator[str]:
        question = {"Text": field.provider_name or field.name} | ({"Alias": field.name} if field.name != PAIR else {})
        query = self._block("QUERY", None, None, Query=question)
        del query["Confidence"]
        result = self._block("QUERY_RESULT", field.polygon, field.confidence, Text=field.value)
        _relate(query, "ANSWER", [str(result["Id"])])
        yield from (str(query["Id"]), str(result["Id"]))

    def _layout(self, block: Block, lines: Sequence[str]) -> str:
        made = self._block(_LAYOUT[block.kind], block.polygon, self._page.confidence)
        _relate(made, "CHILD", [lines[index] for index in block.lines])
        return str(made["Id"])


def _relate(block: Json, kind: str, identities: list[str]) -> None:
    if identities:
        block.setdefault("Relationships", []).append({"Type": kind, "Ids": identities})


def _positions(cell: Cell) -> list[tuple[int, int]]:
    rows, columns = range(cell.row, cell.row + cell.row_span), range(cell.column, cell.column + cell.column_span)
    return [(row, column) for row in rows for column in columns]
