"""What a result and an error report say about a document and its reading."""

from collections.abc import Iterable

from folio import naming
from folio.errors import Refused
from folio.models import Cost, Document, Engine, ErrorReport, Options, ResultHead, Source, now
from folio.outputs.pages import Summary, problem
from folio.stores.base import SourceObject


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
        outputs={kind: naming.output_key(source.key, kind) for kind in outputs},
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
