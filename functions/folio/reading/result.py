"""What a result and an error report say about a document and its reading."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from folio import keys
from folio.config.options import Options
from folio.errors import Refused, SourceGone
from folio.models import Cost, Document, Engine, ErrorReport, ResultHead, Source, decode, now
from folio.outputs.result_json import PageIndex
from folio.reading.page_outcome import Summary, problem
from folio.stores.base import SourceObject, Store


class _Numbered(Struct):
    number: int


class _Pages(Struct):
    pages: list[msgspec.Raw]


def result_head(
    source: SourceObject, opened: Document, engine: Engine, summary: Summary, outputs: Iterable[str], cost: Cost
) -> ResultHead:
    return ResultHead(
        status=summary.status,
        created=now(),
        source=_source(source, opened),
        engine=engine,
        text=summary.text,
        confidence=summary.confidence,
        fields=summary.fields,
        cost=cost,
        outputs={kind: keys.output_key(source.key, kind) for kind in outputs},
        warnings=summary.warnings,
        timings={name: round(seconds, 3) for name, seconds in summary.timings.items()},
    )


def engine_head(options: Options, version: str | None, settings: str) -> Engine:
    return Engine(
        provider=options.providers[0],
        version=version,
        fallbacks=options.providers[1:],
        languages=options.languages,
        mode=options.mode,
        settings=settings,
    )


def error_report(error: Refused, source: SourceObject, settings: str) -> ErrorReport:
    return ErrorReport(created=now(), source=_source(source), settings=settings, error=problem(error))


def _source(source: SourceObject, opened: Document | None = None) -> Source:
    return Source(
        bucket=source.bucket,
        key=source.key,
        version=source.version,
        etag=source.etag,
        bytes=source.bytes,
        sha256=opened.sha256 if opened else None,
        media_type=opened.media_type if opened else None,
        pages=opened.pages if opened else None,
    )


def read_page(store: Store, key: str, number: int) -> bytes | None:
    """Return one page of the result of `key` as JSON, without the others of a long one; None if it has no such page.

    Raises SourceGone if there is no result.
    """
    if (stored := store.read(keys.output_key(key, "index"))) and (page := _indexed(store, key, number, stored.data)):
        return page
    if (stored := store.read(keys.result_key(key))) is None:
        raise SourceGone("There is no result.")
    return next((bytes(page) for page in decode(stored.data, _Pages).pages if _number(page) == number), None)


def _indexed(store: Store, key: str, number: int, index: bytes) -> bytes | None:
    """Return the page that the index points to, or None where the index is of another result by now."""
    try:
        location = decode(index, PageIndex).pages.get(number)
    except msgspec.DecodeError:
        return None
    page = store.read_part(keys.result_key(key), *location) if location else None
    return page if page and _number(page) == number else None


def _number(page: bytes | msgspec.Raw) -> int | None:
    try:
        return msgspec.json.decode(page, type=_Numbered).number
    except msgspec.DecodeError:
        return None
