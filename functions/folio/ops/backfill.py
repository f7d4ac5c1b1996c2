"""Put documents that are already in a bucket into the upload queue, as if they had just been uploaded.

The bucket is listed once, in the order of its keys, and beside it the place of its results where that is another; only
documents whose results may still follow are held back.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import batched, takewhile
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from folio import keys
from folio.errors import BadOption, StoreUnavailable
from folio.ops import outdated
from folio.ops.stack import Stack, translated
from folio.stores.placement import Placement

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BATCH_SIZE = 10  # messages in a request: Amazon SQS's limit
_SEND_ATTEMPTS = 5
SKIPPED = ("read", "failed", "empty folder", "name too long")


class Listed(Struct, frozen=True):
    """An object of the bucket; of a document also what has become of it.

    `modified` and `finished` are when it, and its result or error, were written (seconds, by the bucket's clock);
    `claim` is the etag of a worker's claim on it, or empty.
    """

    key: str
    etag: str
    bytes: int
    state: str = "new"  # new, or one of SKIPPED
    modified: float = 0.0
    finished: float = 0.0
    claim: str = ""


class Choice(Struct, frozen=True, kw_only=True):
    """Which documents of a bucket to enqueue: new ones below `prefix` and after the key `after`.

    With `failed` also those that could not be read, with `everything` also those that were; a document that was read
    is read again only if the settings differ.
    """

    bucket: str = ""
    prefix: str = ""
    after: str = ""
    failed: bool = False
    everything: bool = False

    def takes(self, listed: Listed) -> bool:
        return (
            listed.state == "new"
            or ((self.failed or self.everything) and listed.state == "failed")
            or (self.everything and listed.state == "read")
        )


def parse_uri(uri: str, stack: Stack) -> tuple[str, str]:
    """Return bucket and prefix of s3://bucket/prefix. Raises BadOption for a bucket that is not the installation's."""
    scheme, _, path = uri.partition("://")
    bucket, _, prefix = path.partition("/")
    if scheme != "s3" or not bucket:
        raise BadOption(f"{uri!r} is not an address in S3; write s3://{stack.bucket}/ or s3://{stack.bucket}/prefix.")
    if bucket not in stack.sources.buckets:
        names = ", ".join(map(repr, stack.sources.buckets))
        raise BadOption(f"The stack reads {names} and may read no other; copy the documents there.")
    return bucket, prefix


def documents(stack: Stack, choice: Choice) -> Iterator[Listed]:
    """List the documents below the prefix, with what has become of each. Raises AccessDenied, StoreUnavailable."""
    with translated():
        listed = with_states(_listing(stack, choice))
        yield from (each for each in listed if stack.sources.takes(choice.bucket, each.key))


def _listing(stack: Stack, choice: Choice) -> Iterator[Listed]:
    return list_with_results(stack.s3, stack.sources.placement(choice.bucket), choice.prefix, choice.after)


def list_with_results(s3: "S3Client", location: Placement, prefix: str, after: str = "") -> Iterator[Listed]:
    """List documents and results below a prefix and after a key as if these lay beside those."""
    here = list_objects(s3, location.source, prefix, after)
    if (location.bucket, location.prefix) == (location.source, ""):
        return here
    # Of Folio's own files here only those of jobs belong to a document here.
    documents = (each for each in here if each.key.startswith(keys.JOBS) or not keys.is_ours(each.key))
    return merge(documents, _elsewhere(s3, location, prefix, after), key=lambda each: each.key.encode())


def _elsewhere(s3: "S3Client", location: Placement, prefix: str, after: str) -> Iterator[Listed]:
    start = location.prefix + after if after else ""
    for each in list_objects(s3, location.bucket, location.prefix + prefix, start):
        yield replace(each, key=each.key.removeprefix(location.prefix))


def list_objects(s3: "S3Client", bucket: str, prefix: str, after: str = "") -> Iterator[Listed]:
    """List the objects below a prefix and after a key, in the order of their keys."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, StartAfter=after)
    for page in pages:
        for item in page.get("Contents", []):
            modified = item["LastModified"].timestamp()
            yield Listed(item["Key"], item["ETag"].strip('"'), item["Size"], modified=modified)


def with_states(listing: Iterable[Listed]) -> Iterator[Listed]:
    """Yield the documents of a listing, each with the state that the result or error listed after it implies.

    S3 lists keys in the order of their bytes: past the place where a document's results would be, it has none.
    """
    waiting: dict[str, Listed] = {}
    for item in listing:
        if not keys.is_ours(item.key):
            waiting[item.key] = replace(item, state=_state(item))
        if document := waiting.get(keys.source_of_part(item.key) or ""):
            waiting[document.key] = replace(document, state="read", finished=item.modified)
        for ending, state in ((keys.ERROR, "failed"), (keys.RESULT, "read")):
            document = waiting.get(item.key.removesuffix(ending))
            if item.key.endswith(ending) and document:
                waiting[document.key] = replace(document, state=state, finished=item.modified)
                break
        if item.key.endswith(keys.CLAIM) and (document := waiting.get(item.key.removesuffix(keys.CLAIM))):
            waiting[document.key] = replace(document, claim=item.etag)
        yield from _passed(waiting, item.key.encode())
    yield from waiting.values()


def _state(item: Listed) -> str:
    if item.bytes == 0 and keys.may_be_folder(item.key):
        return "empty folder"
    return "new" if keys.fits(item.key) else "name too long"


def _passed(waiting: dict[str, Listed], reached: bytes) -> list[Listed]:
    """Remove from `waiting` the documents whose results would have been listed before `reached`; return them."""
    passed = takewhile(lambda key: _last_result(key).encode() < reached, waiting)
    return [waiting.pop(key) for key in list(passed)]


def _last_result(key: str) -> str:
    """Return a key behind all that tell of a document: its result, its error, and results of parts of it."""
    return keys.parts(key) + chr(0x10FFFF)


def count(stack: Stack, choice: Choice) -> tuple[Counter[str], int]:
    """Return the number of documents in each state, and how many of them the choice takes."""
    states: Counter[str] = Counter()
    taken = 0
    for listed in documents(stack, choice):
        states[listed.state] += 1
        taken += choice.takes(listed)
    return states, taken


def count_outdated(stack: Stack, choice: Choice) -> int:
    """Return how many of the documents that were read would be read anew. Raises what `outdated.count` does."""
    read = (listed for listed in documents(stack, choice) if listed.state == "read")
    return outdated.count(stack, choice.bucket, read)


def enqueue(
    stack: Stack, choice: Choice, rate: float, pause: Callable[[float], None] = time.sleep
) -> Iterator[list[str]]:
    """Put what the choice takes into the queue, at most `rate` documents a second; yield the keys, batch by batch."""
    for batch in batched(filter(choice.takes, documents(stack, choice)), _BATCH_SIZE):
        began = time.monotonic()
        with translated():
            for listed in batch:
                if listed.state == "failed":  # or the function would find it done
                    bucket, key = stack.sources.placement(choice.bucket).locate(keys.error_key(listed.key))
                    stack.s3.delete_object(Bucket=bucket, Key=key)
            _send(stack, choice.bucket, list(batch))
        yield [listed.key for listed in batch]
        pause(max(0.0, len(batch) / rate - (time.monotonic() - began)))


def _send(stack: Stack, bucket: str, batch: list[Listed]) -> None:
    unsent = {str(number): _message(bucket, listed) for number, listed in enumerate(batch)}
    for attempt in range(_SEND_ATTEMPTS):
        sent = stack.sqs.send_message_batch(
            QueueUrl=stack.queue, Entries=[{"Id": name, "MessageBody": body} for name, body in unsent.items()]
        )
        for entry in sent.get("Successful", []):
            unsent.pop(entry["Id"])
        if not unsent:
            return
        time.sleep(0.2 * 2**attempt)
    raise StoreUnavailable(f"The queue did not take {len(unsent)} messages, the first about {batch[0].key!r}.")


def _message(bucket: str, listed: Listed) -> str:
    """Return what EventBridge sends for an upload (Amazon S3 user guide, "EventBridge event message structure")."""
    event = {
        "source": "folio.backfill",
        "detail-type": "Object Created",
        "detail": {
            "bucket": {"name": bucket},
            "object": {"key": listed.key, "etag": listed.etag, "size": listed.bytes},
            "reason": "Backfill",
        },
    }
    return json.dumps(event, ensure_ascii=False)
