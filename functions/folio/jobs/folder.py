"""Documents of a folder that `folio serve DIR` shows: each with a result is a job that is finished.

Its id follows from its name, so that an address that was kept leads to it after the next start too.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from msgspec import Struct

from folio import keys
from folio.errors import FolioError, NotFound
from folio.jobs.records import JobDocument, Record, State
from folio.models import decode
from folio.reading.result import ResultStart, read_start
from folio.search.files import document_of, result_files
from folio.stores.folder_bucket import FolderBucket

_ID_BYTES = 24  # of which Base64 makes the 32 characters of a job's id


class FolderDocument(Struct, frozen=True, kw_only=True):
    """A document with a result: `id` is that of its job, `name` its path below the folder, of the document attached to
    it and of the pages that were read too. `reviewed`: people have corrected it.
    """

    id: str
    name: str
    state: State
    pages: int
    reviewed: bool


class FolderList(Struct, frozen=True, kw_only=True):
    """Documents of the folder in the order of their names; `next` is what to send as `after` for more of them."""

    documents: tuple[FolderDocument, ...]
    next: str | None = None


class _Pages(Struct):
    class _Page(Struct):
        number: int

    class _Source(Struct):
        attachment: str | None = None

    pages: list[_Page]
    source: _Source


class _Entry(Struct, frozen=True):
    """A result: the key of its document, the part that was read, and what the document is called."""

    key: str
    scope: str
    name: str


class FolderJobs:
    """The finished jobs of one folder; who lists them reads only the beginning of each result."""

    def __init__(self, bucket: FolderBucket) -> None:
        self._bucket = bucket
        self._entries: dict[str, _Entry] = {}

    @property
    def name(self) -> str:
        """What the folder is called."""
        return keys.printable(self._bucket.folder.name) or "/"

    def find(self, job: str) -> JobDocument | None:
        """Return the job, or None if none of these has that id. Raises NotFound where its result is gone."""
        if job not in self._entries:
            self._look()
        entry = self._entries.get(job)
        if entry is None:
            return None
        if self._start(entry) is None:
            raise NotFound("The result of this document is not there any more.")
        return self._document(job, entry)

    def list(self, search: str, after: str, limit: int) -> FolderList:
        """Return up to `limit` documents whose names come after `after` and hold what is searched for, in any case."""
        self._look()
        requested = _plain(search)
        named = sorted((entry.name, job) for job, entry in self._entries.items())
        chosen = (job for name, job in named if name > after and requested in _plain(name))
        matches = list(islice(filter(None, (self._shown(job) for job in chosen)), limit + 1))
        last = matches[limit - 1].name if len(matches) > limit else None
        return FolderList(documents=tuple(matches[:limit]), next=last)

    def _look(self) -> None:
        self._entries = {_id(keys.result_key(entry.key, entry.scope)): entry for entry in self._found()}

    def _found(self) -> Iterator[_Entry]:
        bucket = self._bucket
        prefix = "" if bucket.results != bucket.folder else bucket.prefix
        for name in result_files(bucket.results):
            if located := document_of(prefix + name):
                key, scope = located
                shown = keys.printable(key).removeprefix(bucket.prefix)
                yield _Entry(key, scope, f"{shown} ({scope})" if scope else shown)

    def _start(self, entry: _Entry) -> ResultStart | None:
        """Return what a result begins with; None for what is none, cannot be read, or leads out of the folder."""
        try:
            return read_start(self._bucket, entry.key, entry.scope)
        except (FolioError, ValueError):
            return None

    def _shown(self, job: str) -> FolderDocument | None:
        entry = self._entries[job]
        start = self._start(entry)
        if start is None:
            return None
        reviewed = self._bucket.etag(keys.review_key(entry.key, entry.scope)) is not None
        return FolderDocument(
            id=job, name=entry.name, state=start.status, pages=self._count(entry, start), reviewed=reviewed
        )

    def _count(self, entry: _Entry, start: ResultStart) -> int:
        return len(self._read(entry).pages) if entry.scope else start.source.pages

    def _document(self, job: str, entry: _Entry) -> JobDocument:
        result = self._bucket.result_path(keys.result_key(entry.key, entry.scope))
        read = self._read(entry) if entry.scope else None
        options = {"attachment": read.source.attachment} if read and read.source.attachment else {}
        record = Record(
            id=job,
            filename=Path(keys.printable(entry.key)).name,
            created=datetime.fromtimestamp(result.stat().st_mtime, UTC),
            media_type="application/octet-stream",
            options=options,
            request_id="",
        )
        pages = ",".join(str(page.number) for page in read.pages) if read and not keys.is_whole(entry.scope) else ""
        return JobDocument(store=self._bucket, key=entry.key, record=record, scope=entry.scope, pages=pages)

    def _read(self, entry: _Entry) -> _Pages:
        stored = self._bucket.read(keys.result_key(entry.key, entry.scope))
        if stored is None:
            raise NotFound("The result of this document is not there any more.")
        return decode(stored.data, _Pages)


def _id(result: str) -> str:
    digest = hashlib.sha256(result.encode("utf-8", "surrogateescape")).digest()
    return base64.urlsafe_b64encode(digest[:_ID_BYTES]).decode()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
