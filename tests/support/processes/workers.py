"""Documents for workers, and what became of them."""

import json
from collections import Counter
from typing import TYPE_CHECKING

from folio import keys
from folio.models import Result, decode
from tests.support.documents.pdfs import PdfPage, make_pdf, text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def read_by(log: str) -> Counter[str]:
    """The documents that a worker says it has read, by key."""
    entries = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return Counter(entry["key"] for entry in entries if entry.get("status") in ("complete", "partial"))


def text_of(key: str) -> str:
    return f"parcel {int(key[3:7])}"


def documents(count: int) -> dict[str, bytes]:
    """Small ones that take no engine: a text layer in each, by which they can be told apart."""
    return {
        f"in/{number:04}.pdf": make_pdf(PdfPage(content=text(text_of(f"in/{number:04}")))) for number in range(count)
    }


def put_all(s3: "S3Client", bucket: str, files: dict[str, bytes]) -> None:
    for key, body in files.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body)


def listed(s3: "S3Client", bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def results(s3: "S3Client", bucket: str) -> dict[str, str]:
    """Text of each document that has a result."""
    names = [key for key in listed(s3, bucket) if key.endswith(keys.RESULT)]
    bodies = {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}
    return {name.removesuffix(keys.RESULT): decode(body, Result).text for name, body in bodies.items()}
