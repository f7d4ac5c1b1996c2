"""What the routes work with."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.jobs import records
from folio.jobs.folder import FolderJobs
from folio.jobs.records import JobDocument
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.stores.bucket import Bucket


class ApiContext(Struct, frozen=True, kw_only=True):
    """What an entry point hands to the routes.

    `bucket` is that of the jobs, `services` are those on it; `services_on` gives those on another bucket, and
    `services_between` those on a folder of documents and one for their results. `on_outcome` is told of each document.
    `stop_workflow` ends the workflow that reads a document of the bucket, if one does. `folder` are the documents of a
    folder that `folio serve DIR` shows.
    """

    bucket: Bucket
    services: Services
    services_on: Callable[[str], Services]
    services_between: Callable[[Path, Path], Services]
    on_outcome: Callable[[Outcome], None]
    stop_workflow: Callable[[str], None] = lambda _key: None
    folder: FolderJobs | None = None

    @property
    def settings(self) -> Settings:
        return self.services.settings

    def job(self, owner: str, job: str) -> JobDocument:
        """Return the document of a job. Raises NotFound for everything that is not this owner's, nor of the folder."""
        if self.folder and (document := self.folder.find(job)):
            return document
        return records.document_of(self.bucket, owner, records.find(self.bucket, owner, job))

    def read(self, request: Request, services: Services, deadline: Deadline) -> Outcome:
        """Read a document and report what became of it."""
        outcome = read_upload(request, services, deadline)
        self.on_outcome(outcome)
        return outcome


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="folio-api-") as name:
        yield Path(name)
