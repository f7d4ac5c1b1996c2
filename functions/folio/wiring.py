"""The only file that chooses implementations."""

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from folio.config.environment import limit_threads
from folio.config.settings import Settings, load_settings
from folio.deadline import Deadline
from folio.models import Document, Page
from folio.providers import get_provider
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.stores.base import Store

if TYPE_CHECKING:
    from folio.stores.s3 import S3Store


def shield_from_interrupt() -> None:
    """For a thread that starts foreign programs: they inherit its signal mask, so that Ctrl-C reaches only Folio, which
    stops in order. A poppler killed by it says nothing and leaves nothing, just as on a damaged document.

    The same of SIGTERM where this process handles it. Where it does not, pytesseract ends its own with it soonest.
    """
    shielded = {signal.SIGINT}
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        shielded.add(signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, shielded)


def make_services(store: Store, settings: Settings) -> Services:
    """Everything the story needs, around a store."""
    limit_threads()
    pool = ThreadPoolExecutor(settings.cores(), "page", shield_from_interrupt)
    return Services(store=store, settings=settings, provider=partial(get_provider, settings=settings), pool=pool)


@cache
def s3_services(bucket: str) -> Services:
    """For a bucket; settings from the environment. One set per bucket and process: a warm function keeps it."""
    return make_services(s3_store(bucket), load_settings())


@cache
def s3_store(bucket: str) -> "S3Store":
    """A bucket with what only S3 has: addresses to upload to and to download from."""
    from folio.stores.s3 import S3Store, make_client

    return S3Store(make_client(), bucket)


def folder_services(
    services: Services, sources: Path, results: Path | None, on_page: Callable[[Document, Page], None]
) -> Services:
    """The same tools on another folder."""
    from folio.stores.folder import FolderStore

    return msgspec.structs.replace(services, store=FolderStore(sources, results), on_page=on_page)


def sharing(services: Services, sources: Path, results: Path | None, deadline: Deadline) -> Services:
    """The same tools on a folder, which have long documents read by processes of this machine."""
    from folio.longdocs.local_workers import hand_over
    from folio.stores.folder import FolderStore

    build = partial(_single_job_services, services.settings, FolderStore, sources, results)

    def fan_out(request: Request, _fingerprint: str) -> Outcome:
        return hand_over(request, services, build, deadline)

    return msgspec.structs.replace(services, fan_out=fan_out)


def with_fan_out(services: Services, bucket: str, deadline: Deadline) -> Services:
    """The same services on a bucket, with long documents read as the settings say: by several processes of this
    machine, by the workflow, or (neither is set) page after page like any other document."""
    settings = services.settings
    if settings.long_documents_lock:
        return _sharing_bucket(services, bucket, Path(settings.long_documents_lock), deadline)
    if settings.workflow:
        from folio.longdocs.workflow import start_workflow

        return msgspec.structs.replace(services, fan_out=partial(start_workflow, settings.workflow, bucket))
    return services


def _sharing_bucket(services: Services, bucket: str, lock: Path, deadline: Deadline) -> Services:
    """Have a long document read by processes of this machine, or by this one alone while those read another."""
    from folio.longdocs.local_workers import hand_over, in_turn

    build = partial(_single_job_services, services.settings, s3_store, bucket)

    def fan_out(request: Request, _fingerprint: str) -> Outcome:
        with in_turn(lock) as ours:
            if ours:
                return hand_over(request, services, build, deadline)
        return read_upload(request, msgspec.structs.replace(services, fan_out=None), deadline)

    return msgspec.structs.replace(services, fan_out=fan_out)


@cache
def _single_job_services(settings: Settings, store: Callable[..., Store], *where: Any) -> Services:
    """For a process that reads page after page, in the store at a place."""
    return make_services(store(*where), msgspec.structs.replace(settings, jobs=1))
