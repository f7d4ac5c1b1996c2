"""Documents that lie elsewhere, s3://bucket/key or https://host/path, fetched to be read here."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from folio.config.settings import Settings
from folio.documents.document import check_bytes
from folio.errors import BadOption
from folio.stores.base import Store

_SCHEMES = ("s3://", "https://", "http://")

type OpenBucket = Callable[[str], Store]


def is_remote(name: str) -> bool:
    """Whether a name on the command line is an address."""
    return name.lower().startswith(_SCHEMES)


def fetch(address: str, folder: Path, settings: Settings, open_bucket: OpenBucket) -> Path:
    """Fetch a document into a folder, and return the file, whose name is that of the document.

    Raises BadOption for addresses that may not be fetched, SourceGone, TooLarge, AccessDenied, StoreUnavailable,
    `folio.network.Unreachable`.
    """
    if not address.lower().startswith("s3://"):
        from folio.network.download import Limits, download  # http.client takes a tenth of the start of each run

        return download(address, folder, Limits(settings.max_bytes))
    bucket, _, key = address[len("s3://") :].partition("/")
    name = PurePosixPath(key).name
    if not bucket or not name or key.endswith("/"):
        raise BadOption(f"{address!r} is not a document in S3; write s3://bucket/key.")
    store = open_bucket(bucket)
    source = store.head(key)
    check_bytes(source.bytes, settings)
    target = folder / name
    store.fetch(source, target)
    return target
