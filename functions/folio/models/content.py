"""What is written on a page: lines of words, and what they make: tables, blocks, fields, seals."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from folio.transform import Box, Polygon, bounds

type BlockKind = Literal[
    "title", "heading", "paragraph", "list_item", "table", "figure", "caption", "header", "footer", "footnote", "stamp",
    "page_number",
]  # fmt: skip
type Confidence = Annotated[float, Meta(ge=0, le=1)]


class _Located(Struct, frozen=True):
    text: str
    confidence: Confidence | None
    polygon: Polygon

    @property
    def bounds(self) -> Box:
        """The upright box around the polygon."""
        return bounds(self.polygon)


class Word(_Located, frozen=True): ...


class Line(_Located, frozen=True):
    words: tuple[Word, ...]


class Cell(Struct, frozen=True, kw_only=True):
    """One cell of a table; rows and columns are counted from 0."""

    text: str
    row: Annotated[int, Meta(ge=0)]
    column: Annotated[int, Meta(ge=0)]
    row_span: Annotated[int, Meta(ge=1)] = 1
    column_span: Annotated[int, Meta(ge=1)] = 1
    confidence: Confidence | None = None
    polygon: Polygon | None = None


class Table(Struct, frozen=True, kw_only=True):
    """A table of a page; its first `header_rows` name the columns.

    `continues`: it goes on from the last table of the page before, whose columns are its own.
    """

    cells: tuple[Cell, ...]
    polygon: Polygon | None = None
    header_rows: Annotated[int, Meta(ge=0)] = 0
    continues: bool = False


class Block(Struct, frozen=True, kw_only=True):
    """A part of a page, in reading order: `lines` are indexes of the page's lines, `table` one of its tables.

    `level` is that of a heading, 1 being the highest, or of a list's item. `continues`: it goes on from the last block
    of its kind, in the column or on the page before. A figure's text is what is written in it.
    """

    kind: BlockKind
    text: str
    polygon: Polygon
    lines: tuple[Annotated[int, Meta(ge=0)], ...] = ()
    table: Annotated[int, Meta(ge=0)] | None = None
    level: Annotated[int, Meta(ge=1)] | None = None
    continues: bool = False


class Seal(Struct, frozen=True, kw_only=True):
    """A stamp, or a watermark's faint text, that was taken off the page before the rest was read.

    `text` is empty where that was not read.
    """

    kind: Literal["seal", "watermark"]
    text: str
    confidence: Confidence | None = None
    polygon: Polygon


class Code(Struct, frozen=True, kw_only=True):
    """A barcode or a QR code: `kind` is its symbology (qr_code, data_matrix, pdf417, aztec, code_128, ean_13 …)."""

    kind: str
    value: str
    polygon: Polygon


class Field(Struct, frozen=True, kw_only=True):
    """One value of a card or an invoice on a page; `provider_name` is what the provider calls it.

    Dates are written as YYYY-MM-DD where the provider's form of them can be told. `check` says whether the value is
    what such a field must be: check digits, sums, dates that exist; `unchecked` where there is nothing to hold it to.
    Of several papers on a page, `paper` is the number of its own. Of the items of an invoice or a receipt, `item` is
    the number of the row that it stands in.
    """

    name: str
    value: str
    confidence: Confidence | None = None
    polygon: Polygon | None = None
    provider_name: str
    page: Annotated[int, Meta(ge=1)] = 1
    check: Literal["passed", "failed", "unchecked"] = "unchecked"
    paper: Annotated[int, Meta(ge=1)] = 1
    item: Annotated[int, Meta(ge=1)] | None = None
