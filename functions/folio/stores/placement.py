"""Where the files of Folio's own lie that belong to the documents of a bucket: beside them, or elsewhere."""

import re

from msgspec import Struct

from folio.errors import BadOption
from folio.keys import JOBS

_SCHEME = "s3://"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class Placement(Struct, frozen=True):
    """A bucket, and what stands there before the keys of a source bucket's results.

    Everything of a job stays with its document, which lies in a folder of Folio's own already.
    """

    source: str
    bucket: str
    prefix: str = ""

    def locate(self, key: str) -> tuple[str, str]:
        """Return bucket and key of the file that would be `key` beside its document."""
        return (self.source, key) if key.startswith(JOBS) else (self.bucket, self.prefix + key)


def placement(source: str, results: str) -> Placement:
    """Return where the setting `results` puts those of a bucket. Raises BadOption.

    In another bucket they lie below the name of their own, so that equal keys of two buckets never meet.
    """
    if not results.startswith(_SCHEME):
        if results.startswith("/") or "//" in results:
            raise BadOption(f"{results!r} is no place for results: write results/ or s3://bucket/results/.")
        return Placement(source, source, _folder(results))
    bucket, _, prefix = results.removeprefix(_SCHEME).partition("/")
    if not _BUCKET.fullmatch(bucket) or prefix.startswith("/") or "//" in prefix:
        raise BadOption(f"{results!r} is no place for results: write results/ or s3://bucket/results/.")
    return Placement(source, bucket, f"{_folder(prefix)}{source}/")


def _folder(prefix: str) -> str:
    return f"{prefix}/" if prefix and not prefix.endswith("/") else prefix
