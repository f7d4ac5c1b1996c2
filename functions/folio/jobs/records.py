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
from folio.errors import BadOption, FolioError, NotFound, Stalled
from folio.models import ErrorReport, decode, encode, now
from folio.options.resolve import page_numbers, parse_options
from folio.problems import ProblemDocument, problem_of, problem_of_report
from folio.reading import checkpoint
from folio.reading.result import ResultStart, read_start
from folio.stores.base import Conflict, Store
from folio.stores.bucket import Bucket, LinkedStore
from folio.stores.put import put_bytes, require_job

LINK_SECONDS = 900
# Longer than the queue takes to try a document for the last time.
SILENCE_SECONDS = 24 * 3600
REQUEST = "request-id"  # metadata that is not an option: the request a document came with
_ID = re.compile(r"[A-Za-z0-9_-]{32}")
_MAX_NUMBER = 99_999  # of a page
_JOB_KEY = re.compile(rf"{keys.JOBS}([^/]+)/([^/]+)/[^/]+")

type State = Literal["waiting", "queued", "reading", "complete", "partial", "failed"]


class Form(Struct, frozen=True):
    """What Accept asked for: a media type, and the link that leads to it once it is there."""

    media_type: str = "application/json"
    link: str = "result"


class Record(Struct, frozen=True, kw_only=True):
    """What is known of a job from its beginning."""

    id: str
    filename: str
    created: datetime
    media_type: str
    options: dict[str, str]
    request_id: str
    form: Form = Form()


class JobDocument(Struct, frozen=True, kw_only=True):
    """A job's document: where it lies, and the part of it that is read. `pages` are their numbers; empty: all."""

    store: LinkedStore
    key: str
    record: Record
    scope: str = ""
    pages: str = ""


class Progress(Struct, frozen=True):
    """Pages that are read, of how many; null before the document is opened. `ready` are the numbers of those that can
    be had while the others are being read (1-4,9), `chosen` of those that are to be read, where these are not all.
    """

    done: int = 0
    total: int | None = None
    ready: str = ""
    chosen: str = ""


class Job(Struct, frozen=True, kw_only=True):
    """`waiting` for its document, `queued`, `reading`, or finished: `complete`, `partial` (in part unread) or `failed`.

    `links` hold for a quarter of an hour: result (JSON), source, and the outputs there are by their kind. `answer` is
    the one whose media type, `accept`, the request asked for; null until it is there, or if there is no such form.
    `reviewed`: people have corrected the result.
    """

    id: str
    state: State
    pages: Progress
    created: datetime
    filename: str
    accept: str = "application/json"
    error: ProblemDocument | None = None
    links: dict[str, str] = {}
    answer: str | None = None
    reviewed: bool = False


def new_record(
    filename: str, media_type: str, options: Mapping[str, str], request_id: str, form: Form | None = None
) -> Record:
    return Record(
        form=form or Form(),
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


def document_of(bucket: Bucket, owner: str, record: Record) -> JobDocument:
    """Return the document of a job in a bucket."""
    key = key_of(owner, record)
    return JobDocument(store=bucket, key=key, record=record, scope=scope_of(record), pages=_pages_of(record))


def attachment_of(record: Record) -> str:
    """Return the name of the attached document that a job reads; empty if it reads the document itself."""
    return record.options.get("attachment", "").strip()


def scope_of(record: Record) -> str:
    """Return the part that a job reads, by which its result is named; empty for the whole document."""
    return keys.scope_of(_pages_of(record), attachment_of(record))


def _pages_of(record: Record) -> str:
    return parse_options({"pages": record.options["pages"]}).pages if record.options.get("pages") else ""


def index_of(document: JobDocument, number: int) -> int | None:
    """Return where a page stands among those that a job reads, from 1; None if it does not read it."""
    try:
        numbers = list(page_numbers(document.pages, number))
    except BadOption:  # it begins after that page
        return None
    return len(numbers) if numbers[-1] == number else None


def look(document: JobDocument) -> Job:
    """Return the job as it is now. Of its result only the first bytes are fetched, for it may be very large."""
    store, key, record = document.store, document.key, document.record
    # In this order: pages are cleared away after the result is written, so what is missing here is found there.
    pages = _progress(document)
    if start := read_start(store, key, document.scope):
        return _finished(document, start)
    source = {"source": _link(store, key, record.filename)}
    if stored := store.read(keys.error_key(key)):
        error = problem_of_report(decode(stored.data, ErrorReport).error)
        return _job(record, "failed", pages or Progress(), source, error)
    if store.etag(key) is None:
        return _job(record, "waiting", Progress())
    if stored := store.read(keys.given_up(key)):
        return _job(record, "failed", pages or Progress(), source, decode(stored.data, ProblemDocument))
    if (now() - record.created).total_seconds() > SILENCE_SECONDS:
        lost = problem_of(Stalled("The document was tried several times and has neither a result nor an error."))
        return _job(record, "failed", pages or Progress(), source, lost)
    return _job(record, "reading" if pages else "queued", pages or Progress())


def _progress(document: JobDocument) -> Progress | None:
    saved = checkpoint.progress(document.store, document.key)
    if saved is None:
        return None
    chosen = document.pages
    numbers = list(page_numbers(chosen, _MAX_NUMBER)) if chosen else range(1, saved.total + 1)
    ready = ",".join(f"{numbers[first - 1]}-{numbers[last - 1]}" for first, last in saved.runs if last <= len(numbers))
    return Progress(saved.done, saved.total, ready, chosen)


def _finished(document: JobDocument, start: ResultStart) -> Job:
    store, key, record, scope = document.store, document.key, document.record, document.scope
    count = sum(1 for _ in page_numbers(document.pages, start.source.pages))
    links = {
        "result": _link(store, keys.result_key(key, scope), f"{record.filename}.json"),
        "source": _link(store, key, record.filename),
    }
    written = set(store.list(key + keys.FOLDER))  # outputs are written before the result that names them
    for kind, file in keys.OUTPUTS.items():
        if (output := keys.output_key(key, kind, scope)) in written:
            links[kind] = _link(store, output, f"{record.filename}.{file}")
    for kind, file in keys.split_parts(key, written, scope).items():
        links[kind] = _link(store, keys.output_key(key, kind, scope), f"{record.filename}.{file}")
    job = _job(record, start.status, Progress(count, count, chosen=document.pages), links)
    return msgspec.structs.replace(job, reviewed=keys.review_key(key, scope) in written)


def delete(bucket: Bucket, owner: str, record: Record) -> None:
    """Delete a job with its document and all that was made of it. Who is reading it notices, and stops.

    The record goes first: a document that arrives after it is not read.
    """
    key = key_of(owner, record)
    bucket.discard([keys.job_record(owner, record.id)])
    bucket.delete_source(key)
    folder = keys.job_key(owner, record.id, "")
    bucket.discard(name for name in bucket.list(folder) if name != key)


def is_job(key: str) -> bool:
    """Whether a key is one of a job's document. That of a job without a record is deleted."""
    match = _JOB_KEY.fullmatch(key)
    return match is not None and _ID.fullmatch(match[2]) is not None and not keys.is_ours(key)


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
        require_job(bucket, key, [report])


def request_of(bucket: Store, key: str) -> str | None:
    """Return the request that a job's document came with, for the log; None for documents that came otherwise."""
    match = _JOB_KEY.fullmatch(key)
    stored = bucket.read(keys.job_record(match[1], match[2])) if match else None
    return decode(stored.data, Record).request_id if stored else None


def _link(store: LinkedStore, key: str, name: str) -> str:
    return store.sign_download(key, name, LINK_SECONDS)


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
        accept=record.form.media_type,
        error=error,
        links=links or {},
        answer=(links or {}).get(record.form.link),
    )
