"""What only S3 can get wrong; what every store must do is in test_stores.py."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from folio.errors import AccessDenied, SourceGone, StoreUnavailable
from folio.stores import s3
from folio.stores.base import Conflict
from folio.stores.s3 import S3Store
from tests.contract.conftest import Content

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def test_the_options_of_an_object_are_read_in_lower_case(moto_s3: "S3Client", bucket: str) -> None:
    metadata: Mapping[str, str] = {"Folio-Languages": "eng", "author": "me"}
    moto_s3.put_object(Bucket=bucket, Key="a.pdf", Body=b"one", Metadata=metadata)
    head = S3Store(moto_s3, bucket).head("a.pdf")
    assert head.metadata == {"folio-languages": "eng", "author": "me"}
    assert (head.bucket, head.version) == (bucket, None)


def test_a_result_is_stored_as_json(moto_s3: "S3Client", bucket: str, content: Content) -> None:
    S3Store(moto_s3, bucket).write("r.json", content(b"{}"), None)
    assert moto_s3.head_object(Bucket=bucket, Key="r.json")["ContentType"] == "application/json"


def test_what_is_kept_of_a_reading_is_marked_for_the_lifecycle(
    moto_s3: "S3Client", bucket: str, content: Content
) -> None:
    store = S3Store(moto_s3, bucket)
    for key in ("a.pdf.ocr/pages/m/0000001-0000002.json", "a.pdf.ocr/text.txt", "a.ocr/pages/b.pdf.ocr.json"):
        store.write(key, content(b"{}"), None)
    kept = moto_s3.get_object_tagging(Bucket=bucket, Key="a.pdf.ocr/pages/m/0000001-0000002.json")["TagSet"]
    assert kept == [{"Key": "folio", "Value": "checkpoint"}]
    for key in ("a.pdf.ocr/text.txt", "a.ocr/pages/b.pdf.ocr.json"):  # an output, and the result of a document
        assert moto_s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] == []


def test_what_cannot_be_discarded_is_told(moto_s3: "S3Client") -> None:
    with pytest.raises(SourceGone):
        S3Store(moto_s3, "no-such-bucket-anywhere").discard(["a.pdf.ocr/pages/m/1.json"])


def test_of_a_versioned_bucket_exactly_that_version_is_fetched(
    moto_s3: "S3Client", bucket: str, tmp_path: Path
) -> None:
    moto_s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    store = S3Store(moto_s3, bucket)
    version = moto_s3.put_object(Bucket=bucket, Key="a.pdf", Body=b"one")["VersionId"]
    source = store.head("a.pdf")
    assert source.version == version
    moto_s3.put_object(Bucket=bucket, Key="a.pdf", Body=b"two")
    store.fetch(source, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"one"


def test_what_was_deleted_from_a_versioned_bucket_is_gone(moto_s3: "S3Client", bucket: str, content: Content) -> None:
    moto_s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    store = S3Store(moto_s3, bucket)
    store.write("r.json", content(b"one"), None)
    stored = store.read("r.json")
    assert stored is not None
    store.delete("r.json", stored.etag)
    assert store.read("r.json") is None
    with pytest.raises(SourceGone):
        store.head("r.json")
    store.write("r.json", content(b"two"), None)


def test_a_copy_has_none_of_the_tags_of_its_source_and_is_of_that_version(moto_s3: "S3Client", bucket: str) -> None:
    moto_s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    moto_s3.put_object(Bucket=bucket, Key="a.pdf", Body=b"one", Tagging="team=archive")
    store = S3Store(moto_s3, bucket)
    source = store.head("a.pdf")
    sent: list[Mapping[str, str]] = []
    moto_s3.meta.events.register("before-call.s3.CopyObject", lambda params, **_: sent.append(params["headers"]))
    store.copy_source(source, "b.pdf", {"folio-languages": "eng"})
    assert sent[0]["x-amz-tagging-directive"] == "REPLACE", "to copy them would need grants on the tags of both buckets"
    assert moto_s3.get_object_tagging(Bucket=bucket, Key="b.pdf")["TagSet"] == []
    assert moto_s3.get_object(Bucket=bucket, Key="b.pdf")["Body"].read() == b"one"


def test_a_bucket_that_is_not_there_holds_nothing(moto_s3: "S3Client") -> None:
    with pytest.raises(SourceGone):
        S3Store(moto_s3, "no-such-bucket-anywhere").head("a.pdf")


def test_an_s3_that_is_not_reached_may_be_later(tmp_path: Path) -> None:
    client = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",  # the discard port: nobody listens
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )
    with pytest.raises(StoreUnavailable):
        S3Store(client, "bucket").head("a.pdf")


def test_without_credentials_access_is_denied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    client = boto3.session.Session().client("s3", endpoint_url="http://127.0.0.1:9", region_name="us-east-1")
    with pytest.raises(AccessDenied, match="credentials"):
        S3Store(client, "bucket").head("a.pdf")


# Amazon S3 API reference, "List of error codes"; numbers are what HEAD has instead, as it has no body.
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NoSuchKey", SourceGone),
        ("NoSuchBucket", SourceGone),
        ("NoSuchVersion", SourceGone),
        ("404", SourceGone),
        ("PreconditionFailed", Conflict),
        ("412", Conflict),
        ("ConditionalRequestConflict", Conflict),
        ("409", Conflict),
        ("AccessDenied", AccessDenied),
        ("403", AccessDenied),
        ("AllAccessDisabled", AccessDenied),
        ("InvalidAccessKeyId", AccessDenied),
        ("SignatureDoesNotMatch", AccessDenied),
        ("KMS.DisabledException", AccessDenied),
        ("KMS.NotFoundException", AccessDenied),
        ("InvalidObjectState", AccessDenied),
        ("PermanentRedirect", AccessDenied),
        ("SlowDown", StoreUnavailable),
        ("InternalError", StoreUnavailable),
        ("503", StoreUnavailable),
        ("NeverHeardOf", StoreUnavailable),
    ],
)
def test_every_answer_of_s3_is_one_of_ours(code: str, kind: type[Exception]) -> None:
    assert type(s3._translate(code, "bucket", "a.pdf")) is kind
    assert code in s3._DENIED | s3._MISSING | s3._CONFLICT or kind is StoreUnavailable
