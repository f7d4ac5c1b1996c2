"""The index of a folder's results: brought up to date with them, and asked."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import batched
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from folio.errors import StoreUnavailable
from folio.models import encode
from folio.search import database
from folio.search.database import IndexDamagedError
from folio.search.files import ResultFile, content, document_of, result_files
from folio.search.passages import Passage, Span, passages
from folio.search.tokens import Term, Token, terms, tokenize
from folio.transform import Polygon

MAX_TEXT = 400  # characters of a hit's text, around its first match
_FILES_A_TRANSACTION = 100  # what is lost to a search that is stopped

_PARTS = msgspec.json.Decoder(tuple[Span, ...])
_FIND = """
SELECT files.name, passages.page, passages.width, passages.height, passages.kind, passages.parts,
  -bm25(terms) FROM terms JOIN passages ON passages.id = terms.rowid JOIN files ON files.id = passages.file
  WHERE terms MATCH ? ORDER BY bm25(terms), passages.id LIMIT ?
"""


class Match(Struct, frozen=True):
    """A word that was found; the polygon is None for a cell whose place is not known."""

    text: str
    polygon: Polygon | None


class Hit(Struct, frozen=True, kw_only=True):
    """A passage with all that was asked for: names are relative to the folder, `score` is BM25's (more is better).

    `words` are those that match, their polygons in pixels of the page, whose size is `width` by `height`. `kind` is
    that of a block, or line, code or stamp.
    """

    document: str
    result: str
    page: int
    width: int
    height: int
    kind: str
    text: str
    words: tuple[Match, ...]
    score: float


class Refreshed(Struct, frozen=True):
    """What was done: results indexed anew and removed; all that are there, and files that are no results of Folio's."""

    indexed: int = 0
    removed: int = 0
    results: int = 0
    skipped: int = 0


def search(folder: Path, words: str, limit: int = 20) -> list[Hit]:
    """Return the passages of the results below a folder that have all the words, the best first.

    The index is brought up to date before. Raises BadOption for words that cannot be searched for, Busy,
    StoreUnavailable.
    """
    return refresh_and_search(folder, words, limit)[1]


def refresh(folder: Path) -> Refreshed:
    """Bring the index of a folder up to date. Raises Busy, StoreUnavailable."""
    return _with_index(folder, lambda connection: _refresh(connection, folder))


def refresh_and_search(folder: Path, words: str, limit: int = 20) -> tuple[Refreshed, list[Hit]]:
    """Do both, and return what both return."""
    asked = terms(words)
    return _with_index(folder, lambda connection: (_refresh(connection, folder), _search(connection, asked, limit)))


def _with_index[T](folder: Path, use: Callable[[sqlite3.Connection], T]) -> T:
    """Work with the index of a folder, with a new one if it turns out to be damaged."""
    try:
        return _attempt(folder, use)
    except IndexDamagedError:
        database.discard(folder)
    try:
        return _attempt(folder, use)
    except IndexDamagedError as error:
        raise StoreUnavailable(f"The index {database.NAME} cannot be used, nor can a new one.") from error


def _attempt[T](folder: Path, use: Callable[[sqlite3.Connection], T]) -> T:
    with closing(database.connect(folder)) as connection, database.translated():
        return use(connection)


def _refresh(connection: sqlite3.Connection, folder: Path) -> Refreshed:
    files = result_files(folder)
    known = _known(connection)
    removed = [name for name in known if name not in files]
    changed = [file for name, file in files.items() if known.get(name) != file.signature]
    for names in batched(removed, _FILES_A_TRANSACTION):
        with _transaction(connection):
            for name in names:
                _remove(connection, name)
    for several in batched(changed, _FILES_A_TRANSACTION):
        with _transaction(connection):
            for file in several:
                _remove(connection, file.name)
                _add(connection, folder, file)
    if removed or any(file.name in known for file in changed):
        database.remove_traces(connection)
    counts = dict(connection.execute("SELECT is_result, count(*) FROM files GROUP BY is_result"))
    return Refreshed(len(changed), len(removed), counts.get(1, 0), counts.get(0, 0))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    with connection:  # which commits, or rolls back
        yield


def _known(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, signature FROM files")
    return {_name(name): signature for name, signature in rows}


def _name(stored: Any) -> str:
    if not isinstance(stored, bytes):
        raise IndexDamagedError
    return os.fsdecode(stored)


def _remove(connection: sqlite3.Connection, name: str) -> None:
    row = connection.execute("SELECT id FROM files WHERE name = ?", (os.fsencode(name),)).fetchone()
    if row:
        connection.execute("DELETE FROM terms WHERE rowid IN (SELECT id FROM passages WHERE file = ?)", row)
        connection.execute("DELETE FROM passages WHERE file = ?", row)
        connection.execute("DELETE FROM files WHERE id = ?", row)


def _add(connection: sqlite3.Connection, folder: Path, file: ResultFile) -> None:
    """Index a result. What is no result of Folio's is noted, so that it is not looked into again."""
    data = content(folder / file.name)
    matches: list[Passage] | None = None
    if data is not None:
        try:
            matches = list(passages(data, content(folder / file.review)))
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            matches = None
    insert = "INSERT INTO files (name, signature, is_result) VALUES (?, ?, ?)"
    number = connection.execute(insert, (os.fsencode(file.name), file.signature, matches is not None)).lastrowid
    for passage in matches or ():
        tokens = tokenize(part.text for part in passage.parts)
        if tokens:
            row = number, passage.page, passage.width, passage.height, passage.kind, encode(passage.parts)
            added = connection.execute("INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?)", row).lastrowid
            text = " ".join(token.text for token in tokens)
            connection.execute("INSERT INTO terms (rowid, tokens) VALUES (?, ?)", (added, text))


def _search(connection: sqlite3.Connection, asked: list[Term], limit: int) -> list[Hit]:
    expression = " AND ".join(term.expression() for term in asked)
    return [_hit(row, asked) for row in connection.execute(_FIND, (expression, limit))]


def _hit(row: tuple[Any, ...], asked: list[Term]) -> Hit:
    name, page, width, height, kind, encoded, score = row
    try:
        parts = _PARTS.decode(encoded)
    except (msgspec.DecodeError, TypeError) as error:
        raise IndexDamagedError from error
    tokens = tokenize(part.text for part in parts)
    matching = sorted({index for term in asked for indexes in term.matches(tokens) for index in indexes})
    if not matching or not (located := document_of(_name(name))):
        raise IndexDamagedError
    return Hit(
        document=located[0],
        result=_name(name),
        page=page,
        width=width,
        height=height,
        kind=kind,
        text=_excerpt(parts, tokens, matching[0]),
        words=tuple(Match(parts[index].text, parts[index].polygon) for index in matching),
        score=round(score, 6),
    )


def _excerpt(parts: tuple[Span, ...], tokens: list[Token], first: int) -> str:
    """Return the text around a part; there is no space between characters of scripts that have none."""
    unspaced = {(token.first, token.last) for token in tokens if token.last > token.first}
    texts, starts, length = [], [], 0
    for index, part in enumerate(parts):
        text_of_part = part.text if index == 0 or (index - 1, index) in unspaced else f" {part.text}"
        starts.append(length)
        texts.append(text_of_part)
        length += len(text_of_part)
    text = "".join(texts)
    start = max(0, min(starts[first] - MAX_TEXT // 4, length - MAX_TEXT))
    end = start + MAX_TEXT
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < length else ''}"
