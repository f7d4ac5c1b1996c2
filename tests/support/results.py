"""Results made without reading: pages of lines with words, each in a box of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from folio.models import Block, Engine, Line, Page, Result, Source, Word, encode
from folio.transform import Box, Polygon, bounds, box

type Lines = Sequence[Sequence[str]]  # words of each line


def word_box(line: int, word: int) -> Box:
    """Where a word of a made page stands."""
    return 100.0 * word, 50.0 * line, 100.0 * word + 90, 50.0 * line + 40


def made_page(lines: Lines, number: int = 1, blocks: Sequence[Sequence[int]] = ()) -> Page:
    """Return a page of words; `blocks` are paragraphs, each of the indexes of its lines."""
    made = tuple(_line(words, index) for index, words in enumerate(lines))
    paragraphs = tuple(
        Block(kind="paragraph", text="", polygon=_around([made[index] for index in indexes]), lines=tuple(indexes))
        for indexes in blocks
    )
    return Page(number=number, width=2000, height=3000, dpi=300.0, lines=made, blocks=paragraphs)


def made_result(*pages: Page, etag: str = "etag") -> Result:
    return Result(
        status="complete",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        source=Source(bucket=None, key="made", etag=etag),
        engine=Engine(provider="tesseract", version=None, languages=("eng",), mode="general", settings="made"),
        text="",
        confidence=None,
        timings={},
        pages=pages,
    )


def put_result(folder: Path, document: str, *pages: Page, etag: str = "etag") -> Path:
    """Write the result of a document below a folder, as a store does: by renaming. Return its path."""
    path = folder / f"{document}.ocr.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(encode(made_result(*pages, etag=etag)))
    part.replace(path)
    return path


def _line(words: Sequence[str], index: int) -> Line:
    made = tuple(Word(text, 0.9, box(*word_box(index, number))) for number, text in enumerate(words))
    return Line(" ".join(words), 0.9, box(*bounds(*(word.polygon for word in made))), made)


def _around(lines: Sequence[Line]) -> Polygon:
    return box(*bounds(*(line.polygon for line in lines)))
