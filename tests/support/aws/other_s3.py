"""An S3 and SQS of another make than moto (ministack), in an environment of its own below the cache.

Its pins would hold back those of uv.lock. It knows conditional writes.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from msgspec import Struct

from tests.support.environments import python_with
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

PINS = ROOT / "tests" / "support" / "aws" / "other-s3.txt"
# Those that it takes signed addresses from.
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


class OtherS3(Struct, frozen=True):
    """Its address, and clients of it."""

    endpoint: str
    s3: "S3Client"
    sqs: "SQSClient"


@contextmanager
def other_s3(host: str = "127.0.0.1") -> Iterator[OtherS3]:
    """Serve it on a free port of an address of this machine."""
    python = python_with(PINS)
    with socket.socket() as probe:
        probe.bind((host, 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "TMPDIR": folder}
        environment |= {"GATEWAY_PORT": str(port), "BIND_HOST": host, "MINISTACK_HOST": host}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [python, "-m", "ministack"], env=environment, stdout=file, stderr=file, cwd=folder
            )
        try:
            _wait(host, port, process, log)
            endpoint = f"http://{host}:{port}"
            keys: Any = {name.lower().replace("aws_default_region", "region_name"): KEYS[name] for name in KEYS}
            more: Any = {"endpoint_url": endpoint, "config": Config(s3={"addressing_style": "path"}), **keys}
            yield OtherS3(endpoint, boto3.client("s3", **more), boto3.client("sqs", **more))
        finally:
            process.kill()
            process.wait()


def _wait(host: str, port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"ministack did not start: {log.read_text()[-2000:]}")
