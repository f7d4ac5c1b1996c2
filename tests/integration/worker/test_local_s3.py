"""The S3 of `folio serve` and `folio demo`: an object that is replaced while it is read is one version or the other."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from folio.serve.local_aws import local_aws
from folio.stores.s3 import make_client

BUCKET, KEY = "documents", "a/b.json"
VERSIONS = [letter * 300_000 for letter in (b"a", b"b")]  # more than moto keeps in memory
SECONDS = 1.0


def _read_on(until: float) -> int:
    """Return how often the SDK had to ask again."""
    client, again = make_client(), 0
    while time.monotonic() < until:
        answer = client.get_object(Bucket=BUCKET, Key=KEY)
        assert answer["Body"].read() in VERSIONS
        again += answer["ResponseMetadata"]["RetryAttempts"]
    return again


def _read_while_replaced() -> list[int]:
    with local_aws(BUCKET) as client, ThreadPoolExecutor(3) as readers:
        client.put_object(Bucket=BUCKET, Key=KEY, Body=VERSIONS[0])
        until, number = time.monotonic() + SECONDS, 0
        running = [readers.submit(_read_on, until) for _ in range(3)]
        while time.monotonic() < until:
            number += 1
            client.put_object(Bucket=BUCKET, Key=KEY, Body=VERSIONS[number % 2])
        return [reader.result() for reader in running]


@pytest.mark.slow("four threads read and write for a second in a process that starts moto")
def test_what_is_replaced_while_it_is_read_is_read_whole() -> None:
    """In a process of its own: the local AWS sets what the SDK of its process talks to."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        assert process.submit(_read_while_replaced).result(timeout=120) == [0, 0, 0]
