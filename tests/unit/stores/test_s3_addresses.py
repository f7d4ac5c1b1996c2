"""Which hosts signed addresses name."""

from urllib.parse import urlsplit

import pytest

from folio.stores.s3 import S3Store, make_client

_KEYS = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "secret"}


def _hosts(monkeypatch: pytest.MonkeyPatch, bucket: str, **environment: str) -> set[str]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in (_KEYS | environment).items():
        monkeypatch.setenv(name, value)
    store = S3Store(make_client(), bucket)
    post, _ = store.sign_upload("a.pdf", "application/pdf", {}, 100, 60)
    return {urlsplit(url).netloc for url in (post, store.sign_download("a.pdf", "a.pdf", 60))}


@pytest.mark.parametrize(
    ("region", "domain"),
    [
        ("us-east-1", "amazonaws.com"),
        ("eu-central-1", "amazonaws.com"),
        ("ap-east-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
        ("cn-northwest-1", "amazonaws.com.cn"),
    ],
)
def test_addresses_are_of_the_bucket_in_its_region(monkeypatch: pytest.MonkeyPatch, region: str, domain: str) -> None:
    hosts = _hosts(monkeypatch, "documents", AWS_DEFAULT_REGION=region)
    assert hosts == {f"documents.s3.{region}.{domain}"}


def test_another_endpoint_keeps_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"AWS_ENDPOINT_URL": "http://localhost:9000", "AWS_DEFAULT_REGION": "eu-central-1"}
    assert _hosts(monkeypatch, "documents", **address) == {"localhost:9000"}


def test_a_name_with_dots_stands_in_the_path_for_certificates_cover_one_label(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _hosts(monkeypatch, "documents.example", AWS_DEFAULT_REGION="ap-east-1") == {"s3.ap-east-1.amazonaws.com"}
