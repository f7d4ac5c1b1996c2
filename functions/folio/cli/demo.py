"""The main job on an embedded default: a local S3, a real upload event, the real handler, and a look at the result."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from msgspec import Struct

from folio import keys
from folio.config.settings import Settings
from folio.desk.report.boxes import draw_boxes
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.errors import EngineFailed, SourceGone
from folio.models import Result, decode
from folio.serve.local_aws import local_aws
from folio.serve.local_lambda import LocalContext, load_handler

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


BUCKET = "folio-demo"
_PACKED = Path(__file__).parent / "samples"  # in an installed Folio; in a clone they lie with the tests
SAMPLES = _PACKED if _PACKED.is_dir() else Path(__file__).parents[3] / "tests" / "data"


class Shown(Struct, frozen=True):
    """What a demo leaves to look at."""

    uri: str
    text: str
    confidence: float | None
    copy: Path
    picture: Path


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
    return [(SAMPLES / "english.pdf", {}), (SAMPLES / "chinese.png", {})]


def run_demo(samples: list[tuple[Path, dict[str, str]]], results: Path) -> Iterator[Shown]:
    """Upload each sample (with its options as metadata), let the handler read it, and copy what it left."""
    results.mkdir(parents=True, exist_ok=True)
    with local_aws(BUCKET) as client:
        handler = load_handler()
        for sample, options in samples:
            if not sample.is_file():
                raise SourceGone(f"There is no sample {str(sample)!r}; install Folio again.")
            metadata = {f"folio-{name}": value for name, value in options.items()}
            put = client.put_object(Bucket=BUCKET, Key=sample.name, Body=sample.read_bytes(), Metadata=metadata)
            event = notification(BUCKET, sample.name, put["ETag"].strip('"'), sample.stat().st_size)
            handler(event, LocalContext())
            yield _show(client, sample, results)


def _show(client: "S3Client", sample: Path, results: Path) -> Shown:
    key = keys.result_key(sample.name)
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
