"""What tools answer, as plain values; boxes are [left, top, right, bottom] in pixels of the page."""

import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from folio.config.settings import Settings
from folio.errors import BadOption
from folio.models import Document, Line, Page, Result, Table, Word
from folio.outputs.csv import grid
from folio.outputs.writers import Outputs
from folio.structure.document import document_pages
from folio.transform import Polygon, bounds

type Json = dict[str, Any]
type Form = Literal["text", "markdown"]

MAX_CHARACTERS = 60_000  # of the pages in one answer; the first one is always whole
MAX_MATCHES = 100
_MAX_WORDS = 200  # characters to search for
# Scripts that are written without spaces: between their characters a line may end anywhere.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACE_BESIDE_UNSPACED = re.compile(f"(?<={_UNSPACED.pattern}) | (?={_UNSPACED.pattern})")


def document(result: Result, form: Form, first: int, settings: Settings) -> Json:
    """Return the text of pages from number `first` on, as many as fit. Raises BadOption."""
    chosen, size = list[Page](), 0
    remaining = [page for page in result.pages if page.number >= first]
    if not remaining:
        raise _no_page(result, first)
    for page in remaining:
        size += len(page.text)
        if chosen and size > MAX_CHARACTERS:
            break
        chosen.append(page)
    text = markdown(chosen, settings) if form == "markdown" else "\n\n".join(page.text for page in chosen)
    return {
        "status": result.status,
        "pages": len(result.pages),
        "first_page": chosen[0].number,
        "last_page": chosen[-1].number,
        "next_page": next((page.number for page in remaining[len(chosen) :]), None),
        "confidence": result.confidence,
        "tables": sum(len(page.tables) for page in result.pages),
        "fields": len(result.fields),
        "warnings": list(result.warnings),
        "failed_pages": [
            {"page": page.number, "error": page.error.message} for page in result.pages if page.error is not None
        ],
        "text": text,
    }


def markdown(pages: Sequence[Page], settings: Settings) -> str:
    """Return pages as the output `markdown` has them."""
    with tempfile.TemporaryDirectory(prefix="folio-") as name:
        folder = Path(name)
        source = Document(path=folder / "none", media_type="", sha256="", bytes=0, pages=len(pages), sizes={})
        outputs = Outputs(["markdown"], source, folder, settings)
        for page in document_pages(pages):
            outputs.add(page)
        return outputs.finish()[0]["markdown"].read_text("utf-8")


def page(result: Result, number: int) -> Json:
    """Return one page, with its lines and where they stand. Raises BadOption."""
    chosen = next((page for page in result.pages if page.number == number), None)
    if chosen is None:
        raise _no_page(result, number)
    return {
        "number": chosen.number,
        "width": chosen.width,
        "height": chosen.height,
        "status": chosen.status,
        "error": chosen.error.message if chosen.error else None,
        "origin": chosen.origin,
        "text": chosen.text,
        "lines": [
            {"text": line.text, "confidence": line.confidence, "box": _box(line.polygon)} for line in chosen.lines
        ],
    }


def tables(result: Result) -> Json:
    """Return all tables of a document, numbered from 1."""
    return {"tables": [_summary(number, *one) for number, one in enumerate(_tables(result), start=1)]}


def table(result: Result, number: int) -> Json:
    """Return the cells of one table, also as rows of texts. Raises BadOption."""
    existing = list(_tables(result))
    if not 1 <= number <= len(existing):
        raise BadOption(f"The document has no table {number}; it has {len(existing)}, numbered from 1.")
    where, chosen = existing[number - 1]
    cells = [
        {
            "row": cell.row,
            "column": cell.column,
            "row_span": cell.row_span,
            "column_span": cell.column_span,
            "text": cell.text,
            "confidence": cell.confidence,
            "box": _box(cell.polygon),
        }
        for cell in chosen.cells
    ]
    return _summary(number, where, chosen) | {"cells": cells, "values": list(grid(chosen))}


def fields(result: Result) -> Json:
    """Return the fields of papers, which modes such as invoice, and mode=auto, find."""
    return {
        "fields": [
            {
                "name": field.name,
                "value": field.value,
                "page": field.page,
                "check": field.check,
                "confidence": field.confidence,
                "box": _box(field.polygon),
            }
            for field in result.fields
        ]
    }


def matches(result: Result, words: str) -> Json:
    """Return where words stand one after the other, over ends of lines too; case and width do not count.

    Raises BadOption.
    """
    plain = _plain(words)
    if not plain or len(plain) > _MAX_WORDS:
        raise BadOption(f"Give one to {_MAX_WORDS} characters to search for.")
    pattern = _pattern(plain)
    hits = list[Json]()
    for one in result.pages:
        for match in _matches(one, pattern):
            if len(hits) == MAX_MATCHES:
                return {"matches": hits, "more": True}
            hits.append(match)
    return {"matches": hits, "more": False}


def _matches(page: Page, pattern: re.Pattern[str]) -> Iterator[Json]:
    parts = [(line, word) for line in page.lines for word in (line.words or (line,))]
    text, starts = "", list[int]()
    for _, word in parts:
        starts.append(len(text))
        text += _plain(word.text) + " "
    for match in pattern.finditer(text):
        hit = [part for part, start in zip(parts, starts, strict=True) if _overlaps(start, part[1], match)]
        lines = list({id(line): line for line, _ in hit}.values())
        yield {
            "page": page.number,
            "text": "\n".join(line.text for line in lines),
            "boxes": [_joined(line, hit) for line in lines],
        }


def _overlaps(start: int, word: Word | Line, match: re.Match[str]) -> bool:
    return start < match.end() and start + len(_plain(word.text)) > match.start()


def _joined(line: Line, hit: Sequence[tuple[Line, Word | Line]]) -> list[float]:
    """Return the box around the words of a line that were found."""
    boxes = [word.bounds for within, word in hit if within is line]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return [min(lefts), min(tops), max(rights), max(bottoms)]


def _pattern(plain: str) -> re.Pattern[str]:
    """Match words with a space between them, and characters of scripts without spaces with or without one."""
    text = _SPACE_BESIDE_UNSPACED.sub("", plain)
    expressions = [re.escape(text[0])]
    for before, character in pairwise(text):
        if _UNSPACED.match(before) or _UNSPACED.match(character):
            expressions.append(r"\s*")
        expressions.append(r"\s+" if character == " " else re.escape(character))
    return re.compile("".join(expressions))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _tables(result: Result) -> Iterator[tuple[int, Table]]:
    return ((page.number, table) for page in result.pages for table in page.tables)


def _summary(number: int, where: int, table: Table) -> Json:
    return {
        "table": number,
        "page": where,
        "rows": max((cell.row + cell.row_span for cell in table.cells), default=0),
        "columns": max((cell.column + cell.column_span for cell in table.cells), default=0),
        "header_rows": table.header_rows,
        "continues": table.continues,
        "box": _box(table.polygon),
    }


def _box(polygon: Polygon | None) -> list[float] | None:
    return None if polygon is None else list(bounds(polygon))


def _no_page(result: Result, number: int) -> BadOption:
    last = result.pages[-1].number if result.pages else 0
    return BadOption(f"There is no page {number} in what was read; the last one is page {last}.")
