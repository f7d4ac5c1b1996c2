"""The only file that chooses implementations. Entry points call it, and hand on what it returns."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from folio.config.environment import limit_threads, variable
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.options.settings import load_settings
from folio.providers.registry import get_provider
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.reading.request import LocalServices
from folio.reading.threads import reader_threads
from folio.stores.base import Store

if TYPE_CHECKING:
    from folio.jobs.folder import FolderJobs
    from folio.stores.s3 import S3Store

SERVED_FOLDER = "FOLIO_SERVED_FOLDER"  # `folio serve DIR` tells its handlers by it


def make_services(store: Store, settings: Settings) -> Services:
    """Choose everything the pipeline needs, around a store."""
    limit_threads()
    pool = reader_threads(settings.cores(), "page")
    return Services(store=store, settings=settings, provider=partial(get_provider, settings=settings), pool=pool)


@cache
def s3_services(bucket: str) -> Services:
    """Choose the services for a bucket, with settings from the environment; a warm function keeps them."""
    return make_services(s3_store(bucket), load_settings())


@cache
def s3_store(bucket: str) -> "S3Store":
    """Return a bucket with what only S3 has: addresses to upload to and to download from. Raises Misconfigured."""
    from folio.stores.placement import placement
    from folio.stores.s3 import S3Store, make_client

    return S3Store(make_client(), bucket, placement(bucket, load_settings().results))


def local_services(settings: Settings) -> LocalServices:
    """Choose the services for files of this machine."""
    from folio.stores.folder import FolderStore

    services = make_services(FolderStore(Path()), settings)
    return LocalServices(
        services=services,
        on_folder=partial(folder_services, services),
        sharing=partial(_sharing_folder, services),
    )


def folder_services(services: Services, sources: Path, results: Path | None) -> Services:
    """Return the same services on a folder."""
    from folio.stores.folder import FolderStore

    return msgspec.structs.replace(services, store=FolderStore(sources, results))


def _sharing_folder(services: Services, sources: Path, results: Path | None, deadline: Deadline) -> Services:
    """Return the same services on a folder, with long documents read by processes of this machine."""
    from folio.longdocs.local_workers import hand_over
    from folio.stores.folder import FolderStore

    here = folder_services(services, sources, results)
    build = partial(_single_job_services, services.settings, FolderStore, sources, results)

    def fan_out(request: Request, _fingerprint: str) -> Outcome:
        return hand_over(request, here, build, deadline)

    return msgspec.structs.replace(here, fan_out=fan_out)


def shown_folder() -> "FolderJobs | None":
    """Return the documents of the folder that `folio serve DIR` shows; None without one."""
    from folio.jobs.folder import FolderJobs
    from folio.stores.folder_bucket import served_folder

    bucket = served_folder(variable(SERVED_FOLDER))
    return FolderJobs(bucket) if bucket else None


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


def stop_workflow(settings: Settings, key: str) -> None:
    """End the workflow that reads a document, where the settings name one. Raises AccessDenied, StoreUnavailable.

    Processes of this machine look for themselves whether the document of a job is still there.
    """
    if settings.workflow and not settings.long_documents_lock:
        from folio.longdocs.workflow import stop_workflow as stop

        stop(settings.workflow, key)


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
def _single_job_services(settings: Settings, store: Callable[..., Store], *location: Any) -> Services:
    """Choose the services of a process that reads page after page, in the store at a location."""
    return make_services(store(*location), msgspec.structs.replace(settings, jobs=1))
