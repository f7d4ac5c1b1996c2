"""The entry point for AWS's document accelerator: its OCR step calls this function instead of a model.

Source: "Lambda Hook Inference" of the GenAI IDP Accelerator (docs/lambda-hook-inference.md): a request in the form of
Bedrock's Converse, whose images lie in S3; the answer is the text, with `textractBlocks` in Amazon Textract's form.
"""

import base64
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from folio import keys
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.errors import BadRequest, FolioError, TooLarge
from folio.models import Result, decode, encode
from folio.options.settings import load_settings
from folio.outputs.textract import page_blocks
from folio.reading.pipeline import Request, read_upload
from folio.wiring import local_services
from handlers.aws import client_config
from handlers.scratch import clear_scratch
from handlers.telemetry import logger, metered, record

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RESERVE_SECONDS = 5.0
MAX_RESPONSE_BYTES = 5_500_000  # Lambda's limit is 6 MB, with what surrounds the body
_KEY = "image"


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return the text of the images of a request, as Markdown, and what is where on them.

    Raises BadRequest for a request without images, TooLarge, and what reading raises: the accelerator tries again.
    """
    clear_scratch()
    deadline = Deadline(context.get_remaining_time_in_millis() / 1000 - RESERVE_SECONDS)
    texts: list[str] = []
    blocks: list[dict[str, Any]] = []
    pages = 0
    for source in _sources(event):
        with tempfile.TemporaryDirectory(prefix="folio-hook-") as name:
            text, result = _read(source, Path(name), deadline)
        texts.append(text)
        for page in result.pages:
            pages += 1
            fields = [field for field in result.fields if field.page == page.number]
            blocks += page_blocks(msgspec.structs.replace(page, number=pages), fields)
    return _response("\n\n".join(text for text in texts if text), blocks, pages)


def _response(text: str, blocks: list[dict[str, Any]], pages: int) -> dict[str, Any]:
    response: dict[str, Any] = {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0, "pages": pages},
    }
    answer = response | {"textractBlocks": {"DocumentMetadata": {"Pages": pages}, "Blocks": blocks}}
    if len(encode(answer)) <= MAX_RESPONSE_BYTES:
        return answer
    logger.warning("The blocks are too many for a response, which has the text alone", blocks=len(blocks))
    return response


def _sources(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield where the images and documents of a request are, in order."""
    messages = event.get("messages")
    contents = [item for message in messages or () for item in message.get("content", ())]
    sources = [part["source"] for item in contents for part in (item.get("image"), item.get("document")) if part]
    if not sources:
        raise BadRequest("The request has no image: only the OCR step of the accelerator can call this function.")
    yield from sources


def _read(source: dict[str, Any], folder: Path, deadline: Deadline) -> tuple[str, Result]:
    """Return a source's text as Markdown, and its result."""
    documents, results = folder / "in", folder / "out"
    documents.mkdir()
    results.mkdir()
    _fetch(source, documents / _KEY)
    services = metered(local_services(_settings()).on_folder(documents, results))
    outcome = read_upload(Request(key=_KEY, options={"outputs": "markdown"}), services, deadline)
    record(outcome)
    if outcome.status not in ("complete", "partial"):
        raise outcome.error or FolioError("The image was not read.")
    result = decode((results / keys.result_key(_KEY)).read_bytes(), Result)
    return (results / keys.output_key(_KEY, "markdown")).read_text("utf-8").strip(), result


def _fetch(source: dict[str, Any], target: Path) -> None:
    limit = _settings().max_bytes
    if "bytes" in source:
        content = base64.b64decode(source["bytes"], validate=True)
        if len(content) > limit:
            raise TooLarge(f"The image has more than {limit} bytes.")
        target.write_bytes(content)
        return
    location = source.get("s3Location") or {}
    scheme, _, path = str(location.get("uri", "")).partition("://")
    bucket, _, key = path.partition("/")
    if scheme != "s3" or not bucket or not key:
        raise BadRequest("An image of the request lies neither in it nor in S3.")
    owner = {"ExpectedBucketOwner": location["bucketOwner"]} if location.get("bucketOwner") else {}
    stored = _client().get_object(Bucket=bucket, Key=key, **owner)
    if stored["ContentLength"] > limit:
        raise TooLarge(f"The image has more than {limit} bytes.")
    with target.open("wb") as file:
        for block in stored["Body"].iter_chunks(1 << 20):
            file.write(block)


@cache
def _settings() -> Settings:
    return load_settings()


@cache
def _client() -> "S3Client":
    import boto3

    return boto3.client("s3", config=client_config(attempts=3))
