"""What writers to a store share: bytes from memory, and jobs that are deleted while something is written for them."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from folio.errors import SourceGone
from folio.keys import JOBS
from folio.stores.base import Store


def put_bytes(store: Store, key: str, data: bytes, replaces: str | None) -> str:
    """Write bytes as `Store.write` writes a file; return the new etag. Raises Conflict."""
    with tempfile.NamedTemporaryFile(prefix="folio-") as file:
        file.write(data)
        file.flush()
        return store.write(key, Path(file.name), replaces)


def require_job(store: Store, key: str, written: Iterable[str]) -> None:
    """Take back what was written for the document under `key` if it is that of a job and was deleted meanwhile.

    Raises SourceGone then. Who deletes a job removes first the document, then what lies beside it; so whatever is
    written too late for that is found here.
    """
    if not key.startswith(JOBS):
        return
    try:
        store.head(key)
    except SourceGone:
        store.discard(written)
        raise
