"""What the routes work with."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import Misconfigured
from folio.reading.pipeline import Outcome, Request, Tools, read_upload
from folio.stores.bucket import Bucket
from folio.wiring import s3_store, s3_tools


class Service(Struct, frozen=True):
    """The bucket of the jobs, and how a door has its tools and tells of its outcomes."""

    bucket: Bucket
    tools: Tools
    metered: Callable[[Tools], Tools]
    tell: Callable[[Outcome], None]

    @property
    def settings(self) -> Settings:
        return self.tools.settings

    def on(self, bucket: str) -> Tools:
        """The tools on another bucket."""
        return self.metered(s3_tools(bucket))

    def read(self, request: Request, tools: Tools, deadline: Deadline) -> Outcome:
        outcome = read_upload(request, tools, deadline)
        self.tell(outcome)
        return outcome


def make_service(settings: Settings, metered: Callable[[Tools], Tools], tell: Callable[[Outcome], None]) -> Service:
    """Raises Misconfigured where nobody said which bucket."""
    if not settings.bucket:
        raise Misconfigured("FOLIO_BUCKET does not say where the API may put documents.")
    return Service(s3_store(settings.bucket), metered(s3_tools(settings.bucket)), metered, tell)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="folio-api-") as name:
        yield Path(name)
