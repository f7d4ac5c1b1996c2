"""Write bytes from memory to a store."""

import tempfile
from pathlib import Path

from folio.stores.base import Store


def put_bytes(store: Store, key: str, data: bytes, replaces: str | None) -> str:
    """Write bytes as `Store.write` writes a file; return the new etag. Raises Conflict."""
    with tempfile.NamedTemporaryFile(prefix="folio-") as file:
        file.write(data)
        file.flush()
        return store.write(key, Path(file.name), replaces)
