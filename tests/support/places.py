"""One document at a desk, in a bucket, and in a bucket that is asked for over HTTP: and calls for it, one by one."""

import json
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
from msgspec import Struct

from folio import keys
from folio.api.context import ApiContext
from folio.api.documents import post_document
from folio.api.http import HttpRequest
from folio.config.options import Options
from folio.deadline import Deadline
from folio.desk.local import LocalFile, ReadOptions, read_files
from folio.errors import PageUnreadable
from folio.models import PageImage, PageText
from folio.providers.cost import Ledger
from folio.reading.pipeline import Request, Services, read_upload
from folio.reading.request import LocalServices
from folio.stores.base import Store
from folio.stores.folder import FolderStore
from folio.stores.placement import placement
from folio.stores.s3 import S3Store
from tests.fakes.engines import FixedText
from tests.support.defaults import settings as english_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME = "scan.tif"


class Failing(FixedText):
    """Cannot read some pages."""

    def __init__(self, failing: frozenset[int]) -> None:
        super().__init__()
        self._failing = failing

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        if page.number in self._failing:
            raise PageUnreadable("This page is refused.")
        return super().recognize(page, options, deadline, ledger)


class Step(Struct, frozen=True):
    """One call. `kill_at` is the call to the store at which it is stopped; `replaced`: after another upload."""

    options: dict[str, str]
    failing: frozenset[int]
    force: bool
    kill_at: int | None
    replaced: bool


class Place:
    """One document, and how it is read there."""

    key = NAME
    results = ""  # what stands before the keys of what Folio writes
    may_refuse_at_once = False  # without an error report: nobody uploaded anything

    def __init__(self, pool: Executor, content: bytes) -> None:
        self._pool = pool
        self.content = content
        self.version = 0

    def services(self, store: Store, step: Step) -> Services:
        return Services(
            store=store, settings=english_settings(jobs=1), provider=lambda _: Failing(step.failing), pool=self._pool
        )

    def replace(self) -> None:
        """Upload the next version."""
        self.version += 1
        self.put(self.content + bytes(self.version))

    def put(self, content: bytes) -> None:
        raise NotImplementedError

    def read(self, step: Step, stop: Callable[[Store], Store]) -> None:
        raise NotImplementedError

    @property
    def store(self) -> Store:
        raise NotImplementedError

    def files(self) -> dict[str, bytes]:
        """All that lies beside the document, by key."""
        names = [keys.result_key(self.key), keys.error_key(self.key), *self.store.list(self.key + keys.FOLDER)]
        found = {name: self.store.read(name) for name in names}
        return {name: stored.data for name, stored in found.items() if stored}


class Desk(Place):
    def __init__(self, pool: Executor, content: bytes, folder: Path) -> None:
        super().__init__(pool, content)
        self._folder = folder / uuid4().hex
        self._folder.mkdir()

    @property
    def store(self) -> Store:
        return FolderStore(self._folder)

    def put(self, content: bytes) -> None:
        (self._folder / NAME).write_bytes(content)

    def read(self, step: Step, stop: Callable[[Store], Store]) -> None:
        services = self.services(self.store, step)
        local = LocalServices(
            services=services,
            on_folder=lambda _root, _results: services,
            sharing=lambda _root, _results, _deadline: self.services(stop(self.store), step),
        )
        run = ReadOptions(options=step.options, force=step.force)
        list(read_files([LocalFile(self._folder, NAME)], run, local, Deadline(60)))


class Bucket(Place):
    """Options are the object's own: whoever wants others uploads it again."""

    def __init__(self, pool: Executor, content: bytes, client: "S3Client", bucket: str) -> None:
        super().__init__(pool, content)
        self.key = f"{uuid4().hex}/{NAME}"
        self.bucket, self._client = bucket, client
        self._there = b""

    @property
    def store(self) -> S3Store:
        return S3Store(self._client, self.bucket)

    def put(self, content: bytes) -> None:
        self._there = content
        self._client.put_object(Bucket=self.bucket, Key=self.key, Body=content)

    def read(self, step: Step, stop: Callable[[Store], Store]) -> None:
        metadata = {f"folio-{name}": value for name, value in step.options.items()}
        put = self._client.put_object(Bucket=self.bucket, Key=self.key, Body=self._there, Metadata=metadata)
        request = Request(key=self.key, etag=put["ETag"].strip('"'))
        read_upload(request, self.services(stop(self.store), step), Deadline(60))


class Elsewhere(Bucket):
    """Results lie in another bucket, which is the same for all."""

    def __init__(self, pool: Executor, content: bytes, client: "S3Client", bucket: str) -> None:
        super().__init__(pool, content, client, bucket)
        client.create_bucket(Bucket="results")
        self.results = f"read/{bucket}/"

    @property
    def store(self) -> S3Store:
        return S3Store(self._client, self.bucket, placement(self.bucket, "s3://results/read"))


class Http(Bucket):
    may_refuse_at_once = True

    def read(self, step: Step, stop: Callable[[Store], Store]) -> None:
        services = self.services(stop(self.store), step)
        context = ApiContext(
            bucket=self.store,
            services=msgspec.structs.replace(services, settings=english_settings(jobs=1, bucket=self.bucket)),
            services_on=lambda _: services,
            services_between=lambda _sources, _results: services,
            on_outcome=lambda _: None,
        )
        body = json.dumps({"s3": {"bucket": self.bucket, "key": self.key}, "options": step.options}).encode()
        headers = {"content-type": "application/json"}
        post_document(HttpRequest(method="POST", body=body, headers=headers), context, Deadline(60))
