"""Amazon S3."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import batched, groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from folio import keys
from folio.errors import AccessDenied, FolioError, SourceChanged, SourceGone, StoreUnavailable
from folio.stores.base import Conflict, SourceObject, Stored
from folio.stores.placement import Placement

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

_CHUNK_BYTES = 1 << 20
_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn")
_DELETE_BATCH_SIZE = 1000  # keys in a request: S3's limit
# Suffix of a key of Folio's own -> media type.
_TYPES = {
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".jsonl": "application/jsonl",
    ".pdf": "application/pdf",
}

# S3's error codes by what they mean. One that is not listed may pass: it is StoreUnavailable.
_DENIED = {
    "403",
    "AccessDenied",
    "AllAccessDisabled",
    "InvalidAccessKeyId",
    "InvalidObjectState",  # in an archive class: must be restored first
    "KMS.DisabledException",
    "KMS.NotFoundException",
    "PermanentRedirect",  # the bucket lies in another region
    "SignatureDoesNotMatch",
}
_MISSING = {"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "404"}
_CONFLICT = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


def make_client() -> "S3Client":
    """Return a client with short timeouts; endpoint, region and credentials come from the SDK's own settings."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 4},
        signature_version="s3v4",  # the older one, which presigning would take, is refused by newer regions
    )
    client = boto3.client("s3", config=config)
    if not (urlsplit(client.meta.endpoint_url).hostname or "").endswith(_AWS_HOSTS):
        if (getattr(client.meta.config, "s3", None) or {}).get("addressing_style"):  # as the profile says
            return client
        # Another S3 rarely has a name in DNS for each bucket.
        by_path: Config = config.merge(Config(s3={"addressing_style": "path"}))
        return boto3.client("s3", config=by_path)
    # What is signed would go to the global host else, which redirects or refuses buckets of most regions.
    regional = Config(s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})
    merged: Config = config.merge(regional)
    return boto3.client("s3", config=merged)


class S3Store:
    """One bucket, with Folio's own files where `results` puts them (None: beside the documents).

    Metadata of an object whose names start with `folio-` are its options; results have none.
    """

    def __init__(self, client: "S3Client", bucket: str, results: Placement | None = None) -> None:
        self._client = client
        self._bucket = bucket
        self._results = results or Placement(bucket, bucket)

    def head(self, key: str) -> SourceObject:
        with self._translated(key):
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        return SourceObject(
            bucket=self._bucket,
            key=key,
            etag=head["ETag"].strip('"'),
            bytes=head["ContentLength"],
            version=head.get("VersionId"),
            metadata={name.lower(): value for name, value in head["Metadata"].items()},
        )

    def fetch(self, source: SourceObject, target: Path) -> None:
        version: dict[str, Any] = {"VersionId": source.version} if source.version else {}
        try:
            with self._translated(source.key):
                response = self._client.get_object(
                    Bucket=self._bucket, Key=source.key, IfMatch=f'"{source.etag}"', **version
                )
                with target.open("wb") as file:
                    for chunk in response["Body"].iter_chunks(_CHUNK_BYTES):
                        file.write(chunk)
        except Conflict as error:
            raise SourceChanged("The document was replaced while it was being read.") from error

    def read(self, key: str) -> Stored | None:
        try:
            with self._translated(key):
                response = self._client.get_object(**self._own(key))
                return Stored(response["Body"].read(), response["ETag"].strip('"'))
        except SourceGone:
            return None

    def read_part(self, key: str, start: int, length: int) -> bytes | None:
        span = f"bytes={start}-{start + length - 1}"
        try:
            with self._translated(key):
                return self._client.get_object(**self._own(key), Range=span)["Body"].read()
        except SourceGone:
            return None
        except _BeyondEnd:
            return b""

    def etag(self, key: str) -> str | None:
        try:
            with self._translated(key):
                return self._client.head_object(**self._own(key))["ETag"].strip('"')
        except SourceGone:
            return None

    def write(self, key: str, content: Path, replaces: str | None) -> str:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": f'"{replaces}"'}
        kind = _TYPES.get(PurePosixPath(key).suffix, "application/octet-stream")
        if keys.is_checkpoint(key):  # the bucket's lifecycle removes by tag what a stopped reading leaves
            condition["Tagging"] = urlencode(keys.CHECKPOINT_TAG)
        with self._translated(key), content.open("rb") as body:
            try:
                put = self._client.put_object(**self._own(key), Body=body, ContentType=kind, **condition)
            except self._client.exceptions.NoSuchKey as error:  # IfMatch on what is gone by now
                raise Conflict from error
        return put["ETag"].strip('"')

    def put_source(self, key: str, content: Path, media_type: str, metadata: Mapping[str, str]) -> None:
        """Write a document under an unused key, with the metadata that an uploader would set."""
        with self._translated(key), content.open("rb") as body:
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=media_type, Metadata=dict(metadata)
            )

    def delete_source(self, key: str) -> None:
        """Delete a document; do nothing if there is none."""
        with self._translated(key):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def copy_source(self, source: SourceObject, key: str, metadata: Mapping[str, str]) -> None:
        """Copy a document of a bucket, as it was when described, to an unused key. Raises SourceChanged, SourceGone."""
        origin: CopySourceTypeDef = {"Bucket": source.bucket or self._bucket, "Key": source.key}
        if source.version:
            origin["VersionId"] = source.version
        try:
            with self._translated(source.key):
                self._client.copy_object(
                    Bucket=self._bucket,
                    Key=key,
                    CopySource=origin,
                    CopySourceIfMatch=f'"{source.etag}"',
                    MetadataDirective="REPLACE",
                    Metadata=dict(metadata),
                    TaggingDirective="REPLACE",  # copied tags would need grants on the tags of both buckets
                )
        except Conflict as error:
            raise SourceChanged("The document was replaced while it was being read.") from error

    def sign_upload(
        self, key: str, media_type: str, metadata: Mapping[str, str], max_bytes: int, seconds: int
    ) -> tuple[str, dict[str, str]]:
        """Return URL and fields of a form (POST) that uploads one file under `key`; it is valid for `seconds`."""
        fields = {"Content-Type": media_type} | {f"x-amz-meta-{name}": value for name, value in metadata.items()}
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        with self._translated(key):
            form = self._client.generate_presigned_post(
                self._bucket, key, fields, [*conditions, ["content-length-range", 1, max_bytes]], seconds
            )
        return form["url"], form["fields"]

    def sign_download(self, key: str, name: str, seconds: int) -> str:
        """Return a URL for a file, valid for `seconds`; a browser saves it under `name`."""
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        parameters = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition}
        with self._translated(key):
            return self._client.generate_presigned_url("get_object", parameters, seconds)

    def delete(self, key: str, etag: str) -> None:
        try:
            with self._translated(key):
                self._client.delete_object(**self._own(key), IfMatch=f'"{etag}"')
        except SourceGone:
            return

    def list(self, prefix: str) -> list[str]:
        bucket, located = self.locate(prefix)
        added = len(located) - len(prefix)
        with self._translated(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=located)
            return [item["Key"][added:] for page in pages for item in page.get("Contents", [])]

    def locate(self, key: str) -> tuple[str, str]:
        return self._results.locate(key)

    def discard(self, keys: Iterable[str]) -> None:
        for bucket, located in groupby(map(self.locate, keys), key=lambda each: each[0]):
            for some in batched((key for _, key in located), _DELETE_BATCH_SIZE):
                self._delete_batch(bucket, some)

    def _delete_batch(self, bucket: str, some: tuple[str, ...]) -> None:
        with self._translated(some[0]):
            answer = self._client.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in some], "Quiet": True}
            )
        for error in answer.get("Errors", []):
            raise _translate(error.get("Code", "unknown"), bucket, error.get("Key", some[0]))

    def _own(self, key: str) -> dict[str, Any]:
        bucket, located = self.locate(key)
        return {"Bucket": bucket, "Key": located}

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

        try:
            yield
        except ClientError as error:
            raise _translate(error.response["Error"]["Code"], self._bucket, key) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise AccessDenied("There are no AWS credentials.") from error
        except (BotoCoreError, OSError) as error:
            raise StoreUnavailable(f"S3 could not be reached, or /tmp is full ({type(error).__name__}).") from error


class _BeyondEnd(Exception):
    """A range that begins after the end of the file."""


def _translate(code: str, bucket: str, key: str) -> FolioError | Conflict | _BeyondEnd:
    if code in _MISSING:
        return SourceGone(f"There is no object {key!r} in bucket {bucket!r}.")
    if code in ("InvalidRange", "416"):
        return _BeyondEnd(code)
    if code in _CONFLICT:
        return Conflict(code)
    if code in _DENIED:
        return AccessDenied(f"S3 denies access to bucket {bucket!r} ({code}).")
    return StoreUnavailable(f"S3 answered {code}.")
