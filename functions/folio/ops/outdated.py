"""Which documents that were read would be read anew: the settings of their results are no longer those of the stack.

What decides about a result is known to the function alone: its engines and models, its memory, its settings. It is
asked for the fingerprint of each set of options that documents bring along; the rest is two requests a document to S3.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING

import msgspec

from folio import keys
from folio.errors import Misconfigured
from folio.ops.stack import Stack, translated
from folio.s3_events import FINGERPRINTS

if TYPE_CHECKING:
    from folio.ops.backfill import Listed

_ALIAS = "live"
_THREADS, _BATCH_SIZE = 8, 256
_HEAD_BYTES = 1 << 16  # of a result, before its text
_TEXT = b',"text":'  # the first member behind the engine; in strings its quotes are escaped


class _Engine(msgspec.Struct):
    settings: str


class _Source(msgspec.Struct):
    etag: str


class _Head(msgspec.Struct):
    source: _Source
    engine: _Engine


def count(stack: Stack, bucket: str, documents: "Iterable[Listed]") -> int:
    """Return how many of these documents, which were read, the stack would read anew.

    Raises AccessDenied, StoreUnavailable, and Misconfigured where the function cannot say.
    """
    fingerprints: dict[str, str] = {}
    outdated = 0
    with ThreadPoolExecutor(_THREADS) as pool, translated():
        for batch in batched(documents, _BATCH_SIZE):
            known = list(pool.map(partial(_known, stack, bucket), batch))
            unknown = {options for options, _ in known} - fingerprints.keys()
            fingerprints |= dict(_ask(stack, sorted(unknown)))
            outdated += sum(settings != fingerprints[options] for options, settings in known)
    return outdated


def _known(stack: Stack, bucket: str, document: "Listed") -> tuple[str, str | None]:
    """Return the options that a document brings along, as JSON, and the settings of its result if it is of the same
    content.
    """
    result_bucket, key = stack.sources.placement(bucket).locate(keys.result_key(document.key))
    metadata = stack.s3.head_object(Bucket=bucket, Key=document.key)["Metadata"]
    data = stack.s3.get_object(Bucket=result_bucket, Key=key, Range=f"bytes=0-{_HEAD_BYTES - 1}")["Body"].read()
    head = _decoded(data)
    settings = head.engine.settings if head and head.source.etag == document.etag else None
    return json.dumps(metadata, sort_keys=True), settings


def _decoded(data: bytes) -> _Head | None:
    """Return the head of a result, None of what is none."""
    try:
        return msgspec.json.decode(data[: data.index(_TEXT)] + b"}", type=_Head)
    except (ValueError, msgspec.MsgspecError):
        return None


def _ask(stack: Stack, options: list[str]) -> Iterator[tuple[str, str]]:
    if not options:
        return
    event = {"source": FINGERPRINTS, "metadata": [json.loads(each) for each in options]}
    payload = _invoke(stack, event).get("fingerprints")
    if not isinstance(payload, list) or len(payload) != len(options):
        raise Misconfigured("The stack's function does not say what it would read anew: deploy this version first.")
    yield from zip(options, map(str, payload), strict=True)


def _invoke(stack: Stack, event: Mapping[str, object]) -> Mapping[str, object]:
    import boto3

    response = boto3.client("lambda").invoke(
        FunctionName=stack.function, Qualifier=_ALIAS, Payload=json.dumps(event).encode()
    )
    payload = json.loads(response["Payload"].read() or b"null")
    return payload if isinstance(payload, dict) and "FunctionError" not in response else {}
