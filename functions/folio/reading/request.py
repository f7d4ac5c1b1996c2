"""What goes into the pipeline and what comes out of it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Literal

from msgspec import Struct

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import FolioError
from folio.models import Document, Page
from folio.options.resolve import ResolvedOptions
from folio.providers.base import Provider
from folio.providers.cost import Usage
from folio.stores.base import Store


class Request(Struct, frozen=True, kw_only=True):
    """One document to read.

    `etag` is the version that was announced (None: whatever is there); `options` go over the object's own.
    An entry point that has checked all options already hands them on as `resolved`.
    The result of a page range lies beside that of the whole document; with `force` it takes its place, and what is
    there is read again. That of an attached document always lies beside it. With `retry_failed` only what left an error
    report is read again.
    Before the `last_attempt`, a page that fails for a reason that may pass fails the document, to be retried.
    With `merging` no page is read: the steps before saved all of them.
    """

    key: str
    etag: str | None = None
    options: Mapping[str, str] = {}
    resolved: ResolvedOptions | None = None
    force: bool = False
    retry_failed: bool = False
    last_attempt: bool = True
    merging: bool = False


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a request; `written` is the key of the result or error that is there now.

    `preserved`: nothing was written, because a result of the same document says more than this reading.

    `started`: the document is so long that several functions read it; the last of them leaves the result.
    `masked` is in how many places something was masked, None where nothing is to be.
    `confidence` and `seconds` (from the start of the reading to its publication) are those of a result just written.
    """

    key: str
    status: Literal["complete", "partial", "failed", "already-read", "superseded", "ignored", "started"]
    written: str | None = None
    pages: int = 0
    failed_pages: int = 0
    masked: int | None = None
    confidence: float | None = None
    seconds: float | None = None
    error: FolioError | None = None
    preserved: bool = False


class Services(Struct, frozen=True, kw_only=True):
    """What the pipeline works with, chosen in `wiring`. `pool` reads as many pages at once as it has workers.

    `on_page` and `on_usage` report each page, and what providers were asked for each document, also for one that
    failed. `fan_out` has a long document read by several (None: it is read here, page after page); it takes the
    reading's fingerprint too, which is the same whenever the same is read.
    """

    store: Store
    settings: Settings
    provider: Callable[[str], Provider]
    pool: Executor
    on_page: Callable[[Document, Page], None] = lambda _document, _page: None
    on_usage: Callable[[tuple[Usage, ...]], None] = lambda _usage: None
    fan_out: Callable[[Request, str], Outcome] | None = None


class LocalServices(Struct, frozen=True, kw_only=True):
    """Services for files of this machine, chosen in `wiring`.

    `on_folder` gives those for documents below one folder and results in another (None: beside the documents), and
    `sharing` the same that have long documents read by several processes, until a deadline.
    """

    services: Services
    on_folder: Callable[[Path, Path | None], Services]
    sharing: Callable[[Path, Path | None, Deadline], Services]
