"""Transforming what was read from one image's pixels to another's, and clipping it to a box."""

from collections.abc import Callable

import msgspec

from folio.models import Line, PageText, Word, weighted_mean
from folio.text.spacing import join
from folio.transform import Box, Polygon, bounds, box


def transform_text(read: PageText, move: Callable[[Polygon], Polygon]) -> PageText:
    """Return the same text with every polygon moved."""
    replace = msgspec.structs.replace

    def optional(polygon: Polygon | None) -> Polygon | None:
        return move(polygon) if polygon else None

    lines = (
        replace(
            line,
            polygon=move(line.polygon),
            words=tuple(replace(word, polygon=move(word.polygon)) for word in line.words),
        )
        for line in read.lines
    )
    tables = (
        replace(
            table,
            polygon=optional(table.polygon),
            cells=tuple(replace(cell, polygon=optional(cell.polygon)) for cell in table.cells),
        )
        for table in read.tables
    )
    fields = (replace(field, polygon=optional(field.polygon)) for field in read.fields)
    return replace(read, lines=tuple(lines), tables=tuple(tables), fields=tuple(fields))


def clip_text(read: PageText, box: Box) -> PageText:
    """Return the words, tables and fields whose middle lies in a box; lines are made of the remaining words."""
    lines = tuple(line for line in (_clip_line(line, box) for line in read.lines) if line)
    return msgspec.structs.replace(
        read,
        text=read.text if lines == read.lines else "\n".join(line.text for line in lines),
        lines=lines,
        tables=tuple(table for table in read.tables if table.polygon is None or is_inside(table.polygon, box)),
        fields=tuple(field for field in read.fields if field.polygon is None or is_inside(field.polygon, box)),
    )


def _clip_line(line: Line, box: Box) -> Line | None:
    words = tuple(word for word in line.words if is_inside(word.polygon, box))
    if len(words) == len(line.words):
        return line
    return join_words(words) if words else None


def join_words(words: tuple[Word, ...]) -> Line:
    """Return the line of the words, boxed by all of them."""
    return Line(
        join(words),
        weighted_mean((word.confidence, len(word.text)) for word in words),
        box(*bounds(*(word.polygon for word in words))),
        words,
    )


def is_inside(polygon: Polygon, box: Box) -> bool:
    """Return whether the middle of a polygon lies in a box."""
    x, y = sum(x for x, _ in polygon) / 4, sum(y for _, y in polygon) / 4
    return box[0] <= x < box[2] and box[1] <= y < box[3]
