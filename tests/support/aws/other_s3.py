"""An S3 and SQS of another make than moto (ministack), in an environment of its own below the cache.

Its pins would hold back those of uv.lock. It knows conditional writes.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
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
    python = _installed()
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


def _installed() -> Path:
    """The environment's Python; made once for these pins, by whichever test process is first."""
    cache = Path(
        os.environ.get("FOLIO_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "folio")
    )
    folder = cache / f"other-s3-{hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", folder)
            _run(folder / "bin" / "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", PINS)
            (folder / "ready").touch()
    return folder / "bin" / "python"


def _run(*command: str | Path) -> None:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=280)
    if done.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"the other S3 could not be installed: {done.stderr[-500:]}")
    assert done.returncode == 0, done.stderr
