"""Results in another bucket than their documents: versions, encryption by a key, and names that are too long there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import NameTooLong
from folio.ops.backfill import list_with_results, with_states
from folio.providers.base import Provider
from folio.reading.pipeline import Request, Services, read_upload
from folio.stores.base import Conflict
from folio.stores.placement import placement
from folio.stores.s3 import S3Store
from tests.contract.conftest import Content

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ServerSideEncryptionByDefaultTypeDef, ServerSideEncryptionRuleTypeDef


KEY = "a/扫描.pdf"
RESULT = keys.result_key(KEY)
PAGES = f"{KEY}.ocr/pages/m/0000001-0000002.json"


@pytest.fixture
def shared(moto_s3: "S3Client", bucket: str) -> str:
    """A bucket with versions whose objects are encrypted by a key."""
    name = f"{bucket[:50]}-shared"
    moto_s3.create_bucket(Bucket=name)
    for each in (bucket, name):
        moto_s3.put_bucket_versioning(Bucket=each, VersioningConfiguration={"Status": "Enabled"})
        encryption: ServerSideEncryptionByDefaultTypeDef = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/docs"}
        rules: list[ServerSideEncryptionRuleTypeDef] = [{"ApplyServerSideEncryptionByDefault": encryption}]
        moto_s3.put_bucket_encryption(Bucket=each, ServerSideEncryptionConfiguration={"Rules": rules})
    return name


@pytest.fixture
def store(moto_s3: "S3Client", bucket: str, shared: str) -> S3Store:
    return S3Store(moto_s3, bucket, placement(bucket, f"s3://{shared}/read"))


def names(client: "S3Client", bucket: str) -> list[str]:
    return [item["Key"] for item in client.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_documents_are_found_here_and_results_there(
    store: S3Store, moto_s3: "S3Client", bucket: str, shared: str, content: Content, tmp_path: Path
) -> None:
    moto_s3.put_object(Bucket=bucket, Key=KEY, Body=b"one")
    source = store.head(KEY)
    moto_s3.put_object(Bucket=bucket, Key="other", Body=b"two")
    store.fetch(source, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"one"
    etag = store.write(RESULT, content(b"{}"), None)
    assert names(moto_s3, shared) == [f"read/{bucket}/{RESULT}"]
    assert store.locate(RESULT) == (shared, f"read/{bucket}/{RESULT}")
    assert names(moto_s3, bucket) == sorted([KEY, "other"])
    stored = store.read(RESULT)
    assert stored is not None
    assert (stored.data, stored.etag, store.etag(RESULT), store.read_part(RESULT, 1, 1)) == (b"{}", etag, etag, b"}")


def test_conditions_hold_there(store: S3Store, content: Content) -> None:
    etag = store.write(RESULT, content(b"{}"), None)
    with pytest.raises(Conflict):
        store.write(RESULT, content(b"[]"), None)
    with pytest.raises(Conflict):
        store.delete(RESULT, "0" * 32)
    newer = store.write(RESULT, content(b"[]"), etag)
    store.delete(RESULT, newer)
    assert store.read(RESULT) is None


def test_keys_are_listed_and_discarded_as_if_they_lay_beside(
    store: S3Store, moto_s3: "S3Client", shared: str, content: Content
) -> None:
    job = keys.job_record("owner", "id")
    for key in (PAGES, job):
        store.write(key, content(b"{}"), None)
    assert (store.list(keys.checkpoints(KEY)), store.list(keys.job_folder("owner"))) == ([PAGES], [job])
    tags = moto_s3.get_object_tagging(Bucket=shared, Key=store.locate(PAGES)[1])["TagSet"]
    assert tags == [{"Key": "folio", "Value": "checkpoint"}]
    store.discard([PAGES, job])
    assert (store.list(KEY), store.list(job)) == ([], [])


def test_a_name_that_is_too_long_there_is_told_at_once(store: S3Store) -> None:
    services = Services(store=store, settings=Settings(), provider=_nobody, pool=ThreadPoolExecutor(1))
    key = "a" * (keys.MAX_KEY_BYTES - 90)
    assert keys.fits(key), "beside its document it would do"
    with pytest.raises(NameTooLong):
        read_upload(Request(key=key), services, Deadline(60))


def _nobody(name: str) -> Provider:
    raise AssertionError(name)


def test_results_under_a_prefix_tell_nothing_of_documents_that_lie_there(moto_s3: "S3Client", bucket: str) -> None:
    for key in ("a.pdf", "read/a.pdf", "read/a.pdf.ocr.json", "read/read/b.pdf.ocr.json"):
        moto_s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    states = with_states(list_with_results(moto_s3, placement(bucket, "read/"), ""))
    assert [(item.key, item.state) for item in states] == [("a.pdf", "read"), ("read/a.pdf", "new")]
