"""What a result and an error report say about a document and its reading."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal

import msgspec
from msgspec import Struct

from folio import keys
from folio.config.options import Options
from folio.errors import Refused, SourceGone
from folio.models import Cost, Document, Engine, ErrorReport, ResultHead, Source, SourceFile, decode, now
from folio.outputs.result_json import PageIndex
from folio.reading.page_outcome import Summary, problem
from folio.stores.base import SourceObject, Store
from folio.structure.redaction import masked


class _Numbered(Struct):
    number: int


class _Pages(Struct):
    pages: list[msgspec.Raw]


class _Document(Struct):
    pages: int
    etag: str = ""


class ResultStart(Struct):
    """What the first bytes of a result say: its status, what is masked, and the document and its `pages`."""

    status: Literal["complete", "partial"]
    source: _Document
    redacted: dict[str, int] | None = None


# More than what stands before the engine in any result: the longest of it is a key of 1024 bytes, six each as JSON.
_START_BYTES = 16_384
_AFTER_SOURCE = b',"engine":{'  # in a string its quotes would have backslashes


def result_head(
    source: SourceObject,
    opened: Document,
    engine: Engine,
    summary: Summary,
    options: Options,
    outputs: dict[str, str],
    cost: Cost,
) -> ResultHead:
    return ResultHead(
        status=summary.status,
        created=now(),
        source=_masked_source(_source(source, opened), options),
        engine=engine,
        text=summary.text,
        confidence=summary.confidence,
        fields=summary.fields,
        cost=cost,
        outputs=outputs,
        redacted={kind: summary.redacted.get(kind, 0) for kind in options.redact} if options.redact else None,
        warnings=tuple(masked(warning, options.redact) for warning in summary.warnings),  # they have names of files
        timings={name: round(seconds, 3) for name, seconds in summary.timings.items()},
        files=tuple(_masked_file(file, options) for file in _files(opened)),
    )


def _files(opened: Document) -> Iterator[SourceFile]:
    number = 1
    for part in opened.parts:
        page = number if part.pages else None
        yield SourceFile(
            name=part.name, media_type=part.media_type or None, page=page, pages=part.pages, error=part.error
        )
        number += part.pages


def _masked_file(file: SourceFile, options: Options) -> SourceFile:
    """Return a file of the document without what is private in its name."""
    return msgspec.structs.replace(file, name=masked(file.name, options.redact))


def _masked_source(source: Source, options: Options) -> Source:
    attachment = source.attachment and masked(source.attachment, options.redact)
    return msgspec.structs.replace(source, attachment=attachment)


def output_keys(store: Store, source: SourceObject, kinds: Iterable[str], scope: str) -> dict[str, str]:
    """Return where outputs of a result of a part (empty: the whole document) lie, in the bucket of the result."""
    key = keys.printable(source.key)
    return {kind: store.locate(keys.output_key(key, kind, scope))[1] for kind in kinds}


def engine_head(options: Options, names: tuple[str, ...], version: str | None, settings: str) -> Engine:
    """Return who was asked: the names are those of the chain."""
    return Engine(
        provider=names[0],
        version=version,
        fallbacks=names[1:],
        languages=options.languages,
        mode=options.mode,
        settings=settings,
    )


def error_report(error: Refused, source: SourceObject, settings: str) -> ErrorReport:
    return ErrorReport(created=now(), source=_source(source), settings=settings, error=problem(error))


def _source(source: SourceObject, opened: Document | None = None) -> Source:
    return Source(
        bucket=source.bucket,
        key=keys.printable(source.key),
        version=source.version,
        etag=source.etag,
        bytes=opened.bytes if opened else source.bytes,
        attachment=opened.attachment or None if opened else None,
        sha256=opened.sha256 if opened else None,
        media_type=(opened.source_type or opened.media_type) if opened else None,
        pages=opened.pages if opened else None,
    )


def read_page(store: Store, key: str, number: int, scope: str = "") -> bytes | None:
    """Return one page of the result of `key`, or of a part of it, as JSON, without the others of a long one.

    Return None if it has no such page. Raises SourceGone if there is no result.
    """
    result = keys.result_key(key, scope)
    index = store.read(keys.output_key(key, "index", scope))
    if index and (page := _indexed(store, result, number, index.data)):
        return page
    if (stored := store.read(result)) is None:
        raise SourceGone("There is no result.")
    return next((bytes(page) for page in decode(stored.data, _Pages).pages if _number(page) == number), None)


def read_start(store: Store, key: str, scope: str = "") -> ResultStart | None:
    """Return what the result of `key`, or of a part of it, begins with, however long it is; None if there is none."""
    result = keys.result_key(key, scope)
    data = store.read_part(result, 0, _START_BYTES)
    if data is None:
        return None
    start, after, _ = data.partition(_AFTER_SOURCE)
    if after:
        with suppress(msgspec.DecodeError):
            return decode(start + b"}", ResultStart)
    stored = store.read(result)  # not as this version writes it
    return decode(stored.data, ResultStart) if stored else None


def _indexed(store: Store, result: str, number: int, index: bytes) -> bytes | None:
    """Return the page that the index points to, or None where the index is of another result by now."""
    try:
        location = decode(index, PageIndex).pages.get(number)
    except msgspec.DecodeError:
        return None
    page = store.read_part(result, *location) if location else None
    return page if page and _number(page) == number else None


def _number(page: bytes | msgspec.Raw) -> int | None:
    try:
        return msgspec.json.decode(page, type=_Numbered).number
    except msgspec.DecodeError:
        return None
