"""A store that also hands out URLs to upload to and to download from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from folio.stores.base import SourceObject, Store


class LinkedStore(Store, Protocol):
    """A store whose files have addresses that hold for a while (`stores.folder_bucket.FolderBucket`)."""

    def sign_download(self, key: str, name: str, seconds: int) -> str:
        """Return the address of a file, which is saved under `name`."""
        ...


class Bucket(LinkedStore, Protocol):
    """A store with presigned URLs (`stores.s3.S3Store`)."""

    def put_source(self, key: str, content: Path, media_type: str, metadata: Mapping[str, str]) -> None: ...

    def delete_source(self, key: str) -> None:
        """Delete a document; do nothing if there is none."""
        ...

    def copy_source(self, source: SourceObject, key: str, metadata: Mapping[str, str]) -> None: ...

    def sign_upload(
        self, key: str, media_type: str, metadata: Mapping[str, str], max_bytes: int, seconds: int
    ) -> tuple[str, dict[str, str]]: ...
