"""What the routes work with."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.stores.bucket import Bucket


class ApiContext(Struct, frozen=True, kw_only=True):
    """What an entry point hands to the routes.

    `bucket` is that of the jobs, `services` are those on it; `services_on` gives those on another bucket, and
    `services_between` those on a folder of documents and one for their results. `on_outcome` is told of each document.
    """

    bucket: Bucket
    services: Services
    services_on: Callable[[str], Services]
    services_between: Callable[[Path, Path], Services]
    on_outcome: Callable[[Outcome], None]

    @property
    def settings(self) -> Settings:
        return self.services.settings

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
