"""The index's file: SQLite with FTS5. It is never trusted: one that is damaged, of another version, or holds anything
but what is made here is made again.
"""

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from folio.errors import Busy, StoreUnavailable

NAME = ".folio-search.sqlite"

# Rises when the schema, the tokens or the passages change; the tokens depend on Unicode's version too.
_VERSION = 1
_BUSY_SECONDS = 30
_MADE_BY = f"{_VERSION} {unicodedata.unidata_version}"
_SCHEMA = """
CREATE TABLE files (id INTEGER PRIMARY KEY, name BLOB UNIQUE, signature TEXT, is_result INTEGER);
CREATE TABLE passages (id INTEGER PRIMARY KEY, file INTEGER, page INTEGER, width INTEGER, height INTEGER, kind TEXT,
  parts BLOB);
CREATE INDEX passages_of_file ON passages (file);
CREATE VIRTUAL TABLE terms USING fts5 (tokens, tokenize = 'ascii');
CREATE TABLE made_by (version TEXT);
"""  # 'ascii' takes all other characters as they are, and ours are folded already


class IndexDamagedError(Exception):
    """What the index holds cannot be what was written."""


def connect(folder: Path) -> sqlite3.Connection:
    """Open the index of a folder, or make it; in memory where nothing can be written beside the results.

    Raises IndexDamagedError, Busy, StoreUnavailable.
    """
    path = folder / NAME
    if path.is_symlink() or (path.exists() and not path.is_file()):  # a link would have another file written
        discard(folder)
    is_writable = os.access(path, os.R_OK | os.W_OK) if path.exists() else os.access(folder, os.W_OK)
    with translated():
        location = path if is_writable and os.access(folder, os.W_OK) else ":memory:"
        connection = sqlite3.connect(location, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def discard(folder: Path) -> None:
    """Remove the index of a folder. Raises StoreUnavailable."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        try:
            (folder / (NAME + suffix)).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"{NAME} cannot be removed; remove it yourself.") from error


@contextmanager
def translated() -> Iterator[None]:
    """Raise SQLite's errors as ours: Busy, StoreUnavailable, and IndexDamagedError for all that a new index mends."""
    try:
        yield
    except UnicodeError as error:  # in what SQLite took for text
        raise IndexDamagedError from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one of an extended code
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy("Another search is bringing the index up to date.") from error
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise StoreUnavailable(f"The index {NAME} cannot be written.") from error
        raise IndexDamagedError from error


def remove_traces(connection: sqlite3.Connection) -> None:
    """Have nothing left of removed passages: FTS5 only marks their tokens until its segments are merged."""
    connection.execute("INSERT INTO terms (terms) VALUES ('optimize')")


def _prepare(connection: sqlite3.Connection) -> None:
    # What lies in the file may be anybody's: no functions of its schema are called, and its pages are checked.
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    connection.executescript("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;")
    if not _schema(connection):
        # Of two that make it at once the second fails, and finds it made.
        try:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
            connection.execute("INSERT INTO made_by VALUES (?)", (_MADE_BY,))
            connection.commit()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            connection.rollback()
    if _schema(connection) != _expected():
        raise IndexDamagedError
    if connection.execute("SELECT version FROM made_by").fetchall() != [(_MADE_BY,)]:
        raise IndexDamagedError


def _schema(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()


@cache
def _expected() -> list[tuple[str, ...]]:
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(_SCHEMA)
        schema = _schema(connection)
    connection.close()
    return schema
