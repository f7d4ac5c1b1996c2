"""A job's record beside its document, and its state, which follows from what lies there.

A job is a document under `folio-jobs/<owner>/<id>/`. Its state is not stored, so it cannot be wrong. Only
the owner's folder is looked into.
"""

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from folio import keys
from folio.config.metadata import encoded
from folio.config.options import METADATA
from folio.errors import FolioError, NotFound, Stalled
from folio.models import ErrorReport, decode, encode, now
from folio.options.resolve import page_numbers, parse_options
from folio.problems import ProblemDocument, problem_of, problem_of_report
from folio.reading import checkpoint
from folio.reading.result import ResultStart, read_start
from folio.stores.base import Conflict, Store
from folio.stores.bucket import Bucket
from folio.stores.put import put_bytes

LINK_SECONDS = 900
# Longer than the queue takes to try a document for the last time.
SILENCE_SECONDS = 24 * 3600
REQUEST = "request-id"  # metadata that is not an option: the request a document came with
_ID = re.compile(r"[A-Za-z0-9_-]{32}")

type State = Literal["waiting", "queued", "reading", "complete", "partial", "failed"]


class Record(Struct, frozen=True, kw_only=True):
    """What is known of a job from its beginning."""

    id: str
    filename: str
    created: datetime
    media_type: str
    options: dict[str, str]
    request_id: str


class Progress(Struct, frozen=True):
    """Pages that are read, of how many; null before the document is opened."""

    done: int = 0
    total: int | None = None


class Job(Struct, frozen=True, kw_only=True):
    """`waiting` for its document, `queued`, `reading`, or finished: `complete`, `partial` (pages failed) or `failed`.

    `links` hold for a quarter of an hour: result (JSON), source, and the outputs there are by their kind.
    """

    id: str
    state: State
    pages: Progress
    created: datetime
    filename: str
    error: ProblemDocument | None = None
    links: dict[str, str] = {}


def new_record(filename: str, media_type: str, options: Mapping[str, str], request_id: str) -> Record:
    return Record(
        id=secrets.token_urlsafe(24),
        filename=filename,
        created=now(),
        media_type=media_type or "application/octet-stream",
        options=dict(options),
        request_id=request_id,
    )


def remember(bucket: Bucket, owner: str, record: Record) -> None:
    put_bytes(bucket, keys.job_record(owner, record.id), msgspec.json.encode(record), None)


def find(bucket: Bucket, owner: str, job: str) -> Record:
    """Raises NotFound for everything that is not this owner's job."""
    if _ID.fullmatch(job) and (stored := bucket.read(keys.job_record(owner, job))):
        return decode(stored.data, Record)
    raise NotFound("There is no such job.")


def metadata(record: Record) -> dict[str, str]:
    """Return what goes with the document: the options, and the request it came with."""
    options = {f"{METADATA}{name}": encoded(value) for name, value in record.options.items()}
    return options | {REQUEST: record.request_id}


def key_of(owner: str, record: Record) -> str:
    return keys.job_key(owner, record.id, record.filename)


def attachment_of(record: Record) -> str:
    """Return the name of the attached document that a job reads; empty if it reads the document itself."""
    return record.options.get("attachment", "").strip()


def scope_of(record: Record) -> str:
    """Return the part that a job reads, by which its result is named; empty for the whole document."""
    return keys.scope_of(_pages_of(record), attachment_of(record))


def _pages_of(record: Record) -> str:
    return parse_options({"pages": record.options["pages"]}).pages if record.options.get("pages") else ""


def look(bucket: Bucket, owner: str, record: Record) -> Job:
    """Return the job as it is now. Of its result only the first bytes are fetched, for it may be very large."""
    key = key_of(owner, record)
    # In this order: pages are cleared away after the result is written, so what is missing here is found there.
    pages = _progress(bucket, key)
    if start := read_start(bucket, key, scope_of(record)):
        return _finished(bucket, key, record, start)
    if stored := bucket.read(keys.error_key(key)):
        error = problem_of_report(decode(stored.data, ErrorReport).error)
        return _job(record, "failed", pages or Progress(), {"source": _link(bucket, key, record.filename)}, error)
    if bucket.etag(key) is None:
        return _job(record, "waiting", Progress())
    if stored := bucket.read(keys.given_up(key)):
        given_up = decode(stored.data, ProblemDocument)
        return _job(record, "failed", pages or Progress(), {"source": _link(bucket, key, record.filename)}, given_up)
    if (now() - record.created).total_seconds() > SILENCE_SECONDS:
        lost = problem_of(Stalled("The document was tried several times and has neither a result nor an error."))
        return _job(record, "failed", pages or Progress(), {"source": _link(bucket, key, record.filename)}, lost)
    return _job(record, "reading" if pages else "queued", pages or Progress())


def _progress(bucket: Bucket, key: str) -> Progress | None:
    pages = checkpoint.progress(bucket, key)
    return Progress(*pages) if pages else None


def _finished(bucket: Bucket, key: str, record: Record, start: ResultStart) -> Job:
    scope, count = scope_of(record), sum(1 for _ in page_numbers(_pages_of(record), start.source.pages))
    links = {
        "result": _link(bucket, keys.result_key(key, scope), f"{record.filename}.json"),
        "source": _link(bucket, key, record.filename),
    }
    written = set(bucket.list(key + keys.FOLDER))  # outputs are written before the result that names them
    for kind, file in keys.OUTPUTS.items():
        if (output := keys.output_key(key, kind, scope)) in written:
            links[kind] = _link(bucket, output, f"{record.filename}.{file}")
    return _job(record, start.status, Progress(count, count), links)


def give_up(bucket: Store, key: str, error: Exception) -> None:
    """Write beside a job's document that it will not be tried again by itself; a result that comes later counts.

    Raises nothing: what cannot be written here is in the log, and the job ends by its age.
    """
    if not key.startswith(keys.JOBS):
        return
    reason = error if isinstance(error, FolioError) else FolioError("Folio made a mistake.")
    report = keys.given_up(key)
    with suppress(Conflict, FolioError):
        put_bytes(bucket, report, encode(problem_of(reason)), bucket.etag(report))


def request_of(bucket: Store, key: str) -> str | None:
    """Return the request that a job's document came with, for the log; None for documents that came otherwise."""
    match = re.fullmatch(rf"{keys.JOBS}([^/]+)/([^/]+)/[^/]+", key)
    stored = bucket.read(keys.job_record(match[1], match[2])) if match else None
    return decode(stored.data, Record).request_id if stored else None


def _link(bucket: Bucket, key: str, name: str) -> str:
    return bucket.sign_download(key, name, LINK_SECONDS)


def _job(
    record: Record,
    state: State,
    pages: Progress,
    links: dict[str, str] | None = None,
    error: ProblemDocument | None = None,
) -> Job:
    return Job(
        id=record.id,
        state=state,
        pages=pages,
        created=record.created,
        filename=record.filename,
        error=error,
        links=links or {},
    )
