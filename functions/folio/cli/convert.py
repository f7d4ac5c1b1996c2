"""`folio pdf`, `folio text` and `folio table`: one document in, one file out, and nothing beside it."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from folio.cli import console
from folio.cli.flags import document_options, examples, requested
from folio.cli.messages import sentence, tr
from folio.cli.progress import how_sure, number
from folio.desk.remote import fetch, is_remote
from folio.errors import BadOption
from folio.library.document import Document
from folio.library.read import read
from folio.options.settings import load_settings
from folio.wiring import s3_store

_STREAM = "-"
_PARTIAL = 65  # sysexits.h: EX_DATAERR
_PATH = click.Path(readable=False, path_type=str)  # or an address; the type is for completion
_SOURCE = click.argument("source", metavar="IN", type=_PATH)
_TARGET = click.argument("target", metavar="OUT", type=_PATH)
_OPTIONAL_TARGET = click.argument("target", metavar="[OUT]", default=_STREAM, type=_PATH)


def _options[F: Callable[..., Any]](command: F) -> F:
    return document_options(command, without=("outputs",))


@click.command(epilog=examples("folio pdf scan.pdf searchable.pdf", "folio pdf photo.jpg - -l chi_sim > photo.pdf"))
@_SOURCE
@_TARGET
@click.option("--pdfa", is_flag=True, help="As PDF/A-2b, for archives.")
@_options
def pdf(source: str, target: str, pdfa: bool, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write IN as a searchable PDF to OUT: the pages as they are, their text to find and copy.

    IN may be an address (https://…, s3://bucket/key); - is a stream.
    """
    return _convert(source, target, (".pdf",), requested(options, pairs), pdfa=pdfa)


@click.command(epilog=examples("folio text scan.pdf", "folio text scan.pdf notes.txt --pages 1-3"))
@_SOURCE
@_OPTIONAL_TARGET
@_options
def text(source: str, target: str, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write the text of IN to OUT (.txt or .md), or print it.

    IN may be an address (https://…, s3://bucket/key); - is a stream.
    """
    return _convert(source, target, (".txt", ".md"), requested(options, pairs))


@click.command(epilog=examples("folio table report.pdf report.xlsx", "folio table report.pdf report.csv --pages 4"))
@_SOURCE
@_TARGET
@_options
def table(source: str, target: str, pairs: tuple[str, ...], **options: str | None) -> int:
    """Write the tables of IN to OUT (.xlsx or .csv).

    IN may be an address (https://…, s3://bucket/key); - is a stream, of .csv.
    """
    return _convert(source, target, (".csv", ".xlsx"), requested(options, pairs))


def _convert(
    source: str, target: str, suffixes: tuple[str, ...], options: dict[str, str], *, pdfa: bool = False
) -> int:
    """Read a document and write it in one form; the first suffix is that of a stream."""
    if target != _STREAM and Path(target).suffix.lower() not in suffixes:
        raise BadOption(f"OUT is {target!r}; its name has to end in {' or '.join(suffixes)}.")
    if target != _STREAM and target == source:
        raise BadOption("IN and OUT are the same file; give OUT another name.")
    with _local(source) as file:
        return _write(read(file, jobs=None, **options), source, target, suffixes, pdfa=pdfa)


@contextmanager
def _local(source: str) -> Iterator[str | bytes | Path]:
    """Yield a document on this machine: the content of standard input, or a file that is fetched for that long."""
    if source == _STREAM:
        yield sys.stdin.buffer.read()
    elif is_remote(source):
        with tempfile.TemporaryDirectory(prefix="folio-fetched-") as name:
            yield fetch(source, Path(name), load_settings(), s3_store)
    else:
        yield source


def _write(document: Document, source: str, target: str, suffixes: tuple[str, ...], *, pdfa: bool) -> int:
    is_table = ".csv" in suffixes
    if is_table and not document.tables:
        console.err(f"folio: {tr('There are no tables in {source}; nothing was written.', source=source)}")
        return _PARTIAL
    if target == _STREAM:
        _stream(document, suffixes[0], pdfa)
    else:
        document.save(target, pdfa=pdfa)
    return _report(document, target)


def _stream(document: Document, suffix: str, pdfa: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="folio-") as name:
        sys.stdout.buffer.write(document.save(Path(name) / f"stream{suffix}", pdfa=pdfa).read_bytes())
        sys.stdout.buffer.flush()


def _report(document: Document, target: str) -> int:
    """Say what was written and how sure it is, and each page that could not be read; return the exit code."""
    for page in document.pages:
        if page.error:
            why = f"{sentence(page.error.message)} {sentence(page.error.hint)}"
            console.err(tr("Page {number} could not be read: {why}", number=page.number, why=why))
    if target != _STREAM:
        console.err(f"{target}: {number(len(document.pages), 'page')}{how_sure(document.confidence)}")
    return _PARTIAL if document.status == "partial" else 0
