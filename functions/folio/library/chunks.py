"""The text of a document in pieces for retrieval, as the output `chunks` has them."""

from typing import Literal

from msgspec import Struct


class ChunkBox(Struct, frozen=True):
    """Where a paragraph or table stands: the page's number, and left, top, right and bottom in its pixels."""

    page: int
    box: tuple[float, float, float, float]


class Chunk(Struct, frozen=True):
    """The text under a heading, a part of it, or one table: about 512 tokens at most.

    `chunk` counts from 1, `headings` are those above it, the outermost first. `confidence` is between 0 and 1, or None
    where the engine gives none.
    """

    chunk: int
    kind: Literal["text", "table"]
    text: str
    headings: tuple[str, ...]
    pages: tuple[int, ...]
    boxes: tuple[ChunkBox, ...]
    tokens: int
    confidence: float | None
