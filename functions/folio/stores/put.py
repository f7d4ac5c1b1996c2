"""Writing to a store what is in memory."""

import tempfile
from pathlib import Path

from folio.stores.base import Store


def put_bytes(store: Store, key: str, data: bytes, replaces: str | None) -> str:
    """`Store.write` of what is in memory. Raises Conflict."""
    with tempfile.NamedTemporaryFile(prefix="folio-") as file:
        file.write(data)
        file.flush()
        return store.write(key, Path(file.name), replaces)
