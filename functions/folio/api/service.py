"""What the routes work with."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from folio.config import Settings
from folio.errors import Misconfigured
from folio.pipeline import Outcome, Request, Tools, read_upload
from folio.retry import Deadline
from folio.stores.base import SourceObject, Store
from folio.wiring import s3_store, s3_tools


class Bucket(Store, Protocol):
    """A store with addresses to put to and to fetch from (`stores.s3.S3Store`)."""

    def put_source(self, key: str, content: Path, media_type: str, metadata: Mapping[str, str]) -> None: ...

    def copy_source(self, source: SourceObject, key: str, metadata: Mapping[str, str]) -> None: ...

    def sign_upload(
        self, key: str, media_type: str, metadata: Mapping[str, str], most: int, seconds: int
    ) -> tuple[str, dict[str, str]]: ...

    def sign_download(self, key: str, name: str, seconds: int) -> str: ...


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


def put_bytes(store: Store, key: str, data: bytes, replaces: str | None) -> str:
    """`Store.write` of what is in memory. Raises Conflict."""
    with tempfile.NamedTemporaryFile(prefix="folio-") as file:
        file.write(data)
        file.flush()
        return store.write(key, Path(file.name), replaces)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="folio-api-") as name:
        yield Path(name)
