"""A store that also hands out URLs to upload to and to download from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from folio.stores.base import SourceObject, Store


class Bucket(Store, Protocol):
    """A store with presigned URLs (`stores.s3.S3Store`)."""

    def put_source(self, key: str, content: Path, media_type: str, metadata: Mapping[str, str]) -> None: ...

    def copy_source(self, source: SourceObject, key: str, metadata: Mapping[str, str]) -> None: ...

    def sign_upload(
        self, key: str, media_type: str, metadata: Mapping[str, str], max_bytes: int, seconds: int
    ) -> tuple[str, dict[str, str]]: ...

    def sign_download(self, key: str, name: str, seconds: int) -> str: ...
