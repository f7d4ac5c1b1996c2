"""What the routes work with."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import Misconfigured
from folio.reading.pipeline import Outcome, Request, Services, read_upload
from folio.stores.bucket import Bucket
from folio.wiring import s3_services, s3_store


class Service(Struct, frozen=True):
    """The bucket of the jobs, and how a door has its tools and tells of its outcomes."""

    bucket: Bucket
    services: Services
    metered: Callable[[Services], Services]
    tell: Callable[[Outcome], None]

    @property
    def settings(self) -> Settings:
        return self.services.settings

    def on(self, bucket: str) -> Services:
        """The tools on another bucket."""
        return self.metered(s3_services(bucket))

    def read(self, request: Request, services: Services, deadline: Deadline) -> Outcome:
        outcome = read_upload(request, services, deadline)
        self.tell(outcome)
        return outcome


def make_service(
    settings: Settings, metered: Callable[[Services], Services], tell: Callable[[Outcome], None]
) -> Service:
    """Raises Misconfigured where nobody said which bucket."""
    if not settings.bucket:
        raise Misconfigured("FOLIO_BUCKET does not say where the API may put documents.")
    return Service(s3_store(settings.bucket), metered(s3_services(settings.bucket)), metered, tell)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="folio-api-") as name:
        yield Path(name)
