"""A document's blocks as one text: without running heads, with what goes on over columns and pages joined."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.models import Block, BlockKind, Cell, Line, Page, Table
from folio.outputs.base import TextFile
from folio.outputs.currency import join_signs
from folio.text.joining import append_line

_LEFT_OUT: tuple[BlockKind, ...] = ("header", "footer", "page_number")
_MAX_HELD = 64  # passages that wait for one that may go on


class PassageSource(Struct, frozen=True):
    """Where a passage of the text stands: a block of a page, and its lines."""

    page: Page
    block: Block

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self.page.lines[index] for index in self.block.lines)


class Passage(Struct, frozen=True):
    """A block of the text, or several that are one: a paragraph or a table that goes on elsewhere."""

    kind: BlockKind
    text: str
    level: int | None
    table: Table | None
    sources: tuple[PassageSource, ...]


class Flow:
    """Takes pages in rising order, and gives the passages of the text that are whole."""

    def __init__(self) -> None:
        self._held: list[Passage] = []

    def add(self, page: Page) -> Iterator[Passage]:
        for block in page.blocks:
            if block.kind in _LEFT_OUT:
                continue
            table = join_signs(page.tables[block.table]) if block.table is not None else None
            passage = Passage(block.kind, block.text, block.level, table, (PassageSource(page, block),))
            goes_on = table.continues if table else block.continues
            if not (goes_on and self._join(passage)):
                self._held.append(passage)
        yield from self._whole()

    def finish(self) -> Iterator[Passage]:
        yield from self._held
        self._held = []

    def _join(self, passage: Passage) -> bool:
        for index in range(len(self._held) - 1, -1, -1):
            if self._held[index].kind == passage.kind:
                self._held[index] = _joined(self._held[index], passage)
                return True
        return False

    def _whole(self) -> Iterator[Passage]:
        """Yield the passages that nothing can be added to: those before the last paragraph and the last table."""
        last = {
            passage.kind: index for index, passage in enumerate(self._held) if passage.kind in ("paragraph", "table")
        }
        ready = max(min(last.values(), default=len(self._held)), len(self._held) - _MAX_HELD)
        yield from self._held[:ready]
        self._held = self._held[ready:]


class PassageFile(TextFile):
    """A file that is written passage by passage."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._flow = Flow()

    def add(self, page: Page) -> None:
        for passage in self._flow.add(page):
            self.passage(passage)

    def finish(self) -> Path:
        for passage in self._flow.finish():
            self.passage(passage)
        self.end()
        return super().finish()

    def passage(self, passage: Passage) -> None:
        """Write the next passage."""
        raise NotImplementedError

    def end(self) -> None:
        """Write what comes after the last passage."""
        raise NotImplementedError


def _joined(passage: Passage, addition: Passage) -> Passage:
    table = join_tables(passage.table, addition.table) if passage.table and addition.table else passage.table
    text = "\n".join((passage.text, addition.text)) if table else append_line(passage.text, addition.text)
    return msgspec.structs.replace(passage, text=text, table=table, sources=(*passage.sources, *addition.sources))


def join_tables(first: Table, second: Table) -> Table:
    """Return a table and what it goes on with as one; rows that name the columns again are left out."""
    skipped = second.header_rows if _header(first, first.header_rows) == _header(second, second.header_rows) else 0
    shift = max((cell.row + cell.row_span for cell in first.cells), default=0) - skipped
    rest = (msgspec.structs.replace(cell, row=cell.row + shift) for cell in second.cells if cell.row >= skipped)
    return msgspec.structs.replace(first, cells=(*first.cells, *rest))


def _header(table: Table, rows: int) -> list[tuple[int, int, str]]:
    cells: list[Cell] = [cell for cell in table.cells if cell.row < rows]
    return sorted((cell.row, cell.column, "".join(cell.text.split()).casefold()) for cell in cells)
