"""The main job on an embedded default: a local S3, a real upload event, the real handler, and a look at the result."""

import importlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from msgspec import Struct

from folio import naming
from folio.config import Settings, use_environment
from folio.document import open_document
from folio.errors import EngineFailed, SourceGone, ToolMissing
from folio.models import Result, decode
from folio.outputs.boxes import draw_boxes
from folio.raster import rasterize

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "folio-demo"
HANDLER = "handlers.upload.handler"  # as template.yaml names it
SAMPLES = Path(__file__).parents[2] / "tests" / "data"
_SECONDS = 300


class Shown(Struct, frozen=True):
    """What a demo leaves to look at."""

    uri: str
    text: str
    confidence: float | None
    copy: Path
    picture: Path


class LocalContext:
    """What a handler may ask of its Lambda context."""

    function_name = "folio-local"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:folio-local"
    aws_request_id = "local"

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - time.monotonic()) * 1000))


@contextmanager
def local_s3() -> Iterator["S3Client"]:
    """An S3 on loopback (moto), which this process's AWS SDK talks to from now on."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError as error:
        raise ToolMissing("moto is not installed; install Folio with its cli extra.") from error
    from folio.stores.s3 import make_client

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    use_environment(
        {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "us-east-1",
            "POWERTOOLS_LOG_LEVEL": "ERROR",
            "POWERTOOLS_METRICS_DISABLED": "true",
        }
    )
    try:
        yield make_client()
    finally:
        server.stop()


def load_handler(name: str = HANDLER) -> Callable[[dict[str, Any], Any], Any]:
    """The function behind a handler's name, found as the Lambda runtime finds it."""
    module, _, function = name.rpartition(".")
    handler: Callable[[dict[str, Any], Any], Any] = getattr(importlib.import_module(module), function)
    return handler


def notification(bucket: str, key: str, etag: str, size: int) -> dict[str, Any]:
    """What S3 sends for a new object (Amazon S3 user guide, "Event message structure")."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                    "object": {"key": quote_plus(key, safe="/"), "size": size, "eTag": etag},
                },
            }
        ]
    }


def samples() -> list[tuple[Path, dict[str, str]]]:
    """Our own two documents, with the options they are uploaded with."""
    return [(SAMPLES / "english.pdf", {}), (SAMPLES / "chinese.png", {"languages": "chi_sim"})]


def run_demo(samples: list[tuple[Path, dict[str, str]]], results: Path) -> Iterator[Shown]:
    """Upload each sample (with its options as metadata), let the handler read it, and copy what it left."""
    results.mkdir(parents=True, exist_ok=True)
    with local_s3() as client:
        client.create_bucket(Bucket=BUCKET)
        handler = load_handler()
        for sample, options in samples:
            if not sample.is_file():
                raise SourceGone(f"There is no sample {str(sample)!r}; run this from a clone, or name a file.")
            metadata = {f"folio-{name}": value for name, value in options.items()}
            put = client.put_object(Bucket=BUCKET, Key=sample.name, Body=sample.read_bytes(), Metadata=metadata)
            event = notification(BUCKET, sample.name, put["ETag"].strip('"'), sample.stat().st_size)
            handler(event, LocalContext())
            yield _show(client, sample, results)


def _show(client: "S3Client", sample: Path, results: Path) -> Shown:
    key = naming.result_key(sample.name)
    try:
        data = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey as error:
        raise EngineFailed(f"The handler left no result for {sample.name}.") from error
    copy = results / key
    copy.write_bytes(data)
    result = decode(data, Result)
    page = result.pages[0]
    settings = Settings()
    opened = open_document(sample, settings, settings.page_timeout)
    drawn = rasterize(opened, page.number, int(page.dpi or 0) or 300, results, settings, settings.page_timeout)
    picture = results / f"{sample.name}.boxes.png"
    draw_boxes(drawn.path, page, picture)
    drawn.path.unlink()
    return Shown(f"s3://{BUCKET}/{key}", result.text, result.confidence, copy, picture)
