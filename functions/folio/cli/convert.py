"""`folio pdf`, `folio text` and `folio table`: one document in, one file out, and nothing beside it."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from folio.cli import console
from folio.cli.flags import document_options, examples, requested
from folio.cli.progress import how_sure, number
from folio.errors import BadOption
from folio.library.document import Document
from folio.library.read import read

_STREAM = "-"
_PARTIAL = 65  # sysexits.h: EX_DATAERR
_SOURCE = click.argument("source", metavar="IN")
_TARGET = click.argument("target", metavar="OUT")
_OPTIONAL_TARGET = click.argument("target", metavar="[OUT]", default=_STREAM)


def _options[F: Callable[..., Any]](command: F) -> F:
    return document_options(command, without=("outputs",))


@click.command(epilog=examples("folio pdf scan.pdf searchable.pdf", "folio pdf photo.jpg - -l chi_sim > photo.pdf"))
@_SOURCE
@_TARGET
@_options
def pdf(source: str, target: str, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write IN as a searchable PDF to OUT: the pages as they are, their text to find and copy. - is a stream."""
    return _convert(source, target, (".pdf",), requested(options, pairs))


@click.command(epilog=examples("folio text scan.pdf", "folio text scan.pdf notes.txt --pages 1-3"))
@_SOURCE
@_OPTIONAL_TARGET
@_options
def text(source: str, target: str, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write the text of IN to OUT (.txt or .md), or print it. - is a stream."""
    return _convert(source, target, (".txt", ".md"), requested(options, pairs))


@click.command(epilog=examples("folio table report.pdf report.xlsx", "folio table report.pdf report.csv --pages 4"))
@_SOURCE
@_TARGET
@_options
def table(source: str, target: str, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write the tables of IN to OUT (.xlsx or .csv). - is a stream, of .csv."""
    return _convert(source, target, (".csv", ".xlsx"), requested(options, pairs))


def _convert(source: str, target: str, suffixes: tuple[str, ...], options: dict[str, str]) -> int:
    """Read a document and write it in one form; the first suffix is that of a stream."""
    if target != _STREAM and Path(target).suffix.lower() not in suffixes:
        raise BadOption(f"OUT is {target!r}; its name has to end in {' or '.join(suffixes)}.")
    if target != _STREAM and target == source:
        raise BadOption("IN and OUT are the same file; give OUT another name.")
    document = read(sys.stdin.buffer.read() if source == _STREAM else source, jobs=None, **options)
    is_table = ".csv" in suffixes
    if is_table and not document.tables:
        console.err(f"folio: There are no tables in {source}; nothing was written.")
        return _PARTIAL
    if target == _STREAM:
        _stream(document, suffixes[0])
    else:
        document.save(target)
    return _report(document, target)


def _stream(document: Document, suffix: str) -> None:
    with tempfile.TemporaryDirectory(prefix="folio-") as name:
        sys.stdout.buffer.write(document.save(Path(name) / f"stream{suffix}").read_bytes())
        sys.stdout.buffer.flush()


def _report(document: Document, target: str) -> int:
    """Say what was written and how sure it is, and each page that could not be read; return the exit code."""
    for page in document.pages:
        if page.error:
            console.err(f"Page {page.number} could not be read: {page.error.message} {page.error.hint}")
    if target != _STREAM:
        console.err(f"{target}: {number(len(document.pages), 'page')}{how_sure(document.confidence)}")
    return _PARTIAL if document.status == "partial" else 0
